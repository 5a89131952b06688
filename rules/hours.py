"""Whether an office is open at an instant, and until when that stays so.

An office is open while the clock on its wall shows a time within its hours, the end not included; a holiday replaces
the hours of its date. Clocks on walls are changed in spring and autumn, so the next change is searched in UTC."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from rules.organisation import HolidayCalendar, Interval, Office

HORIZON = timedelta(days=400)
"""How far ahead a change is looked for: longer than any year, so that yearly exceptions are found."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_ALL_DAY: tuple[Interval, ...] = ((0, 24 * 60),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Open or closed, and the instant (UTC) at which that changes. `until` None: not within the next 400 days."""

    open: bool
    until: datetime | None


def opening(office: Office, *, now: datetime) -> Opening:
    """Whether the office is open at `now` (aware), and until when. `hours` None: open on all days but holidays."""
    is_open = _is_open(office, now)
    if not office.holidays and not office.hours:
        return Opening(open=is_open, until=None)
    until = next((instant for instant in _instants(office, now) if _is_open(office, instant) is not is_open), None)
    return Opening(open=is_open, until=until)


def _is_open(office: Office, instant: datetime) -> bool:
    local = instant.astimezone(ZoneInfo(office.time_zone))
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in _hours_on(office, local.date()))


def _instants(office: Office, now: datetime) -> Iterator[datetime]:
    """Every instant after `now` at which the office may open or close, in order."""
    now = now.astimezone(UTC)
    zone = ZoneInfo(office.time_zone)
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    while start < now + HORIZON:
        change = _clock_change(zone, start)
        for begin, end in ((start, change), (change, start + _DAY)):
            yield from (instant for instant in _boundaries(office, zone, begin, end) if instant > now)
        start += _DAY


def _clock_change(zone: tzinfo, start: datetime) -> datetime:
    """The instant of this UTC day at which the zone changes its clocks; the end of the day where it does not."""
    low, high = start, start + _DAY
    before = low.astimezone(zone).utcoffset()
    if high.astimezone(zone).utcoffset() == before:
        return high
    while high - low > _SECOND:
        middle = low + (high - low) // (2 * _SECOND) * _SECOND
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high


def _boundaries(office: Office, zone: tzinfo, begin: datetime, end: datetime) -> list[datetime]:
    """The begin, and every edge of the hours until `end`. In between the offset of the zone does not change."""
    offset = begin.astimezone(zone).utcoffset() or timedelta()
    first, last = (begin + offset).date(), (end + offset).date()
    found = {begin} if begin < end else set()
    for day in (first + _DAY * number for number in range((last - first).days + 1)):
        midnight = datetime.combine(day, time(), tzinfo=UTC) - offset
        edges = (midnight + timedelta(minutes=minute) for interval in _hours_on(office, day) for minute in interval)
        found.update(edge for edge in (midnight, *edges) if begin <= edge < end)
    return sorted(found)


def _hours_on(office: Office, day: date) -> tuple[Interval, ...]:
    """The hours of one date: those of a holiday, else those of the weekday."""
    if isinstance(office.holidays, HolidayCalendar):
        if day in _public_holidays(office.holidays, day.year):
            return ()
    else:
        for holiday in office.holidays:
            if holiday.date == day:
                return holiday.hours
    return _ALL_DAY if office.hours is None else office.hours.get(day.weekday(), ())


@lru_cache(maxsize=256)
def _public_holidays(calendar: HolidayCalendar, year: int) -> frozenset[date]:
    # Imported late: it takes 0.4 s, which an office without a calendar need not pay.
    from holidays import country_holidays

    return frozenset(country_holidays(calendar.calendar, subdiv=calendar.subdivision, years=year))
