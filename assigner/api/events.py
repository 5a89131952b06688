"""Live events: everything that becomes true, as server-sent events, in the order of commits.

Who names the last event it saw is sent what came since from the log; who cannot be, is told to read everything again
(`resync`). A listener that does not keep up is cut off, and comes back like that."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import partial
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from assigner.api.credentials import Caller, ProductOf, still_known
from assigner.api.errors import documented
from assigner.listening import Listener, Place, missed_since
from assigner.product import Product
from assigner.service.actor import Actor
from assigner.service.told import may_see, told
from assigner.store.rows import Entry

EXAMPLE = """id: 41.0
event: contact.assigned
data: {"id":"41.0","at":"2026-01-05T09:00:00Z","by":"engine","type":"contact.assigned","subject":"ticket-4711","data":{"agent_id":"ana","queue":"madrid","source":"automatic"}}

"""  # noqa: E501

router = APIRouter(tags=["events"])


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
    sent = stream(product, caller, listener, last_event_id, partial(still_known, request))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(sent, media_type="text/event-stream", headers=headers)


async def stream(
    product: Product,
    actor: Actor,
    listener: Listener,
    last_id: str | None,
    still_known: Callable[[], Awaitable[Actor | None]],
) -> AsyncGenerator[bytes]:
    """What one listener is sent: what it has missed, then what happens. Ends with the service, and with the session or
    key of the listener: told of its end at once, of its running out soon after."""
    try:
        yield b": connected\n\n"
        seen: Place = (-1, -1)
        missed = await asyncio.to_thread(missed_since, product, actor.workspace, last_id) if last_id is not None else []
        if missed is None:
            yield _resync(product, actor)
        for change_no, ordinal, entry in missed or ():
            seen = change_no, ordinal
            if may_see(actor, entry):
                yield _message(f"{change_no}.{ordinal}", entry)
        async for event in listener.events():
            if event is not None and (event.change_no, event.ordinal) > seen and may_see(actor, event.entry):
                yield _message(event.id, event.entry)
            if event is None or _is_about(actor, event.entry):
                known = await still_known()
                if known is None:
                    return
                actor = known
            if event is None:
                yield b": ping\n\n"
    finally:
        listener.stop()


def _is_about(actor: Actor, entry: Entry) -> bool:
    """Whether a listener may have gone, or may see something else, after an event."""
    own = (actor.agent_id, actor.session_id, actor.name.removeprefix("key:"))
    is_own = entry.kind in ("agent.changed", "agent.removed", "session.ended", "api_key.deleted")
    return entry.kind.startswith("role.") or (is_own and entry.subject in own)


def _resync(product: Product, caller: Actor) -> bytes:
    with product.reading(caller.workspace) as workspace:
        event_id = f"{workspace.board.change_no}.{10**9}"
    entry = Entry(at=product.clock(), kind="resync", subject="", by=None, data={})
    return _message(event_id, entry)


def _message(event_id: str, entry: Entry) -> bytes:
    data = msgspec.json.encode(told(event_id, entry))
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (event_id.encode(), entry.kind.encode(), data)
