"""Listening to a workspace: what happens, as it is committed, for a stream that is open; and what it has missed.

The threads that commit never wait for a listener: each has a bounded queue, and who does not keep up is cut off."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable

from assigner.product import Product
from assigner.service.hub import BACKLOG, Event
from assigner.store.load import changes_after
from assigner.store.log_start import log_start
from assigner.store.rows import Entry

PING_SECONDS = 15.0
RESUMED_AT_MOST = 10_000
"""How many events a listener may have missed and still be sent one by one."""
ID = re.compile(r"(\d{1,18})\.(\d{1,18})")

Place = tuple[int, int]


class Listener:
    """One open stream: a bounded queue between the thread that commits and the loop that sends.

    `more` is false once there will be no more: the service stops, or the listener did not keep up."""

    def __init__(self, product: Product, workspace: int, *, ping_seconds: float = PING_SECONDS) -> None:
        self._loop = asyncio.get_running_loop()
        self._ping_seconds = ping_seconds
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self.stop: Callable[[], None] = product.hub(workspace).listen(self._deliver)

    async def events(self) -> AsyncIterator[Event | None]:
        """The events as they come, until there will be no more; between them, every few seconds, None."""
        ping_at = self._loop.time() + self._ping_seconds
        while True:
            try:
                async with asyncio.timeout_at(ping_at):
                    event = await self._queue.get()
            except TimeoutError:
                ping_at = self._loop.time() + self._ping_seconds
                yield None
                continue
            if event is None:
                return
            yield event

    def ready(self) -> list[Event]:
        """What has come already and nobody has taken: one after another, without waiting."""
        found = []
        while not self._queue.empty():
            event = self._queue.get_nowait()
            if event is None:
                self._queue.put_nowait(None)
                break
            found.append(event)
        return found

    def _deliver(self, event: Event | None) -> None:
        self._loop.call_soon_threadsafe(self._put, event)

    def _put(self, event: Event | None) -> None:
        if self._queue.qsize() == BACKLOG:
            self.stop()
            self._queue.put_nowait(None)
        elif self._queue.qsize() < BACKLOG:
            self._queue.put_nowait(event)


def missed_since(product: Product, workspace: int, last_id: str) -> list[tuple[int, int, Entry]] | None:
    """What was committed since the event of an id; None where that cannot be told any more, or is too much."""
    found = ID.fullmatch(last_id.strip())
    if found is None:
        return None
    place = int(found[1]), int(found[2])
    with product.reading(workspace) as known:
        newest = known.board.change_no
    with product.database.reading() as connection:
        start = log_start(connection, workspace)
        if place[0] > newest or (start is not None and place[0] <= start.change_no):
            return None
        missed = changes_after(connection, workspace, place, limit=RESUMED_AT_MOST + 1)
    return missed if len(missed) <= RESUMED_AT_MOST else None
