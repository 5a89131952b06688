"""One agent's place in the roster: what the agent may do and how much the agent holds now.

A seat knows the *tags* that hold for its agent, each of which is one bit mask in the roster. What
changes with every assignment is counted here; what it means for the masks is said by `standing_tags` and
`room_tags`."""

from collections import Counter, deque
from collections.abc import Iterator
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
    FULL = "is at the total capacity"
    CHANNEL_FULL = "is at the capacity for this channel"
    QUEUE_FULL = "is at the capacity of this queue"
    FLOODED = "was given all that the flood limit allows"


Tag = tuple[Kind, str, int]
"""What a mask is about, of which office, skill, queue ..., and at which level; "" and 0 where there is none."""

FLOODED: Tag = (Kind.FLOODED, "", 0)


class Seat:
    """The agent at one bit position, with all that the engine counts for the agent.

    `turn` is the number of the last automatic assignment (0: none yet), `added` the order of joining. `load` counts the
    contacts held and not on hold, `held` all of them. `given` are the automatic assignments inside the flood window."""

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
        self.held = 0
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

        An assignment made at t no longer counts at t + per."""
        limit = self.settings.flood_limit
        if limit is None or len(self.given) < limit.contacts:
            return None
        return self.given[-limit.contacts] + timedelta(seconds=limit.per)

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

    def room_tags(self, limited: dict[str, Queue], *, now: datetime | None) -> Iterator[Tag]:
        """What holds because of what the agent holds; `limited` are the queues with a capacity of their own."""
        if not self.is_member:
            return
        yield Kind.LOAD, "", self.load
        if self.capacity is not None and self.load >= self.capacity:
            yield Kind.FULL, "", 0
        channels = self.agent.capacity.channels if self.agent.capacity else {}
        for channel, limit in channels.items():
            if self.by_channel[channel] >= limit:
                yield Kind.CHANNEL_FULL, channel, 0
        for name, queue in limited.items():
            if queue.capacity is not None and self.by_queue[name] >= queue.capacity:
                yield Kind.QUEUE_FULL, name, 0
        until = self.flooded_until()
        if until is not None and now is not None and now < until:
            yield FLOODED
