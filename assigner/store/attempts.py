"""Counters of what was tried and may be tried only so often: for the whole service, not for one workspace.

They are found by hashes; whose they are, stands nowhere."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_into_sqlite

from assigner.store import tables
from assigner.store.rows import table_of

ATTEMPT = table_of(tables.Attempt)


def count_attempts(
    connection: Connection, keys: Sequence[bytes], *, now: datetime, window: timedelta
) -> list[tuple[bytes, int, datetime]]:
    """Count one more attempt for each key. Returns key, count, and when the first that counts was made.

    What was counted before the window is forgotten, and what a clock that went back has put into the future."""
    is_over = or_(ATTEMPT.c.began_at <= now - window, ATTEMPT.c.began_at > now)
    connection.execute(delete(ATTEMPT).where(is_over))
    insert = insert_into_sqlite if connection.dialect.name == "sqlite" else insert_into_postgresql
    for key in sorted(keys):  # in one order, so that two nodes never wait for each other
        new = insert(ATTEMPT).values(key=key, began_at=now, count=1)
        connection.execute(new.on_conflict_do_update(index_elements=["key"], set_={"count": ATTEMPT.c.count + 1}))
    found = connection.execute(select(ATTEMPT).where(ATTEMPT.c.key.in_(keys)))
    return [(key, count, began_at) for key, began_at, count in found]


def forget_attempts(connection: Connection) -> None:
    """Count from nothing again, whatever was tried."""
    connection.execute(delete(ATTEMPT))


def take_back(connection: Connection, keys: Sequence[bytes]) -> None:
    """Count one attempt less for each key."""
    for key in sorted(keys):
        is_counted = (ATTEMPT.c.key == key) & (ATTEMPT.c.count > 0)
        connection.execute(update(ATTEMPT).where(is_counted).values(count=ATTEMPT.c.count - 1))
