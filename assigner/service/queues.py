"""The queues of a workspace as they stand: what waits, since when, who belongs to them and who of those could serve.

The same checks answer as decide on contacts, so what is said here is what would happen."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from assigner.core.alarms import AlarmReason
from assigner.core.filters import NOWHERE, Ask, Found, candidates, first_failure, members_of
from assigner.core.floor import Floor
from assigner.core.model import Source, Step
from assigner.core.need import Need, StopNeed
from assigner.core.reasons import Reason
from presence.errors import NotFound, did_you_mean
from presence.model import Status

LATELY = timedelta(hours=1)
"""What was given out so long ago says what the next may expect to wait."""
AT_ONCE = 1.0
"""Who waited for fewer seconds found somebody free: a decision and its commit take less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """One queue at one instant. A contact waits in every queue that it asks; `free` members could take one that needs
    no more than the queue does. `alarm` is why the queue needs a person's eye, None where it does not.

    `expected_wait` is in seconds: see `_expected_wait`."""

    name: str
    offices: tuple[str, ...]
    strategy: str
    waiting: int
    oldest: datetime | None
    members: tuple[tuple[Status, int], ...]
    free: int
    alarm: AlarmReason | None
    expected_wait: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A member of a queue, and the first check that keeps the agent from a contact that needs no more than the queue
    does."""

    agent_id: str
    name: str
    status: Status
    reason: Reason | None


def queue_states(floor: Floor, names: frozenset[str], *, now: datetime) -> tuple[QueueState, ...]:
    """Some queues, in the order of their names. One pass over all that wait."""
    floor.advance(now=now)
    arrivals: defaultdict[str, list[datetime]] = defaultdict(list)
    for contact_id in floor.waiting.in_order():
        contact = floor.contacts[contact_id]
        for stop in contact.waiting_in:
            arrivals[stop.queue].append(contact.contact.arrived_at)
    waits = _recent_waits(floor, now=now)
    return tuple(
        _state(floor, name, arrivals[name], waits[name], now=now) for name in sorted(names & floor.queues.keys())
    )


def _state(floor: Floor, name: str, arrivals: list[datetime], waits: list[float], *, now: datetime) -> QueueState:
    found = candidates(floor.roster, _plain_ask(floor, name))
    ages = [(now - arrived_at).total_seconds() for arrived_at in arrivals]
    return QueueState(
        name=name,
        offices=floor.queues[name].offices,
        strategy=floor.queues[name].strategy,
        waiting=len(arrivals),
        oldest=min(arrivals, default=None),
        members=tuple(_by_status(floor, name)),
        free=found.account.left,
        alarm=floor.watch.raised.get(name),
        expected_wait=_expected_wait(found, ages, waits),
    )


def _expected_wait(found: Found, ages: list[float], waits: list[float]) -> float | None:
    """What the next contact may expect to wait, in seconds; None where nobody is there or nothing is known.

    0 where somebody is free and nothing waits, else the middle one of the waits of contacts that the queue gave out
    lately. While nobody is free only those count that found nobody free either, and it is no shorter than the middle
    age of those that wait now: they have waited that long."""
    if not found.anybody_there:
        return None
    if found.account.left and not ages:
        return 0.0
    known = [waits] if found.account.left else [[each for each in waits if each >= AT_ONCE], ages]
    return max((median(each) for each in known if each), default=None)


def _recent_waits(floor: Floor, *, now: datetime) -> defaultdict[str, list[float]]:
    """For how many seconds the open contacts waited that were given out lately, by queue."""
    waits: defaultdict[str, list[float]] = defaultdict(list)
    for contact in floor.contacts.values():
        given_at = contact.assigned_at
        if contact.queue and given_at and contact.source is Source.AUTOMATIC and given_at > now - LATELY:
            waits[contact.queue].append((given_at - contact.contact.arrived_at).total_seconds())
    return waits


def need_queue(floor: Floor, name: str) -> None:
    """Raises NotFound for a queue that does not exist."""
    if name not in floor.queues:
        hint = did_you_mean(name, floor.queues)
        raise NotFound("not_found", f"queue {name!r} does not exist{hint}; GET /v1/queues lists all")


def servers(floor: Floor, name: str, *, now: datetime) -> tuple[tuple[Server, ...], tuple[Step, ...]]:
    """Who could serve a queue now, those who could first, and how many each check removes."""
    floor.advance(now=now)
    ask = _plain_ask(floor, name)
    rows = [
        Server(
            agent_id=agent_id,
            name=floor.roster.seats[agent_id].agent.name or agent_id,
            status=floor.roster.seats[agent_id].status,
            reason=first_failure(floor.roster, ask, agent_id),
        )
        for agent_id in floor.roster.agents(members_of(floor.roster, ask.queue))
    ]
    ordered = sorted(rows, key=lambda row: (row.reason is not None, row.name, row.agent_id))
    return tuple(ordered), candidates(floor.roster, ask).account.steps


def _plain_ask(floor: Floor, name: str) -> Ask:
    """What a contact asks that needs no more than the queue does."""
    queue = floor.queues.get(name, NOWHERE)
    stop = StopNeed(queue=name, skills=tuple(sorted(queue.skills.items())))
    return Ask(Need(office=None, channel="", excluded=frozenset(), stops=(stop,)), stop, queue)


def _by_status(floor: Floor, name: str) -> Iterator[tuple[Status, int]]:
    members = members_of(floor.roster, floor.queues[name])
    counts = Counter(floor.roster.seats[agent_id].status for agent_id in floor.roster.agents(members))
    return ((status, counts[status]) for status in Status)
