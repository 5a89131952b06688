"""The time that a report is about: from when until when, in which parts, and how much of it has passed.

Days and hours are those of a clock on the wall in a time zone, so a day may have 23 or 25 hours. Instants are reckoned
with in seconds since 1970."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from presence.errors import Invalid
from presence.wording import sentence

HOUR = timedelta(hours=1)


class Bucket(StrEnum):
    """Into which parts a period is divided."""

    WHOLE = "whole"
    DAY = "day"
    HOUR = "hour"


LONGEST = {Bucket.WHOLE: 366, Bucket.DAY: 366, Bucket.HOUR: 31}
"""How many days a period has at most: what a report costs is bounded by what happened in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period in parts. `edges` are where the parts begin that have begun, and where the last of them ends; `until` is
    how far it has passed."""

    start: datetime
    end: datetime
    until: datetime
    zone: ZoneInfo
    edges: tuple[float, ...]

    @property
    def parts(self) -> range:
        """The numbers of the parts that have begun."""
        return range(len(self.edges) - 1)

    def part_of(self, at: float) -> int:
        """The part in which an instant of the period lies."""
        return bisect_right(self.edges, at) - 1

    def divided(self, start: float, end: float) -> Iterator[tuple[int, float]]:
        """How many seconds of a span lie in which part."""
        part = self.part_of(start)
        while start < end:
            edge = min(self.edges[part + 1], end)
            yield part, edge - start
            start, part = edge, part + 1


def make_period(start: datetime, end: datetime, *, bucket: Bucket, zone: ZoneInfo, now: datetime) -> Period:
    """A period in parts. Raises Invalid `out_of_range` for one that ends before it begins, or is too long."""
    if end <= start:
        raise Invalid(
            "out_of_range", sentence("the period ends before it begins; let `to` be later than `from`"), field="to"
        )
    longest = LONGEST[bucket]
    if end - start > timedelta(days=longest, hours=1):  # the hour of a clock that was set back
        message = sentence(
            "the period is longer than %(longest)s days, the most by %(bucket)s; ask for less, or for larger parts",
            longest=longest,
            bucket=bucket,
        )
        raise Invalid("out_of_range", message, field="to")
    edges, until = [start.astimezone(UTC)], min(end, now)
    while edges[-1] < until:
        edges.append(min(_next_edge(edges[-1], bucket, zone) or end, end))
    return Period(
        start=start,
        end=end,
        until=max(until, start),
        zone=zone,
        edges=tuple(edge.timestamp() for edge in edges),
    )


def read_instant(text: str, zone: ZoneInfo, *, field: str) -> datetime:
    """An instant, or a date, which means its midnight in the zone. Raises Invalid."""
    try:
        if len(text) == len("2026-01-05"):
            return _midnight(date.fromisoformat(text), zone)
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    message = sentence(
        "%(field)s is %(text)r: write a date, such as 2026-01-05, or an instant, such as 2026-01-05T09:00:00Z",
        field=field,
        text=text[:40],
    )
    raise Invalid("invalid", message, field=field)


def midnight_before(instant: datetime, zone: ZoneInfo) -> datetime:
    """The last midnight of the zone before an instant."""
    return _midnight((instant - timedelta.resolution).astimezone(zone).date(), zone)


def midnight_after(instant: datetime, zone: ZoneInfo) -> datetime:
    """The next midnight of the zone behind an instant."""
    return _midnight(instant.astimezone(zone).date() + timedelta(days=1), zone)


def _next_edge(at: datetime, bucket: Bucket, zone: ZoneInfo) -> datetime | None:
    """The next full hour or midnight of the clock on the wall; None where there is only one part."""
    if bucket is Bucket.WHOLE:
        return None
    if bucket is Bucket.DAY:
        return midnight_after(at, zone)
    later = (at + HOUR).astimezone(zone)
    past = timedelta(minutes=later.minute, seconds=later.second, microseconds=later.microsecond)
    return at + HOUR - past


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
