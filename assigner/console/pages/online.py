"""Who's Online (R47): every office with its agents, live, and the controls that each visitor may use.

An agent switches the own flag of an office (R48), an administrator anybody's (R49) and a whole office (R50, R51). The
stream sends the rows that have changed and the counts; only where offices or agents themselves change, everything."""

from functools import partial

from fastapi import Request, Response

from assigner.console.forms import do, fields_of
from assigner.console.frame import Frame, frame_of
from assigner.console.live import Batch, Shown, live
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.service import presence
from assigner.service.actor import Permission
from assigner.service.online import Online, who_is_online
from assigner.service.workspace import Workspace

router = pages()

STATUS_KINDS = ("agent.status", "agent.availability")
OTHER_ROWS = ("agent.changed", "agent.removed", "office.", "settings.", "roles.")
"""After these the page may have other rows, or all rows other words."""


@router.get("/online")
def online_page(visit: Visiting) -> Response:
    """Everybody, by office."""
    visit.actor.need(Permission.PRESENCE_READ)
    with visit.reading() as workspace:
        frame, online = frame_of(visit, workspace), who_is_online(workspace, now=visit.now)
    return frame.page("online.html", online=online)


@router.get("/online/live")
async def online_live(visit: Visiting) -> Response:
    """What changes of it."""
    visit.actor.need(Permission.PRESENCE_READ)
    return live(visit, _changed)


@router.post("/online/availability")
async def switch_one(request: Request, visit: Visiting) -> Response:
    """Switch one agent on or off for one office (R48, R49)."""
    fields = await fields_of(request, ("agent", "office", "available", "back"))
    switch = partial(
        presence.set_available_for_office,
        actor=visit.actor,
        agent_id=fields["agent"],
        office=fields["office"],
        available=fields["available"] == "yes",
    )
    return await do(visit, switch, back=fields["back"])


@router.post("/online/office")
async def switch_office(request: Request, visit: Visiting) -> Response:
    """Set everybody in an office away, or undo that (R50)."""
    fields = await fields_of(request, ("office", "available", "back"))
    available = fields["available"] == "yes"
    switch = partial(presence.set_office_available, actor=visit.actor, office=fields["office"], available=available)
    return await do(visit, switch, back=fields["back"])


@router.post("/online/status")
async def choose_for(request: Request, visit: Visiting) -> Response:
    """An administrator chooses a status for somebody; it is logged with who did it."""
    fields = await fields_of(request, ("agent", "status", "back"))
    choose = partial(presence.choose_status, actor=visit.actor, agent_id=fields["agent"], status=fields["status"])
    return await do(visit, choose, back=fields["back"])


def _changed(visit: Visit, workspace: Workspace, batch: Batch) -> Shown | None:
    """The rows that are different after a batch, with the heads of their offices and the counts."""
    if batch.tells_of(*OTHER_ROWS):
        return partial(_everything, online=who_is_online(workspace, now=visit.now))
    agents = {entry.subject for entry in batch.about(*STATUS_KINDS)}
    agents |= {each for entry in batch.about("contact.") if (each := entry.data.get("agent_id"))}
    agents |= {each for entry in batch.about("contact.") if (each := entry.data.get("from"))}
    if not agents:
        return None
    return partial(_rows, online=who_is_online(workspace, now=visit.now, only=agents))


def _everything(frame: Frame, *, online: Online) -> str:
    return frame.part("online/offices.html", online=online)


def _rows(frame: Frame, *, online: Online) -> str:
    return frame.part("online/changed.html", online=online)
