"""The live stream of a page: what has changed since it was made, as the parts of it that are different now.

Whoever opens a page opens one stream. It sends HTML: elements with ids, which take the places of those in the page. The
first part of each is the own status, wherever one is. What a stream has missed it is sent when it comes back."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from fastapi import Response
from fastapi.responses import StreamingResponse

from assigner.console.doors import Doors
from assigner.console.frame import Frame, frame_of
from assigner.console.visit import Visit
from assigner.listening import Listener, missed_since
from assigner.service.hub import Event
from assigner.service.workspace import Workspace
from assigner.store.rows import Entry
from presence.errors import Forbidden, Refused

PACE = 0.25
"""Seconds that pass at least between two messages of a stream: what happens meanwhile goes into one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What has happened since the last message: lines of the log, or too much to tell (`everything`)."""

    entries: tuple[Entry, ...] = ()
    everything: bool = False

    def about(self, *kinds: str) -> tuple[Entry, ...]:
        """Those of the lines whose kind begins with one of these."""
        return tuple(entry for entry in self.entries if entry.kind.startswith(kinds))

    def tells_of(self, *kinds: str) -> bool:
        """Whether anything of these kinds has happened, as far as is known."""
        return self.everything or bool(self.about(*kinds))


Shown = Callable[[Frame], str]
Part = Callable[[Visit, Workspace, Batch], Shown | None]
"""What of a page is different now: reads values from the workspace, quickly, and gives what makes HTML of them
afterwards; None where nothing is."""


def live(visit: Visit, part: Part | None = None, *, pace: float = PACE) -> Response:
    """The stream of a page. It continues behind `Last-Event-ID`, at first behind the change that the page has seen."""
    seen = visit.request.headers.get("last-event-id") or f"{visit.request.query_params.get('seen', '')}.{10**9}"
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(visit, part, seen, pace), media_type="text/event-stream", headers=headers)


def live_news(visit: Visit, is_news: Callable[[Batch], bool], *, after: timedelta = timedelta(0)) -> Response:
    """The stream of a page that stays as it is: that more has happened, but not before so much time is over."""
    shown_at = visit.now

    def part(visit: Visit, workspace: Workspace, batch: Batch) -> Shown | None:  # noqa: ARG001 - as every part
        return partial(_news, shown_at=shown_at) if visit.now - shown_at >= after and is_news(batch) else None

    return live(visit, part)


def _news(frame: Frame, *, shown_at: datetime) -> str:
    return frame.part("news.html", shown_at=shown_at)


async def _stream(visit: Visit, part: Part | None, seen: str, pace: float) -> AsyncGenerator[bytes]:
    listener = Listener(visit.product, visit.actor.workspace)
    try:
        yield b": connected\n\n"
        last, batch = await asyncio.to_thread(_missed, visit, seen)
        yield await _message(visit, part, last, batch)
        async for event in listener.events():
            if event is None:
                if not await _is_signed_in(visit):
                    yield b"event: signed-out\ndata:\n\n"
                    return
                yield b": ping\n\n"
                continue
            events = [event, *listener.ready()]
            batch = Batch(entries=tuple(each.entry for each in events))
            if _is_about_visitor(visit, batch) and not await _is_signed_in(visit):
                yield b"event: signed-out\ndata:\n\n"
                return
            if message := await _message(visit, part, _last(events), batch):
                yield message
                await asyncio.sleep(pace)
    finally:
        listener.stop()


def _missed(visit: Visit, seen: str) -> tuple[str, Batch]:
    """What was committed since the page was made, or since the stream broke off."""
    missed = missed_since(visit.product, visit.actor.workspace, seen)
    if missed is None:
        with visit.reading() as workspace:
            return f"{workspace.board.change_no}.{10**9}", Batch(everything=True)
    last = f"{missed[-1][0]}.{missed[-1][1]}" if missed else seen
    return last, Batch(entries=tuple(entry for *_, entry in missed))


def _last(events: Iterable[Event]) -> str:
    *_, last = (event.id for event in events)
    return last


async def _message(visit: Visit, part: Part | None, event_id: str, batch: Batch) -> bytes:
    """What is sent after a batch: nothing but the place where nothing of the page is different."""
    try:
        html = await asyncio.to_thread(_html, visit, part, batch)
    except Refused:
        html = ""  # the visitor is no agent any more: the next ping ends the stream
    if not html.strip():
        return b""
    lines = "".join(f"data: {line}\n" for line in html.splitlines() if line.strip())
    return f"id: {event_id}\n{lines}\n".encode()


def _html(visit: Visit, part: Part | None, batch: Batch) -> str:
    """The parts of the page that are different after a batch."""
    with visit.reading() as workspace:
        frame = frame_of(visit, workspace)
        shown = part(visit, workspace, batch) if part is not None else None
    own = frame.part("own_status.html") if _changes_own_status(visit, batch) else ""
    return own + (shown(frame) if shown is not None else "")


def _changes_own_status(visit: Visit, batch: Batch) -> bool:
    return _is_about_visitor(visit, batch) or batch.tells_of("settings.")


def _is_about_visitor(visit: Visit, batch: Batch) -> bool:
    return batch.everything or any(entry.subject == visit.agent_id for entry in batch.about("agent."))


async def _is_signed_in(visit: Visit) -> bool:
    doors: Doors = visit.request.app.state.doors
    try:
        await doors.who(visit.request)
    except Forbidden:
        return False
    return True
