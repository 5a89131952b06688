"""What may happen in a small world, as strategies: offices, agents and queues so few that they get in each other's way.

Every happening is a change at MORNING whose contact is named by a number; `twins` puts the instant and a fitting
contact in. `TimePasses` lets the clock move, by seconds or to the next instant that matters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from assigner.core import changes as happened
from assigner.core.changes import AssignmentSettings, FloodLimit, OfferEnd, OfflineReturns, OnOffline
from presence.model import Status
from rules.model import (
    Contact,
    Exclusion,
    FieldCondition,
    OfferTerms,
    Operator,
    Overflow,
    OverflowWhen,
    Preferred,
    Queue,
    Relax,
    Rule,
    RuleSet,
    Strategy,
    Takes,
)
from rules.organisation import Agent, Capacity, Office
from tests.core.builders import MORNING, at


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePasses:
    """So many seconds pass; None: all until the next instant that matters."""

    seconds: float | None


Happening = happened.Change | TimePasses

AGENTS = ("ana", "bea", "cem", "dan", "eva", "fin", "gil")
OFFICES = ("madrid", "lisbon", "porto")
QUEUES = ("madrid", "support", "night")
WHENS = tuple(OverflowWhen)
EVERY_QUEUE = ("madrid", "lisbon", "support", "night", "everybody")
CUSTOMERS = ("carla", "david")
CHANNELS = ("chat", "mail")


def often(common: Any, *others: Any) -> SearchStrategy[Any]:
    """Mostly the common value."""
    return st.sampled_from((common,) * (2 * len(others)) + others)


levels = st.sampled_from([1, 1, 2])
no_skills: dict[str, int] = {}
skills_needed = st.one_of(st.just(no_skills), st.dictionaries(st.sampled_from(["es", "pt"]), levels, max_size=1))
skills_had = st.dictionaries(st.sampled_from(["es", "pt"]), st.sampled_from([1, 2, 3]), max_size=2)
office_names = st.lists(st.sampled_from(OFFICES), max_size=2, unique=True).map(tuple)
agent_ids = st.sampled_from(AGENTS)
whose = st.integers(0, 14).map(str)

capacities = st.one_of(
    st.none(),
    st.builds(Capacity, total=st.sampled_from([None, 1, 2, 3, 0])),
    st.builds(Capacity, total=st.sampled_from([None, 2]), channels=st.just({"chat": 1})),
)
agents = st.builds(
    Agent,
    id=agent_ids,
    offices=office_names,
    skills=skills_had,
    capacity=capacities,
    weight=often(1, 2, 3),
    takes_contacts=often(True, True, False),
    active=often(True, True, False),
    wrap_up=often(None, None, 0, 30),
)

hours = st.sampled_from([None, {0: ((540, 542),)}, {0: ((0, 541), (543, 1440))}, {}])
offices = st.builds(Office, id=st.sampled_from(OFFICES), hours=hours)


@st.composite
def overflows(draw: Any) -> Overflow:
    when = draw(st.sampled_from(WHENS))
    return Overflow(
        when=when,
        to=draw(st.sampled_from(EVERY_QUEUE)),
        length=draw(st.sampled_from([0, 1, 2])) if when is OverflowWhen.LONGER_THAN else None,
        after=draw(st.sampled_from([0, 30, 60])) if when is OverflowWhen.AFTER else None,
        leave=draw(st.booleans()),
    )


relaxations = st.builds(
    Relax,
    after=st.sampled_from([30, 60, 120]),
    drop_skills=st.frozensets(st.sampled_from(["es", "pt"]), max_size=1),
    skills=skills_needed,
)


offers = st.builds(
    OfferTerms,
    timeout=st.sampled_from([10, 20, 60]),
    decline_pause=st.sampled_from([None, 0, 30]),
    missed_limit=st.sampled_from([None, 2]),
)


def queues(name: str) -> SearchStrategy[Queue]:
    """A queue of that name with everything that a queue can ask."""
    return st.builds(
        Queue,
        name=st.just(name),
        offices=office_names,
        skills=skills_needed,
        strategy=st.sampled_from(Strategy),
        takes=often(Takes.ONLINE, Takes.ONLINE_OR_OFFLINE, Takes.ANYONE),
        capacity=st.sampled_from([None, 1, 1, 2]),
        priority=often(0, 5),
        ageing=often(0, 30),
        preferred=st.sampled_from([None, Preferred(hold=0), Preferred(hold=30), Preferred(hold=60)]),
        relax=st.lists(relaxations, max_size=2).map(tuple),
        overflow=st.lists(overflows(), max_size=3).map(tuple),
        target=st.sampled_from([None, 30, 60]),
        offer=st.one_of(st.none(), st.none(), st.just(OfferTerms()), offers),
        wrap_up=often(None, 0, 20),
    )


def a_rule(name: str, field: str, value: str, then: dict[str, Any]) -> Rule:
    """Contacts that have this value go there."""
    return Rule(name=name, when=FieldCondition(field=field, operator=Operator.EQUALS, value=value), **then)


outcomes = st.fixed_dictionaries(
    {
        "queue": st.sampled_from([*EVERY_QUEUE, None]),
        "priority": often(None, 2),
        "skills": skills_needed,
        "hold": often(False, False, True),
    }
)


@st.composite
def rule_sets(draw: Any) -> RuleSet:
    rules = [
        a_rule("by channel", "channel", "mail", draw(outcomes)),
        a_rule("by language", "language", "es", draw(outcomes)),
        Rule(name="otherwise", **draw(outcomes)),
    ]
    kept = draw(st.lists(st.sampled_from(range(3)), unique=True))
    exclusions = st.lists(st.builds(Exclusion, customer_id=st.sampled_from(CUSTOMERS), agent=agent_ids), max_size=1)
    return RuleSet(
        rules=tuple(rules[number] for number in sorted(kept)),
        queues={name: draw(queues(name)) for name in QUEUES},
        exclusions=tuple(draw(exclusions)),
    )


settings = st.builds(
    AssignmentSettings,
    enabled=often(True, True, True, False),
    default_capacity=st.sampled_from([None, None, 1, 2]),
    flood_limit=st.one_of(
        st.none(), st.builds(FloodLimit, contacts=st.sampled_from([1, 2]), per=st.sampled_from([10, 60]))
    ),
    wrap_up=often(0, 30),
    offer=st.one_of(st.none(), offers),
    on_offline=st.builds(OnOffline, contacts=st.sampled_from(OfflineReturns), grace=st.sampled_from([0, 30, 60])),
)
contacts = st.builds(
    Contact,
    id=whose,
    arrived_at=often(0.0, -30.0).map(at),
    channel=often("chat", "mail"),
    customer_id=st.sampled_from([None, *CUSTOMERS]),
    office=st.sampled_from([None, None, *OFFICES, "atlantis"]),
    skills=skills_needed,
    language=st.sampled_from([None, "es"]),
    priority=often(None, 1, 3),
    preferred_agent_id=st.one_of(st.none(), agent_ids),
    exclude_agents=st.frozensets(agent_ids, max_size=1),
)

puts_office = st.builds(happened.OfficePut, at=st.just(MORNING), office=offices)
puts_agent = st.builds(happened.AgentPut, at=st.just(MORNING), agent=agents)
removes_agent = st.builds(happened.AgentRemoved, at=st.just(MORNING), agent_id=agent_ids)
publishes = st.builds(happened.RulesPublished, at=st.just(MORNING), rule_set=rule_sets(), version=st.just(1))
saves = st.builds(happened.SettingsSaved, at=st.just(MORNING), settings=settings)
forgets = st.builds(happened.CustomerForgotten, at=st.just(MORNING), customer_id=st.sampled_from(CUSTOMERS))
is_there = st.builds(
    happened.PresenceChanged,
    at=st.just(MORNING),
    agent_id=agent_ids,
    status=often(Status.ONLINE, Status.BUSY, Status.AWAY, Status.OFFLINE),
    switched_on=st.sampled_from([frozenset(OFFICES), frozenset(OFFICES), frozenset(OFFICES[:1]), frozenset[str]()]),
)
arrives = st.builds(happened.ContactArrived, at=st.just(MORNING), contact=contacts)
amends = st.builds(happened.ContactAmended, at=st.just(MORNING), contact=contacts)
takes = st.builds(happened.ContactTaken, at=st.just(MORNING), contact_id=whose, agent_id=agent_ids)
moves = st.one_of(
    st.builds(happened.ContactMoved, at=st.just(MORNING), contact_id=whose, queue=st.sampled_from(EVERY_QUEUE)),
    st.builds(
        happened.ContactMoved, at=st.just(MORNING), contact_id=whose, office=st.sampled_from([*OFFICES, "atlantis"])
    ),
)
returns = st.builds(
    happened.ContactReturned, at=st.just(MORNING), contact_id=whose, exclude_agent=st.one_of(st.none(), agent_ids)
)
holds, resumes, closes, abandons = (
    st.builds(kind, at=st.just(MORNING), contact_id=whose)
    for kind in (happened.ContactHeld, happened.ContactResumed, happened.ContactClosed, happened.ContactAbandoned)
)
accepts, answers = (
    st.builds(kind, at=st.just(MORNING), contact_id=whose)
    for kind in (happened.OfferAccepted, happened.ContactAnswered)
)
declines = st.builds(happened.OfferEnded, at=st.just(MORNING), contact_id=whose, because=st.just(OfferEnd.DECLINED))
ends_wrap_up = st.builds(happened.WrapUpEnded, at=st.just(MORNING), agent_id=agent_ids)
time_passes = st.builds(TimePasses, seconds=st.sampled_from([1, 9, 10, 29, 30, 60, 120, None, None]))
steps_back = st.builds(TimePasses, seconds=st.sampled_from([-1, -30, -120]))


@st.composite
def worlds(draw: Any) -> list[happened.Change]:
    """How a world begins: offices, most agents Online, a rule set, settings."""
    team = draw(st.lists(agents, min_size=3, max_size=7, unique_by=lambda agent: agent.id))
    begin: list[happened.Change] = [happened.OfficePut(at=MORNING, office=Office(id=name)) for name in OFFICES]
    begin += draw(st.lists(puts_office, min_size=1, max_size=2))
    for agent in team:
        begin.append(happened.AgentPut(at=MORNING, agent=agent))
        begin.append(
            happened.PresenceChanged(
                at=MORNING,
                agent_id=agent.id,
                status=draw(often(Status.ONLINE, Status.BUSY)),
                switched_on=frozenset(agent.offices),
            )
        )
    return [*begin, draw(publishes), draw(saves)]


WEIGHTS: tuple[tuple[int, SearchStrategy[Any]], ...] = (
    (12, arrives),
    (10, time_passes),
    (3, closes),
    (4, is_there),
    (5, accepts),
    (2, declines),
    (1, answers),
    (1, ends_wrap_up),
    (2, takes),
    (1, moves),
    (2, returns),
    (2, holds),
    (2, resumes),
    (1, abandons),
    (1, amends),
    (1, puts_agent),
    (1, forgets),
    (1, puts_office),
    (1, publishes),
    (1, saves),
    (1, removes_agent),
)
WEIGHTED = [strategy for weight, strategy in WEIGHTS for _ in range(weight)]


@st.composite
def happenings(draw: Any) -> Happening:
    """Anything that may happen; what happens often in life happens often here."""
    happening: Happening = draw(WEIGHTED[draw(st.integers(0, len(WEIGHTED) - 1))])
    return happening


def histories(*, longest: int = 50) -> SearchStrategy[Sequence[Happening]]:
    """What happens in a world, one thing after the other."""
    return st.lists(happenings(), min_size=longest // 2, max_size=longest)
