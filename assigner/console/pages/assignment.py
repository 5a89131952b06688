"""Automatic assignment: whether it is on, and what that means (R8). Everybody may read it, for every status leads here
(R22); who may manage it has the switch."""

from fastapi import Request, Response

from assigner.console.forms import do, fields_of
from assigner.console.frame import frame_of
from assigner.console.language import N_
from assigner.console.notices import Notice
from assigner.console.route import pages
from assigner.console.visit import Visiting
from assigner.service.settings import assignment_document, save_assignment
from assigner.service.unit import Unit

router = pages()


@router.get("/settings/assignment")
def assignment_page(visit: Visiting) -> Response:
    """Whether contacts are assigned automatically, and to whom."""
    with visit.reading() as workspace:
        frame, enabled = frame_of(visit, workspace), workspace.floor.roster.settings.enabled
    return frame.page("assignment.html", enabled=enabled)


@router.post("/settings/assignment")
async def switch(request: Request, visit: Visiting) -> Response:
    """Switch it on or off; all else stays as it is set."""
    fields = await fields_of(request, ("enabled",))
    enabled = fields["enabled"] == "on"

    def save(unit: Unit) -> None:
        document = assignment_document(unit.workspace)
        save_assignment(unit, visit.actor, {**document, "enabled": enabled})

    said = (
        N_("Contacts are assigned automatically again.") if enabled else N_("From now on contacts wait for a person.")
    )
    return await do(visit, save, back="/settings/assignment", done=Notice(code="", text=said))
