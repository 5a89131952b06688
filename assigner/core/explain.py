"""Why: what the board says of a contact that waits, and of an agent who does not get it.

The same checks that decide are asked once more, on the floor as it is; nothing is remembered for the purpose and
nothing changes. The answers are values; `sentences` puts them into words."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from assigner.core.filters import Ask, candidates, failures, first_failure
from assigner.core.floor import Floor
from assigner.core.model import ContactState, OpenContact, Step
from assigner.core.need import timers
from assigner.core.reasons import Reason, waiting_because
from presence.errors import Conflict
from presence.model import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class StopExplanation:
    """One stop of a waiting contact: what is asked there, and what became of the agents, step by step."""

    queue: str
    entered_at: datetime
    left_at: datetime | None
    skills: tuple[tuple[str, int], ...]
    preferred: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingExplanation:
    """Why a contact waits. `because` belongs to the first stop not left; `next_change_at` is when time may change it;
    `refused_by` so many agents it was offered to, and none of them took it."""

    contact_id: str
    queue: str | None
    rule: str | None
    passed_over: tuple[str, ...]
    rule_set: str
    rule_set_version: int
    because: Reason
    stops: tuple[StopExplanation, ...]
    refused_by: int
    next_change_at: datetime | None

    @property
    def waiting_because(self) -> str:
        """The code that tells why (rule-set document, "Answers")."""
        return waiting_because(self.because)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentExplanation:
    """Why one agent does not get a waiting contact: the first check failed at its first stop; None: the agent is a
    candidate.

    `may_change_at` is when time alone may change that; None where only somebody's doing can."""

    contact_id: str
    agent_id: str
    queue: str | None
    reason: Reason | None
    status: Status
    skills: tuple[tuple[str, int], ...]
    preferred: str | None
    may_change_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One agent as a supervisor sees the agent before assigning by hand (R4): status, load, and every check failed."""

    agent_id: str
    name: str
    status: Status
    eligible: bool
    reasons: tuple[Reason, ...]
    open_contacts: int
    capacity: int | None


def explain_waiting(floor: Floor, contact_id: str, *, now: datetime) -> WaitingExplanation:
    """Why a contact waits at this instant. Raises NotFound, and Conflict for a contact that does not wait."""
    floor.advance(now=now)
    contact = _nobodys(floor, contact_id)
    if contact.state is ContactState.OFFERED:
        raise Conflict("already_assigned", f"contact {contact_id!r} does not wait: {contact.agent_id!r} is offered it")
    asks = {ask.stop.queue: ask for ask in floor.waiting.group_of(contact_id).asks}
    stops = tuple(
        StopExplanation(
            queue=stop.queue,
            entered_at=stop.entered_at,
            left_at=stop.left_at,
            skills=asks[stop.queue].stop.skills if stop.left_at is None else (),
            preferred=asks[stop.queue].stop.preferred if stop.left_at is None else None,
            steps=candidates(floor.roster, asks[stop.queue]).account.steps if stop.left_at is None else (),
        )
        for stop in contact.stops
    )
    asked = [stop for stop in stops if stop.left_at is None]
    return WaitingExplanation(
        contact_id=contact_id,
        queue=asked[0].queue if asked else None,
        rule=contact.match.rule,
        passed_over=contact.match.passed_over,
        rule_set=floor.rule_set.name,
        rule_set_version=floor.rule_set_version,
        because=_because(floor, asked),
        stops=stops,
        refused_by=sum(each.offered for each in contact.refusals),
        next_change_at=min((instant for instant in _instants(floor, contact) if instant > now), default=None),
    )


def count_waiting(floor: Floor, *, now: datetime) -> Mapping[str, int]:
    """How many contacts wait for which reason; one question for each group of equal needs, however many wait in it."""
    floor.advance(now=now)
    counts: Counter[str] = Counter()
    for group in floor.waiting.groups():
        reason = Reason.HELD_BY_RULE
        if not floor.roster.settings.enabled:
            reason = Reason.ASSIGNMENT_DISABLED
        elif group.asks:
            reason = candidates(floor.roster, group.asks[0]).account.steps[-1].reason
        counts[waiting_because(reason)] += len(group.places)
    return counts


def explain_agent(floor: Floor, contact_id: str, agent_id: str, *, now: datetime) -> AgentExplanation:
    """Why an agent does not get a waiting contact. Raises NotFound, and Conflict for a contact that does not wait."""
    floor.advance(now=now)
    contact, seat = _nobodys(floor, contact_id), floor.seat(agent_id)
    asks = floor.asks_of(contact, now=now)
    reason = first_failure(floor.roster, asks[0], agent_id) if asks else Reason.HELD_BY_RULE
    if not floor.roster.settings.enabled:
        reason = Reason.ASSIGNMENT_DISABLED
    if reason is Reason.NOT_IN_QUEUE and not seat.agent.active:
        reason = Reason.DEACTIVATED
    instants = _instants_of(floor, contact, agent_id, reason)
    return AgentExplanation(
        contact_id=contact_id,
        agent_id=agent_id,
        queue=asks[0].stop.queue if asks else None,
        reason=reason,
        status=seat.status,
        skills=asks[0].stop.skills if asks else (),
        preferred=asks[0].stop.preferred if asks else None,
        may_change_at=min((instant for instant in instants if instant > now), default=None),
    )


def explain_candidates(floor: Floor, contact_id: str, *, now: datetime) -> tuple[Candidate, ...]:
    """All agents for a waiting contact, the eligible ones first, each with every check failed at the first stop.

    Eligible is who passes all checks at any of the stops. Raises NotFound, and Conflict for a contact that does not
    wait."""
    floor.advance(now=now)
    asks = floor.asks_of(_nobodys(floor, contact_id), now=now)
    rows = [_candidate(floor, asks, agent_id) for agent_id in floor.roster.seats]
    return tuple(sorted(rows, key=lambda row: (not row.eligible, row.name, row.agent_id)))


def _nobodys(floor: Floor, contact_id: str) -> OpenContact:
    """A contact that nobody holds: it waits or is offered."""
    contact = floor.contact(contact_id)
    if contact.state is ContactState.ASSIGNED:
        raise Conflict("already_assigned", f"contact {contact_id!r} does not wait: {contact.agent_id!r} holds it")
    return contact


def _because(floor: Floor, asked: list[StopExplanation]) -> Reason:
    if not floor.roster.settings.enabled:
        return Reason.ASSIGNMENT_DISABLED
    return asked[0].steps[-1].reason if asked else Reason.HELD_BY_RULE


def _candidate(floor: Floor, asks: tuple[Ask, ...], agent_id: str) -> Candidate:
    seat = floor.roster.seats[agent_id]
    reasons = failures(floor.roster, asks[0], agent_id) if asks else (Reason.HELD_BY_RULE,)
    return Candidate(
        agent_id=agent_id,
        name=seat.agent.name or agent_id,
        status=seat.status,
        eligible=any(first_failure(floor.roster, ask, agent_id) is None for ask in asks),
        reasons=reasons if seat.agent.active else (Reason.DEACTIVATED,),
        open_contacts=seat.held,
        capacity=seat.capacity,
    )


def _instants(floor: Floor, contact: OpenContact) -> Iterator[datetime]:
    """When time changes something for a contact: what it asks, hours, a status, the flood limit, wrap-up."""
    yield from timers(contact, floor.queue_of)
    for stop in contact.waiting_in:
        queue = floor.queue_of(stop.queue)
        yield from floor.hours_until(queue.offices if queue else ())
    for seat in floor.roster.seats.values():
        yield from (instant for instant in (seat.look_again_at, seat.eases_at()) if instant is not None)


def _instants_of(floor: Floor, contact: OpenContact, agent_id: str, reason: Reason | None) -> Iterator[datetime]:
    """When time alone may lift what keeps one agent from a contact."""
    seat = floor.seat(agent_id)
    match reason:
        case Reason.NOT_ONLINE if seat.look_again_at is not None:
            yield seat.look_again_at
        case Reason.FLOOD_LIMIT:
            yield from (instant for instant in (seat.flooded_until(),) if instant is not None)
        case Reason.WRAP_UP:
            yield from (each.until for each in seat.wrapping_up)
        case Reason.OFFICE_CLOSED:
            queue = floor.queue_of(contact.waiting_in[0].queue)
            yield from floor.hours_until(queue.offices if queue else ())
        case Reason.MISSING_SKILL | Reason.HELD_FOR_PREFERRED | Reason.DECLINED:
            yield from timers(contact, floor.queue_of)
