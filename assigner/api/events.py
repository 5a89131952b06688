"""Live events: everything that becomes true, as server-sent events, in the order of commits.

Who names the last event it saw is sent what came since from the log; who cannot be, is told to read everything again
(`resync`). A listener that does not keep up is cut off, and comes back like that."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from assigner.api.credentials import Caller, ProductOf, is_known
from assigner.api.errors import documented
from assigner.product import Product
from assigner.service.actor import Actor
from assigner.service.hub import BACKLOG, Event
from assigner.service.told import may_see, told
from assigner.store.load import changes_after
from assigner.store.rows import Entry

PING_SECONDS = 15.0
RESUMED_AT_MOST = 10_000
"""How many events a listener may have missed and still be sent one by one."""
EXAMPLE = """id: 41.0
event: contact.assigned
data: {"id":"41.0","at":"2026-01-05T09:00:00Z","by":"engine","type":"contact.assigned","subject":"ticket-4711","data":{"agent_id":"ana","queue":"madrid","source":"automatic"}}

"""  # noqa: E501
ID = re.compile(r"(\d{1,18})\.(\d{1,18})")

Place = tuple[int, int]
router = APIRouter(tags=["events"])


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

    def _deliver(self, event: Event | None) -> None:
        self._loop.call_soon_threadsafe(self._put, event)

    def _put(self, event: Event | None) -> None:
        if self._queue.qsize() == BACKLOG:
            self.stop()
            self._queue.put_nowait(None)
        elif self._queue.qsize() < BACKLOG:
            self._queue.put_nowait(event)


@router.get(
    "/v1/events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events: `id` is change_no.ordinal, `event` the type, `data` the event as JSON",
            "content": {"text/event-stream": {"example": EXAMPLE}},
        },
        **documented(401, 422),
    },
)
async def events(
    request: Request, caller: Caller, product: ProductOf, last_event_id: Annotated[str | None, Header()] = None
) -> StreamingResponse:
    """Everything that becomes true from now on, or since `Last-Event-ID`. An agent sees the own contacts, and
    everybody's status."""
    listener = Listener(product, caller.workspace)
    sent = stream(product, caller, listener, last_event_id, partial(is_known, request))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(sent, media_type="text/event-stream", headers=headers)


async def stream(
    product: Product, actor: Actor, listener: Listener, last_id: str | None, may_go_on: Callable[[], Awaitable[bool]]
) -> AsyncGenerator[bytes]:
    """What one listener is sent: what it has missed, then what happens. Ends with the service, and soon after the
    session or key of the listener."""
    try:
        yield b": connected\n\n"
        seen: Place = (-1, -1)
        missed = await asyncio.to_thread(_missed, product, actor.workspace, last_id) if last_id is not None else []
        if missed is None:
            yield _resync(product, actor)
        for change_no, ordinal, entry in missed or ():
            seen = change_no, ordinal
            if may_see(actor, entry):
                yield _message(f"{change_no}.{ordinal}", entry)
        async for event in listener.events():
            if event is None and not await may_go_on():
                return
            if event is None:
                yield b": ping\n\n"
            elif (event.change_no, event.ordinal) > seen and may_see(actor, event.entry):
                yield _message(event.id, event.entry)
    finally:
        listener.stop()


def _missed(product: Product, workspace: int, last_id: str) -> list[tuple[int, int, Entry]] | None:
    """What was committed since an event; None where that cannot be told any more, or is too much."""
    found = ID.fullmatch(last_id.strip())
    if found is None:
        return None
    place = int(found[1]), int(found[2])
    with product.reading(workspace) as known:
        newest = known.board.change_no
    with product.database.reading() as connection:
        if place[0] > newest:
            return None
        missed = changes_after(connection, workspace, place, limit=RESUMED_AT_MOST + 1)
    return missed if len(missed) <= RESUMED_AT_MOST else None


def _resync(product: Product, caller: Actor) -> bytes:
    with product.reading(caller.workspace) as workspace:
        event_id = f"{workspace.board.change_no}.{10**9}"
    entry = Entry(at=product.clock(), kind="resync", subject="", by=None, data={})
    return _message(event_id, entry)


def _message(event_id: str, entry: Entry) -> bytes:
    data = msgspec.json.encode(told(event_id, entry))
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (event_id.encode(), entry.kind.encode(), data)
