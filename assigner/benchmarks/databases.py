"""Where a benchmark keeps its databases: a folder with SQLite files, or a PostgreSQL server of its own.

Both write durably (synchronous=FULL; fsync and synchronous_commit on), and are gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from assigner.benchmarks.measure import Case
from assigner.store.private_server import PrivateServer

SETTINGS = {"wal_init_zero": "off", "shared_buffers": "1GB", "max_wal_size": "8GB"}
"""What a server has after an hour of work: log segments to write into, and room for what it works on."""


class SqliteFolder:
    """A folder with files."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self, name: str) -> str:
        """The URL of a database that is not there yet."""
        return f"sqlite:///{self._folder / name}.db"

    def written(self) -> int:
        """How many bytes all files have."""
        return sum(each.stat().st_size for each in self._folder.iterdir())

    @staticmethod
    def growth(each: float) -> str:
        """What `written` has grown by for each unit, in words."""
        return f"files grow by {each:,.0f} bytes each"


class PostgresqlServer:
    """A server of one's own."""

    name = "PostgreSQL"

    def __init__(self, server: PrivateServer) -> None:
        self._server = server

    def new(self, name: str) -> str:
        """The URL of a database, which is made."""
        self.do(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str) -> str:
        """The URL of a database that there is."""
        return self._server.url(name)

    def do(self, *statements: str, database: str = "postgres") -> None:
        """Execute statements, each on its own."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def count(self, query: str, database: str = "postgres") -> int:
        """The one number that a query answers."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
        assert row is not None, query
        return int(row[0])

    def written(self) -> int:
        """How many bytes of write-ahead log there have been."""
        return self.count("SELECT pg_current_wal_lsn() - '0/0'")

    @staticmethod
    def growth(each: float) -> str:
        """What `written` has grown by for each unit, in words."""
        return f"{each:,.0f} bytes of WAL each"


Place = SqliteFolder | PostgresqlServer


class Weighed:
    """A case, and how much it makes the database write for each unit."""

    def __init__(self, case: Case, place: Place, *, units: int) -> None:
        self._case = case
        self._place = place
        self._units = units
        self._each: list[float] = []

    def __call__(self) -> float:
        """One round."""
        before = self._place.written()
        found = self._case()
        self._each.append((self._place.written() - before) / self._units)
        return found

    def __str__(self) -> str:
        return self._place.growth(sum(self._each) / len(self._each))


@contextmanager
def sqlite_folder() -> Iterator[SqliteFolder]:
    """A folder for as long as it is used."""
    with TemporaryDirectory(prefix="bench-") as folder:
        yield SqliteFolder(Path(folder))


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A server for as long as it is used. Raises NoServer."""
    server = PrivateServer(settings=SETTINGS)
    server.start()
    try:
        yield PostgresqlServer(server)
    finally:
        server.stop()
