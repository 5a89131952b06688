"""What can be asked about offices: change one with its hours and holidays, or delete it.

An office is written over HTTP exactly as in an organisation file."""

from collections.abc import Mapping
from typing import Any

from assigner.core.changes import OfficePut, OfficeRemoved
from assigner.service.actor import Actor, Permission
from assigner.service.agents import leave_office
from assigner.service.asked import InUse, need_version, read_asked
from assigner.service.log import edited
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from assigner.store.accounts import office_gone
from assigner.store.rows import office_row
from presence.errors import NotFound, did_you_mean
from presence.wording import sentence
from rules.organisation import HolidayCalendar, Interval, Office
from rules.parse_organisation import read_office
from rules.parse_times import WEEKDAYS, clock_text


def office_of(workspace: Workspace, office_id: str) -> Office:
    """An office. Raises NotFound."""
    known = workspace.floor.offices
    if office_id not in known:
        hint = did_you_mean(office_id, known)
        raise NotFound("not_found", f"office {office_id!r} does not exist{hint}; GET /v1/offices lists all")
    return known[office_id]


def put_office(
    unit: Unit, actor: Actor, office_id: str, asked: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """An office comes to be, or changes. `expected` is the version that the caller has read. Raises Invalid."""
    actor.need(Permission.OFFICES_MANAGE)
    workspace = unit.workspace
    found = workspace.office_versions.get(office_id, 0)
    need_version(f"office {office_id!r}", found=found, expected=expected)
    save_office(unit, actor, check_office(office_id, asked))
    return office_document(workspace, office_id)


def check_office(office_id: str, asked: Mapping[str, Any]) -> Office:
    """What is asked for an office. Raises Invalid."""
    return read_asked(asked, lambda entry: read_office(entry, office_id))


def save_office(unit: Unit, actor: Actor, office: Office) -> None:
    """An office comes to be, or changes, after everything was checked."""
    workspace, known = unit.workspace, unit.workspace.floor.offices.get(office.id)
    if known == office:
        return
    account = edited(None if known is None else document_of_office(known), document_of_office(office))
    told = {"name": office.name or office.id, **account}
    unit.record("office.changed", office.id, by=actor.name, data=told, change=OfficePut(at=unit.now, office=office))
    workspace.office_versions[office.id] = unit.change_no
    unit.put(office_row(workspace.number, office, unit.change_no))


def delete_office(
    unit: Unit, actor: Actor, office_id: str, *, reassign: bool = False, expected: int | None = None
) -> None:
    """An office is gone. With `reassign` its agents leave it, and its waiting contacts are matched again.

    Raises NotFound, and InUse where something still needs it."""
    actor.need(Permission.OFFICES_MANAGE)
    workspace, floor = unit.workspace, unit.workspace.floor
    office = office_of(workspace, office_id)
    need_version(f"office {office_id!r}", found=workspace.office_versions[office_id], expected=expected)
    members = [agent_id for agent_id in workspace.agents if office_id in floor.seat(agent_id).agent.offices]
    counts = {
        "agents": len(members),
        "queues": sum(office_id in queue.offices for queue in floor.rule_set.queues.values()),
        "contacts": sum(contact.contact.office == office_id for contact in floor.contacts.values()),
    }
    if any(counts.values()) and not reassign:
        used = ", ".join(f"{what}: {count}" for what, count in counts.items() if count)
        raise InUse(
            sentence(
                "office %(office_id)r is in use (%(used)s);"
                " ?reassign=true lets agents leave it and contacts wait elsewhere",
                office_id=office_id,
                used=used,
            ),
            counts,
        )
    for agent_id in members:
        leave_office(unit, actor, agent_id, office_id)
    change = OfficeRemoved(at=unit.now, office_id=office_id)
    told = edited(document_of_office(office), None)
    unit.record("office.removed", office_id, by=actor.name, data=told, change=change)
    del workspace.office_versions[office_id]
    unit.put(office_gone(workspace.number, office_id))


def office_document(workspace: Workspace, office_id: str) -> dict[str, Any]:
    """An office as it is told, in the form in which it can be sent again. Raises NotFound."""
    document = document_of_office(office_of(workspace, office_id))
    return {"id": office_id, **document, "version": workspace.office_versions[office_id]}


def document_of_office(office: Office) -> dict[str, Any]:
    """What makes an office, in the form in which it can be sent."""
    hours = office.hours
    return {
        "name": office.name or office.id,
        "time_zone": office.time_zone,
        "hours": None if hours is None else {WEEKDAYS[day]: _intervals(hours[day]) for day in sorted(hours)},
        "holidays": _holidays(office),
    }


def _holidays(office: Office) -> Any:
    if isinstance(office.holidays, HolidayCalendar):
        return {"calendar": office.holidays.calendar, "subdivision": office.holidays.subdivision}
    return [
        {"date": day.date.isoformat(), "name": day.name or None, "hours": _intervals(day.hours)}
        for day in office.holidays
    ]


def _intervals(intervals: tuple[Interval, ...]) -> list[str]:
    return [f"{clock_text(start)}-{clock_text(end)}" for start, end in intervals]
