"""The database: connecting, migrating, and the one place that commits.

A transaction that changes work takes its workspace row first, which makes such transactions serial per workspace.
Reading uses connections of its own, and sees what was committed."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Table, bindparam, create_engine, event, update
from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_into_sqlite
from sqlalchemy.exc import DBAPIError

from assigner.store import tables
from assigner.store.rows import Added, Changed, Entry, Gone, Row, Writing, change_row, table_of

BUSY_SECONDS = 5
WORKSPACE = table_of(tables.Workspace)
TAKE = (
    update(WORKSPACE)
    .where(WORKSPACE.c.number == bindparam("taken"))
    .values(change_no=WORKSPACE.c.change_no + 1)
    .returning(WORKSPACE.c.change_no)
)


class StoreUnavailable(Exception):
    """The database cannot be used now: the disk is full, the file is locked or read-only. Nothing was changed."""


class Database:
    """One database with all its workspaces."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees what was committed and changes nothing. Raises StoreUnavailable."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise StoreUnavailable(str(error.orig)) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one place that commits: on leaving the block, whole or not at all. Raises StoreUnavailable."""
        try:
            with self.engine.connect().execution_options(writing=True) as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise StoreUnavailable(str(error.orig)) from error

    def check_writable(self) -> None:
        """Raises StoreUnavailable where nothing could be written now."""
        with self.writing():
            pass

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def take_workspace(connection: Connection, number: int) -> int:
    """Take the workspace row, and with it the right to be the next change. Returns the number of that change."""
    change_no: int = connection.execute(TAKE, {"taken": number}).scalar_one()
    return change_no


def write_group(
    connection: Connection, number: int, change_no: int, entries: Sequence[Entry], rows: Iterable[Writing]
) -> None:
    """Write the lines of the log and the rows of one group, in order; rows of one table in one statement."""
    if entries:
        lines = [change_row(number, change_no, ordinal, entry) for ordinal, entry in enumerate(entries)]
        connection.execute(table_of(tables.Change).insert(), lines)
    for _, group in groupby(rows, key=lambda row: (type(row), row.table.name)):
        found = list(group)
        if isinstance(found[0], Row):
            upsert(connection, found[0].table, [row.values for row in found if isinstance(row, Row)])
            continue
        for row in found:
            if isinstance(row, Added):
                adding = _upserting(connection.dialect.name, row.table, tuple(row.values), row.counted)
                connection.execute(adding, row.values)
            elif not isinstance(row, Row):
                connection.execute(_statement(row))


def upsert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Write rows, replacing those whose key is there."""
    connection.execute(_upserting(connection.dialect.name, table, tuple(rows[0])), rows)


@cache
def _upserting(dialect: str, table: Table, columns: tuple[str, ...], counted: str | None = None) -> Executable:
    """What writes rows with these columns, adding up `counted`. The two dialects spell it alike, and only here."""
    statement = insert_into_sqlite(table) if dialect == "sqlite" else insert_into_postgresql(table)
    key = [column.name for column in table.primary_key]
    values: dict[str, Any] = {name: statement.excluded[name] for name in columns if name not in key}
    if counted is not None:
        values[counted] += table.c[counted]
    if values:
        return statement.on_conflict_do_update(index_elements=key, set_=values)
    return statement.on_conflict_do_nothing(index_elements=key)


def _statement(row: Changed | Gone) -> Executable:
    """What changes or deletes the rows with a key."""
    key = [row.table.c[name] == value for name, value in row.key.items()]
    if isinstance(row, Changed):
        return row.table.update().where(*key).values(row.values)
    return row.table.delete().where(*key)


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, not guessed by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
