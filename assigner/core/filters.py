"""Who of all agents may take a contact at one stop: the checks, each a small function that names who fails it.

A check sees who is `left` and returns those of them who fail. The order is fixed (`CHECKS`); an agent counts at the
first check that fails. Before: `need` says what is asked. After: `ranking` chooses among the candidates."""

from collections.abc import Callable
from dataclasses import dataclass

from assigner.core.model import Step, StopAccount
from assigner.core.need import Need, StopNeed
from assigner.core.reasons import Reason
from assigner.core.roster import Roster
from assigner.core.seat import Kind
from presence.model import Status
from rules.model import Queue, Takes


class Ask:
    """One stop of one need with its queue; remembers the counts of the standing checks while those cannot change.

    `beside` are all stops of the need, this one included."""

    __slots__ = ("beside", "counted", "counted_at", "need", "queue", "stop")

    def __init__(self, need: Need, stop: StopNeed, queue: Queue) -> None:
        self.need = need
        self.stop = stop
        self.queue = queue
        self.beside: tuple[Ask, ...] = (self,)
        self.counted: tuple[Step, ...] = ()
        self.counted_at = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Who is left at a stop, and the account of it.

    `anybody_there`: somebody passes status, flag, hours and skills, even if full. `closed`: the stop is. `preferred`:
    who is left is the preferred agent, alone."""

    left: int
    anybody_there: bool
    closed: bool
    preferred: bool
    account: StopAccount


Check = Callable[[Roster, Ask, int], int]

NOWHERE = Queue(name="", offices=("",))
"""Stands for a queue that does not exist: no agent belongs to it."""

ADMITTED: dict[Takes, tuple[Status, ...]] = {
    Takes.ONLINE: (Status.ONLINE,),
    Takes.ONLINE_OR_OFFLINE: (Status.ONLINE, Status.OFFLINE),
    Takes.ANYONE: tuple(Status),
}


def members_of(roster: Roster, queue: Queue) -> int:
    """The members of a queue: agents of any of its offices, or everybody who takes contacts."""
    if not queue.offices:
        return roster.mask(Kind.MEMBER)
    members = 0
    for office in queue.offices:
        members |= roster.mask(Kind.OFFICE, office)
    return members


def not_online(roster: Roster, ask: Ask, left: int) -> int:
    """Who has a status that the queue does not admit (R5, R7, R12)."""
    admitted = 0
    for status in ADMITTED[ask.queue.takes]:
        admitted |= roster.mask(Kind.STATUS, status)
    return left ^ (left & admitted)


def away_for_office(roster: Roster, ask: Ask, left: int) -> int:
    """Who is switched off where it counts (R45): for the contact's office, by those who belong to it; by the others for
    every office of the queue; in a queue without offices, for every own office."""
    office, offices = ask.need.office, ask.queue.offices
    switched_on = 0 if offices else roster.mask(Kind.ON_ANYWHERE)
    for each in offices:
        switched_on |= roster.mask(Kind.ON, each)
    away = left ^ (left & switched_on)
    if office is None or offices == (office,):
        return away
    own = left & roster.mask(Kind.OFFICE, office)
    return (away ^ (away & own)) | (own ^ (own & roster.mask(Kind.ON, office)))


def office_closed(roster: Roster, ask: Ask, left: int) -> int:
    """Everybody, while the stop is closed: the contact's office where the queue lists it, else all offices of the
    queue."""
    return left if is_closed(roster, ask) else 0


def missing_skill(roster: Roster, ask: Ask, left: int) -> int:
    """Who lacks a skill, or has it at too low a level. A skill that nobody has is missing in everybody."""
    able = left
    for skill, level in ask.stop.skills:
        able &= roster.able(skill, level)
    return left ^ able


def excluded(roster: Roster, ask: Ask, left: int) -> int:
    """Who is never to be given this contact."""
    excluded = 0
    for agent_id in ask.need.excluded:
        excluded |= roster.bit(agent_id)
    if ask.need.tried is not None:
        not_back = (roster.bit(agent_id) for agent_id in ask.need.tried.away)
        excluded |= sum(not_back) & ~roster.mask(Kind.STATUS, Status.ONLINE)
    return left & excluded


def declined(roster: Roster, ask: Ask, left: int) -> int:
    """Who declined or missed it a moment ago; and who ever did, until all who are there at any of its stops have, full
    or not. After that all are asked again, so nobody's refusal leaves a contact behind."""
    tried = ask.need.tried
    if tried is None or not (tried.refused or tried.paused):
        return 0
    refused, paused = (sum(map(roster.bit, agents)) for agents in (tried.refused, tried.paused))
    there = 0
    for each in ask.beside:
        able = _narrow(roster, each, members_of(roster, each.queue), THERE, None)
        there |= able ^ excluded(roster, each, able)
    return left & (paused | refused if there & ~refused else paused)


def held_for_preferred(roster: Roster, ask: Ask, left: int) -> int:
    """Everybody but the preferred agent, while that agent is free, or busy and waited for."""
    if ask.stop.preferred is None:
        return 0
    preferred = left & roster.bit(ask.stop.preferred)
    if not preferred:
        return 0
    if not ask.stop.held and any(check(roster, ask, preferred) for _, check in ROOM):
        return 0
    return left ^ preferred


def flood_limit(roster: Roster, ask: Ask, left: int) -> int:
    """Who was given as many contacts as the flood limit allows for now."""
    return left & roster.mask(Kind.FLOODED)


def wrap_up(roster: Roster, ask: Ask, left: int) -> int:
    """Who would have room, but for the time after a contact that is closed."""
    wrapping_up = roster.mask(Kind.WRAPPING_UP) | roster.mask(Kind.CHANNEL_WRAPPING_UP, ask.need.channel)
    return left & (wrapping_up | roster.mask(Kind.QUEUE_WRAPPING_UP, ask.queue.name))


def at_capacity(roster: Roster, ask: Ask, left: int) -> int:
    """Whose load is the own limit or more."""
    return left & roster.mask(Kind.FULL)


def at_channel_capacity(roster: Roster, ask: Ask, left: int) -> int:
    """Who holds as many contacts of this channel as the own limit for it allows."""
    return left & roster.mask(Kind.CHANNEL_FULL, ask.need.channel)


def at_queue_capacity(roster: Roster, ask: Ask, left: int) -> int:
    """Who holds as many contacts of this queue as the queue allows one agent."""
    return left & roster.mask(Kind.QUEUE_FULL, ask.queue.name) if ask.queue.capacity is not None else 0


Checks = tuple[tuple[Reason, Check], ...]

THERE: Checks = (
    (Reason.NOT_ONLINE, not_online),
    (Reason.AWAY_FOR_OFFICE, away_for_office),
    (Reason.OFFICE_CLOSED, office_closed),
    (Reason.MISSING_SKILL, missing_skill),
)
"""Who passes these is there for the contact, full or not."""

NOT_RULED_OUT: Checks = ((Reason.EXCLUDED, excluded), (Reason.DECLINED, declined))

STANDING = frozenset({Reason.NOT_IN_QUEUE, *(reason for reason, _ in (*THERE, *NOT_RULED_OUT))})
"""The reasons that do not depend on what agents hold: while nothing else changes, neither do these."""

ROOM: Checks = (
    (Reason.FLOOD_LIMIT, flood_limit),
    (Reason.WRAP_UP, wrap_up),
    (Reason.AT_CAPACITY, at_capacity),
    (Reason.AT_CHANNEL_CAPACITY, at_channel_capacity),
    (Reason.AT_QUEUE_CAPACITY, at_queue_capacity),
)
"""What keeps an agent who is there from taking one more."""

FREE: Checks = ((Reason.HELD_FOR_PREFERRED, held_for_preferred), *ROOM)

CHECKS: Checks = (*THERE, *NOT_RULED_OUT, *FREE)
"""All checks that a member of the queue must pass, in order."""

CHOOSING = frozenset({Reason.DECLINED, Reason.HELD_FOR_PREFERRED})
"""The reasons that say whose turn it is to be asked, not who may have the contact."""


def is_closed(roster: Roster, ask: Ask) -> bool:
    """Whether a stop is closed at this instant. A queue without offices never is; an office that is unknown always."""
    if ask.need.office in ask.queue.offices:
        return ask.need.office not in roster.open_offices
    return bool(ask.queue.offices) and roster.open_offices.isdisjoint(ask.queue.offices)


def candidates(roster: Roster, ask: Ask) -> Found:
    """All candidates for a contact at one stop, with the count of those whom each check removed."""
    members = members_of(roster, ask.queue)
    counts = None if ask.counted_at == roster.standing else [_members_step(roster, members)]
    there = _narrow(roster, ask, members, THERE, counts)
    left = _narrow(roster, ask, there, NOT_RULED_OUT, counts)
    if counts is not None:
        ask.counted, ask.counted_at = tuple(counts), roster.standing
    steps = list(ask.counted)
    left = _narrow(roster, ask, left, FREE, steps)
    return Found(
        left=left,
        anybody_there=bool(there),
        closed=is_closed(roster, ask),
        preferred=ask.stop.preferred is not None and left == roster.bit(ask.stop.preferred),
        account=StopAccount(queue=ask.stop.queue, steps=tuple(steps)),
    )


def first_failure(roster: Roster, ask: Ask, agent_id: str) -> Reason | None:
    """The first check that one agent fails at a stop; None for a candidate."""
    agent, left = roster.bit(agent_id), members_of(roster, ask.queue)
    if not agent & left:
        return Reason.NOT_IN_QUEUE
    for reason, check in CHECKS:
        removed = check(roster, ask, left)
        if removed & agent:
            return reason
        left ^= removed
    return None


def may_have(roster: Roster, ask: Ask, agent_id: str) -> bool:
    """Whether one agent may have the contact at a stop, whoever else might."""
    agent = roster.bit(agent_id)
    is_member = bool(agent & members_of(roster, ask.queue))
    return is_member and not any(check(roster, ask, agent) for reason, check in CHECKS if reason not in CHOOSING)


def failures(roster: Roster, ask: Ask, agent_id: str) -> tuple[Reason, ...]:
    """Every check that one agent fails at a stop, in order; none for a candidate."""
    agent = roster.bit(agent_id)
    if not agent & members_of(roster, ask.queue):
        return (Reason.NOT_IN_QUEUE,)
    failed = [reason for reason, check in CHECKS if check(roster, ask, agent)]
    first = first_failure(roster, ask, agent_id)
    return tuple(failed) if first is None or first in failed else (first, *failed)


def _narrow(roster: Roster, ask: Ask, left: int, checks: Checks, steps: list[Step] | None) -> int:
    """Who of `left` passes the checks; what each removed is added to `steps`, where anybody counts."""
    for reason, check in checks:
        removed = check(roster, ask, left)
        if removed:
            left ^= removed
            if steps is not None:
                steps.append(_step(roster, reason, removed, before=steps[-1].left))
    return left


def _members_step(roster: Roster, members: int) -> Step:
    count = members.bit_count()
    return Step(reason=Reason.NOT_IN_QUEUE, removed=len(roster) - count, left=count)


def _step(roster: Roster, reason: Reason, removed: int, *, before: int) -> Step:
    statuses: tuple[tuple[Status, int], ...] = ()
    if reason is Reason.NOT_ONLINE:
        by_status = ((status, (removed & roster.mask(Kind.STATUS, status)).bit_count()) for status in Status)
        statuses = tuple((status, count) for status, count in by_status if count)
    count = removed.bit_count()
    return Step(reason=reason, removed=count, left=before - count, statuses=statuses)
