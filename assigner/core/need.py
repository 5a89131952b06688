"""What a waiting contact asks of an agent at one instant, so that contacts who ask the same are asked for once.

`need` reads it off the contact and its queues; `timers` are the instants at which time alone will change it. Nothing
here knows any agent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from assigner.core.model import OpenContact, Stop
from rules.match import strictest
from rules.model import Overflow, OverflowWhen, Queue, Skills

QueueOf = Callable[[str], Queue | None]
"""The queue of a name, None where there is none (any more)."""

OrderKey = tuple[int, int, datetime, int]
"""The place of a contact among all that wait; smaller comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopNeed:
    """What is asked at one stop. `preferred` is the agent who comes first there, `held` says nobody else is asked
    yet."""

    queue: str
    skills: tuple[tuple[str, int], ...]
    preferred: str | None = None
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Who has had a contact before, or was offered it: `refused` it in this round of asking, are not to be asked again
    yet (`paused`), or were Offline with it and may have it again only when Online (`away`)."""

    refused: frozenset[str] = frozenset()
    paused: frozenset[str] = frozenset()
    away: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """All that a decision asks about a contact. Contacts with equal needs fare alike, the first in order first.

    `left` are the queues it has left, which it never enters again. `new_to` are those of its queues whose length
    matters and has not been looked at yet. `due`: the time is up after which it overflows."""

    office: str | None
    channel: str
    excluded: frozenset[str]
    stops: tuple[StopNeed, ...]
    left: frozenset[str] = frozenset()
    new_to: frozenset[str] = frozenset()
    due: bool = False
    tried: Tried | None = None


def need(waiting: OpenContact, queue_of: QueueOf, *, now: datetime) -> Need:
    """What the contact asks of an agent at this instant."""
    stops = tuple(_stop_need(waiting, stop, queue_of(stop.queue), now=now) for stop in waiting.waiting_in)
    return Need(
        office=waiting.contact.office,
        channel=waiting.contact.channel,
        excluded=waiting.match.excluded,
        stops=stops,
        left=frozenset(stop.queue for stop in waiting.stops if stop.left_at is not None),
        new_to=frozenset(
            stop.queue for stop in waiting.waiting_in if stop.new and _looks_at_length(queue_of(stop.queue))
        ),
        due=any(_is_due(stop, step, now=now) for stop, step in overflow_steps(waiting, queue_of)),
        tried=_tried(waiting, now=now) if waiting.refusals or waiting.came_back else None,
    )


def timers(waiting: OpenContact, queue_of: QueueOf) -> Iterator[datetime]:
    """Every instant, past or to come, at which what the contact asks changes by itself."""
    for stop in waiting.waiting_in:
        queue = queue_of(stop.queue)
        if queue is None:
            continue
        for step in queue.relax:
            yield waiting.contact.arrived_at + timedelta(seconds=step.after)
        preferred, hold = preference(waiting, queue)
        if preferred is not None:
            yield stop.entered_at + timedelta(seconds=hold)
    for refusal in waiting.refusals:
        if refusal.until is not None:
            yield refusal.until
    for stop, overflow in overflow_steps(waiting, queue_of):
        if overflow.after is not None:
            yield stop.entered_at + timedelta(seconds=overflow.after)


def overflow_steps(waiting: OpenContact, queue_of: QueueOf) -> Iterator[tuple[Stop, Overflow]]:
    """The overflow steps that are still open to a contact: no queue is entered twice, none that does not exist."""
    entered = {stop.queue for stop in waiting.stops}
    for stop in waiting.waiting_in:
        queue = queue_of(stop.queue)
        for step in queue.overflow if queue else ():
            if step.to not in entered and queue_of(step.to) is not None:
                yield stop, step


def preference(waiting: OpenContact, queue: Queue) -> tuple[str | None, int]:
    """Who comes first at a queue, and for how many seconds alone. The contact's own wish comes before the queue's.

    Between them comes the agent who had it and went Offline: back in time, and free, that agent goes on with it."""
    hold = queue.preferred.hold if queue.preferred else 0
    if waiting.contact.preferred_agent_id is not None:
        return waiting.contact.preferred_agent_id, hold
    if waiting.came_back:
        return waiting.came_back[-1], 0
    return (waiting.previous_holder if queue.preferred else None), hold


def order_key(waiting: OpenContact, queue_of: QueueOf) -> OrderKey:
    """The contact's place in the one order of its workspace: by the queue of its first stop, priority or ageing, age,
    number."""
    queue = queue_of(waiting.stops[0].queue) if waiting.stops else None
    arrived, priority = waiting.contact.arrived_at, waiting.match.priority
    if queue is None or not queue.ageing:
        return (-queue.priority if queue else 0), -priority, arrived, waiting.number
    return -queue.priority, 0, arrived - timedelta(seconds=queue.ageing * priority), waiting.number


def skills_needed(waiting: OpenContact, queue: Queue, *, now: datetime) -> Skills:
    """The skills that the contact needs at a queue, relaxed by the time it has waited."""
    needed = strictest(waiting.match.skills, queue.skills)
    for step in queue.relax:
        if now >= waiting.contact.arrived_at + timedelta(seconds=step.after):
            needed = {name: level for name, level in {**needed, **step.skills}.items() if name not in step.drop_skills}
    return needed


def _stop_need(waiting: OpenContact, stop: Stop, queue: Queue | None, *, now: datetime) -> StopNeed:
    if queue is None:
        return StopNeed(queue=stop.queue, skills=())
    preferred, hold = preference(waiting, queue)
    return StopNeed(
        queue=stop.queue,
        skills=tuple(sorted(skills_needed(waiting, queue, now=now).items())),
        preferred=preferred,
        held=preferred is not None and now < stop.entered_at + timedelta(seconds=hold),
    )


def _tried(waiting: OpenContact, *, now: datetime) -> Tried:
    return Tried(
        refused=frozenset(each.agent_id for each in waiting.refusals if each.round == waiting.round),
        paused=frozenset(each.agent_id for each in waiting.refusals if each.until is not None and now < each.until),
        away=frozenset(waiting.came_back),
    )


def _looks_at_length(queue: Queue | None) -> bool:
    return queue is not None and any(step.when is OverflowWhen.LONGER_THAN for step in queue.overflow)


def _is_due(stop: Stop, step: Overflow, *, now: datetime) -> bool:
    return step.after is not None and now >= stop.entered_at + timedelta(seconds=step.after)
