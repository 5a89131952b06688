"""Waking other nodes: NOTIFY says that a workspace was changed, and nothing else. What was changed, the log tells.

A wake-up that is lost costs a moment, since everybody looks again now and then; so it is sent after the commit and
outside of it, where it holds up nobody."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import NullPool

from assigner.store.database import available, engine_of

CHANNEL = "assigner"
LISTENED_FOR = 0.5
"""Seconds after which a listener looks whether it is to stop."""

Heard = Callable[[int, int], None]
"""Told the number of a workspace and of its newest change; of 0 and 0, where wake-ups may have been missed."""


class Bell:
    """Sends wake-ups, on a connection of its own."""

    def __init__(self, url: str, name: str) -> None:
        self._engine = engine_of(url, name=name, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection: Any = None

    def ring(self, changed: dict[int, int]) -> None:
        """Wake whoever works on these workspaces; the newest change is told of each. Raises StoreUnavailable."""
        told = [f"{workspace}.{change_no}" for workspace, change_no in changed.items()]
        with available():
            if self._connection is None:
                self._connection = self._engine.connect()
            try:
                statement = f"SELECT pg_notify('{CHANNEL}', told) FROM unnest(%s::text[]) AS told"
                self._connection.exec_driver_sql(statement, (told,))
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()


def listen(url: str, name: str, heard: Heard, stop: threading.Event) -> None:
    """Hear of every wake-up until told to stop. Raises StoreUnavailable."""
    engine = engine_of(url, name=name, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with available(), engine.connect() as connection:
        connection.exec_driver_sql(f"LISTEN {CHANNEL}")
        heard(0, 0)
        while not stop.is_set():
            for workspace, change_no in _notified(connection):
                heard(workspace, change_no)


def _notified(connection: Any) -> Iterator[tuple[int, int]]:
    driver: Any = connection.connection.driver_connection
    for notice in driver.notifies(timeout=LISTENED_FOR):
        workspace, _, change_no = notice.payload.partition(".")
        yield int(workspace), int(change_no)
