"""One agent's place in the roster: what the agent may do and how much the agent holds now.

A seat knows the *tags* that hold for its agent, each of which is one bit mask in the roster. What
changes with every assignment is counted here; what it means for the masks is said by `standing_tags` and
`room_tags`."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assigner.core.changes import AssignmentSettings
from presence.model import Status
from rules.model import Queue
from rules.organisation import Agent


class Kind(StrEnum):
    """What a mask is about."""

    MEMBER = "may be given contacts at all"
    STATUS = "has this status"
    OFFICE = "belongs to this office"
    ON = "is switched on for this office"
    ON_ANYWHERE = "is switched on for at least one office, or belongs to none"
    SKILL = "has this skill at this level"
    WEIGHTED = "has a weight other than 1"
    LOAD = "holds this many contacts"
    OFFERED = "is offered at least this many contacts"
    FULL = "is at the total capacity"
    CHANNEL_FULL = "is at the capacity for this channel"
    QUEUE_FULL = "is at the capacity of this queue"
    WRAPPING_UP = "would have room but for wrap-up"
    CHANNEL_WRAPPING_UP = "would have room for this channel but for wrap-up"
    QUEUE_WRAPPING_UP = "would have room for this queue but for wrap-up"
    FLOODED = "was given all that the flood limit allows"


Tag = tuple[Kind, str, int]
"""What a mask is about, of which office, skill, queue ..., and at which level; "" and 0 where there is none."""

FLOODED: Tag = (Kind.FLOODED, "", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUp:
    """Capacity that stays held after a contact was closed, as if it were still there."""

    until: datetime
    channel: str
    queue: str | None


class Seat:
    """The agent at one bit position, with all that the engine counts for the agent.

    `turn` is the number of the last automatic assignment (0: none yet), `added` the order of joining. `holds` are the
    contacts held, `offers` those that are offered, with the end of each offer. `load` counts those held and not on
    hold, the offers, and the wrap-ups that have not ended. `given` are the automatic assignments inside the flood
    window, `missed` the offers missed in a row."""

    def __init__(self, agent: Agent, *, added: int, settings: AssignmentSettings) -> None:
        self.agent = agent
        self.settings = settings
        self.added = added
        self.turn = 0
        self.position = -1
        self.status = Status.OFFLINE
        self.switched_on: frozenset[str] = frozenset()
        self.look_again_at: datetime | None = None
        self.idle_since: datetime | None = None
        self.offline_since: datetime | None = None
        self.holds: dict[str, None] = {}
        self.offers: dict[str, datetime] = {}
        self.missed = 0
        self.wrap_ups: tuple[WrapUp, ...] = ()
        self.wrapping_up: tuple[WrapUp, ...] = ()
        self.load = 0
        self.by_channel: Counter[str] = Counter()
        self.by_queue: Counter[str] = Counter()
        self.given: deque[datetime] = deque()
        self.credit = 0
        self.standing: frozenset[Tag] = frozenset()
        self.room: frozenset[Tag] = frozenset()

    @property
    def is_member(self) -> bool:
        """Whether the agent may be given contacts automatically at all."""
        return self.agent.active and self.agent.takes_contacts

    @property
    def held(self) -> int:
        """How many contacts the agent holds, on hold or not."""
        return len(self.holds)

    @property
    def capacity(self) -> int | None:
        """How many contacts at once; None: no limit."""
        own = self.agent.capacity
        return self.settings.default_capacity if own is None or own.total is None else own.total

    def note_given(self, *, at: datetime) -> None:
        """Count an automatic assignment, where there is a flood limit; the too old are forgotten for good."""
        limit = self.settings.flood_limit
        if limit is not None:
            self.given.append(at)
            while self.given[0] + timedelta(seconds=limit.per) <= at:
                self.given.popleft()

    def flooded_until(self) -> datetime | None:
        """When the flood limit lets the agent go on, or None where it does not hold the agent back.

        An assignment made at t no longer counts at t + per. An offer counts, since it may be accepted at any moment."""
        limit = self.settings.flood_limit
        if limit is None:
            return None
        left = limit.contacts - len(self.offers)
        if left <= 0:
            return min(self.offers.values())
        return self.given[-left] + timedelta(seconds=limit.per) if len(self.given) >= left else None

    def is_flooded(self, *, now: datetime) -> bool:
        """Whether the flood limit holds the agent back; while offers alone reach it, time does not change that."""
        until, limit = self.flooded_until(), self.settings.flood_limit
        return until is not None and limit is not None and (now < until or len(self.offers) >= limit.contacts)

    def wrap_up(self, closed: WrapUp, *, at: datetime) -> None:
        """Hold capacity after a close; wrap-ups that have ended by then are forgotten."""
        self.wrap_ups = (*(each for each in self.wrap_ups if each.until > at), closed)

    def count_wrap_ups(self, *, now: datetime) -> None:
        """Let the load follow the wrap-ups that have not ended."""
        if self.wrap_ups or self.wrapping_up:
            going_on = tuple(each for each in self.wrap_ups if each.until > now)
            self.load += len(going_on) - len(self.wrapping_up)
            self.wrapping_up = going_on

    def wrapping_up_until(self, *, now: datetime) -> datetime | None:
        """When the last wrap-up ends that goes on; None where none does."""
        return max((each.until for each in self.wrap_ups if each.until > now), default=None)

    def eases_at(self) -> datetime | None:
        """When time alone makes room for the agent next: the flood limit lets go, or a wrap-up ends."""
        ends = [each.until for each in self.wrapping_up]
        if FLOODED in self.room and (until := self.flooded_until()) is not None:
            ends.append(until)
        return min(ends, default=None)

    def standing_tags(self) -> Iterator[Tag]:
        """What holds for the agent whatever the agent holds."""
        if not self.is_member:
            return
        yield Kind.MEMBER, "", 0
        yield Kind.STATUS, self.status, 0
        if self.switched_on or not self.agent.offices:
            yield Kind.ON_ANYWHERE, "", 0
        for office in self.agent.offices:
            yield Kind.OFFICE, office, 0
            if office in self.switched_on:
                yield Kind.ON, office, 0
        for skill, level in self.agent.skills.items():
            yield Kind.SKILL, skill, level
        if self.agent.weight != 1:
            yield Kind.WEIGHTED, "", 0

    def room_tags(self, limited: dict[str, Queue], *, now: datetime) -> Iterator[Tag]:
        """What holds because of what the agent holds; `limited` are the queues with a capacity of their own."""
        self.count_wrap_ups(now=now)
        if not self.is_member:
            return
        yield Kind.LOAD, "", self.load
        if self.capacity is not None and self.load >= self.capacity:
            busy = self.load - len(self.wrapping_up)
            yield Kind.FULL if busy >= self.capacity else Kind.WRAPPING_UP, "", 0
        channels = self.agent.capacity.channels if self.agent.capacity else {}
        for channel, limit in channels.items():
            if self.by_channel[channel] >= limit:
                yield Kind.CHANNEL_FULL, channel, 0
            elif self.by_channel[channel] + self._wrapping_up(channel=channel) >= limit:
                yield Kind.CHANNEL_WRAPPING_UP, channel, 0
        for name, queue in limited.items():
            if queue.capacity is None:
                continue
            if self.by_queue[name] >= queue.capacity:
                yield Kind.QUEUE_FULL, name, 0
            elif self.by_queue[name] + self._wrapping_up(queue=name) >= queue.capacity:
                yield Kind.QUEUE_WRAPPING_UP, name, 0
        for count in range(1, len(self.offers) + 1):
            yield Kind.OFFERED, "", count
        if self.is_flooded(now=now):
            yield FLOODED

    def _wrapping_up(self, *, channel: str | None = None, queue: str | None = None) -> int:
        """How many wrap-ups go on after contacts of a channel or a queue."""
        return sum(each.channel == channel if queue is None else each.queue == queue for each in self.wrapping_up)
