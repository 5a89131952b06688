"""What every change of a workspace begins and ends with: its row is taken first, and its group is written last.

Whoever has the row is the only one to change the workspace until the transaction ends. What is asked of PostgreSQL
here goes together, since each answer that is waited for takes as long as many statements."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from assigner.store.documents import to_document
from assigner.store.rows import Entry, change_row
from assigner.store.to_write import Writing
from assigner.store.writing import POSTGRESQL, driver_of, planned_anew, together, write_rows

TAKE = {
    POSTGRESQL: "UPDATE workspace SET change_no = change_no + 1 WHERE number = %s"
    " RETURNING change_no, epoch, clock_timestamp(), pg_backend_pid()",
    "sqlite": "UPDATE workspace SET change_no = change_no + 1 WHERE number = ? RETURNING change_no, epoch, NULL, NULL",
}
FIND = {
    POSTGRESQL: "SELECT found.id FROM unnest(%b::text[]) AS asked (id), LATERAL"
    " (SELECT id FROM contact WHERE workspace = %s AND id = asked.id OFFSET 0) AS found",
    "sqlite": "SELECT id FROM contact WHERE id IN (SELECT value FROM json_each(?)) AND workspace = ?",
}
"""On PostgreSQL one key after the other; without OFFSET 0 it would make a join of this, which may read all contacts."""


class Taken(NamedTuple):
    """A workspace row that was taken: the number of this change, how often the right to decide has changed hands, and
    the database's time and the session, where it has them."""

    change_no: int
    epoch: int
    at: datetime | None
    pid: int | None


def take_workspace(connection: Connection, number: int, ids: Collection[str] = ()) -> tuple[Taken, list[str]]:
    """Take the workspace row, and with it the right to be the next change; and see which of some contacts there are,
    open or ended."""
    driver, database = driver_of(connection), connection.dialect.name
    with together(connection):
        taken = driver.execute(TAKE[database], (number,))
        with planned_anew(connection):
            found = driver.execute(FIND[database], (_array(database, ids), number)) if ids else None
    (row,) = taken.fetchall()
    return Taken(*row), [contact_id for (contact_id,) in found.fetchall()] if found is not None else []


def write_group(
    connection: Connection, number: int, change_no: int, entries: Sequence[Entry], rows: Iterable[Writing]
) -> None:
    """Write the lines of the log and the rows of one group, in order; rows of one table in one statement."""
    lines = (change_row(number, change_no, ordinal, entry) for ordinal, entry in enumerate(entries))
    write_rows(connection, (*lines, *rows))


def _array(database: str, ids: Collection[str]) -> Any:
    """Some ids as one value."""
    return list(ids) if database == POSTGRESQL else to_document(ids).decode()
