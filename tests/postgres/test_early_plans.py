"""PostgreSQL keeps the way on which a prepared statement finds its rows. What it has planned for a few contacts,
without statistics, must do for many."""

import time
from functools import partial
from typing import Any

import psycopg

from assigner.service.contacts import accept, close
from rules.model import Contact
from tests.postgres.nodes import RunningNode, two_nodes
from tests.store.lives import COPIES, GROWING, fill

UNTIL_KEPT = 15
"""After so many times the driver has prepared a statement, and PostgreSQL keeps its plan."""
SESSIONS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
READ = """
SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE relname = ANY(%(tables)s) UNION ALL
SELECT indexrelname, idx_tup_read FROM pg_stat_user_indexes WHERE relname = ANY(%(tables)s)"""


def test_what_was_planned_for_few_contacts_reads_no_more_of_many(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as watching:
        for table in GROWING:
            watching.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)".encode())
        read = rows_read(watching, lived_and_ended(url, watching))

    assert {place: rows for place, rows in read.items() if rows >= COPIES} == {}
    assert read["pk_contact"] > 0


def lived_and_ended(url: str, watching: psycopg.Connection[Any]) -> set[int]:
    """The sessions of two nodes, now stopped, that have met few contacts and then many: one decided, one followed."""
    with two_nodes(url) as (deciding, following):
        deciding.let_ana_be_online()
        for name in ("ended", *(f"early-{each}" for each in range(UNTIL_KEPT))):
            live(deciding, name)
            assert last_change(following) == last_change(deciding)
        fill(deciding.product.database)
        for each in range(UNTIL_KEPT):
            live(deciding, f"late-{each}")
            assert last_change(following) == last_change(deciding)
        return sessions_of(watching)


def last_change(node: RunningNode) -> int:
    """The number of the newest change that a node knows."""
    return int(node.seen(lambda workspace: workspace.board.change_no))


def live(node: RunningNode, contact_id: str) -> None:
    """A contact that arrives, is given to an agent and closed."""
    contact = Contact(id=contact_id, channel="chat", arrived_at=node.product.clock())
    arrive = partial(accept, actor=node.admin, contact=contact, sent=b"")
    for asked in (arrive, partial(close, actor=node.admin, contact_id=contact_id, outcome=None)):
        node.product.submit(node.number, asked, contact_ids=(contact_id,)).result()


def sessions_of(watching: psycopg.Connection[Any]) -> set[int]:
    """Who uses the database, but for who asks."""
    return {pid for (pid,) in watching.execute(SESSIONS)}


def rows_read(watching: psycopg.Connection[Any], sessions: set[int]) -> dict[str, int]:
    """How many rows were read of each table, and how many entries of each of its indexes. These sessions are about to
    end; each has told of all that it read when it has."""
    while sessions & sessions_of(watching):
        time.sleep(0.01)
    return dict(watching.execute(READ, {"tables": list(GROWING)}).fetchall())
