"""The offices in the settings: the list, and one office with its hours and holidays, made, changed or deleted.

Hours and holidays are written in lines as people would write them; here they only become the document of an office."""

import re
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from fastapi import Request, Response

from assigner.console.filled import Filled, filled_in
from assigner.console.forms import save
from assigner.console.frame import frame_of
from assigner.console.language import N_
from assigner.console.notices import Notice
from assigner.console.route import pages
from assigner.console.visit import Visiting
from assigner.service import offices
from assigner.service.actor import Permission
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from presence.errors import Invalid, Refused
from presence.wording import sentence
from rules.parse_times import WEEKDAYS

router = pages()

LIST, ONE = "/settings/offices", "/settings/offices/one"
SAVED, GONE = Notice(code="", text=N_("The office is saved.")), Notice(code="", text=N_("The office is deleted."))
WITHOUT_ID = sentence("an office needs an id, which stays for good; give one such as madrid")
DAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
HOLIDAY = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)(?P<hours>(?:[\s,]+\d\d:\d\d\s*-\s*\d\d:\d\d)*)\s*(?P<name>.*)")
INTERVAL = re.compile(r"\d\d:\d\d\s*-\s*\d\d:\d\d")


@router.get(LIST)
def offices_page(visit: Visiting) -> Response:
    """All offices, by name."""
    visit.actor.need(Permission.PRESENCE_READ)
    with visit.reading() as workspace:
        frame = frame_of(visit, workspace)
        listed = [
            {
                **offices.office_document(workspace, office_id),
                "is_open": office_id in workspace.floor.roster.open_offices,
                "members": sum(office_id in seat.agent.offices for seat in workspace.floor.roster.seats.values()),
            }
            for office_id in workspace.floor.offices
        ]
    listed.sort(key=lambda office: str(office["name"]).casefold())
    return frame.page("settings/offices.html", listed=listed, days=dict(zip(WEEKDAYS, DAYS, strict=True)))


@router.get(ONE)
def office_page(visit: Visiting, id: str = "") -> Response:  # noqa: A002 - as the address says it
    """One office to change; without an id, a new one."""
    visit.actor.need(Permission.OFFICES_MANAGE)
    with visit.reading() as workspace:
        frame, beside = frame_of(visit, workspace), _beside(workspace, id)
        filled = _filled(offices.office_document(workspace, id)) if id else _new()
    return frame.page("settings/office.html", filled=filled, **beside)


@router.post(ONE)
async def save_office(request: Request, visit: Visiting, id: str = "") -> Response:  # noqa: A002
    """An office comes to be, or changes."""
    visit.actor.need(Permission.OFFICES_MANAGE)
    filled = await filled_in(request)
    with visit.reading() as workspace:
        frame, beside = frame_of(visit, workspace), _beside(workspace, id)

    def ask(unit: Unit) -> object:
        office_id = id or filled.needed("id", WITHOUT_ID)
        return offices.put_office(unit, visit.actor, office_id, _asked(filled), expected=filled.whole("version"))

    def again(refused: Refused) -> Response:
        return frame.again("settings/office.html", refused, filled=filled, **beside)

    return await save(visit, ask, back=LIST, done=SAVED, again=again)


@router.post(f"{ONE}/delete")
async def delete_office(request: Request, visit: Visiting, id: str) -> Response:  # noqa: A002
    """The office is gone; where agents are to leave it and contacts to wait elsewhere, that is said."""
    filled = await filled_in(request)
    ask = partial(offices.delete_office, actor=visit.actor, office_id=id, reassign=filled.has("reassign"))

    def again(refused: Refused) -> Response:
        with visit.reading() as workspace:
            frame, beside = frame_of(visit, workspace), _beside(workspace, id)
            filled = _filled(offices.office_document(workspace, id))
        return frame.again("settings/office.html", refused, filled=filled, **beside)

    return await save(visit, ask, back=LIST, done=GONE, again=again)


def _beside(workspace: Workspace, office_id: str) -> dict[str, Any]:
    """What stands on the page beside the fields. Raises NotFound."""
    name = (offices.office_of(workspace, office_id).name or office_id) if office_id else ""
    zones, days = sorted(available_timezones()), tuple(zip(WEEKDAYS, DAYS, strict=True))
    return {"office_id": office_id, "name": name, "zones": zones, "days": days}


def _new() -> Filled:
    week = {f"hours.{day}": ("09:00-17:00",) for day in WEEKDAYS[:5]}
    fields = {"time_zone": ("UTC",), "open": ("hours",), "holidays_kind": ("none",), "version": ("0",)}
    return Filled(fields=fields | week)


def _filled(document: dict[str, Any]) -> Filled:
    hours, holidays = document["hours"], document["holidays"]
    by_calendar = isinstance(holidays, dict)
    lines = [] if by_calendar else [_line(day) for day in holidays]
    fields = {
        "name": (document["name"],),
        "time_zone": (document["time_zone"],),
        "open": ("always" if hours is None else "hours",),
        "holidays_kind": ("calendar" if by_calendar else "list" if lines else "none",),
        "holidays": ("\n".join(lines),),
        "holidays.calendar": (holidays["calendar"] if by_calendar else "",),
        "holidays.subdivision": ((holidays["subdivision"] or "") if by_calendar else "",),
        "version": (str(document["version"]),),
    }
    return Filled(fields=fields | {f"hours.{day}": (", ".join(spans),) for day, spans in (hours or {}).items()})


def _line(day: dict[str, Any]) -> str:
    return " ".join(filter(None, (day["date"], " ".join(day["hours"]), day["name"])))


def _asked(filled: Filled) -> dict[str, Any]:
    """The document of the office that the form asks for."""
    week = {
        day: spans
        for day in WEEKDAYS
        if (spans := [each.strip() for each in filled.text(f"hours.{day}").split(",") if each])
    }
    return {
        "name": filled.text("name") or None,
        "time_zone": filled.text("time_zone") or "UTC",
        "hours": None if filled.has("open", "always") else week,
        "holidays": _holidays(filled),
    }


def _holidays(filled: Filled) -> Any:
    if filled.has("holidays_kind", "calendar"):
        return {
            "calendar": filled.text("holidays.calendar"),
            "subdivision": filled.text("holidays.subdivision") or None,
        }
    lines = filled.text("holidays").splitlines() if filled.has("holidays_kind", "list") else []
    return [_holiday(line.strip()) for line in lines if line.strip()]


def _holiday(line: str) -> dict[str, Any]:
    """One line of holidays. Raises Invalid."""
    match = HOLIDAY.fullmatch(line)
    if match is None:
        example = "2026-12-24 09:00-12:00 Christmas Eve"
        message = sentence(
            "the holiday “%(line)s” cannot be read; write it as in: %(example)s", line=line, example=example
        )
        raise Invalid("invalid", message, field="holidays")
    hours = [each.replace(" ", "") for each in INTERVAL.findall(match["hours"])]
    return {"date": match["date"], "name": match["name"] or None, "hours": hours}
