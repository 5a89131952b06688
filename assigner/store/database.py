"""The database: connecting, and the one place that commits. It is a SQLite file, or PostgreSQL.

A transaction that changes work takes its workspace row first, which makes such transactions serial per workspace.
Reading uses connections of its own, and sees what was committed."""

import os
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, Pool, create_engine, event
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from assigner.store.address import connect_arguments, is_file
from assigner.store.writing import POSTGRESQL
from presence.errors import Invalid

BUSY_SECONDS = 5
NAME = "assigner"
"""What connections are called on a server that shows who is connected."""
POOL = {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 15, "pool_timeout": BUSY_SECONDS}
FORMER = 20
"""How many times connections are forgotten before one that was in use is left to itself: by then it was given up."""
MEANINGLESS = (DataError, psycopg.DataError, sqlite3.DataError, OverflowError)
"""What says that a value cannot be stored: a text with the character 0, a number that is too large."""
UNAVAILABLE = (
    *(OperationalError, InterfaceError, InternalError, PoolExhausted),
    *(psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError),
    *(sqlite3.OperationalError, sqlite3.InterfaceError, sqlite3.InternalError),
)
"""What says that the database cannot do it now; other errors say that something is wrong with what it was asked."""


class StoreUnavailable(Exception):
    """The database cannot be used now: it cannot be reached, its disk is full, its file is locked. Nothing was
    changed."""


class OutcomeUnknown(StoreUnavailable):
    """The connection was lost during the commit: what was asked is done, or not at all. Asking again is safe."""


class Database:
    """One database with all its workspaces."""

    def __init__(self, url: str, *, name: str = NAME) -> None:
        self.engine: Engine = engine_of(url, name=name, **({} if is_file(url) else POOL))
        self._former: deque[Pool] = deque(maxlen=FORMER)

    @property
    def is_shared(self) -> bool:
        """Whether several nodes may work on it."""
        return self.engine.dialect.name == POSTGRESQL

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees what was committed before its first statement, and changes nothing. Raises
        StoreUnavailable."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if self.is_shared else {}
        with available(), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one place that commits: on leaving the block, whole or not at all. Raises StoreUnavailable,
        OutcomeUnknown."""
        with (
            available(),
            self.engine.connect().execution_options(writing=True) as connection,
            committing(connection),
        ):
            yield connection

    def check_writable(self) -> None:
        """Raises StoreUnavailable where nothing could be written now."""
        with self.writing() as connection:
            if self.is_shared and connection.exec_driver_sql("SHOW transaction_read_only").scalar_one() == "on":
                raise StoreUnavailable("the PostgreSQL server is read-only: it is a standby, or was made read-only")
        file = self.engine.url.database
        if not self.is_shared and file and Path(file).exists() and not os.access(file, os.W_OK):
            # BEGIN IMMEDIATE is content with reading such a file; only a change would be refused
            raise StoreUnavailable(f"{file} is a file that this user may only read")

    def drop_idle(self) -> None:
        """Forget connections that nobody uses at the moment. Another one has broken, and these may have as well, which
        would show only after waiting."""
        self._former.append(self.engine.pool)
        self.engine.dispose()
        self._drop_former()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
        self._drop_former()

    def _drop_former(self) -> None:
        """Close what was in use when the others were forgotten, and has been given back since."""
        for pool in self._former:
            pool.dispose()


def engine_of(url: str, *, name: str = NAME, **options: Any) -> Engine:
    """What connects to a database, with the settings that every connection of the product has, and a name."""
    if is_file(url):
        engine = create_engine(url, hide_parameters=True, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(url, connect_args=connect_arguments(url, name=name), hide_parameters=True, **options)
    event.listen(engine, "checkin", _leave_writing_to_the_server)
    return engine


@contextmanager
def available() -> Iterator[None]:
    """Raises StoreUnavailable for whatever goes wrong because the database cannot be used now, and Invalid for a value
    that it cannot hold."""
    try:
        yield
    except MEANINGLESS as error:
        raise Invalid("invalid", f"the database cannot hold this: {_reason(error).splitlines()[0]}") from error
    except UNAVAILABLE as error:
        raise StoreUnavailable(_reason(error)) from error


@contextmanager
def committing(connection: Connection) -> Iterator[None]:
    """One transaction, committed on leaving the block. Raises OutcomeUnknown where the connection was lost while it
    was being committed, for then nobody knows."""
    transaction = connection.begin()
    try:
        yield
    except BaseException:
        with available():
            transaction.rollback()
        raise
    try:
        transaction.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise OutcomeUnknown(_reason(error)) from error
        raise


def _reason(error: Exception) -> str:
    return str(error.orig if isinstance(error, DBAPIError) else error).strip()


def _leave_writing_to_the_server(connection: psycopg.Connection | None, _: object) -> None:
    """After a transaction that only read, SQLAlchemy asks for READ WRITE in every later one, which would overrule an
    operator who has made the database read-only (`default_transaction_read_only`)."""
    if connection is not None and not connection.closed:
        connection.read_only = None


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, not guessed by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
