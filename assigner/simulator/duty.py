"""Duty: which agents there are in a replay, when they are signed in, and when they are Busy or away meanwhile.

Read from a file (`duty_file`) or, where there is none, inferred here from the recorded contacts. A record knows only
when an agent talked, so inferred duty is a guess: see `infer_duty`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from assigner.simulator.record import RecordedContact
from presence.model import Status
from rules.organisation import Agent, Office, Organisation

LONGEST_PAUSE = timedelta(minutes=60)
"""A longer gap between two contacts ends a stretch of duty. Lunch is shorter, the gap in a split shift longer; and even
on a quiet day an agent at the desk is seldom without a contact for an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """An agent has a status from `start` until before `end`: Online is the duty itself, others lie inside one.

    Away with `offices` is away for these offices alone; the agent stays Online for the others."""

    agent_id: str
    start: datetime
    end: datetime
    status: Status = Status.ONLINE
    offices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """The agents of a replay and their stretches, in order of their start."""

    agents: Mapping[str, Agent]
    stretches: tuple[Stretch, ...]


def infer_duty(contacts: Iterable[RecordedContact], organisation: Organisation | None = None) -> Duty:
    """The duty that the record shows: from the start of an agent's contact to the end of the last before a long pause.

    An agent whom the organisation does not know has the skills that the answered contacts asked for, and belongs to
    their offices. Who is on duty but was given nothing yet, or nothing any more, cannot be seen, so real duty is longer
    than what is inferred."""
    known = {} if organisation is None else organisation.agents
    by_agent: dict[str, list[RecordedContact]] = defaultdict(list)
    for recorded in contacts:
        if recorded.agent is not None:
            by_agent[recorded.agent].append(recorded)
    return Duty(
        agents=MappingProxyType({each: known.get(each) or _agent(each, by_agent[each]) for each in by_agent}),
        stretches=in_order(stretch for each in by_agent for stretch in _stretches(each, by_agent[each])),
    )


def in_order(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Stretches by their start, the longer first: duty comes before a break that begins with it."""
    return tuple(sorted(stretches, key=lambda each: (each.start, -each.end.timestamp(), each.agent_id)))


def staffed(organisation: Organisation | None, duty: Duty, contacts: Iterable[RecordedContact]) -> Organisation:
    """The organisation in which a record is replayed: the given one, with the agents as the duty knows them.

    Without a given one, the offices that agents and contacts name exist and are always open."""
    if organisation is not None:
        return replace(organisation, agents={**organisation.agents, **duty.agents})
    named = [recorded.contact.office for recorded in contacts if recorded.contact.office is not None]
    offices = dict.fromkeys([*(office for agent in duty.agents.values() for office in agent.offices), *named])
    return Organisation(offices={office: Office(id=office) for office in offices}, agents=duty.agents)


def _agent(agent_id: str, answered: Sequence[RecordedContact]) -> Agent:
    skills: dict[str, int] = {}
    for recorded in answered:
        for skill, level in recorded.contact.skills.items():
            skills[skill] = max(level, skills.get(skill, 0))
    offices = dict.fromkeys(recorded.contact.office for recorded in answered if recorded.contact.office is not None)
    return Agent(id=agent_id, offices=tuple(offices), skills=skills)


def _stretches(agent_id: str, answered: list[RecordedContact]) -> list[Stretch]:
    answered.sort(key=lambda recorded: recorded.waited_until)
    stretches: list[Stretch] = []
    for recorded in answered:
        start, end = recorded.waited_until, recorded.ended_at
        if stretches and start - stretches[-1].end <= LONGEST_PAUSE:
            stretches[-1] = replace(stretches[-1], end=max(end, stretches[-1].end))
        else:
            stretches.append(Stretch(agent_id=agent_id, start=start, end=end))
    return [stretch for stretch in stretches if stretch.start < stretch.end]
