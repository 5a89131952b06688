"""Where work should go: the values of a rule set and of the contact that it is applied to.

`rules.parse` makes a RuleSet from a document, `rules.match` applies it, `rules.lint` criticises it. All values are
frozen; durations are whole seconds, levels count from 1, priorities from -1000 to 1000, larger is more urgent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

EVERYBODY = "everybody"
"""The queue of a contact without an office, where no rule names another."""

Skills = Mapping[str, int]
"""Skill names and the smallest level needed, or the level an agent has."""

NO_SKILLS: Skills = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One customer request for service, as it came in."""

    id: str
    arrived_at: datetime
    channel: str = "chat"
    customer_id: str | None = None
    office: str | None = None
    skills: Skills = field(default_factory=lambda: NO_SKILLS)
    language: str | None = None
    priority: int | None = None
    attributes: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    preferred_agent_id: str | None = None
    exclude_agents: frozenset[str] = frozenset()


class Operator(StrEnum):
    """How a condition compares a field of the contact with its value."""

    EQUALS = "equals"
    IN = "in"
    CONTAINS = "contains"
    MATCHES = "matches"
    GREATER = "greater"
    LESS = "less"
    EXISTS = "exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCondition:
    """One field of the contact, compared by one operator. `attributes.<name>` reaches into the attributes."""

    field: str
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedCondition:
    """The contact arrived on one of these weekdays (0: Monday), `start` to before `end` (minutes after midnight).

    An end at or before the start is on the next day; the weekday is then the one on which the stretch began."""

    days: tuple[int, ...]
    start: int
    end: int
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Holds where every condition holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """Holds where at least one condition holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """Holds where its condition does not."""

    condition: "Condition"


Condition = FieldCondition | ArrivedCondition | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Contacts for which `when` holds go to `queue`, or are held back for a person's hand (`hold`)."""

    name: str
    when: Condition | None = None
    queue: str | None = None
    priority: int | None = None
    skills: Skills = field(default_factory=lambda: NO_SKILLS)
    hold: bool = False


class Strategy(StrEnum):
    """How one of the candidates is chosen."""

    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"
    LOWEST_OCCUPANCY = "lowest_occupancy"
    LONGEST_IDLE = "longest_idle"


class Takes(StrEnum):
    """Which statuses a queue admits (requirement R7 and the policies)."""

    ONLINE = "online"
    ONLINE_OR_OFFLINE = "online_or_offline"
    ANYONE = "anyone"


class OverflowWhen(StrEnum):
    """What makes a waiting contact ask one more queue."""

    CLOSED = "closed"
    NOBODY_THERE = "nobody_there"
    LONGER_THAN = "longer_than"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """One more queue to ask. `length` belongs to LONGER_THAN, `after` (seconds in the queue) to AFTER.

    With `leave` the queue is left for the new one, otherwise it goes on being asked first."""

    when: OverflowWhen
    to: str
    length: int | None = None
    after: int | None = None
    leave: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Relax:
    """What is asked of the agent `after` so many seconds of waiting: these skills less, those at another level."""

    after: int
    drop_skills: frozenset[str] = frozenset()
    skills: Skills = field(default_factory=lambda: NO_SKILLS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferred:
    """The last holder of the customer's newest closed contact comes first, alone for `hold` seconds."""

    hold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """How a contact is offered: for `timeout` seconds, None: not at all, it is assigned at once.

    Who declined or missed it is left alone for `decline_pause` seconds; who missed `missed_limit` offers in a row is
    set Away. What a queue leaves open (None) is as its workspace has it."""

    timeout: int | None = None
    decline_pause: int | None = None
    missed_limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Where contacts wait for agents: who its members are, what it asks of them, how one is chosen, what then.

    `offer` and `wrap_up` None are as the workspace has them."""

    name: str
    offices: tuple[str, ...] = ()
    skills: Skills = field(default_factory=lambda: NO_SKILLS)
    strategy: Strategy = Strategy.ROUND_ROBIN
    takes: Takes = Takes.ONLINE
    capacity: int | None = None
    priority: int = 0
    ageing: int = 0
    preferred: Preferred | None = None
    relax: tuple[Relax, ...] = ()
    overflow: tuple[Overflow, ...] = ()
    target: int | None = None
    offer: OfferTerms | None = None
    wrap_up: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Never this customer to that agent."""

    customer_id: str
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A contact and what the rules should do with it at that instant; checked by lint."""

    contact: Contact
    queue: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """One version of the rules of a workspace. The default is the rule set of a workspace that has none."""

    name: str = "default"
    rules: tuple[Rule, ...] = ()
    queues: Mapping[str, Queue] = field(default_factory=lambda: MappingProxyType({}))
    exclusions: tuple[Exclusion, ...] = ()
    examples: tuple[Example, ...] = ()

    def queue(self, name: str, *, offices: frozenset[str]) -> Queue | None:
        """The queue of that name: a written one, else that of an office, else `everybody`; None where there is none."""
        if name in self.queues:
            return self.queues[name]
        if name in offices:
            return Queue(name=name, offices=(name,))
        return Queue(name=name) if name == EVERYBODY else None
