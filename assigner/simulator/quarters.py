"""A course in quarter hours of the local day: arrivals, contacts that wait, agents Online. Drawn by `chart`.

What lasts is averaged over each quarter: three contacts that wait for five minutes each are one waiting contact."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from assigner.simulator.ledger import Course, Outcome, Span

QUARTERS = 96
QUARTER = timedelta(minutes=15)

Days = Mapping[date, tuple[float, ...]]
"""Ninety-six values, one for each quarter hour of the clock on the wall, for every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarters:
    """Per quarter hour: how many contacts arrived, and on average how many waited and how many agents were Online.

    `zone` is the time zone of the clock."""

    arrivals: Days
    waiting: Days
    online: Days
    zone: str


def in_quarters(course: Course, zone: ZoneInfo) -> Quarters:
    """Count a course in quarter hours, on the days on which contacts arrived."""
    days = sorted({outcome.arrived_at.astimezone(zone).date() for outcome in course.outcomes})
    online = [span for spans in course.online.values() for span in spans]
    return Quarters(
        arrivals=_counts((outcome.arrived_at for outcome in course.outcomes), days, zone),
        waiting=_means((_wait(outcome, course.end) for outcome in course.outcomes), days, zone),
        online=_means(online, days, zone),
        zone=zone.key,
    )


def _wait(outcome: Outcome, end: datetime) -> Span:
    return outcome.arrived_at, outcome.given_at or outcome.abandoned_at or end


def _counts(instants: Iterable[datetime], days: list[date], zone: ZoneInfo) -> Days:
    rows = {day: [0.0] * QUARTERS for day in days}
    for instant in instants:
        local = instant.astimezone(zone)
        rows[local.date()][local.hour * 4 + local.minute // 15] += 1
    return {day: tuple(row) for day, row in rows.items()}


def _means(spans: Iterable[Span], days: list[date], zone: ZoneInfo) -> Days:
    rows = {day: [0.0] * QUARTERS for day in days}
    for start, end in spans:
        at = start
        while at < end:
            local = at.astimezone(zone)
            into_quarter = timedelta(minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond)
            until = min(at + QUARTER - into_quarter, end)
            if local.date() in rows:
                rows[local.date()][local.hour * 4 + local.minute // 15] += (until - at) / QUARTER
            at = until
    return {day: tuple(row) for day, row in rows.items()}
