"""PostgreSQL keeps the way on which a prepared statement finds its rows. What it has planned for a few contacts,
without statistics, must do for many."""

import time
from datetime import UTC, datetime
from functools import partial
from typing import Any

import psycopg
import pytest

from assigner.benchmarks.statements import heard
from assigner.core.model import OpenContact
from assigner.service.contacts import accept, close
from assigner.store.database import Database
from assigner.store.load import LAST_ORDINAL, changes_after
from assigner.store.rows import ContactRecord, contact_row
from assigner.store.to_write import New, Renewed
from assigner.store.writing import write_rows
from assigner.testing import Workbench
from rules.match import match
from rules.model import Contact, RuleSet
from tests.postgres.nodes import PATIENCE, RunningNode, two_nodes
from tests.store.ended import COPIES, GROWING, fill

UNTIL_KEPT = 15
"""After so many times the driver has prepared a statement, and PostgreSQL keeps its plan."""
AT_ONCE = 12
"""So many contacts are looked up together under load. For one alone PostgreSQL would plan anew by itself."""
SESSIONS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
READ = """
SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE relname = ANY(%(tables)s) UNION ALL
SELECT indexrelname, idx_tup_read FROM pg_stat_user_indexes WHERE relname = ANY(%(tables)s)"""


@pytest.mark.parametrize("is_analyzed", [False, True], ids=["nothing known", "known to be small"])
def test_what_was_planned_for_few_contacts_reads_no_more_of_many(url: str, is_analyzed: bool) -> None:
    with psycopg.connect(url, autocommit=True) as watching:
        for table in GROWING:
            watching.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)".encode())
        read = rows_read(watching, lived_and_ended(url, watching, is_analyzed=is_analyzed))

    of_each = COPIES / 2  # by each that comes late, if it read all there is; what the early ones read is less
    assert {place: rows for place, rows in read.items() if rows >= of_each * UNTIL_KEPT} == {}
    assert read["pk_contact"] > 0


def test_a_change_reads_no_more_of_open_contacts_than_it_changes(url: str) -> None:
    database = Database(url)
    with psycopg.connect(url, autocommit=True) as watching:
        watching.execute("ALTER TABLE contact SET (autovacuum_enabled = off)")
        with database.writing() as connection:
            write_rows(connection, [open_contact(number, is_new=True) for number in range(COPIES)])
        with database.writing() as connection:
            write_rows(connection, [open_contact(number, is_new=False) for number in range(AT_ONCE)])
        sessions = sessions_of(watching)
        database.close()
        read = rows_read(watching, sessions)

    assert (read["contact"], read["pk_contact"], read["ix_contact_open"]) == (0, 0, AT_ONCE)


def open_contact(number: int, *, is_new: bool) -> New | Renewed:
    """A contact that waits, as it is written."""
    contact = Contact(id=f"c{number}", channel="chat", arrived_at=datetime(2026, 1, 5, tzinfo=UTC))
    place = OpenContact(contact=contact, number=number, match=match(RuleSet(), contact, offices=frozenset()))
    return contact_row(1, ContactRecord(place=place, version=1), is_new=is_new)


def lived_and_ended(url: str, watching: psycopg.Connection[Any], *, is_analyzed: bool) -> set[int]:
    """The sessions of two nodes, now stopped, that have met few contacts and then many: one decided, one followed."""
    with two_nodes(url) as (deciding, following):
        deciding.let_ana_be_online()
        for name in ("first", "second", "ended"):
            live(deciding, name)
        if is_analyzed:
            watching.execute("ANALYZE")
        for each in range(UNTIL_KEPT):
            live(deciding, f"early-{each}", following)
        fill(deciding.product.database)
        for each in range(UNTIL_KEPT):
            live(deciding, f"late-{each}", following)
        return sessions_of(watching)


def last_change(node: RunningNode) -> int:
    """The number of the newest change that a node knows."""
    return int(node.seen(lambda workspace: workspace.board.change_no))


def live(node: RunningNode, contact_id: str, *others: RunningNode) -> None:
    """A contact that arrives, is given to an agent and closed, of which other nodes hear."""
    contact = Contact(id=contact_id, channel="chat", arrived_at=node.product.clock())
    arrive = partial(accept, actor=node.admin, contact=contact, sent=b"")
    named = (contact_id, *(f"{contact_id} {each}" for each in range(AT_ONCE)))
    for asked in (arrive, partial(close, actor=node.admin, contact_id=contact_id, outcome=None)):
        node.product.submit(node.number, asked, contact_ids=named).result(PATIENCE)
    newest = last_change(node)
    assert all(last_change(each) >= newest for each in others)


def sessions_of(watching: psycopg.Connection[Any]) -> set[int]:
    """Who uses the database, but for who asks."""
    return {pid for (pid,) in watching.execute(SESSIONS)}


def rows_read(watching: psycopg.Connection[Any], sessions: set[int]) -> dict[str, int]:
    """How many rows were read of each table, and how many entries of each of its indexes. These sessions are about to
    end; each has told of all that it read when it has."""
    while sessions & sessions_of(watching):
        time.sleep(0.01)
    return dict(watching.execute(READ, {"tables": list(GROWING)}).fetchall())


def test_the_log_is_read_from_a_place_on_and_not_from_its_beginning(url: str) -> None:
    asked: list[tuple[str, Any]] = []
    with Workbench(database=url) as bench:
        database = bench.product.database
        with heard(database, lambda _, *statement: asked.append(statement)), database.reading() as connection:
            changes_after(connection, 1, (1, LAST_ORDINAL), limit=10)

    ((statement, given),) = asked
    with psycopg.connect(url) as connection:
        connection.execute("SET enable_bitmapscan = off")  # which would read only the rest even of two conditions
        plan = [line for (line,) in connection.execute(f"EXPLAIN {statement}".encode(), given)]
    assert [line.strip() for line in plan if "Cond:" in line or "Filter:" in line] == [
        "Index Cond: ((workspace = 1) AND (ROW(change_no, ordinal) > ROW('1'::bigint, 2147483647)))"
    ]
