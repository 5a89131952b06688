"""Bringing the tables of a database up to what this version of the product expects.

`serve` does it at every start, holding the lock of the file; a database that a newer version has touched is refused."""

from functools import cache
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from assigner.store.database import Database, StoreUnavailable
from assigner.store.writing import POSTGRESQL

OLDEST_SERVER = 15


class NewerSchema(Exception):
    """The database was written by a newer version of the product than this one. Nothing was changed."""


class OlderSchema(Exception):
    """The database was last used by an older version of the product, and has not been brought up to date."""


def need_current(database: Database) -> None:
    """Raises NewerSchema, OlderSchema, StoreUnavailable for a database that this version cannot read as it is."""
    with database.reading() as connection:
        _refuse_newer(connection)
        if _revision(connection) != _newest():
            raise OlderSchema("the database is not up to date; `assigner serve` brings it up to date when it starts")


def refuse_newer(database: Database) -> None:
    """Raises NewerSchema for a database that a newer version has touched since, StoreUnavailable."""
    with database.reading() as connection:
        _refuse_newer(connection)


def migrate(database: Database) -> None:
    """Take every step that is missing, all of them or none. Raises NewerSchema, StoreUnavailable.

    On a database that is up to date it only reads."""
    with database.reading() as connection:
        _refuse_old_server(connection)
        if _revision(connection) == _newest():
            return
    with database.writing() as connection:
        if database.is_shared:
            connection.execute(text("SET LOCAL lock_timeout = 0"))  # another node may take its time with the same steps
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('assigner.migrate'))"))
        _refuse_newer(connection)
        command.upgrade(_configuration(connection), "head")


def step_back(database: Database, revision: str = "base") -> None:
    """Take steps back to an older revision, or to no tables at all, and lose what only the newer ones could hold."""
    with database.writing() as connection:
        command.downgrade(_configuration(connection), revision)


def _refuse_old_server(connection: Connection) -> None:
    version = connection.dialect.server_version_info
    if connection.dialect.name == POSTGRESQL and version is not None and version < (OLDEST_SERVER,):
        raise StoreUnavailable(
            f"the server is PostgreSQL {version[0]}; version {OLDEST_SERVER} or newer is needed. Nothing was changed"
        )


def _refuse_newer(connection: Connection) -> None:
    there = _revision(connection)
    if there is not None and there not in _known():
        raise NewerSchema(
            f"the database is at revision {there!r}, which this version does not know: it was written by a newer "
            "version of assigner. Install that version or a later one; nothing was changed"
        )


@cache
def _known() -> frozenset[str]:
    """The revisions that this version knows."""
    return frozenset(step.revision for step in ScriptDirectory.from_config(_configuration()).walk_revisions())


def _newest() -> str | None:
    return ScriptDirectory.from_config(_configuration()).get_current_head()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _configuration(connection: Connection | None = None) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(files("assigner.store") / "migrations").replace("%", "%%"))
    configuration.attributes["connection"] = connection
    return configuration
