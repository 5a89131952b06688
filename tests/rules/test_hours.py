"""Office hours: what is open when, until when, and that daylight saving and holidays are no exception."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.hours import HORIZON, Opening, opening
from rules.organisation import Holiday, HolidayCalendar, Interval, Office

MADRID, NEW_YORK = ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York")
NINE_TO_FIVE = dict.fromkeys(range(5), ((9 * 60, 17 * 60),))


def an_office(**fields: Any) -> Office:
    return Office(**{"id": "o", "time_zone": "Europe/Madrid", "hours": NINE_TO_FIVE} | fields)


def at(text: str, zone: ZoneInfo = MADRID) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


EVERY_NIGHT = dict.fromkeys(range(7), ((0, 150), (22 * 60, 1440)))
THREE_TO_FOUR_IN_THE_GAP = {6: ((120, 180),)}


@pytest.mark.parametrize(
    ("office", "now", "expected"),
    [
        pytest.param(an_office(), at("2026-01-07 09:00"), (True, at("2026-01-07 17:00")), id="at the start"),
        pytest.param(an_office(), at("2026-01-07 08:59:59"), (False, at("2026-01-07 09:00")), id="before the start"),
        pytest.param(an_office(), at("2026-01-07 16:59:59"), (True, at("2026-01-07 17:00")), id="before the end"),
        pytest.param(an_office(), at("2026-01-07 17:00"), (False, at("2026-01-08 09:00")), id="at the end"),
        pytest.param(an_office(), at("2026-01-09 17:00"), (False, at("2026-01-12 09:00")), id="over the weekend"),
        pytest.param(an_office(hours=None), at("2026-01-07 03:00"), (True, None), id="always open"),
        pytest.param(an_office(hours={}), at("2026-01-07 10:00"), (False, None), id="never open"),
        pytest.param(
            an_office(hours=dict.fromkeys(range(7), ((0, 1440),))),
            at("2026-01-07 10:00"),
            (True, None),
            id="every day round the clock",
        ),
        pytest.param(
            an_office(hours=EVERY_NIGHT), at("2026-01-07 23:00"), (True, at("2026-01-08 02:30")), id="over midnight"
        ),
        pytest.param(
            an_office(holidays=(Holiday(date=date(2026, 1, 7), name="closed"),)),
            at("2026-01-07 10:00"),
            (False, at("2026-01-08 09:00")),
            id="a holiday",
        ),
        pytest.param(
            an_office(holidays=(Holiday(date=date(2026, 1, 7), name="short", hours=((600, 720),)),)),
            at("2026-01-07 10:00"),
            (True, at("2026-01-07 12:00")),
            id="a holiday with hours of its own",
        ),
        pytest.param(
            an_office(hours=None, holidays=(Holiday(date=date(2026, 1, 9), name="closed"),)),
            at("2026-01-07 10:00"),
            (True, at("2026-01-09 00:00")),
            id="always open but on a holiday",
        ),
        pytest.param(
            an_office(hours={}, holidays=(Holiday(date=date(2026, 12, 24), name="once", hours=((600, 720),)),)),
            at("2026-01-07 10:00"),
            (False, at("2026-12-24 10:00")),
            id="open once a year",
        ),
        pytest.param(
            an_office(holidays=HolidayCalendar(calendar="ES", subdivision="MD")),
            at("2026-01-06 10:00"),
            (False, at("2026-01-07 09:00")),
            id="Epiphany by the calendar of Madrid",
        ),
        pytest.param(
            an_office(holidays=HolidayCalendar(calendar="PT")),
            at("2026-01-06 10:00"),
            (True, at("2026-01-06 17:00")),
            id="no holiday in Portugal",
        ),
        pytest.param(
            an_office(hours=EVERY_NIGHT),
            at("2026-03-28 23:00"),
            (True, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
            id="half past two does not exist in March: closed when the clock jumps to three",
        ),
        pytest.param(
            an_office(hours=THREE_TO_FOUR_IN_THE_GAP),
            at("2026-03-28 12:00"),
            (False, at("2026-04-05 02:00")),
            id="hours that fall into the gap are skipped",
        ),
        pytest.param(
            an_office(hours=EVERY_NIGHT),
            datetime(2026, 10, 25, 0, 45, tzinfo=UTC),
            (False, datetime(2026, 10, 25, 1, 0, tzinfo=UTC)),
            id="in October the clock shows two again: open once more",
        ),
        pytest.param(
            an_office(hours=EVERY_NIGHT),
            datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
            (True, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
            id="until it is half past two again",
        ),
        pytest.param(
            an_office(time_zone="America/New_York"),
            at("2026-03-06 17:00", NEW_YORK),
            (False, datetime(2026, 3, 9, 13, 0, tzinfo=UTC)),
            id="New York changes its clocks three weeks before",
        ),
        pytest.param(
            an_office(time_zone="Pacific/Apia", hours=dict.fromkeys(range(7), ((540, 600),))),
            datetime(2011, 12, 29, 20, 0, tzinfo=UTC),
            (False, datetime(2011, 12, 30, 19, 0, tzinfo=UTC)),
            id="Samoa had no 30 December 2011",
        ),
    ],
)
def test_opening(office: Office, now: datetime, expected: tuple[bool, datetime | None]) -> None:
    is_open, until = expected

    assert opening(office, now=now) == Opening(open=is_open, until=until)


def on_the_wall(office: Office, instant: datetime) -> bool:
    """Open by the definition: the clock on the wall shows a time within the hours of the day."""
    assert isinstance(office.holidays, tuple)
    local = instant.astimezone(ZoneInfo(office.time_zone))
    special = [holiday.hours for holiday in office.holidays if holiday.date == local.date()]
    usual = ((0, 1440),) if office.hours is None else office.hours.get(local.weekday(), ())
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in (special[0] if special else usual))


minutes_of_day = st.integers(0, 96).map(lambda quarter: quarter * 15)
intervals: st.SearchStrategy[tuple[Interval, ...]] = st.lists(minutes_of_day, max_size=4, unique=True).map(
    lambda edges: tuple(zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)
offices = st.builds(
    Office,
    id=st.just("o"),
    time_zone=st.sampled_from(["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    hours=st.none() | st.dictionaries(st.integers(0, 6), intervals),
    holidays=st.lists(
        st.builds(Holiday, date=st.dates(date(2026, 3, 20), date(2026, 4, 10)), name=st.just("h"), hours=intervals),
        max_size=2,
        unique_by=lambda holiday: holiday.date,
    ).map(tuple),
)
near_clock_changes = st.sampled_from([datetime(2026, month, 1, tzinfo=UTC) for month in (3, 4, 10, 11)]).flatmap(
    lambda start: st.integers(0, 32 * 24 * 60).map(lambda count: start + timedelta(minutes=count))
)


@given(offices, near_clock_changes)
@settings(max_examples=60)
def test_open_is_constant_until_the_change_and_flips_there(office: Office, now: datetime) -> None:
    found = opening(office, now=now)
    end = found.until if found.until is not None else now + HORIZON
    checked = [
        now + timedelta(minutes=15 * step) for step in range(min(int((end - now) / timedelta(minutes=15)), 1000))
    ]

    assert found.open is on_the_wall(office, now)
    assert [instant for instant in checked if on_the_wall(office, instant) is not found.open] == []
    if found.until is not None:
        assert found.until > now
        assert on_the_wall(office, found.until - timedelta(microseconds=1)) is found.open
        assert on_the_wall(office, found.until) is not found.open
