"""Bringing the tables of a database up to what this version of the product expects.

`serve` does it at every start, holding the lock of the file. Tables that a newer version has changed since are used as
long as it says that this one still can, and refused otherwise; migrations/README.md has the rule."""

from alembic import command
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text

from assigner.store import tables
from assigner.store.database import Database, StoreUnavailable
from assigner.store.leases import SEEN_WITHIN
from assigner.store.revisions import configuration, newest_revision, oldest_usable, steps
from assigner.store.rows import table_of
from assigner.store.writing import POSTGRESQL

OLDEST_SERVER = 15
NODE, STEP = table_of(tables.Node), table_of(tables.SchemaStep)
NODES = text(  # written so that it also reads the table of before nodes told their revision
    "SELECT id, to_jsonb(node) ->> 'revision' AS revision FROM node"
    " WHERE seen_at > clock_timestamp() - make_interval(secs => :secs) ORDER BY id"
)


class NewerSchema(Exception):
    """A newer version of the product has changed the database so that this one cannot use it. Nothing was changed."""


class OlderSchema(Exception):
    """The database was last used by an older version of the product, and has not been brought up to date."""


class NodesTooOld(Exception):
    """Nodes are at work that would not survive the steps that are missing. Nothing was changed."""


def need_current(database: Database) -> bool:
    """Whether a newer version has changed the database since. Raises NewerSchema, OlderSchema, StoreUnavailable for one
    that this version cannot read as it is."""
    with database.reading() as connection:
        if _is_ahead(connection):
            return True
        if _revision(connection) != newest_revision():
            raise OlderSchema("the database is not up to date; `assigner serve` brings it up to date when it starts")
    return False


def refuse_newer(database: Database) -> None:
    """Raises NewerSchema for a database that this version is too old for, StoreUnavailable."""
    with database.reading() as connection:
        _is_ahead(connection)


def migrate(database: Database) -> None:
    """Take every step that is missing, all of them or none. Raises NewerSchema, NodesTooOld, StoreUnavailable.

    On a database that is up to date, or ahead, it only reads."""
    with database.reading() as connection:
        _refuse_old_server(connection)
        if _is_ahead(connection) or _revision(connection) == newest_revision():
            return
    with database.writing() as connection:
        if database.is_shared:
            connection.execute(text("SET LOCAL lock_timeout = 0"))  # another node may take its time with the same steps
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('assigner.migrate'))"))
        if _is_ahead(connection):
            return
        if database.is_shared and inspect(connection).has_table(NODE.name):
            _refuse_old_nodes(connection)
        command.upgrade(configuration(connection), "head")
        _tell_newer_and_older(connection)


def step_back(database: Database, revision: str = "base") -> None:
    """Take steps back to an older revision, or to no tables at all, and lose what only the newer ones could hold."""
    with database.writing() as connection:
        command.downgrade(configuration(connection), revision)
        _tell_newer_and_older(connection)


def _refuse_old_server(connection: Connection) -> None:
    version = connection.dialect.server_version_info
    if connection.dialect.name == POSTGRESQL and version is not None and version < (OLDEST_SERVER,):
        raise StoreUnavailable(
            f"the server is PostgreSQL {version[0]}; version {OLDEST_SERVER} or newer is needed. Nothing was changed"
        )


def _is_ahead(connection: Connection) -> bool:
    """Whether a newer version has changed the tables, so that this one can still use them. Raises NewerSchema."""
    there = _revision(connection)
    if there is None or there in steps():
        return False
    if inspect(connection).has_table(STEP.name):
        usable = select(STEP.c.oldest_usable).where(STEP.c.revision == there)
        if connection.execute(usable).scalar_one_or_none() in steps():
            return True
    raise NewerSchema(
        f"the database is at revision {there!r}, which this version does not know: it was written by a newer "
        "version of assigner, and is nothing that this one can use. Install that version or a later one; nothing was "
        "changed"
    )


def _refuse_old_nodes(connection: Connection) -> None:
    """Raises NodesTooOld where nodes are at work that would not survive the steps that are missing."""
    too_old = steps()[steps().index(oldest_usable(steps())) + 1 :]
    if _revision(connection) not in too_old:
        return
    rows = connection.execute(NODES, {"secs": SEEN_WITHIN})
    at_work = [row.id for row in rows if row.revision is None or row.revision in too_old]
    if at_work:
        raise NodesTooOld(
            f"the database needs a step that a version at work on it would not survive (nodes {', '.join(at_work)}). "
            "Bring these nodes to a version in between first, or stop them; nothing was changed"
        )


def _tell_newer_and_older(connection: Connection) -> None:
    """Note for other versions which code can use the tables as they are now."""
    there = _revision(connection)
    if there is None or not inspect(connection).has_table(STEP.name):
        return
    taken = steps()[steps().index(there) :]
    connection.execute(STEP.delete())
    connection.execute(STEP.insert().values(revision=there, oldest_usable=oldest_usable(taken)))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
