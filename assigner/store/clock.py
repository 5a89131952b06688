"""What time it is for work on a database: on PostgreSQL the database's clock, so that all nodes agree; else one's own.

The database says its time with the workspace row, whenever that is taken; in between it is carried on by the clock of
this machine, which only has to go at the same pace."""

from collections.abc import Callable
from datetime import datetime, timedelta


class DatabaseClock:
    """The clock of the database, as it was last heard. It never runs ahead: hearing it takes a moment."""

    def __init__(self, own: Callable[[], datetime]) -> None:
        self._own = own
        self._behind = timedelta(0)

    def __call__(self) -> datetime:
        """What time it is at the database."""
        return self._own() + self._behind

    def hear(self, told: datetime) -> None:
        """The database has just said what time it is."""
        self._behind = told - self._own()
