"""Writing the rows of a group in few statements: one writer, spelled for each of the two databases.

SQLite repeats one prepared statement for every row; PostgreSQL is sent all rows of a table at once, as
arrays (`unnest`) or through COPY. Values go straight to the driver: preparing each in between costs as much as
writing."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect

from assigner.store.rows import Added, Changed, Gone, Outdated, Row, Writing

Values = tuple[Any, ...]
Prepare = Callable[[Any], Any]
POSTGRESQL = "postgresql"
DIALECTS: dict[str, Dialect] = {each.name: each() for each in (PGDialect_psycopg, SQLiteDialect_pysqlite)}
"""How each database spells names and types."""


def write_rows(connection: Connection, rows: Iterable[Writing]) -> None:
    """Write, change, add to and delete rows, in order; neighbours that need the same statement go in one."""
    database = connection.dialect.name
    for (kind, table, key, columns), group in groupby(rows, key=_statement_of):
        if kind is Row:
            upsert(connection, table, [row.values for row in group if isinstance(row, Row)])
        elif kind is Changed:
            changed = [(*row.values.values(), *row.key.values()) for row in group if isinstance(row, Changed)]
            _each(connection, _changing(database, table, columns, key), table, (*columns, *key), changed)
        elif kind is Added:
            added = [tuple(row.values.values()) for row in group if isinstance(row, Added)]
            _each(connection, _adding(database, table, columns, *key), table, columns, added)
        elif kind is Outdated:
            outdated = [(*row.key.values(), row.until) for row in group if isinstance(row, Outdated)]
            _each(connection, _forgetting(database, table, key, *columns), table, (*key, *columns), outdated)
        else:
            gone = [tuple(row.key.values()) for row in group if isinstance(row, Gone)]
            _each(connection, _deleting(database, table, key), table, key, gone)


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows with the same columns, replacing those whose key is there. Of two with one key the later counts."""
    columns = tuple(rows[0])
    key = tuple(column.name for column in table.primary_key)
    newest = list({tuple([row[name] for name in key]): tuple(row.values()) for row in rows}.values())
    statement = _upserting(connection.dialect.name, table, columns)
    if connection.dialect.name == POSTGRESQL:
        connection.exec_driver_sql(statement, tuple(list(column) for column in zip(*newest, strict=True)))
    else:
        _each(connection, statement, table, columns, newest)


def insert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows with the same columns that are not there yet, as fast as the database can."""
    columns, values = tuple(rows[0]), [tuple(row.values()) for row in rows]
    statement = _inserting(connection.dialect.name, table, columns)
    if connection.dialect.name == POSTGRESQL:
        _copy(connection, statement, _types(table, columns), values)
    else:
        _each(connection, statement, table, columns, values)


def _copy(connection: Connection, statement: str, types: tuple[str, ...], rows: Sequence[Values]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _each(
    connection: Connection, statement: str, table: Table, columns: tuple[str, ...], rows: Sequence[Values]
) -> None:
    """Repeat a statement for every row."""
    prepared = _prepared(connection.dialect.name, table, columns)
    if any(prepared):
        rows = [
            tuple(value if prepare is None else prepare(value) for prepare, value in zip(prepared, row, strict=True))
            for row in rows
        ]
    connection.exec_driver_sql(statement, list(rows))


def _statement_of(row: Writing) -> tuple[type[Writing], Table, tuple[str, ...], tuple[str, ...]]:
    """What rows have in common that one statement can write."""
    match row:
        case Row():
            return Row, row.table, (), tuple(row.values)
        case Changed():
            return Changed, row.table, tuple(row.key), tuple(row.values)
        case Added():
            return Added, row.table, (row.counted,), tuple(row.values)
        case Outdated():
            return Outdated, row.table, tuple(row.key), (row.column,)
        case Gone():
            return Gone, row.table, tuple(row.key), ()


@cache
def _inserting(database: str, table: Table, columns: tuple[str, ...]) -> str:
    into = f"{_name(table)} ({_names(table, columns)})"
    if database == POSTGRESQL:
        return f"COPY {into} FROM STDIN (FORMAT BINARY)"
    return f"INSERT INTO {into} VALUES ({', '.join('?' for _ in columns)})"


@cache
def _upserting(database: str, table: Table, columns: tuple[str, ...]) -> str:
    key = tuple(column.name for column in table.primary_key)
    names = {name: _name(table.c[name]) for name in columns if name not in key}
    values = ", ".join(f"{name} = excluded.{name}" for name in names.values())
    on_conflict = f"ON CONFLICT ({_names(table, key)}) DO {f'UPDATE SET {values}' if values else 'NOTHING'}"
    rows = f"VALUES ({', '.join('?' for _ in columns)})"
    if database == POSTGRESQL:
        rows = f"SELECT * FROM unnest({', '.join(f'%b::{kind}[]' for kind in _types(table, columns))})"
    return f"INSERT INTO {_name(table)} ({_names(table, columns)}) {rows} {on_conflict}"


@cache
def _adding(database: str, table: Table, columns: tuple[str, ...], counted: str) -> str:
    key = tuple(column.name for column in table.primary_key)
    names = {name: _name(table.c[name]) for name in columns if name not in key}
    more = {counted: f" + {_name(table)}.{names[counted]}"}
    values = ", ".join(f"{quoted} = excluded.{quoted}{more.get(name, '')}" for name, quoted in names.items())
    rows = ", ".join(_mark(database) for _ in columns)
    into = f"INSERT INTO {_name(table)} ({_names(table, columns)}) VALUES ({rows})"
    return f"{into} ON CONFLICT ({_names(table, key)}) DO UPDATE SET {values}"


@cache
def _changing(database: str, table: Table, columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    mark = _mark(database)
    values = ", ".join(f"{_name(table.c[name])} = {mark}" for name in columns)
    return f"UPDATE {_name(table)} SET {values} WHERE {_equal(table, key, mark)}"


@cache
def _deleting(database: str, table: Table, key: tuple[str, ...]) -> str:
    return f"DELETE FROM {_name(table)} WHERE {_equal(table, key, _mark(database))}"


@cache
def _forgetting(database: str, table: Table, key: tuple[str, ...], column: str) -> str:
    mark = _mark(database)
    return f"DELETE FROM {_name(table)} WHERE {_equal(table, key, mark)} AND {_name(table.c[column])} <= {mark}"


@cache
def _prepared(database: str, table: Table, columns: tuple[str, ...]) -> tuple[Prepare | None, ...]:
    """What the driver needs done to the values of each column; None: nothing."""
    dialect = DIALECTS[database]
    return tuple(table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in columns)


@cache
def _types(table: Table, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The types of columns as PostgreSQL names them."""
    kinds = (table.c[name].type.compile(DIALECTS[POSTGRESQL]).lower() for name in columns)
    return tuple("timestamptz" if kind == "timestamp with time zone" else kind for kind in kinds)


def _equal(table: Table, key: tuple[str, ...], mark: str) -> str:
    return " AND ".join(f"{_name(table.c[name])} = {mark}" for name in key)


def _mark(database: str) -> str:
    return "%s" if database == POSTGRESQL else "?"


def _names(table: Table, columns: tuple[str, ...]) -> str:
    return ", ".join(_name(table.c[name]) for name in columns)


def _name(named: Any) -> str:
    """The name of a table or column, quoted where it must be; both databases read it."""
    return DIALECTS[POSTGRESQL].identifier_preparer.quote(named.name)
