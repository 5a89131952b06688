"""Periods in days and hours of a clock on the wall, which is set forward and back."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from assigner.service.reports.periods import Bucket, make_period, midnight_after, midnight_before, read_instant
from presence.errors import Invalid

MADRID = ZoneInfo("Europe/Madrid")
LATE = datetime(2027, 1, 1, tzinfo=UTC)


def lengths(start: str, end: str, bucket: Bucket, *, zone: str = "Europe/Madrid", now: datetime = LATE) -> list[float]:
    """How many hours each part has."""
    place = ZoneInfo(zone)
    first, last = read_instant(start, place, field="from"), read_instant(end, place, field="to")
    edges = make_period(first, last, bucket=bucket, zone=place, now=now).edges
    return [(later - edge) / 3600 for edge, later in pairwise(edges)]


@pytest.mark.parametrize(
    ("start", "end", "bucket", "zone", "hours"),
    [
        pytest.param("2026-01-05", "2026-01-07", Bucket.DAY, "Europe/Madrid", [24, 24], id="days"),
        pytest.param("2026-03-28", "2026-03-31", Bucket.DAY, "Europe/Madrid", [24, 23, 24], id="clock set forward"),
        pytest.param("2026-10-25", "2026-10-26", Bucket.DAY, "Europe/Madrid", [25], id="clock set back"),
        pytest.param("2026-10-25", "2026-10-26", Bucket.HOUR, "Europe/Madrid", [1] * 25, id="all its hours"),
        pytest.param("2026-01-05", "2026-01-08", Bucket.WHOLE, "Europe/Madrid", [72], id="the whole"),
        pytest.param(
            "2026-01-05T10:20:00Z", "2026-01-05T12:10:00Z", Bucket.HOUR, "UTC", [2 / 3, 1, 1 / 6], id="pieces of hours"
        ),
        pytest.param(
            "2026-01-05T00:00:00Z", "2026-01-05T02:00:00Z", Bucket.HOUR, "Asia/Kolkata", [0.5, 1, 0.5], id="half hours"
        ),
        pytest.param(
            "2026-04-05", "2026-04-05T06:00:00+10:30", Bucket.HOUR, "Australia/Lord_Howe", None, id="half an hour back"
        ),
    ],
)
def test_parts(start: str, end: str, bucket: Bucket, zone: str, hours: list[float] | None) -> None:
    found = lengths(start, end, bucket, zone=zone)

    assert all(0 < each <= 25 for each in found) if hours is None else found == pytest.approx(hours)


def test_parts_that_have_not_begun_are_left_out_and_the_last_is_whole() -> None:
    now = datetime(2026, 1, 5, 10, 30, tzinfo=UTC)

    assert lengths("2026-01-05T09:00:00Z", "2026-01-06T00:00:00Z", Bucket.HOUR, zone="UTC", now=now) == [1, 1]
    assert lengths("2026-01-06", "2026-01-07", Bucket.DAY, now=now) == []


@pytest.mark.parametrize(
    ("start", "end", "bucket", "sentence"),
    [
        pytest.param("2026-01-06", "2026-01-05", Bucket.DAY, "the period ends before it begins", id="backwards"),
        pytest.param("2026-01-05", "2026-01-05", Bucket.DAY, "the period ends before it begins", id="empty"),
        pytest.param("2026-01-01", "2026-02-02", Bucket.HOUR, "longer than 31 days, the most by hour", id="many hours"),
        pytest.param("2025-01-01", "2026-02-02", Bucket.DAY, "longer than 366 days", id="many days"),
        pytest.param("yesterday", "2026-02-02", Bucket.DAY, "from is 'yesterday': write a date", id="no date"),
        pytest.param("2026-01-05", "2026-01-05T09:00:00", Bucket.DAY, "to is '2026-01-05T09:00:00'", id="no offset"),
        pytest.param("2026-02-30", "2026-03-05", Bucket.DAY, "from is '2026-02-30'", id="no such day"),
    ],
)
def test_a_period_that_cannot_be(start: str, end: str, bucket: Bucket, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        lengths(start, end, bucket)

    assert sentence in refused.value.message


def test_a_day_is_that_of_the_place() -> None:
    evening = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)

    assert midnight_before(evening, MADRID) == datetime(2026, 1, 5, 23, tzinfo=UTC)
    assert midnight_after(evening, MADRID) == datetime(2026, 1, 6, 23, tzinfo=UTC)


def test_a_span_is_divided_at_the_edges() -> None:
    period = make_period(
        datetime(2026, 1, 5, 9, tzinfo=UTC),
        datetime(2026, 1, 5, 12, tzinfo=UTC),
        bucket=Bucket.HOUR,
        zone=ZoneInfo("UTC"),
        now=LATE,
    )
    half_past_nine = datetime(2026, 1, 5, 9, 30, tzinfo=UTC).timestamp()

    assert list(period.divided(half_past_nine, half_past_nine + 5400)) == [(0, 1800), (1, 3600)]
