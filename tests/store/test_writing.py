"""Rows are written, replaced, changed and deleted alike on both databases, however many there are."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from assigner.store import tables
from assigner.store.database import Database
from assigner.store.group import take_workspace, write_group
from assigner.store.load import changes_after, find_contacts
from assigner.store.migrate import migrate
from assigner.store.rows import Entry, change_row, table_of
from assigner.store.to_write import Changed, Gone, New, Outdated, Renewed, Row, Rows
from assigner.store.workspaces import create_workspace
from assigner.store.writing import RowMissing, write_rows

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
INTEGRITY = (psycopg.IntegrityError, sqlite3.IntegrityError)
SIGN_IN, HOLDER = table_of(tables.SignIn), table_of(tables.Holder)
UNLIMITED = "expires_at IS NULL"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def a_sign_in(number: int, **values: Any) -> Row:
    stored = {"token_hash": b"\x00%d" % number, "workspace": 1, "session_id": "s", "agent_id": f"agent {number}"}
    return Row(SIGN_IN, {**stored, "expires_at": None, **values})


def sign_ins(database: Database) -> list[tuple[str, datetime | None]]:
    with database.reading() as connection:
        rows = connection.execute(select(SIGN_IN).order_by(SIGN_IN.c.token_hash))
        return [(row.agent_id, row.expires_at) for row in rows]


def test_rows_are_written_and_those_with_the_same_key_replaced(database: Database) -> None:
    with database.writing() as connection:
        write_rows(connection, [a_sign_in(1), a_sign_in(2), a_sign_in(3)])
        write_rows(connection, [a_sign_in(2, agent_id="first"), a_sign_in(2, agent_id="'last'", expires_at=NOON)])

    assert sign_ins(database) == [("agent 1", None), ("'last'", NOON), ("agent 3", None)]


def test_many_rows_are_written_at_once_and_replace_those_with_their_keys(database: Database) -> None:
    columns = tuple(a_sign_in(1).values)
    with database.writing() as connection:
        write_rows(connection, [a_sign_in(1), a_sign_in(2)])
        write_rows(
            connection,
            [Rows(SIGN_IN, columns, [tuple(a_sign_in(each, expires_at=NOON).values.values()) for each in (2, 3)])],
        )

    assert sign_ins(database) == [("agent 1", None), ("agent 2", NOON), ("agent 3", NOON)]


def renewed(number: int, **values: Any) -> Renewed:
    return Renewed(SIGN_IN, {"agent_id": f"agent {number}", "workspace": 1}, UNLIMITED, values)


def test_rows_that_are_there_are_renewed(database: Database) -> None:
    with database.writing() as connection:
        write_rows(connection, [New(SIGN_IN, a_sign_in(each).values) for each in (1, 2, 3)])
        write_rows(connection, [renewed(1, expires_at=NOON, client=None), renewed(3, expires_at=None, client="'x'")])

    assert sign_ins(database) == [("agent 1", NOON), ("agent 2", None), ("agent 3", None)]


@pytest.mark.parametrize("number", [2, 3], ids=["among others only", "nowhere"])
def test_a_row_that_is_to_be_renewed_and_is_not_there_undoes_the_rest(database: Database, number: int) -> None:
    with database.writing() as connection:
        write_rows(connection, [a_sign_in(1), a_sign_in(2, expires_at=NOON)])

    with pytest.raises(RowMissing, match=r"of 2 rows of sign_in.* 1 were found"), database.writing() as connection:
        write_rows(connection, [renewed(1, expires_at=NOON), renewed(number, expires_at=NOON), a_sign_in(4)])

    assert sign_ins(database) == [("agent 1", None), ("agent 2", NOON)]


def test_a_line_that_is_there_is_never_written_over(database: Database) -> None:
    entry = Entry(at=NOON, kind="contact.queued", subject="c1", by=None, data={})
    with database.writing() as connection:
        write_rows(connection, [change_row(1, 1, 0, entry)])

    with pytest.raises(INTEGRITY), database.writing() as connection:
        write_rows(connection, [change_row(1, 1, 0, replace(entry, kind="contact.closed"))])

    with database.reading() as connection:
        assert changes_after(connection, 1, (0, -1), limit=10) == [(1, 0, entry)]


def test_an_instant_of_which_nobody_knows_when_it_was_is_refused_by_a_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(database)

    with pytest.raises(ValueError, match="has no time zone"), database.writing() as connection:
        write_rows(connection, [a_sign_in(1, expires_at=NOON.replace(tzinfo=None))])
    database.close()


def test_what_is_written_changed_and_deleted_happens_in_order(database: Database) -> None:
    of_one, of_two = {"agent_id": "agent 1"}, {"agent_id": "agent 2", "workspace": 1}
    with database.writing() as connection:
        write_rows(
            connection,
            [
                a_sign_in(1),
                a_sign_in(2),
                Changed(SIGN_IN, of_one, {"client": "Firefox", "expires_at": NOON}),
                Gone(SIGN_IN, of_two),
                Gone(SIGN_IN, {"agent_id": "nobody", "workspace": 1}),
                Row(HOLDER, {"workspace": 1, "customer_id": "c", "agent_id": "a"}),
                a_sign_in(3),
            ],
        )

    assert sign_ins(database) == [("agent 1", NOON), ("agent 3", None)]


def test_rows_whose_time_has_come_are_deleted(database: Database) -> None:
    later = NOON + timedelta(microseconds=1)
    with database.writing() as connection:
        write_rows(connection, [a_sign_in(1), a_sign_in(2, expires_at=NOON), a_sign_in(3, expires_at=later)])
        write_rows(connection, [a_sign_in(4, expires_at=NOON, workspace=2)])
        write_rows(connection, [Outdated(SIGN_IN, {"workspace": 1}, "expires_at", NOON)])

    assert sign_ins(database) == [("agent 1", None), ("agent 3", later), ("agent 4", NOON)]


def test_a_group_stands_in_the_log_as_it_was_written(database: Database) -> None:
    entries = [
        Entry(at=NOON, kind="contact.queued", subject=f"c{each}", by=None, data={"ü": each}) for each in range(1000)
    ]
    with database.writing() as connection:
        number = create_workspace(connection, "main")
        taken, _ = take_workspace(connection, number)
        write_group(connection, number, taken.change_no, entries, [])

    with database.reading() as connection:
        lines = changes_after(connection, number, (0, -1), limit=2000)
    assert lines == [(1, ordinal, entry) for ordinal, entry in enumerate(entries)]


def test_contacts_are_found_by_however_many_ids(database: Database) -> None:
    with database.reading() as connection:
        assert find_contacts(connection, 1, [f"c'{each}" for each in range(10_000)]) == {}


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def fail_half_way() -> None:
        with database.writing() as connection:
            write_rows(connection, [a_sign_in(1)])
            raise LookupError

    with pytest.raises(LookupError):
        fail_half_way()

    assert sign_ins(database) == []
