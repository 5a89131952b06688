"""`assigner workspace`: made once, listed, and of use to the other commands."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assigner.cli import app
from tests.databases import Server


def assigner(*arguments: str, database: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--database", database])


def test_a_workspace_is_made_once_and_listed(empty_database_url: str) -> None:
    database = empty_database_url
    made, again = (assigner("workspace", "create", "sister", database=database) for _ in range(2))
    key = assigner("admin", "key", "create", "--workspace", "sister", database=database)
    listed = assigner("workspace", "list", database=database)

    assert made.exit_code == key.exit_code == 0, made.output
    assert "assigner admin create --workspace sister" in made.stdout
    assert (again.exit_code, again.stderr) == (
        2,
        "assigner: workspace 'sister' exists already; choose another id\n",
    )
    assert listed.stdout == "sister\n"


@pytest.mark.parametrize("workspace_id", ["", " ", "a/b", "x" * 201], ids=["none", "blank", "a slash", "too long"])
def test_an_id_that_cannot_be_part_of_an_address_is_refused(workspace_id: str, empty_database_url: str) -> None:
    answer = assigner("workspace", "create", workspace_id, database=empty_database_url)

    assert answer.exit_code == 2
    assert "choose another" in answer.stderr


def test_there_is_nothing_to_list_without_a_database(tmp_path: Path, server: Server) -> None:
    missing = {
        str(tmp_path / "other.db"): "there is no database",
        server.url("nothing"): 'database "nothing" does not exist',
    }
    for database, says in missing.items():
        answer = assigner("workspace", "list", database=database)

        assert (answer.exit_code, answer.stdout) == (2, "")
        assert says in answer.stderr
