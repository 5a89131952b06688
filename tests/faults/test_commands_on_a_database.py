"""`assigner explain`, `export` and `admin` on a database, as somebody at a terminal meets them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assigner.cli import app
from assigner.testing import Workbench


def assigner(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=given)


@pytest.fixture
def bench(database_url: str) -> Iterator[Workbench]:
    with Workbench(database=database_url) as bench:
        admin = bench.client()
        admin.put("/v1/agents/ana", json={"name": "Ana", "capacity": 1}).raise_for_status()
        bench.sign_in("ana")
        for contact_id in ("c1", "c2"):
            body = {"id": contact_id, "channel": "chat", "customer_id": "a secret of the customer"}
            admin.post("/v1/contacts", json=body).raise_for_status()
        yield bench


def on(bench: Workbench) -> tuple[str, ...]:
    return "--database", bench.url, "--workspace", bench.workspace_id


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        pytest.param(("c1",), "Ana", id="why this agent"),
        pytest.param(("c2",), "at capacity", id="why it waits"),
        pytest.param(("c2", "--agent", "ana"), "Ana", id="why not this agent"),
        pytest.param(("c2", "--language", "de"), "ausgelastet", id="in German"),
        pytest.param(("c1", "--verify"), "1 decisions about c1 repeated from the log, 0 otherwise.", id="repeated"),
        pytest.param(("--verify",), "1 decisions repeated from the log, 0 otherwise.", id="all repeated"),
    ],
)
def test_explain_answers_from_the_database(bench: Workbench, asked: tuple[str, ...], says: str) -> None:
    answer = assigner("explain", *asked, *on(bench))

    assert answer.exit_code == 0, answer.output
    assert says in answer.stdout


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        pytest.param(("c3",), "contact 'c3' does not exist", id="unknown contact"),
        pytest.param(("c2", "--agent", "anna"), 'did you mean "ana"?', id="unknown agent"),
        pytest.param(("c2", "--language", "fr"), "no sentences in 'fr'; there are: en, de, es", id="language"),
        pytest.param((), "name a contact", id="nothing asked"),
    ],
)
def test_explain_says_what_is_wrong(bench: Workbench, asked: tuple[str, ...], says: str) -> None:
    answer = assigner("explain", *asked, *on(bench))

    assert answer.exit_code == 2
    assert says in answer.stderr


def test_a_database_or_workspace_that_is_not_there_is_named_and_not_made(bench: Workbench, tmp_path: Path) -> None:
    no_file = assigner("explain", "c1", "--database", str(tmp_path / "other.db"))
    no_workspace = assigner("explain", "c1", "--database", bench.url, "--workspace", "main")

    assert [each.exit_code for each in (no_file, no_workspace)] == [2, 2]
    assert "there is no database" in no_file.stderr
    assert "workspace 'main' does not exist" in no_workspace.stderr
    assert not (tmp_path / "other.db").exists()


def test_export_is_a_json_object_per_line_without_what_opens_doors(bench: Workbench) -> None:
    answer = assigner("export", *on(bench))

    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert {row["id"]: row["state"] for row in rows if row["table"] == "contact"} == {"c1": "assigned", "c2": "queued"}
    log = [row["kind"] for row in rows if row["table"] == "change"]
    assert log.count("contact.queued") == 2
    assert {"api_key", "sign_in", "password"}.isdisjoint({row["table"] for row in rows})


def test_the_password_of_an_administrator_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "assigner.db"
    answer = assigner("admin", "create", "--email", "ada@example.org", "--database", str(file), given="short\n")

    assert answer.exit_code == 2
    assert "8 to 1000 characters" in answer.stderr
    assert not file.exists()
