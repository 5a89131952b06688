"""What is asked of PostgreSQL, statement by statement: heard at the driver, since not all goes through SQLAlchemy.

Benchmarks count what each statement touches, tests look at how it finds its rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event

from assigner.store.database import Database

Hear = Callable[[psycopg.Connection[Any], str, Any], None]
"""Is told of a statement that finds or writes rows: the connection, the text, and what it is given."""
ABOUT_ROWS = ("SELECT", "INSERT", "UPDATE", "DELETE")


@contextmanager
def heard(database: Database, hear: Hear) -> Iterator[None]:
    """Meanwhile `hear` is told of every statement before it is executed, on connections that are taken from the pool
    now; a node that holds its lease decides on another. It must ask with cursors of its own."""

    class Telling(psycopg.Cursor[Any]):
        """Tells of what it executes."""

        def execute(self, query: Any, params: Any = None, **options: Any) -> "Telling":
            if query.lstrip().upper().startswith(ABOUT_ROWS):
                hear(self.connection, query, params)
            return super().execute(query, params, **options)

    def begin(driver: Any, *_: Any) -> None:
        driver.cursor_factory = Telling

    def end(driver: Any, *_: Any) -> None:
        driver.cursor_factory = psycopg.Cursor

    event.listen(database.engine, "checkout", begin)
    event.listen(database.engine, "checkin", end)
    try:
        yield
    finally:
        event.remove(database.engine, "checkout", begin)
        event.remove(database.engine, "checkin", end)
