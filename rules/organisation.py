"""The organisation that rules speak of: its offices with their hours, and its agents with what they can do.

Lint, the board and the sample data share these values. `rules.hours` answers whether an office is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from rules.model import NO_SKILLS, OfferTerms, Skills

Interval = tuple[int, int]
"""From and until before, in minutes after local midnight: 0 to 1440."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A date with hours of its own; without intervals the office is closed all day."""

    date: date
    name: str
    hours: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayCalendar:
    """The public holidays of a country, or of a part of it, on which the office is closed all day."""

    calendar: str
    subdivision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A site whose agents serve together. `hours` by weekday (0 is Monday): None is always open, no entry closed."""

    id: str
    name: str = ""
    time_zone: str = "UTC"
    hours: Mapping[int, tuple[Interval, ...]] | None = None
    holidays: tuple[Holiday, ...] | HolidayCalendar = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """How many contacts an agent may hold at once, in all and by channel. None: no limit; 0: takes nothing."""

    total: int | None = None
    channels: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A person who handles contacts. `capacity` and `wrap_up` None are as the queue or the workspace has them."""

    id: str
    name: str = ""
    offices: tuple[str, ...] = ()
    skills: Skills = field(default_factory=lambda: NO_SKILLS)
    capacity: Capacity | None = None
    weight: int = 1
    takes_contacts: bool = True
    active: bool = True
    wrap_up: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """All offices and agents of a workspace, by id, with the settings that lint looks at.

    After `grace` seconds contacts come back from an agent who went Offline; None: never."""

    offices: Mapping[str, Office] = field(default_factory=lambda: MappingProxyType({}))
    agents: Mapping[str, Agent] = field(default_factory=lambda: MappingProxyType({}))
    default_capacity: int | None = None
    wrap_up: int = 0
    offer: OfferTerms | None = None
    grace: int | None = None
