"""A report, from what was asked to its rows: the log of the period becomes facts, and the facts are counted.

It reads the database only, so it may run beside everything else, in any thread or process. What it costs is bounded by
what happened in the period, and by how many contacts have ended since it began."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from assigner.core.filters import members_of
from assigner.service.reports.course import Course, Fact, Happened, Waited
from assigner.service.reports.figures import By, Report
from assigner.service.reports.periods import Period
from assigner.service.reports.tallies import (
    AgentsTally,
    ContactsTally,
    FairnessTally,
    Figures,
    Tally,
    Teams,
    WaitsTally,
)
from assigner.service.workspace import Workspace
from assigner.store.log_start import log_start
from assigner.store.report_lines import lines_before, lines_of, statuses_before, stretch
from presence.errors import Invalid
from presence.wording import sentence

MOST_ROWS = 50_000
"""More than anybody reads, and as much as one answer may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which contacts are counted; None: whatever it is. An agent is the one who holds or held the contact."""

    office: str | None = None
    queue: str | None = None
    agent_id: str | None = None

    def counts(self, fact: Fact) -> bool:
        """Whether a fact is counted."""
        if not isinstance(fact, Happened | Waited):
            return self.agent_id in (None, fact.agent_id)
        return (
            self.office in (None, fact.office)
            and self.queue in (None, fact.queue)
            and self.agent_id in (None, fact.agent_id)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked. `within` are the seconds of the service level."""

    report: Report
    period: Period
    by: By
    only: Only
    within: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One part of the period for one group. A part that has not ended yet, or began before the log, is not complete."""

    start: datetime
    end: datetime
    complete: bool
    group: str | None
    figures: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """The rows of a report. Where the log was pruned it is about the time since `kept_since`; parts that begin before
    are not complete."""

    rows: list[ReportRow]
    kept_since: datetime | None = None


def teams_of(workspace: Workspace) -> Teams:
    """Who belongs where today."""
    floor = workspace.floor
    bits = {agent_id: floor.roster.bit(agent_id) for agent_id in workspace.agents}
    queues = {name: members_of(floor.roster, queue) for name, queue in floor.queues.items()}
    seats = {agent_id: floor.seat(agent_id) for agent_id in workspace.agents}
    return Teams(
        offices={
            office: frozenset(each for each, seat in seats.items() if office in seat.agent.offices)
            for office in floor.offices
        },
        queues={
            name: frozenset(each for each, bit in bits.items() if bit & members) for name, members in queues.items()
        },
        takes_contacts=frozenset(each for each, seat in seats.items() if seat.is_member),
    )


def report_rows(connection: Connection, workspace: int, wanted: Wanted, teams: Teams) -> Reckoned:
    """The rows of a report, by time and then by group; where it is about everything together, one for every part.

    Raises Invalid `out_of_range` where there would be too many."""
    period, log = wanted.period, log_start(connection, workspace)
    kept_since = None if log is None else log.at
    if not period.parts:
        return Reckoned(rows=[], kept_since=kept_since)
    tally = _tally(wanted, teams)
    start = period.start if kept_since is None else min(max(period.start, kept_since), period.until)
    changes = stretch(connection, workspace, start, period.until)
    needs_agents = wanted.report in (Report.AGENTS, Report.FAIRNESS)
    statuses = statuses_before(connection, workspace, changes) if needs_agents else {}

    def tell(fact: Fact) -> None:
        if wanted.only.counts(fact):
            tally.add(fact)

    course = Course(statuses, tell, start=start.timestamp(), until=period.until.timestamp())
    before = lines_before(connection, workspace, changes, start)
    course.follow(before, lines_of(connection, workspace, changes))
    groups = [None] if wanted.by is By.ALL else sorted(tally.groups(), key=lambda each: (each is None, each or ""))
    if len(groups) * len(period.parts) > MOST_ROWS:
        message = sentence(
            "the report would have %(rows)s rows, %(groups)s for each of %(parts)s parts, and at most %(most)s are"
            " answered; ask for less or for larger parts",
            rows=f"{len(groups) * len(period.parts):,}",
            groups=f"{len(groups):,}",
            parts=f"{len(period.parts):,}",
            most=f"{MOST_ROWS:,}",
        )
        raise Invalid("out_of_range", message, field="bucket")
    rows = [
        _row(wanted, (part, group), tally.figures((part, group)), kept_since=kept_since)
        for part in period.parts
        for group in groups
    ]
    return Reckoned(rows=rows, kept_since=kept_since)


def _tally(wanted: Wanted, teams: Teams) -> Tally:
    match wanted.report:
        case Report.CONTACTS:
            return ContactsTally(wanted.period, wanted.by)
        case Report.WAITS:
            return WaitsTally(wanted.period, wanted.by, within=wanted.within)
        case Report.AGENTS:
            return AgentsTally(wanted.period, wanted.by, teams)
        case Report.FAIRNESS:
            return FairnessTally(wanted.period, wanted.by, teams)


def _row(wanted: Wanted, place: tuple[int, str | None], figures: Figures, *, kept_since: datetime | None) -> ReportRow:
    part, group = place
    start, end = (datetime.fromtimestamp(edge, UTC) for edge in wanted.period.edges[part : part + 2])
    rounded = {name: value if value is None else round(value, 4) for name, value in figures.items()}
    complete = end <= wanted.period.until and (kept_since is None or start >= kept_since)
    return ReportRow(start=start, end=end, complete=complete, group=group, figures=rounded)
