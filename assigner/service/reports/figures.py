"""The reports that there are, and what each of their figures means.

The words are those of a replay's summary where they mean the same. The documentation, the columns of CSV and the
description of the calls are made from this one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Report(StrEnum):
    """What one can be told about."""

    CONTACTS = "contacts"
    WAITS = "waits"
    AGENTS = "agents"
    FAIRNESS = "fairness"


class By(StrEnum):
    """What there is one row for: everything together, or each office, queue or agent."""

    ALL = "all"
    OFFICE = "office"
    QUEUE = "queue"
    AGENT = "agent"


class Unit(StrEnum):
    """What a figure counts."""

    CONTACTS = "contacts"
    AGENTS = "agents"
    SECONDS = "seconds"
    SHARE = "0 to 1"
    PER_HOUR = "contacts per hour Online"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a report. Of what nothing is known, it is null, never 0."""

    name: str
    unit: Unit
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a report tells, for what it can have rows (the default first), and to one of what it can be limited."""

    tells: str
    by: tuple[By, ...]
    only: tuple[By, ...]
    figures: tuple[Figure, ...]


def _figure(name: str, unit: Unit, meaning: str) -> Figure:
    return Figure(name=name, unit=unit, meaning=meaning)


CONTENTS: Mapping[Report, Contents] = {
    Report.CONTACTS: Contents(
        tells="What happened to contacts, counted when it happened",
        by=(By.ALL, By.OFFICE, By.QUEUE, By.AGENT),
        only=(By.OFFICE, By.QUEUE, By.AGENT),
        figures=(
            _figure("arrived", Unit.CONTACTS, "taken in"),
            _figure("assigned", Unit.CONTACTS, "given to an agent, each time that it was; by agent: to this one"),
            _figure("assigned_by_hand", Unit.CONTACTS, "those of the assigned that a person gave, transfers included"),
            _figure(
                "transferred",
                Unit.CONTACTS,
                "moved by a person to another agent or into another queue; by queue and agent: away from this one",
            ),
            _figure("returned", Unit.CONTACTS, "given back by or taken from an agent, to wait again"),
            _figure("closed", Unit.CONTACTS, "ended by being closed, whether or not an agent held them"),
            _figure("abandoned", Unit.CONTACTS, "ended because the customer gave up waiting"),
        ),
    ),
    Report.WAITS: Contents(
        tells="How long customers waited, counted when the wait ended. A contact waits once: from its arrival until it "
        "is first given to an agent or the customer gives up; to wait again after a return or transfer does not count",
        by=(By.ALL, By.OFFICE, By.QUEUE, By.AGENT),
        only=(By.OFFICE, By.QUEUE, By.AGENT),
        figures=(
            _figure("answered", Unit.CONTACTS, "given to an agent for the first time"),
            _figure("abandoned", Unit.CONTACTS, "the customer gave up before any agent was given the contact"),
            _figure("mean_wait", Unit.SECONDS, "mean wait of the answered"),
            _figure("p50_wait", Unit.SECONDS, "half of the answered waited at most this long (nearest rank)"),
            _figure("p90_wait", Unit.SECONDS, "90 % of the answered waited at most this long (nearest rank)"),
            _figure("max_wait", Unit.SECONDS, "the longest wait of the answered"),
            _figure(
                "service_level",
                Unit.SHARE,
                "those answered within `within` seconds (20 unless asked otherwise), as a share of answered and "
                "abandoned together",
            ),
        ),
    ),
    Report.AGENTS: Contents(
        tells="What agents did with their time, from the status log; by office: its agents of today together",
        by=(By.AGENT, By.OFFICE, By.ALL),
        only=(By.AGENT,),
        figures=(
            _figure("contacts", Unit.CONTACTS, "given to the agent, each time that one was, by the engine or by hand"),
            _figure("online_s", Unit.SECONDS, "time with status Online"),
            _figure("busy_s", Unit.SECONDS, "time with status Busy"),
            _figure("away_s", Unit.SECONDS, "time with status Away"),
            _figure("offline_s", Unit.SECONDS, "time with status Offline, from when the agent came to be"),
            _figure("contacts_per_hour", Unit.PER_HOUR, "contacts divided by the time Online"),
            _figure(
                "occupancy",
                Unit.SHARE,
                "share of the time Online in which the agent held at least one contact that was not on hold",
            ),
            _figure("mean_load", Unit.CONTACTS, "contacts held and not on hold, averaged over the time Online"),
        ),
    ),
    Report.FAIRNESS: Contents(
        tells="How evenly the engine's assignments are shared: of the agents who take contacts today and were Online, "
        "the contacts per hour Online are compared. By office: its agents and what they were given; by queue: its "
        "members and what the queue gave them",
        by=(By.ALL, By.OFFICE, By.QUEUE),
        only=(),
        figures=(
            _figure("agents", Unit.AGENTS, "those who are compared"),
            _figure("contacts", Unit.CONTACTS, "assigned to them by the engine"),
            _figure("contacts_per_hour", Unit.PER_HOUR, "mean of the agents' contacts per hour Online"),
            _figure("max_minus_min", Unit.PER_HOUR, "the largest minus the smallest of them; 0: the same for all"),
            _figure("jain", Unit.SHARE, "Jain index of them: 1 is even, 1 / agents is everything to one"),
        ),
    ),
}
