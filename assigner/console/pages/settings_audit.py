"""The audit: who changed what and how it was before, and who was refused.

The filters stand in the address, so a view can be passed on; all of it is one link away, as CSV."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from assigner.console.filled import Filled
from assigner.console.frame import frame_of
from assigner.console.live import live_news
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.service.actor import Permission
from assigner.service.audit import DONE, REFUSED, Asked, Page, audit_page
from assigner.service.people import person
from assigner.store.audit import Wanted
from assigner.store.credentials import keys_of
from presence.errors import Invalid, Refused
from presence.wording import sentence

router = pages()

PAGE, AT_FIRST, AT_MOST = "/settings/audit", 50, 1000
EXPORT = "/v1/audit"
FIELDS = ("actor", "action", "subject", "since", "until", "outcome")


@router.get(PAGE)
def read_audit(request: Request, visit: Visiting) -> Response:
    """The newest items that are wanted; more at a time where that is asked for."""
    visit.actor.need(Permission.AUDIT_READ)
    filled = Filled(fields={name: (request.query_params.get(name, ""),) for name in (*FIELDS, "limit")})
    refused: Refused | None = None
    with visit.reading() as workspace:
        frame = frame_of(visit, workspace)
    try:
        wanted, limit = _wanted(filled), min(max(filled.whole("limit") or AT_FIRST, 1), AT_MOST)
    except Invalid as invalid:
        refused, wanted, limit = invalid, {}, AT_FIRST
    found = Page(items=(), next=None)
    if refused is None:
        outcome = filled.text("outcome") or None
        with visit.stored() as connection:
            asked = Asked(wanted=Wanted(**wanted), outcome=outcome, limit=limit)
            found = audit_page(connection, visit.actor.workspace, asked)
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in wanted.items()}
    only = {name: value for name, value in (told | {"outcome": filled.text("outcome")}).items() if value}
    shown = {name: filled.text(name) for name in FIELDS if filled.text(name)}
    values: dict[str, Any] = {
        "found": found,
        "filled": filled,
        "called": _called(visit, {item.by for item in found.items}),
        "outcomes": (DONE, REFUSED),
        "export": f"{EXPORT}?{urlencode({**only, 'format': 'csv'})}",
        "more": f"?{urlencode({**shown, 'limit': min(limit * 4, AT_MOST)})}" if found.next and limit < AT_MOST else "",
    }
    if refused is not None:
        return frame.again("settings/audit.html", refused, **values)
    return frame.page("settings/audit.html", **values)


@router.get(f"{PAGE}/live")
async def audit_live(visit: Visiting) -> Response:
    """That something more was done; who was refused meanwhile is found by looking again."""
    visit.actor.need(Permission.AUDIT_READ)
    return live_news(visit, lambda batch: batch.everything or bool(batch.entries))


def _called(visit: Visit, actors: set[str]) -> dict[str, str]:
    """What people call who did something: agents by their names, programs by what their keys are for."""
    with visit.stored() as connection:
        keys = {f"key:{key.id}": key.name for key in keys_of(connection, visit.actor.workspace)}
    with visit.reading() as workspace:
        return {each: keys.get(each) or person(workspace, each) or "" for each in actors}


def _wanted(filled: Filled) -> dict[str, Any]:
    """Which items are asked for; days are whole days, in UTC. Raises Invalid."""
    if filled.text("outcome") not in ("", DONE, REFUSED):
        raise Invalid(
            "unknown_value", sentence("outcome is %(done)s or %(refused)s", done=DONE, refused=REFUSED), field="outcome"
        )
    until = _day(filled, "until")
    return {
        "actor": filled.text("actor") or None,
        "action": filled.text("action") or None,
        "subject": filled.text("subject") or None,
        "since": _day(filled, "since"),
        "until": until and until + timedelta(days=1),
    }


def _day(filled: Filled, name: str) -> datetime | None:
    text = filled.text(name)
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(
            "bad_time", sentence("%(text)r is not a day; write it as in 2026-12-24", text=text), field=name
        ) from None
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)
