"""Who's Online as people look at it: the offices with their agents, each with status, load and the flag for the office.

Values only, read off the facts at the instant of asking; `presence_rows` says what each row means."""

from collections import Counter
from collections.abc import Collection
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


def who_is_online(workspace: Workspace, *, now: datetime, only: Collection[str] | None = None) -> Online:
    """Everybody who is not deactivated; with `only` all offices with those agents, so that a few rows cost little."""
    by_office: dict[str, list[Member]] = {office: [] for office in (*workspace.floor.offices, NO_OFFICE)}
    for agent_id in workspace.agents if only is None else only:
        if agent_id in workspace.agents:
            for member in at_offices(workspace, agent_id, now=now):
                by_office[member.office].append(member)
    counts, heads = _counted(workspace)
    offices = [OfficeOnline(head=head, members=_by_name(by_office[head.id])) for head in heads]
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


def _counted(workspace: Workspace) -> tuple[Counter[Status], list[OfficeHead]]:
    """How many have which status, and how each office stands. One quick pass over seats and flags."""
    floor = workspace.floor
    counts, members, available, away = Counter[Status](), Counter[str](), Counter[str](), set[str]()
    for agent_id, seat in floor.roster.seats.items():
        if not seat.agent.active:
            continue
        counts[seat.status] += 1
        for office in seat.agent.offices or (NO_OFFICE,):
            members[office] += 1
            is_on = office == NO_OFFICE or office in seat.switched_on
            available[office] += is_on and seat.status is Status.ONLINE
        away.update(flag.office for flag in workspace.facts(agent_id).offices if flag.whole_office_away_by is not None)
    heads = [
        OfficeHead(
            id=office_id,
            name=office.name or office_id,
            is_open=office_id in floor.roster.open_offices,
            everybody_away=office_id in away,
            available=available[office_id],
            members=members[office_id],
        )
        for office_id, office in floor.offices.items()
    ]
    heads.sort(key=lambda head: (head.name.casefold(), head.id))
    alone = OfficeHead(
        id=NO_OFFICE,
        name="",
        is_open=True,
        everybody_away=False,
        available=available[NO_OFFICE],
        members=members[NO_OFFICE],
    )
    return counts, [*heads, alone]


def _by_name(members: list[Member]) -> tuple[Member, ...]:
    return tuple(sorted(members, key=lambda member: (member.row.name.casefold(), member.row.agent_id)))
