"""Queues: how many wait and since when, who could serve, and the waiting contacts with the reason of each.

An agent sees the own queues and may take what waits there; who may write contacts sees all."""

from dataclasses import dataclass
from functools import partial
from itertools import islice

from fastapi import Response

from assigner.console.frame import Frame, frame_of
from assigner.console.live import Batch, Shown, live
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.core.model import OpenContact
from assigner.service.actor import Permission
from assigner.service.explanations import naming, why_waiting
from assigner.service.queues import QueueState, Server, need_queue, queue_states, servers
from assigner.service.reading import visible_queues, waiting_after
from assigner.service.workspace import Workspace
from presence.errors import Forbidden

router = pages()

SHOWN = 50
"""How many waiting contacts a page shows with their reasons; those who come first say what matters."""
PACE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """A contact that waits, and the sentence that says why."""

    contact: OpenContact
    sentence: str
    queue: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuesShown:
    """What the page shows: queues with what people call them, and the first of those that wait in them."""

    states: tuple[tuple[QueueState, str], ...]
    rows: tuple[WaitingRow, ...]
    in_all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OneQueue:
    """One queue with everybody who belongs to it."""

    queues: QueuesShown
    agents: tuple[Server, ...]
    title: str


@router.get("/queues")
def queues_page(visit: Visiting) -> Response:
    """All queues that the visitor sees."""
    visit.actor.need(Permission.CONTACTS_TAKE)
    with visit.reading() as workspace:
        frame, shown = frame_of(visit, workspace), _queues(visit, workspace)
    return frame.page("queues.html", queues=shown)


@router.get("/queues/live")
async def queues_live(visit: Visiting) -> Response:
    """What changes of them."""
    visit.actor.need(Permission.CONTACTS_TAKE)
    return live(visit, _changed, pace=PACE)


@router.get("/queues/{name}")
def queue_page(visit: Visiting, name: str) -> Response:
    """One queue, with who could serve it and why not."""
    visit.actor.need(Permission.CONTACTS_TAKE)
    with visit.reading() as workspace:
        frame, one = frame_of(visit, workspace), _queue(visit, workspace, name)
    return frame.page("queue.html", one=one, name=name)


@router.get("/queues/{name}/live")
async def queue_live(visit: Visiting, name: str) -> Response:
    """What changes of it."""
    visit.actor.need(Permission.CONTACTS_TAKE)
    return live(visit, partial(_one_changed, name), pace=PACE)


def _changed(visit: Visit, workspace: Workspace, _: Batch) -> Shown:
    shown = _queues(visit, workspace)
    return lambda frame: frame.part("queues/all.html", queues=shown)


def _one_changed(name: str, visit: Visit, workspace: Workspace, _: Batch) -> Shown:
    one = _queue(visit, workspace, name)

    def html(frame: Frame) -> str:
        return frame.part("queues/one.html", one=one)

    return html


def _queues(visit: Visit, workspace: Workspace) -> QueuesShown:
    names = visible_queues(workspace, visit.actor)
    return _shown(visit, workspace, names)


def _queue(visit: Visit, workspace: Workspace, name: str) -> OneQueue:
    """Raises NotFound, Forbidden."""
    need_queue(workspace.floor, name)
    if name not in visible_queues(workspace, visit.actor):
        raise Forbidden("forbidden", f"queue {name!r} is not one of yours; ask a supervisor")
    agents, _ = servers(workspace.floor, name, now=visit.now)
    shown = _shown(visit, workspace, frozenset({name}))
    return OneQueue(queues=shown, agents=agents, title=naming(workspace)(name))


def _shown(visit: Visit, workspace: Workspace, names: frozenset[str]) -> QueuesShown:
    name = naming(workspace)
    states = queue_states(workspace.floor, names, now=visit.now)
    ordered = sorted(states, key=lambda state: (-state.waiting, name(state.name).casefold()))
    wanted = (
        record.place
        for _, record in waiting_after(workspace, visit.actor, None)
        if any(stop.queue in names for stop in record.place.waiting_in)
        or (not record.place.waiting_in and visit.may("contacts.write") and len(names) > 1)
    )
    rows = tuple(_row(visit, workspace, contact) for contact in islice(wanted, SHOWN))
    return QueuesShown(
        states=tuple((state, name(state.name)) for state in ordered),
        rows=rows,
        in_all=len(workspace.floor.waiting) if visit.may("contacts.write") else sum(state.waiting for state in states),
    )


def _row(visit: Visit, workspace: Workspace, contact: OpenContact) -> WaitingRow:
    _, sentence = why_waiting(workspace, contact.id, language=visit.looks.language, now=visit.now)
    queue = next((stop.queue for stop in contact.waiting_in), None)
    return WaitingRow(contact=contact, sentence=sentence, queue=None if queue is None else naming(workspace)(queue))
