"""The workspace as one process has it in memory: loaded when it is needed, following whoever commits, dropped when it
may be wrong. Everybody who is told of commits is told of all of them, in order, whichever node made them."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from assigner.service.following import Commit, commits_after, follow, hear_inputs
from assigner.service.workspace import Workspace, load_workspace
from assigner.store.database import Database
from assigner.store.load import inputs_since, newest_change
from assigner.store.rows import Entry
from presence.errors import Refused

log = logging.getLogger(__name__)

Committed = Callable[[int, list[Entry]], None]
"""Told of a commit: its number, and the lines it wrote."""


class Memory:
    """One workspace in one process. `tell` is told of commits of others; `heard` is the newest of which is known."""

    def __init__(self, database: Database, number: int, *, clock: Callable[[], datetime], tell: Committed) -> None:
        self.known: Workspace | None = None
        self.heard = 0
        self._database = database
        self._number = number
        self._clock = clock
        self._tell = tell
        self._told: int | None = None

    @property
    def workspace(self) -> Workspace:
        """The workspace, loaded where it is not there yet, or not any more. Raises StoreUnavailable."""
        if self.known is not None:
            return self.known
        with self._database.reading() as connection:
            return self.refresh(connection, newest_change(connection, self._number), now=self._clock())

    @property
    def is_behind(self) -> bool:
        """Whether another node is known to have committed something since."""
        return self.known is not None and self.heard > self.known.board.change_no

    def drop(self) -> None:
        """What is in memory may be ahead of the database: load it again when it is needed."""
        self.known = None

    def note_told(self, change_no: int) -> None:
        """Everybody was told of a commit of this process."""
        self._told = change_no

    def catch_up(self) -> bool:
        """Follow what other nodes have committed; whether there was anything. Raises StoreUnavailable."""
        if self.known is None:
            return False
        with self._database.reading() as connection:
            newest = newest_change(connection, self._number)
            if newest == self.known.board.change_no:
                return False
            self.refresh(connection, newest, now=self._clock())
            return True

    def hear_inputs_since(self, since: datetime) -> None:
        """Take note of inputs that came to other nodes. Raises StoreUnavailable."""
        with self._database.reading() as connection:
            hear_inputs(self.workspace, inputs_since(connection, self._number, since))

    def refresh(self, connection: Connection, upto: int, *, now: datetime) -> Workspace:
        """Become what others have made of the workspace up to a change, and tell of what they did."""
        commits = [] if self._told is None else commits_after(connection, self._number, self._told)
        old = found = self.known
        if old is None or not self._follow(connection, old, commits, upto=upto, now=now):
            found = load_workspace(connection, self._number, now=now)
            if old is not None:
                found.late_inputs = {**old.held_inputs, **old.late_inputs}
        assert found is not None, "it was followed, or loaded"
        self.known, self._told = found, upto
        for change_no, entries in commits:
            self._tell(change_no, entries)
        return found

    def _follow(
        self, connection: Connection, workspace: Workspace, commits: list[Commit], *, upto: int, now: datetime
    ) -> bool:
        try:
            return follow(connection, workspace, commits, upto=upto, now=now)
        except Refused:
            log.exception("workspace %s is not what its log says; it is loaded again", self._number)
            return False
