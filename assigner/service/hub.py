"""Live events: every line of the log, as soon as it is committed, to everybody who listens.

A listener has a bounded queue. One who does not keep up is dropped, and comes back with the id of the last event it
saw: the log has the rest."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from assigner.store.rows import Entry

BACKLOG = 1000
"""How many events may wait for one listener."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One committed line of a workspace's log. (change_no, ordinal) is its place, and its id."""

    change_no: int
    ordinal: int
    entry: Entry

    @property
    def id(self) -> str:
        """The id that `Last-Event-ID` names."""
        return f"{self.change_no}.{self.ordinal}"


Deliver = Callable[[Event | None], None]
"""Takes an event, or None when there will be no more. Called in the thread that committed; must not wait."""


class Hub:
    """The listeners of one workspace."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[int, Deliver] = {}
        self._added = 0

    def listen(self, deliver: Deliver) -> Callable[[], None]:
        """Have every event from now on delivered. Returns what ends that."""
        with self._lock:
            self._added += 1
            number = self._added
            self._listeners[number] = deliver
        return lambda: self._drop(number)

    def publish(self, change_no: int, entries: list[Entry]) -> None:
        """Deliver what a commit wrote."""
        for ordinal, entry in enumerate(entries):
            self._deliver(Event(change_no=change_no, ordinal=ordinal, entry=entry))

    def close(self) -> None:
        """Tell every listener that there will be no more."""
        self._deliver(None)

    def _deliver(self, event: Event | None) -> None:
        with self._lock:
            listeners = tuple(self._listeners.values())
        for deliver in listeners:
            deliver(event)

    def _drop(self, number: int) -> None:
        with self._lock:
            self._listeners.pop(number, None)
