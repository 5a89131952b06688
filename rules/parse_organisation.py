"""Organisation documents, YAML or JSON: the offices with their hours and holidays, and the agents with their skills.

Written and checked like rule sets (parse.py); lint, replay and the sample data read them."""

from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType

from presence.wording import sentence
from rules.document import read_document
from rules.entry import Entry, read_all
from rules.findings import Code, one_of
from rules.model import NO_SKILLS
from rules.organisation import Agent, Capacity, Holiday, HolidayCalendar, Interval, Office, Organisation
from rules.parse_times import WEEKDAYS, read_date, read_intervals, read_time_zone


def parse_organisation(text: str | bytes, *, source: str = "organisation") -> Organisation:
    """Read an organisation; `source` is what messages call it. Raises RulesInvalid with every error in it."""
    return read_all(read_document(text), source, _organisation)


def _organisation(entry: Entry) -> Organisation:
    fields = entry.fields("offices", "agents", "default_capacity")
    offices = fields["offices"].named_entries()
    agents = fields["agents"].named_entries()
    return Organisation(
        offices={name: read_office(entry, name) for name, entry in offices.items()},
        agents={name: read_agent(entry, name, offices) for name, entry in agents.items()},
        default_capacity=fields.read("default_capacity", Entry.count, None),
    )


def read_office(entry: Entry, office_id: str) -> Office:
    """One office, with its hours and holidays."""
    fields = entry.fields("name", "time_zone", "hours", "holidays")
    return Office(
        id=office_id,
        name=fields.read("name", Entry.text, ""),
        time_zone=fields.read("time_zone", read_time_zone, "UTC"),
        hours=fields.read("hours", _hours, None),
        holidays=fields.read("holidays", _holidays, ()),
    )


def _hours(entry: Entry) -> Mapping[int, tuple[Interval, ...]]:
    days = entry.fields(*WEEKDAYS)
    return {number: read_intervals(days[day]) for number, day in enumerate(WEEKDAYS) if day in days}


def _holidays(entry: Entry) -> tuple[Holiday, ...] | HolidayCalendar:
    if isinstance(entry.value, dict):
        return _calendar(entry)
    return tuple(_holiday(item) for item in entry.items())


def _holiday(entry: Entry) -> Holiday:
    fields = entry.fields("date", "name", "hours", needed=("date",))
    return Holiday(
        date=fields.read("date", read_date, date.min),
        name=fields.read("name", Entry.text, ""),
        hours=fields.read("hours", read_intervals, ()),
    )


def _calendar(entry: Entry) -> HolidayCalendar:
    """The public holidays of a country, as the library `holidays` knows them."""
    # Imported late: it takes 0.4 s, which an organisation without calendars need not pay.
    from holidays import list_supported_countries

    fields = entry.fields("calendar", "subdivision", needed=("calendar",))
    known = list_supported_countries(include_aliases=False)
    country = fields["calendar"].one_of(sorted(known)) if "calendar" in fields else ""
    if "subdivision" not in fields:
        return HolidayCalendar(calendar=country)
    if not known.get(country):
        fields["subdivision"].refuse(
            Code.UNKNOWN_VALUE,
            sentence("the calendar of %(country)s has no subdivisions", country=country),
            sentence("remove subdivision"),
        )
        return HolidayCalendar(calendar=country)
    return HolidayCalendar(calendar=country, subdivision=fields["subdivision"].one_of(sorted(known[country])))


def read_agent(entry: Entry, agent_id: str, offices: Collection[str]) -> Agent:
    """One agent, who may belong to these offices."""
    fields = entry.fields("name", "offices", "skills", "capacity", "weight", "takes_contacts", "active", "wrap_up")
    own_offices = fields["offices"].items()
    return Agent(
        id=agent_id,
        name=fields.read("name", Entry.text, ""),
        offices=tuple(_own_office(item, offices) for item in own_offices),
        skills=fields.read("skills", Entry.skills, NO_SKILLS),
        capacity=fields.read("capacity", _capacity, None),
        weight=fields.read("weight", lambda weight: weight.whole(1), 1),
        takes_contacts=fields.read("takes_contacts", Entry.yes_or_no, True),
        active=fields.read("active", Entry.yes_or_no, True),
        wrap_up=fields.read("wrap_up", Entry.count, None),
    )


def _own_office(entry: Entry, offices: Collection[str]) -> str:
    office = entry.text()
    if office and office not in offices:
        fix = sentence("name one of %(known)s, or add it under offices", known=one_of(offices))
        entry.refuse(
            Code.UNKNOWN_OFFICE,
            sentence('office "%(office)s" does not exist', office=office),
            fix,
            guess=(office, offices),
        )
    return office


def _capacity(entry: Entry) -> Capacity:
    if not isinstance(entry.value, dict):
        return Capacity(total=entry.count())
    fields = entry.fields("total", "channels")
    channels = fields["channels"].named_entries()
    return Capacity(
        total=fields.read("total", Entry.count, None),
        channels=MappingProxyType({channel: limit.count() for channel, limit in channels.items()}),
    )
