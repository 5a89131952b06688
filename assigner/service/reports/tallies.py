"""From facts to rows: one tally for each report, which counts a fact in the part of the period where it belongs.

A row is known by its part and its group: an office, a queue, an agent, or None for everything together and for what has
no such thing."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from assigner.measures import fairness, percentile
from assigner.service.reports.course import Fact, Happened, Spent, Waited
from assigner.service.reports.figures import CONTENTS, By, Report
from assigner.service.reports.periods import Period
from presence.model import Status

Row = tuple[int, str | None]
"""The number of a part, and a group."""
Figures = dict[str, float | None]
HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """Who belongs to which offices, and is a member of which queues, today; and who takes contacts at all."""

    offices: Mapping[str, frozenset[str]]
    queues: Mapping[str, frozenset[str]]
    takes_contacts: frozenset[str]

    def of(self, by: By) -> Mapping[str | None, frozenset[str]]:
        """Whose assignments are compared, for each group."""
        if by is By.ALL:
            return {None: self.takes_contacts}
        groups = self.offices if by is By.OFFICE else self.queues
        return {name: members & self.takes_contacts for name, members in groups.items()}


class Tally(Protocol):
    """What counts facts and then tells the figures of every row; `empty` are those of a row with nothing in it."""

    def add(self, fact: Fact) -> None:
        """Count a fact."""

    def groups(self) -> Iterable[str | None]:
        """The groups that anything is known of."""

    def figures(self, row: Row) -> Figures:
        """What a row tells."""


class ContactsTally:
    """Counts what happened to contacts."""

    def __init__(self, period: Period, by: By) -> None:
        self._part_of, self._group_of = period.part_of, _group_of(by)
        self._names = tuple(figure.name for figure in CONTENTS[Report.CONTACTS].figures)
        self._counts: dict[Row, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(self, fact: Fact) -> None:
        """Count what happened."""
        if isinstance(fact, Happened):
            counts = self._counts[self._part_of(fact.at), self._group_of(fact)]
            counts[fact.what] += 1
            if fact.what == "assigned" and not fact.automatic:
                counts["assigned_by_hand"] += 1

    def groups(self) -> Iterable[str | None]:
        """The groups to which anything happened."""
        return {group for _, group in self._counts}

    def figures(self, row: Row) -> Figures:
        """How often what happened."""
        counts = self._counts.get(row, {})
        return {name: counts.get(name, 0) for name in self._names}


class WaitsTally:
    """Keeps every wait. `within` are the seconds of the service level."""

    def __init__(self, period: Period, by: By, *, within: int) -> None:
        self._part_of, self._group_of, self._within = period.part_of, _group_of(by), within
        self._waits: dict[Row, array[float]] = defaultdict(lambda: array("d"))
        self._abandoned: dict[Row, int] = defaultdict(int)

    def add(self, fact: Fact) -> None:
        """Keep a wait."""
        if isinstance(fact, Waited):
            row = self._part_of(fact.at), self._group_of(fact)
            if fact.answered:
                self._waits[row].append(fact.seconds)
            else:
                self._abandoned[row] += 1

    def groups(self) -> Iterable[str | None]:
        """The groups in which anybody waited."""
        return {group for rows in (self._waits, self._abandoned) for _, group in rows}

    def figures(self, row: Row) -> Figures:
        """How long they waited."""
        waits, abandoned = sorted(self._waits.get(row, ())), self._abandoned.get(row, 0)
        answered, all_waits = len(waits), len(waits) + abandoned
        return {
            "answered": answered,
            "abandoned": abandoned,
            "mean_wait": sum(waits) / answered if waits else None,
            "p50_wait": percentile(waits, 50) if waits else None,
            "p90_wait": percentile(waits, 90) if waits else None,
            "max_wait": waits[-1] if waits else None,
            "service_level": sum(wait <= self._within for wait in waits) / all_waits if all_waits else None,
        }


@dataclass(slots=True, kw_only=True)
class _Time:
    """What somebody did with the time: seconds by status, those Online with contacts, and seconds times contacts."""

    contacts: int = 0
    by_status: dict[str, float]
    held_s: float = 0.0
    load_s: float = 0.0


class AgentsTally:
    """Adds up the time of agents, and what they were given."""

    def __init__(self, period: Period, by: By, teams: Teams) -> None:
        self._period, self._by = period, by
        self._times: dict[Row, _Time] = defaultdict(lambda: _Time(by_status=defaultdict(float)))
        self._offices: dict[str, list[str]] = defaultdict(list)
        for office, members in teams.offices.items():
            for agent_id in members:
                self._offices[agent_id].append(office)

    def add(self, fact: Fact) -> None:
        """Count what an agent did."""
        match fact:
            case Happened(what="assigned", at=at, agent_id=str(agent_id)):
                for group in self._groups_of(agent_id):
                    self._times[self._period.part_of(at), group].contacts += 1
            case Spent(agent_id=agent_id, status=status, held=held, start=start, end=end):
                for group in self._groups_of(agent_id):
                    for part, seconds in self._period.divided(start, end):
                        time = self._times[part, group]
                        time.by_status[status] += seconds
                        if status == Status.ONLINE and held:
                            time.held_s += seconds
                            time.load_s += seconds * held

    def groups(self) -> Iterable[str | None]:
        """Who was there."""
        return {group for _, group in self._times}

    def figures(self, row: Row) -> Figures:
        """What became of the time."""
        time = self._times.get(row) or _Time(by_status={})
        online = time.by_status.get(Status.ONLINE, 0.0)
        return {
            "contacts": time.contacts,
            **{f"{status}_s": time.by_status.get(status, 0.0) for status in Status},
            "contacts_per_hour": time.contacts / (online / HOUR) if online else None,
            "occupancy": time.held_s / online if online else None,
            "mean_load": time.load_s / online if online else None,
        }

    def _groups_of(self, agent_id: str) -> Iterable[str | None]:
        if self._by is By.OFFICE:
            return self._offices.get(agent_id, ())
        return (agent_id if self._by is By.AGENT else None,)


class FairnessTally:
    """Compares what agents were given by the engine."""

    def __init__(self, period: Period, by: By, teams: Teams) -> None:
        self._period, self._by, self._members = period, by, teams.of(by)
        self._online: dict[tuple[int, str], float] = defaultdict(float)
        self._contacts: dict[tuple[int, str | None, str], int] = defaultdict(int)

    def add(self, fact: Fact) -> None:
        """Count an assignment, or time Online."""
        match fact:
            case Happened(what="assigned", automatic=True, at=at, agent_id=str(agent_id)):
                group = fact.queue if self._by is By.QUEUE else None
                self._contacts[self._period.part_of(at), group, agent_id] += 1
            case Spent(agent_id=agent_id, status=Status.ONLINE, start=start, end=end):
                for part, seconds in self._period.divided(start, end):
                    self._online[part, agent_id] += seconds

    def groups(self) -> Iterable[str | None]:
        """All groups of today."""
        return self._members

    def figures(self, row: Row) -> Figures:
        """How evenly it was shared."""
        part, group = row
        of_queue = group if self._by is By.QUEUE else None
        agents = [each for each in self._members.get(group, ()) if self._online.get((part, each))]
        counts = [self._contacts.get((part, of_queue, each), 0) for each in agents]
        rates = [count / (self._online[part, each] / HOUR) for count, each in zip(counts, agents, strict=True)]
        shared = fairness(rates)
        return {
            "agents": len(agents),
            "contacts": sum(counts),
            "contacts_per_hour": sum(rates) / len(rates) if rates else None,
            "max_minus_min": shared.max_minus_min,
            "jain": shared.jain,
        }


def _group_of(by: By) -> Callable[[Happened | Waited], str | None]:
    """What a fact about a contact is counted for."""
    match by:
        case By.OFFICE:
            return lambda fact: fact.office
        case By.QUEUE:
            return lambda fact: fact.queue
        case By.AGENT:
            return lambda fact: fact.agent_id
        case _:
            return lambda _: None
