"""A database for a command that works on it without serving: to read it, or alone to change it.

Reading goes on beside a server; changing would let the server's memory grow old, so there the lock comes first."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from assigner.product import Product
from assigner.store.clock import DatabaseClock
from assigner.store.database import Database, is_file
from assigner.store.file_lock import FileLock
from assigner.store.leases import Leases
from assigner.store.load import find_workspace
from assigner.store.migrate import migrate, need_current
from assigner.store.workspaces import create_workspace, workspaces
from assigner.wiring import wall_clock
from presence.errors import NotFound, did_you_mean


@contextmanager
def opened_to_look(url: str) -> Iterator[Database]:
    """A database, to read only; it may be served meanwhile. Raises NotFound, StoreUnavailable, OlderSchema."""
    file = make_url(url).database
    if is_file(url) and (file is None or not Path(file).is_file()):
        raise NotFound("not_found", f"there is no database {file}; name it with --database")
    database = Database(url)
    try:
        need_current(database)
        yield database
    finally:
        database.close()


@contextmanager
def opened_to_read(url: str, workspace_id: str) -> Iterator[tuple[Database, int]]:
    """The same, and the number of a workspace."""
    with opened_to_look(url) as database:
        with database.reading() as connection:
            number = find_workspace(connection, workspace_id)
            known = workspaces(connection)
        if number is None:
            hint = did_you_mean(workspace_id, known) or f"; there are: {', '.join(known) or 'none'}"
            raise NotFound("not_found", f"workspace {workspace_id!r} does not exist{hint}")
        yield database, number


@contextmanager
def opened_to_make(url: str) -> Iterator[Database]:
    """A database that nobody serves meanwhile, made or migrated where that is needed.

    Raises AlreadyServed, NewerSchema, StoreUnavailable."""
    lock = FileLock(url)
    lock.take()
    try:
        database = Database(url)
        try:
            migrate(database)
            yield database
        finally:
            database.close()
    finally:
        lock.let_go()


@contextmanager
def opened_alone(url: str, workspace_id: str) -> Iterator[tuple[Product, int]]:
    """A product that nobody serves meanwhile, and the number of a workspace, which is made where there is none.

    Raises AlreadyServed, NewerSchema, StoreUnavailable."""
    with opened_to_make(url) as database:
        with database.writing() as connection:
            number = create_workspace(connection, workspace_id)
        leases = Leases(url, "command") if database.is_shared else None  # of which it takes none: nodes decide
        clock = DatabaseClock(wall_clock) if database.is_shared else wall_clock
        product = Product(database, clock=clock, inline=True, leases=leases)
        try:
            yield product, number
        finally:
            product.stop()
