"""The desk of an agent: the own contacts, the own offices, what would come next, and why nothing comes.

What is done with a contact goes to the functions of its page; the own availability to those of presence."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from fastapi import Request, Response

from assigner.console.forms import do, fields_of
from assigner.console.frame import Frame, frame_of
from assigner.console.live import Batch, Shown, live
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.core.model import OpenContact
from assigner.service import offers, presence
from assigner.service.actor import Permission
from assigner.service.desk import Standing, held_by, offered_to, standing
from assigner.service.explanations import naming
from assigner.service.online import NO_OFFICE, Member, at_offices
from assigner.service.workspace import Workspace

router = pages()

PACE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What stands on a desk. Queues are named as people call them."""

    offered: tuple[tuple[OpenContact, str], ...]
    contacts: tuple[tuple[OpenContact, str | None], ...]
    standing: Standing
    waiting: tuple[tuple[str, str, int], ...]
    offices: tuple[tuple[str, Member], ...]
    wrap_up_until: datetime | None


@router.get("/desk")
def desk_page(visit: Visiting) -> Response:
    """The own desk."""
    visit.actor.need(Permission.CONTACTS_OWN)
    with visit.reading() as workspace:
        frame, desk = frame_of(visit, workspace), _desk(visit, workspace)
    return frame.page("desk.html", desk=desk)


@router.get("/desk/live")
async def desk_live(visit: Visiting) -> Response:
    """What changes of it."""
    visit.actor.need(Permission.CONTACTS_OWN)
    return live(visit, _changed, pace=PACE)


@router.post("/desk/availability")
async def set_available(request: Request, visit: Visiting) -> Response:
    """Available or away in all own offices at once (R41, R46)."""
    fields = await fields_of(request, ("available", "back"))
    available = fields["available"] == "yes"
    ask = partial(presence.set_available, actor=visit.actor, agent_id=visit.agent_id, available=available)
    return await do(visit, ask, back=fields["back"])


@router.post("/desk/wrap-up/end")
async def end_wrap_up(request: Request, visit: Visiting) -> Response:
    """No more time is needed after what is closed."""
    fields = await fields_of(request, ("back",))
    ask = partial(offers.end_wrap_up, actor=visit.actor, agent_id=visit.agent_id)
    return await do(visit, ask, back=fields["back"])


def _changed(visit: Visit, workspace: Workspace, batch: Batch) -> Shown | None:
    """The whole desk; of colleagues' statuses nothing stands on it."""
    own = any(entry.subject == visit.agent_id for entry in batch.about("agent."))
    if not own and not batch.tells_of("contact.", "rules.", "settings.", "office."):
        return None
    desk = _desk(visit, workspace)

    def html(frame: Frame) -> str:
        return frame.part("desk/all.html", desk=desk)

    return html


def _desk(visit: Visit, workspace: Workspace) -> Desk:
    name, now = naming(workspace), visit.now
    stands = standing(workspace.floor, visit.agent_id, now=now)
    held = held_by(workspace.floor, visit.agent_id)
    return Desk(
        offered=tuple((each, name(each.queue or "")) for each in offered_to(workspace.floor, visit.agent_id)),
        contacts=tuple((contact, name(contact.queue) if contact.queue else None) for contact in held),
        standing=stands,
        waiting=tuple((queue, name(queue), count) for queue, count in stands.waiting),
        offices=tuple(
            (name(member.office), member)
            for member in at_offices(workspace, visit.agent_id, now=now)
            if member.office != NO_OFFICE
        ),
        wrap_up_until=workspace.floor.seat(visit.agent_id).wrapping_up_until(now=now),
    )
