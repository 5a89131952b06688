"""Automatic assignment: whether it is on, and what that means (R8). Everybody may read it, for every status leads here
(R22); who may manage it has the switch, and the limits that hold for everybody."""

from typing import Any

from fastapi import Request, Response

from assigner.console.filled import Filled, filled_in, period
from assigner.console.forms import do, fields_of, save
from assigner.console.frame import frame_of
from assigner.console.language import N_
from assigner.console.notices import Notice
from assigner.console.route import pages
from assigner.console.visit import Visiting
from assigner.service.actor import Permission
from assigner.service.settings import assignment_document, save_assignment
from assigner.service.unit import Unit
from presence.errors import Invalid, Refused

router = pages()

PAGE = "/settings/assignment"
SAVED = Notice(code="", text=N_("Saved. It is in force for everybody now."))


@router.get(PAGE)
def assignment_page(visit: Visiting) -> Response:
    """Whether contacts are assigned automatically, and to whom."""
    with visit.reading() as workspace:
        frame, document = frame_of(visit, workspace), assignment_document(workspace)
    return frame.page("settings/assignment.html", enabled=document["enabled"], filled=_filled(document))


@router.post(f"{PAGE}/enabled")
async def switch(request: Request, visit: Visiting) -> Response:
    """Switch it on or off; all else stays as it is set."""
    fields = await fields_of(request, ("enabled",))
    enabled = fields["enabled"] == "on"

    def ask(unit: Unit) -> None:
        document = assignment_document(unit.workspace)
        save_assignment(unit, visit.actor, {**document, "enabled": enabled})

    said = (
        N_("Contacts are assigned automatically again.") if enabled else N_("From now on contacts wait for a person.")
    )
    return await do(visit, ask, back=PAGE, done=Notice(code="", text=said))


@router.post(PAGE)
async def save_limits(request: Request, visit: Visiting) -> Response:
    """Other limits come into force; whether assignment is on stays as it is."""
    visit.actor.need(Permission.ASSIGNMENT_MANAGE)
    filled = await filled_in(request)
    with visit.reading() as workspace:
        frame, enabled = frame_of(visit, workspace), workspace.floor.roster.settings.enabled

    def ask(unit: Unit) -> object:
        document = {**assignment_document(unit.workspace), **_asked(filled)}
        return save_assignment(unit, visit.actor, document, expected=filled.whole("version"))

    def again(refused: Refused) -> Response:
        return frame.again("settings/assignment.html", refused, enabled=enabled, filled=filled)

    return await save(visit, ask, back=PAGE, done=SAVED, again=again)


def _filled(document: dict[str, Any]) -> Filled:
    capacity, flood = document["default_capacity"], document["flood_limit"]
    fields = {
        "version": (str(document["version"]),),
        "capacity": ("" if capacity is None else str(capacity),),
        "flood": ("" if flood is None else str(flood["contacts"]),),
        "on_resume_full": (document["on_resume_full"],),
    }
    return Filled(fields=fields | period("flood_per", flood and flood["per"]))


def _asked(filled: Filled) -> dict[str, Any]:
    """The fields of the settings document that the form sets. Raises Invalid."""
    contacts, per = filled.whole("flood"), filled.seconds("flood_per")
    if (contacts is None) != (per is None):
        raise Invalid(
            "invalid", "a flood limit needs contacts and a period; give both, or neither", field="flood_limit"
        )
    return {
        "default_capacity": filled.whole("capacity"),
        "flood_limit": None if contacts is None else {"contacts": contacts, "per": per},
        "on_resume_full": filled.text("on_resume_full"),
    }
