"""`assigner import`, as somebody at a terminal meets it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assigner.cli import app
from assigner.commands.opened import opened_alone

TABLE = "id,name,capacity\nana,Ana,3\nbruno,Bruno,\n"


def assigner_import(database_url: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["import", *arguments, "--database", database_url])


@pytest.fixture
def table(tmp_path: Path, database_url: str) -> Path:
    with opened_alone(database_url, "main"):
        pass
    file = tmp_path / "agents.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def test_a_file_is_rehearsed_imported_and_found_unchanged(table: Path, database_url: str) -> None:
    rehearsed = assigner_import(database_url, str(table), "--dry-run")
    imported = assigner_import(database_url, str(table))
    table.write_text(TABLE.replace("Ana,3", "Ana,5"), encoding="utf-8")
    again = assigner_import(database_url, str(table))

    assert rehearsed.stdout.splitlines() == [
        "new agent ana",
        "new agent bruno",
        "2 new, 0 changed, 0 unchanged; nothing was imported yet",
    ]
    assert imported.stdout.splitlines()[-1] == "2 new, 0 changed, 0 unchanged"
    assert again.stdout.splitlines() == ["ana: capacity 3 → 5", "0 new, 1 changed, 1 unchanged"]


def test_errors_are_told_like_those_of_a_compiler(table: Path, database_url: str) -> None:
    table.write_text(TABLE.replace("Ana,3", "Ana,many"), encoding="utf-8")

    answer = assigner_import(database_url, str(table))

    assert answer.exit_code == 1
    assert answer.stderr.splitlines() == [
        f'{table}:2:3: capacity must be a whole number, not "many"; write for example capacity: 1',
        "nothing was imported",
    ]


def test_a_file_that_does_not_say_what_it_holds(table: Path, database_url: str) -> None:
    other = table.rename(table.with_name("people.csv"))

    answer = assigner_import(database_url, str(other))
    named = assigner_import(database_url, str(other), "--contents", "agents", "--dry-run")

    assert answer.exit_code == 2
    assert "what does people.csv hold? say --contents with one of: roles, offices, agents" in answer.stderr
    assert named.exit_code == 0
