"""Automatic assignment: whether it is on, and what that means (R8). Everybody may read it, for every status leads here
(R22); who may manage it has the switch, and the limits that hold for everybody."""

from typing import Any

from fastapi import Request, Response

from assigner.console.filled import Filled, filled_in, period, ticked
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
from presence.wording import sentence

router = pages()

PAGE = "/settings/assignment"
SAVED = Notice(code="", text=N_("Saved. It is in force for everybody now."))


COMMON_OFFER = {"timeout": 20, "decline_pause": 60, "missed_limit": 3}
COMMON_WRAP_UP, COMMON_GRACE = 30, 120
"""What stands behind a switch before somebody has set it, in seconds: as good a beginning as any."""


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
    """Other limits and terms come into force; whether assignment is on stays as it is."""
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
    """What the document says, and behind each switch that is off, what is common where it is on."""
    capacity, flood, offer = document["default_capacity"], document["flood_limit"] or {}, document["offer"]
    wrap_up, on_offline = document["wrap_up"], document["on_offline"]
    terms, returns = offer or COMMON_OFFER, on_offline["contacts"] != "none"
    fields = {
        "version": (str(document["version"]),),
        "default_capacity": _number(capacity),
        "flood_limit.contacts": _number(flood.get("contacts")),
        "on_resume_full": (document["on_resume_full"],),
        "offers": ticked(offer is not None),
        "offer.missed_limit": _number(terms["missed_limit"]),
        "wraps_up": ticked(wrap_up > 0),
        "returns": ticked(returns),
        "on_offline.contacts": (on_offline["contacts"] if returns else "unanswered",),
    }
    periods = {
        "flood_limit.per": flood.get("per"),
        "offer.timeout": terms["timeout"],
        "offer.decline_pause": terms["decline_pause"],
        "wrap_up": wrap_up or COMMON_WRAP_UP,
        "on_offline.grace": on_offline["grace"] if returns else COMMON_GRACE,
    }
    for name, seconds in periods.items():
        fields |= period(name, seconds)
    return Filled(fields=fields)


def _number(value: int | None) -> tuple[str]:
    return ("" if value is None else str(value),)


def _asked(filled: Filled) -> dict[str, Any]:
    """The fields of the settings document that the form sets. Raises Invalid."""
    contacts, per = filled.whole("flood_limit.contacts"), filled.seconds("flood_limit.per")
    if (contacts is None) != (per is None):
        message = sentence("a flood limit needs contacts and a period; give both, or neither")
        raise Invalid("invalid", message, field="flood_limit")
    return {
        "default_capacity": filled.whole("default_capacity"),
        "flood_limit": None if contacts is None else {"contacts": contacts, "per": per},
        "on_resume_full": filled.text("on_resume_full"),
        "offer": _offer(filled) if filled.has("offers") else None,
        "wrap_up": _needed(filled, "wrap_up") if filled.has("wraps_up") else 0,
        "on_offline": _on_offline(filled) if filled.has("returns") else {"contacts": "none"},
    }


def _offer(filled: Filled) -> dict[str, Any]:
    return {
        "timeout": _needed(filled, "offer.timeout"),
        "decline_pause": filled.seconds("offer.decline_pause") or 0,
        "missed_limit": filled.whole("offer.missed_limit"),
    }


def _on_offline(filled: Filled) -> dict[str, Any]:
    return {"contacts": filled.text("on_offline.contacts"), "grace": filled.seconds("on_offline.grace") or 0}


def _needed(filled: Filled, name: str) -> int:
    """A period without which what is switched on would say nothing. Raises Invalid."""
    seconds = filled.seconds(name)
    if seconds is None:
        raise Invalid("invalid", sentence("say for how long, or turn it off"), field=name)
    return seconds
