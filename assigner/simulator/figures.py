"""The figures of a course of contacts: waits, service level, what each agent did, and how fairly it was shared.

The same arithmetic measures a replay and the record that it came from. Waits are in seconds, shares from 0 to 1; a
figure that nothing is known of is None, never 0."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from assigner.measures import Fairness, fairness, percentile
from assigner.simulator.ledger import Course, Outcome, Span

SERVICE_TIME = timedelta(seconds=20)
"""The share of all contacts, abandoned ones included, that are answered within it is the service level."""

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFigures:
    """One agent. `occupancy` is the share of the time Online in which the agent held at least one contact."""

    agent_id: str
    contacts: int
    online_s: float
    contacts_per_hour: float | None
    occupancy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of one course. Waits are those of answered contacts; `within_20s` is a share of all contacts."""

    contacts: int
    answered: int
    abandoned: int
    unfinished: int
    mean_wait: float | None
    p90_wait: float | None
    within_20s: float | None
    agents: tuple[AgentFigures, ...]
    fairness: Fairness


def measure(course: Course) -> Figures:
    """The figures of a course. Answered, abandoned and unfinished contacts are all contacts."""
    waits = sorted(each.given_at - each.arrived_at for each in course.outcomes if each.given_at is not None)
    abandoned = sum(outcome.abandoned_at is not None for outcome in course.outcomes)
    contacts, answered = len(course.outcomes), len(waits)
    agents = tuple(_agents(course))
    return Figures(
        contacts=contacts,
        answered=answered,
        abandoned=abandoned,
        unfinished=contacts - answered - abandoned,
        mean_wait=sum(waits, timedelta()).total_seconds() / answered if waits else None,
        p90_wait=percentile(waits, 90).total_seconds() if waits else None,
        within_20s=sum(wait <= SERVICE_TIME for wait in waits) / contacts if contacts else None,
        agents=agents,
        fairness=fairness([each.contacts_per_hour for each in agents if each.contacts_per_hour is not None]),
    )


def _agents(course: Course) -> Iterable[AgentFigures]:
    held: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in course.outcomes:
        if outcome.agent is not None:
            held[outcome.agent].append(outcome)
    for agent_id in sorted({*course.online, *held}):
        outcomes, online = held[agent_id], course.online.get(agent_id, ())
        time_online = total(online)
        spans = [(each.given_at, each.closed_at or course.end) for each in outcomes if each.given_at is not None]
        yield AgentFigures(
            agent_id=agent_id,
            contacts=len(outcomes),
            online_s=time_online.total_seconds(),
            contacts_per_hour=len(outcomes) / (time_online / HOUR) if time_online else None,
            occupancy=total(common(merged(spans), online)) / time_online if time_online else None,
        )


def total(spans: Iterable[Span]) -> timedelta:
    """How long spans are together."""
    return sum((end - start for start, end in spans), timedelta())


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = result[-1][0], max(end, result[-1][1])
        else:
            result.append((start, end))
    return result


def common(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """The time that is in both; each in order and without overlaps."""
    result: list[Span] = []
    left, right = 0, 0
    while left < len(first) and right < len(second):
        start, end = max(first[left][0], second[right][0]), min(first[left][1], second[right][1])
        if start < end:
            result.append((start, end))
        if first[left][1] < second[right][1]:
            left += 1
        else:
            right += 1
    return result
