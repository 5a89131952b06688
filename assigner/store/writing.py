"""Writing the rows of a group in few statements: one writer, spelled for each of the two databases.

SQLite repeats one prepared statement for every row; PostgreSQL is sent all rows of a table at once, as arrays
(`unnest`), and all statements of a group without waiting for an answer in between. Both go straight to the driver:
what SQLAlchemy does around a statement costs as much as the statement."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect

from assigner.store.columns import UtcDateTime
from assigner.store.to_write import Added, Changed, Gone, New, Outdated, Renewed, Row, Rows, Writing

Values = tuple[Any, ...]
POSTGRESQL = "postgresql"
DIALECTS: dict[str, Dialect] = {each.name: each() for each in (PGDialect_psycopg, SQLiteDialect_pysqlite)}
"""How each database spells names and types."""


class Like(NamedTuple):
    """What rows have in common that one statement can write."""

    kind: type[Writing]
    table: Table
    key: tuple[str, ...]
    columns: tuple[str, ...]
    found_among: str = ""


class RowMissing(Exception):
    """A row that was to be renewed is not there, so what is remembered is not what is stored: the transaction must be
    undone."""


def write_rows(connection: Connection, rows: Iterable[Writing]) -> None:
    """Write, change, add to and delete rows, in order; neighbours that need the same statement go in one.

    Raises RowMissing."""
    renewed = []
    with together(connection):
        for like, group in groupby(rows, key=_like):
            columns, values = _values(like, group)
            done = _write(connection, like, columns, values)
            if like.kind is Renewed:
                renewed.append((like.table, len(values), done))
    for table, asked, done in renewed:
        if done.rowcount != asked:
            raise RowMissing(f"of {asked} rows of {table.name} that were to be renewed, {done.rowcount} were found")


def _write(connection: Connection, like: Like, columns: tuple[str, ...], values: list[Values]) -> Any:
    """Write rows of one kind, and give the cursor that did. On PostgreSQL it may know only later what it has done."""
    database, driver = connection.dialect.name, driver_of(connection)
    statement = SPELLED[like.kind](database, like)
    if database != POSTGRESQL:
        return driver.executemany(statement, _with_instants(like.table, columns, values))
    if like.kind not in AT_ONCE:
        return [driver.execute(statement, each) for each in values][-1]
    with planned_anew(connection) if like.kind is Renewed else nullcontext():
        return driver.execute(statement, tuple(list(column) for column in zip(*values, strict=True)))


def driver_of(connection: Connection) -> Any:
    """The driver's own connection. A transaction must have begun, for the driver begins none."""
    return connection.connection.driver_connection


def together(connection: Connection) -> AbstractContextManager[object]:
    """Send statements to PostgreSQL without waiting for an answer to each; what fails is raised at the end at last."""
    return driver_of(connection).pipeline() if connection.dialect.name == POSTGRESQL else nullcontext()


@contextmanager
def planned_anew(connection: Connection) -> Iterator[None]:
    """Meanwhile PostgreSQL plans each statement for what there is now. It keeps the plan of one that is prepared, and
    what it has planned for ten contacts would read all of them when there are a million."""
    driver = driver_of(connection)
    if connection.dialect.name != POSTGRESQL:
        yield
        return
    was, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        yield
    finally:
        driver.prepare_threshold = was


def _values(like: Like, rows: Iterable[Any]) -> tuple[tuple[str, ...], list[Values]]:
    """What a statement is given for each row, and of which columns."""
    if like.kind is Row:  # one statement can write each key once, and of two with one key the later counts
        key = [like.columns.index(column.name) for column in like.table.primary_key]
        every = (tuple(row.values.values()) for row in rows)
        return like.columns, list({tuple([row[each] for each in key]): row for row in every}.values())
    if like.kind is Rows:
        return like.columns, [values for each in rows for values in each.values]
    if like.kind in (Changed, Renewed):
        return (*like.columns, *like.key), [(*row.values.values(), *row.key.values()) for row in rows]
    if like.kind is Outdated:
        return (*like.key, *like.columns), [(*row.key.values(), row.until) for row in rows]
    if like.kind is Gone:
        return like.key, [tuple(row.key.values()) for row in rows]
    return like.columns, [tuple(row.values.values()) for row in rows]


def _with_instants(table: Table, columns: tuple[str, ...], rows: list[Values]) -> list[Values]:
    """Rows with their instants as a SQLite file holds them."""
    for position in _instants(table, columns):
        rows = [(*row[:position], _in_file(row[position]), *row[position + 1 :]) for row in rows]
    return rows


def _in_file(instant: datetime | None) -> str | None:
    """An instant as a SQLite file holds it. Raises ValueError for one of which nobody knows when it was."""
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")
    return instant.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")


def _like(row: Writing) -> Like:
    match row:
        case Row() | New():
            return Like(type(row), row.table, (), tuple(row.values))
        case Rows():
            return Like(Rows, row.table, (), row.columns)
        case Renewed():
            return Like(Renewed, row.table, tuple(row.key), tuple(row.values), row.found_among)
        case Changed():
            return Like(Changed, row.table, tuple(row.key), tuple(row.values))
        case Added():
            return Like(Added, row.table, (row.counted,), tuple(row.values))
        case Outdated():
            return Like(Outdated, row.table, tuple(row.key), (row.column,))
        case Gone():
            return Like(Gone, row.table, tuple(row.key), ())


@cache
def _inserting(database: str, like: Like) -> str:
    table, columns = like.table, like.columns
    rows = f"VALUES ({', '.join('?' for _ in columns)})"
    if database == POSTGRESQL:
        rows = f"SELECT * FROM unnest({', '.join(f'%b::{kind}[]' for kind in _types(table, columns))})"
    return f"INSERT INTO {_name(table)} ({_names(table, columns)}) {rows}"


@cache
def _upserting(database: str, like: Like) -> str:
    key = tuple(column.name for column in like.table.primary_key)
    names = (_name(like.table.c[name]) for name in like.columns if name not in key)
    values = ", ".join(f"{name} = excluded.{name}" for name in names)
    on_conflict = f"ON CONFLICT ({_names(like.table, key)}) DO {f'UPDATE SET {values}' if values else 'NOTHING'}"
    return f"{_inserting(database, like)} {on_conflict}"


@cache
def _adding(database: str, like: Like) -> str:
    table, (counted,) = like.table, like.key
    key = tuple(column.name for column in table.primary_key)
    names = {name: _name(table.c[name]) for name in like.columns if name not in key}
    more = {counted: f" + {_name(table)}.{names[counted]}"}
    values = ", ".join(f"{quoted} = excluded.{quoted}{more.get(name, '')}" for name, quoted in names.items())
    rows = ", ".join(_mark(database) for _ in like.columns)
    into = f"INSERT INTO {_name(table)} ({_names(table, like.columns)}) VALUES ({rows})"
    return f"{into} ON CONFLICT ({_names(table, key)}) DO UPDATE SET {values}"


@cache
def _changing(database: str, like: Like) -> str:
    mark = _mark(database)
    values = ", ".join(f"{_name(like.table.c[name])} = {mark}" for name in like.columns)
    return f"UPDATE {_name(like.table)} SET {values} WHERE {_equal(like, mark)}"


@cache
def _renewing(database: str, like: Like) -> str:
    """On PostgreSQL all rows at once, but each is found by its own key and then by its place; without OFFSET 0 it would
    make a join of this, which may read all rows that the index holds."""
    if database != POSTGRESQL:
        return f"{_changing(database, like)} AND {like.found_among}"
    table, key, columns = _name(like.table), _names(like.table, like.key), _names(like.table, like.columns)
    given = ", ".join(f"%b::{kind}[]" for kind in _types(like.table, (*like.columns, *like.key)))
    values = ", ".join(f"{name} = given.{name}" for name in columns.split(", "))
    same = " AND ".join(f"{name} = given.{name}" for name in key.split(", "))
    found = f"SELECT ctid FROM {table} WHERE {same} AND {like.found_among} OFFSET 0"
    return (
        f"UPDATE {table} SET {values} FROM unnest({given}) AS given ({columns}, {key}), LATERAL ({found}) AS found"
        f" WHERE {table}.ctid = found.ctid"
    )


@cache
def _deleting(database: str, like: Like) -> str:
    return f"DELETE FROM {_name(like.table)} WHERE {_equal(like, _mark(database))}"


@cache
def _forgetting(database: str, like: Like) -> str:
    (column,), mark = like.columns, _mark(database)
    return f"{_deleting(database, like)} AND {_name(like.table.c[column])} <= {mark}"


@cache
def _instants(table: Table, columns: tuple[str, ...]) -> tuple[int, ...]:
    """Which columns hold instants."""
    return tuple(position for position, name in enumerate(columns) if isinstance(table.c[name].type, UtcDateTime))


@cache
def _types(table: Table, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The types of columns as PostgreSQL names them."""
    kinds = (table.c[name].type.compile(DIALECTS[POSTGRESQL]).lower() for name in columns)
    return tuple("timestamptz" if kind == "timestamp with time zone" else kind for kind in kinds)


def _equal(like: Like, mark: str) -> str:
    return " AND ".join(f"{_name(like.table.c[name])} = {mark}" for name in like.key)


def _mark(database: str) -> str:
    return "%s" if database == POSTGRESQL else "?"


def _names(table: Table, columns: tuple[str, ...]) -> str:
    return ", ".join(_name(table.c[name]) for name in columns)


def _name(named: Any) -> str:
    """The name of a table or column, quoted where it must be; both databases read it."""
    return DIALECTS[POSTGRESQL].identifier_preparer.quote(named.name)


SPELLED: Mapping[type[Writing], Callable[[str, Like], str]] = {
    Row: _upserting,
    Rows: _upserting,
    New: _inserting,
    Renewed: _renewing,
    Changed: _changing,
    Added: _adding,
    Outdated: _forgetting,
    Gone: _deleting,
}
AT_ONCE = (Row, Rows, New, Renewed)
"""What PostgreSQL is sent as an array for each column."""
