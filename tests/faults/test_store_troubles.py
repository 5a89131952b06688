"""A full disk, a locked file, a file that may only be read: 503 with the reason, nothing half done, and recovery."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import event

from assigner.testing import Client, Workbench


@contextmanager
def every_connection_with(bench: Workbench, pragma: str) -> Iterator[None]:
    """Let the product's connections run under another pragma for a while."""
    engine = bench.product.database.engine

    def prepare(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    engine.dispose()
    event.listen(engine, "connect", prepare)
    yield
    event.remove(engine, "connect", prepare)
    engine.dispose()


def send(client: Client, contact_id: str, *, size: int = 10) -> httpx2.Response:
    return client.post("/v1/contacts", json={"id": contact_id, "channel": "chat", "attributes": {"text": "x" * size}})


def contacts(client: Client) -> list[str]:
    return [contact["id"] for contact in client.get("/v1/contacts?limit=200").json()["items"]]


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_full_disk_refuses_what_does_not_fit_and_nothing_else(tmp_path: Path) -> None:
    with Workbench(database=f"sqlite:///{tmp_path / 'assigner.db'}") as bench:
        admin = bench.client()
        pages = sqlite_number(bench, "page_count")
        with every_connection_with(bench, f"max_page_count={pages + 20}"):
            answers = {f"c{number}": send(admin, f"c{number}", size=5000) for number in range(40)}

        accepted = [contact_id for contact_id, answer in answers.items() if answer.is_success]
        refused = [answer for answer in answers.values() if not answer.is_success]
        assert accepted
        assert {refusal(answer) for answer in refused} == {(503, "store_unavailable")}
        assert "full" in refused[0].json()["detail"]
        assert contacts(admin) == accepted
        assert {send(admin, contact_id, size=5000).status_code for contact_id in answers} == {200, 201}
        assert sorted(contacts(admin)) == sorted(answers)


def test_a_locked_file_is_said_and_overcome(tmp_path: Path) -> None:
    file = tmp_path / "assigner.db"
    with Workbench(database=f"sqlite:///{file}") as bench, closing(sqlite3.connect(file)) as other:
        admin = bench.client()
        with every_connection_with(bench, "busy_timeout=10"):
            other.execute("BEGIN IMMEDIATE")
            refused = send(admin, "c1")
            seen = contacts(admin)
            other.rollback()
            accepted = send(admin, "c1")

        assert refusal(refused) == (503, "store_unavailable")
        assert "locked" in refused.json()["detail"]
        assert (seen, accepted.status_code) == ([], 201)


def test_a_file_that_may_only_be_read_is_said_and_overcome(tmp_path: Path) -> None:
    with Workbench(database=f"sqlite:///{tmp_path / 'assigner.db'}") as bench:
        admin = bench.client()
        with every_connection_with(bench, "query_only=ON"):
            refused = send(admin, "c1")

        assert refusal(refused) == (503, "store_unavailable")
        assert "readonly" in refused.json()["detail"]
        assert send(admin, "c1").status_code == 201


@pytest.mark.parametrize(("at", "is_there"), [("before_commit", False), ("after_commit", True)])
def test_a_crash_leaves_a_contact_that_is_there_or_not_and_may_be_sent_again(at: Any, is_there: bool) -> None:
    with Workbench() as bench:
        admin = bench.client()
        admin.put("/v1/agents/ana", json={"name": "Ana"})
        bench.sign_in("ana")
        bench.crash(at=at)

        with pytest.raises(httpx2.RemoteProtocolError, match=at):
            send(admin, "c1")

        there = contacts(admin) == ["c1"]
        again = send(admin, "c1")
        assert (there, again.status_code) == (is_there, 200 if is_there else 201)
        assert [event["type"] for event in bench.events() if event["subject"] == "c1"] == [
            "contact.queued",
            "contact.assigned",
        ]


def sqlite_number(bench: Workbench, pragma: str) -> int:
    with bench.product.database.reading() as connection:
        number: int = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
    return number
