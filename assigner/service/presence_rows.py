"""Who is online, as it is told: one row for each agent, read off the facts at the instant of asking.

A status that time has changed already is told as it is, whether or not the change was logged yet."""

from dataclasses import dataclass
from datetime import datetime

from assigner.service.workspace import Workspace
from presence.effective import effective
from presence.model import OfficeFlag, Status
from presence.offices import office_available


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeAvailability:
    """Whether an agent is available for an office: switched on there, and Online. `set_by` names an administrator who
    moved the flag; null: the agent."""

    id: str
    available: bool
    set_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceRow:
    """An agent's status, why, since when and until when, with what the agent holds, is offered and may hold. Until
    `wrap_up_until` capacity is held after contacts that are closed; null: none is."""

    agent_id: str
    name: str
    status: Status
    reason: str
    since: datetime | None
    next_change_at: datetime | None
    chosen: Status
    offices: tuple[OfficeAvailability, ...]
    open_contacts: int
    capacity: int | None
    takes_contacts: bool
    offered_contacts: int
    wrap_up_until: datetime | None


def presence_row(workspace: Workspace, agent_id: str, *, now: datetime) -> PresenceRow:
    """The row of an agent. Raises NotFound."""
    facts, policy = workspace.facts(agent_id), workspace.policy
    seat, there = workspace.floor.seat(agent_id), effective(facts, policy, now=now)

    def availability(flag: OfficeFlag) -> OfficeAvailability:
        available = office_available(facts, policy, flag.office, now=now)
        return OfficeAvailability(id=flag.office, available=available, set_by=flag.whole_office_away_by or flag.set_by)

    return PresenceRow(
        agent_id=agent_id,
        name=seat.agent.name or agent_id,
        status=there.status,
        reason=there.reason,
        since=there.since,
        next_change_at=there.next_change_at,
        chosen=facts.chosen,
        offices=tuple(availability(flag) for flag in facts.offices),
        open_contacts=seat.held,
        capacity=seat.capacity,
        takes_contacts=seat.agent.takes_contacts,
        offered_contacts=len(seat.offers),
        wrap_up_until=seat.wrapping_up_until(now=now),
    )


def rows_of_office(workspace: Workspace, office_id: str, *, now: datetime) -> list[PresenceRow]:
    """The rows of all agents who belong to an office, by id."""
    members = (each for each in workspace.agents if workspace.facts(each).flag(office_id) is not None)
    return [presence_row(workspace, agent_id, now=now) for agent_id in sorted(members)]
