"""Reading of everything that has to do with clocks: weekdays, hours, dates, instants and time zones.

Rule sets and organisations share these; `clock_text` and the weekdays also serve writing."""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from presence.wording import sentence
from rules.entry import Entry
from rules.findings import Code
from rules.organisation import Interval

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
"""Names of the weekdays in documents; the place in the list is the number used everywhere else."""

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_weekdays(entry: Entry) -> tuple[int, ...]:
    """A list of weekdays, at least one, as sorted numbers from 0 for Monday."""
    days = {WEEKDAYS.index(item.one_of(WEEKDAYS)) for item in entry.items()}
    if not days and entry.value == []:
        entry.refuse(
            Code.OUT_OF_RANGE,
            sentence("days names no day"),
            sentence("name at least one, or leave days out for every day"),
        )
    return tuple(sorted(days))


def read_clock(entry: Entry) -> int:
    """A time of day such as 18:00, in minutes after midnight; 24:00 is the end of the day."""
    minutes = clock_minutes(entry.value)
    if minutes is None:
        message = sentence(
            "%(name)s must be a time from 00:00 to 24:00, not %(shown)s", name=entry.name, shown=entry.shown
        )
        entry.refuse(Code.BAD_TIME, message, sentence('write for example %(name)s: "18:00"', name=entry.name))
    return minutes or 0


def clock_minutes(text: object) -> int | None:
    """Minutes after midnight of HH:MM; None for anything else."""
    if not isinstance(text, str) or not _CLOCK.fullmatch(text):
        return None
    return int(text[:2]) * 60 + int(text[3:])


def clock_text(minutes: int) -> str:
    """Minutes after midnight as HH:MM."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def read_intervals(entry: Entry) -> tuple[Interval, ...]:
    """A list of stretches within one day such as "09:00-13:00", in the order of the day and apart from each other."""
    intervals = [interval for item in entry.items() if (interval := _read_interval(item)) is not None]
    for earlier, later in pairwise(intervals):
        if later[0] < earlier[1]:
            message = sentence(
                "%(later)s begins before %(earlier)s has ended",
                later=_interval_text(later),
                earlier=_interval_text(earlier),
            )
            entry.refuse(Code.BAD_TIME, message, sentence("write the stretches of a day in order and without overlap"))
            break
    return tuple(intervals)


def _interval_text(interval: Interval) -> str:
    return f"{clock_text(interval[0])}-{clock_text(interval[1])}"


def _read_interval(entry: Entry) -> Interval | None:
    start_text, dash, end_text = str(entry.value).partition("-")
    start, end = clock_minutes(start_text), clock_minutes(end_text)
    if not dash or start is None or end is None:
        message = sentence("%(name)s has %(shown)s, which is no stretch of hours", name=entry.name, shown=entry.shown)
        entry.refuse(Code.BAD_TIME, message, sentence('write for example "09:00-13:00"'))
        return None
    if end <= start:
        fix = sentence(
            'split it at midnight: "%(start)s-24:00" on this day, "00:00-%(end)s" on the next',
            start=start_text,
            end=end_text,
        )
        entry.refuse(
            Code.BAD_TIME,
            sentence("%(name)s has %(shown)s, which ends before it begins", name=entry.name, shown=entry.shown),
            fix,
        )
        return None
    return start, end


def read_date(entry: Entry) -> date:
    """A date such as 2026-12-25."""
    try:
        if not isinstance(entry.value, str) or not _DATE.fullmatch(entry.value):
            raise ValueError
        return date.fromisoformat(entry.value)
    except ValueError:
        message = sentence("%(name)s must be a date of the calendar, not %(shown)s", name=entry.name, shown=entry.shown)
        entry.refuse(Code.BAD_TIME, message, sentence("write for example %(name)s: 2026-12-25", name=entry.name))
        return date.min


def read_instant(entry: Entry) -> datetime:
    """An instant with offset (RFC 3339), in UTC."""
    try:
        if not isinstance(entry.value, str) or not _INSTANT.fullmatch(entry.value):
            raise ValueError
        return datetime.fromisoformat(entry.value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        message = sentence(
            "%(name)s must be an instant with an offset, not %(shown)s", name=entry.name, shown=entry.shown
        )
        entry.refuse(
            Code.BAD_TIME, message, sentence('write for example %(name)s: "2026-01-05T20:30:00+01:00"', name=entry.name)
        )
        return datetime.min.replace(tzinfo=UTC)


@lru_cache(maxsize=1)
def _time_zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def read_time_zone(entry: Entry) -> str:
    """The name of a time zone of the IANA database, such as Europe/Madrid."""
    name = entry.text()
    try:
        if name:
            ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        fix = sentence("use a name of the IANA database, for example Europe/Madrid")
        guess = (name, _time_zones())
        entry.refuse(
            Code.UNKNOWN_VALUE, sentence("there is no time zone %(shown)s", shown=entry.shown), fix, guess=guess
        )
    return name
