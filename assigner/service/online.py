"""Who's Online as people look at it: the offices with their agents, each with status, load and the flag for the office.

Values only, read off the facts at the instant of asking; `presence_rows` says what each row means."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from assigner.service.people import person
from assigner.service.presence_rows import PresenceRow, presence_row
from assigner.service.workspace import Workspace
from presence.model import Status
from presence.offices import switched_on

NO_OFFICE = ""
"""Stands for the office of those who belong to none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An agent at one office. `is_on` is the flag for that office, whatever the status; `set_by` is the administrator
    who moved it, by name ("": a program), and `everybody_away` that it was moved for the whole office."""

    office: str
    row: PresenceRow
    is_on: bool = True
    set_by: str | None = None
    everybody_away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHead:
    """One office, with how many agents have which status; `is_open` at this instant, `everybody_away` where a call for
    everyone in it is in force."""

    id: str
    name: str
    is_open: bool
    everybody_away: bool
    available: int
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeOnline:
    """One office with its agents, by name."""

    head: OfficeHead
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Online:
    """All offices by name, at the end those who belong to none; everybody is counted once in `counts`."""

    offices: tuple[OfficeOnline, ...]
    counts: tuple[tuple[Status, int], ...]


def who_is_online(workspace: Workspace, *, now: datetime) -> Online:
    """Everybody who is not deactivated. One pass over all agents."""
    by_office: dict[str, list[Member]] = {office: [] for office in workspace.floor.offices}
    counts: Counter[Status] = Counter()
    for agent_id in workspace.agents:
        members = at_offices(workspace, agent_id, now=now)
        if members:
            counts[members[0].row.status] += 1
        for member in members:
            by_office.setdefault(member.office, []).append(member)
    offices = [_office(workspace, office, members) for office, members in by_office.items()]
    offices.sort(key=lambda office: (office.head.id == NO_OFFICE, office.head.name.casefold(), office.head.id))
    return Online(offices=tuple(offices), counts=tuple((status, counts[status]) for status in Status))


def at_offices(workspace: Workspace, agent_id: str, *, now: datetime) -> tuple[Member, ...]:
    """One agent at each of the own offices, or at none; nothing for one who is deactivated. Raises NotFound."""
    record = workspace.agent(agent_id)
    if not record.seat.agent.active:
        return ()
    row = presence_row(workspace, agent_id, now=now)
    if not record.facts.offices:
        return (Member(office=NO_OFFICE, row=row),)
    return tuple(
        Member(
            office=flag.office,
            row=row,
            is_on=switched_on(record.facts, workspace.policy, flag.office),
            set_by=person(workspace, flag.whole_office_away_by or flag.set_by),
            everybody_away=flag.whole_office_away_by is not None,
        )
        for flag in record.facts.offices
    )


def _office(workspace: Workspace, office_id: str, members: list[Member]) -> OfficeOnline:
    office = workspace.floor.offices.get(office_id)
    members.sort(key=lambda member: (member.row.name.casefold(), member.row.agent_id))
    head = OfficeHead(
        id=office_id,
        name=(office.name or office_id) if office is not None else "",
        is_open=office is None or office_id in workspace.floor.roster.open_offices,
        everybody_away=any(member.everybody_away for member in members),
        available=sum(member.is_on and member.row.status is Status.ONLINE for member in members),
        members=len(members),
    )
    return OfficeOnline(head=head, members=tuple(members))
