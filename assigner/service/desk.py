"""An agent's own desk: what the agent holds, and how the agent stands: what would come next, and why nothing comes.

The answers are read off the floor as it is; they are the same facts that the checks of a decision look at."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from assigner.core.filters import failures, members_of
from assigner.core.floor import Floor
from assigner.core.model import OpenContact
from assigner.core.reasons import Reason
from assigner.core.seat import FLOODED, Seat
from assigner.core.waiting import Group
from presence.model import Status

OWN = frozenset(
    {
        Reason.NOT_ONLINE,
        Reason.AWAY_FOR_OFFICE,
        Reason.FLOOD_LIMIT,
        Reason.WRAP_UP,
        Reason.AT_CAPACITY,
        Reason.AT_CHANNEL_CAPACITY,
        Reason.AT_QUEUE_CAPACITY,
    }
)
"""What keeps an agent from a contact that would be the agent's otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an agent stands now. `because` is why nothing is given to the agent, None where the next contact may be.

    `waiting` counts the contacts of the own queues, by queue; `next_id` is the first of them that nothing but the
    agent's own situation keeps from the agent."""

    because: Reason | None
    waiting: tuple[tuple[str, int], ...]
    next_id: str | None
    until: datetime | None = None


def held_by(floor: Floor, agent_id: str) -> tuple[OpenContact, ...]:
    """The contacts that an agent holds, the one given first before the others."""
    held = [floor.contacts[contact_id] for contact_id in floor.seat(agent_id).holds]
    return tuple(sorted(held, key=lambda contact: (contact.on_hold, contact.assigned_at, contact.number)))


def offered_to(floor: Floor, agent_id: str) -> tuple[OpenContact, ...]:
    """The contacts that an agent is asked about, the one whose time is up first before the others."""
    offers = floor.seat(agent_id).offers
    return tuple(floor.contacts[contact_id] for contact_id in sorted(offers, key=lambda each: offers[each]))


def standing(floor: Floor, agent_id: str, *, now: datetime) -> Standing:
    """How an agent stands. One look at each group of equal needs, however many wait in it. Raises NotFound."""
    floor.advance(now=now)
    seat, roster = floor.seat(agent_id), floor.roster
    agent, waiting, nearest = roster.bit(agent_id), Counter[str](), None
    for group in floor.waiting.groups():
        own = [ask.stop.queue for ask in group.asks if members_of(roster, ask.queue) & agent]
        for queue in own:
            waiting[queue] += len(group.places)
        if own and (nearest is None or group.first < nearest) and _is_within_reach(floor, group, agent_id):
            nearest = group.first
    because = _because(floor, seat, now=now)
    if because is None and nearest is not None:
        because = next(_reasons(floor, nearest[1], agent_id), None)
    return Standing(
        because=because,
        waiting=tuple(waiting.most_common()),
        next_id=nearest[1] if nearest is not None else None,
        until=seat.eases_at() if because in (Reason.FLOOD_LIMIT, Reason.WRAP_UP) else None,
    )


def _is_within_reach(floor: Floor, group: Group, agent_id: str) -> bool:
    return any(OWN.issuperset(failures(floor.roster, ask, agent_id)) for ask in group.asks)


def _reasons(floor: Floor, contact_id: str, agent_id: str) -> Iterator[Reason]:
    """What keeps an agent from a contact that is within reach: the capacity for a channel or a queue."""
    for ask in floor.waiting.group_of(contact_id).asks:
        failed = failures(floor.roster, ask, agent_id)
        if OWN.issuperset(failed):
            yield from failed


def _because(floor: Floor, seat: Seat, *, now: datetime) -> Reason | None:
    """The first thing about the agent that keeps every contact away; what only keeps some does not count."""
    if not floor.roster.settings.enabled:
        return Reason.ASSIGNMENT_DISABLED
    if not seat.is_member:
        return Reason.NOT_IN_QUEUE
    if seat.status is not Status.ONLINE:
        return Reason.NOT_ONLINE
    if seat.agent.offices and not seat.switched_on:
        return Reason.AWAY_FOR_OFFICE
    if FLOODED in frozenset(seat.room_tags({}, now=now)):
        return Reason.FLOOD_LIMIT
    if seat.capacity is not None and seat.load >= seat.capacity:
        return Reason.AT_CAPACITY if seat.load - len(seat.wrapping_up) >= seat.capacity else Reason.WRAP_UP
    return None
