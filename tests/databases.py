"""The databases that tests run on: a SQLite file, or with `--database postgresql` a private server of this test run.

A fresh database is a copy of one that was migrated once, which takes a few hundredths of a second on either."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from assigner.store.database import Database
from assigner.store.migrate import migrate
from assigner.store.private_server import QUICK, NoServer, PrivateServer
from assigner.testing import new_file
from tests.lacking import lacks

GIVEN = "ASSIGNER_TEST_DATABASE_URL"
"""A PostgreSQL server to use instead of a private one; its user must be allowed to create databases."""


class Server:
    """A PostgreSQL server on which tests make databases of their own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._migrated: str | None = None

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database without tables that is gone afterwards."""
        name = self._create("template0")
        yield self.url(name)
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The URL of a database with all tables that is gone afterwards."""
        name = self._create(self._template())
        yield self.url(name)
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def url(self, name: str) -> str:
        """The URL of a database."""
        return make_url(self._url).set(database=name).render_as_string(hide_password=False)

    def close(self) -> None:
        """Delete what databases were copied from."""
        if self._migrated is not None:
            self._do(f'DROP DATABASE IF EXISTS "{self._migrated}" WITH (FORCE)')

    def _template(self) -> str:
        if self._migrated is None:
            self._migrated = self._create("template0")
            database = Database(self.url(self._migrated))
            migrate(database)
            database.close()
        return self._migrated

    def _create(self, template: str) -> str:
        name = f"test_{secrets.token_hex(6)}"
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return name

    def _do(self, statement: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_server() -> Iterator[Server]:
    """The server that the environment names, else a private one. Skips the test, or fails it where
    ASSIGNER_REQUIRE says so, where there is none to be had."""
    given = os.environ.get(GIVEN)
    private = None if given else _private_server()
    server = Server(given or private.url())  # type: ignore[union-attr]
    try:
        yield server
    finally:
        if private is None:
            server.close()
        else:
            private.stop()


def _private_server() -> PrivateServer:
    try:
        server = PrivateServer(settings=QUICK)
        server.start()
    except NoServer as missing:
        lacks("postgres", str(missing))
    return server


def migrated_file(folder: Path) -> str:
    """The URL of a SQLite file with all tables."""
    file = folder / f"{secrets.token_hex(6)}.db"
    file.write_bytes(new_file())
    return f"sqlite:///{file}"
