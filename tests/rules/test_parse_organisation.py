"""Organisation documents: the whole of one, and every kind of error with its exact place and words."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.findings import Finding, RulesInvalid
from rules.organisation import Agent, Capacity, Holiday, HolidayCalendar, Office, Organisation
from rules.parse import parse_organisation

EVERYTHING = """
offices:
  madrid:
    name: Madrid
    time_zone: Europe/Madrid
    hours: {mon: ["09:00-13:00", "14:00-24:00"], sun: []}
    holidays: {calendar: ES, subdivision: MD}
  lisbon:
    hours: null
    holidays:
    - {date: 2026-12-24, name: Christmas Eve, hours: ["09:00-12:00"]}
    - date: 2026-12-25
agents:
  ana:
    name: Ana
    offices: [madrid, lisbon]
    skills: {es: 3}
    capacity: {total: 5, channels: {chat: 3}}
    weight: 2
  rui: {skills: [pt], capacity: 0, takes_contacts: false, active: false}
  eva:
default_capacity: 4
"""


def test_everything_that_an_organisation_can_say() -> None:
    eve = Holiday(date=date(2026, 12, 24), name="Christmas Eve", hours=((540, 720),))

    assert parse_organisation(EVERYTHING) == Organisation(
        offices={
            "madrid": Office(
                id="madrid",
                name="Madrid",
                time_zone="Europe/Madrid",
                hours={0: ((540, 780), (840, 1440)), 6: ()},
                holidays=HolidayCalendar(calendar="ES", subdivision="MD"),
            ),
            "lisbon": Office(id="lisbon", holidays=(eve, Holiday(date=date(2026, 12, 25), name=""))),
        },
        agents={
            "ana": Agent(
                id="ana",
                name="Ana",
                offices=("madrid", "lisbon"),
                skills={"es": 3},
                capacity=Capacity(total=5, channels={"chat": 3}),
                weight=2,
            ),
            "rui": Agent(id="rui", skills={"pt": 1}, capacity=Capacity(total=0), takes_contacts=False, active=False),
            "eva": Agent(id="eva"),
        },
        default_capacity=4,
    )


def test_an_empty_organisation() -> None:
    assert parse_organisation("") == Organisation()


@pytest.mark.parametrize(
    ("text", "code", "place", "message", "fix"),
    [
        pytest.param(
            "offices: {madrid: {}}\nagents:\n  ana:\n    offices: [madird]",
            "unknown_office",
            (4, 15),
            'office "madird" does not exist; did you mean "madrid"?',
            'name one of "madrid", or add it under offices',
            id="unknown office",
        ),
        pytest.param(
            'offices: {a: {hours: {mon: ["22:00-06:00"]}}}',
            "bad_time",
            (1, 29),
            'mon[0] has "22:00-06:00", which ends before it begins',
            'split it at midnight: "22:00-24:00" on this day, "00:00-06:00" on the next',
            id="past midnight",
        ),
        pytest.param(
            'offices: {a: {hours: {mon: ["9-17"]}}}',
            "bad_time",
            (1, 29),
            'mon[0] has "9-17", which is no stretch of hours',
            'write for example "09:00-13:00"',
            id="no hours",
        ),
        pytest.param(
            'offices: {a: {hours: {mon: ["09:00-13:00", "12:00-17:00"]}}}',
            "bad_time",
            (1, 23),
            "12:00-17:00 begins before 09:00-13:00 has ended",
            "write the stretches of a day in order and without overlap",
            id="overlap",
        ),
        pytest.param(
            "offices: {a: {hours: {monday: []}}}",
            "unknown_field",
            (1, 23),
            'unknown field "monday"; did you mean "mon"?',
            'remove it; known here: "mon", "tue", "wed", "thu", "fri", "sat", "sun"',
            id="unknown day",
        ),
        pytest.param(
            "offices: {a: {holidays: [{date: 2026-02-30}]}}",
            "bad_time",
            (1, 27),
            'date must be a date of the calendar, not "2026-02-30"',
            "write for example date: 2026-12-25",
            id="no such date",
        ),
        pytest.param(
            "offices: {a: {holidays: {calendar: ES, subdivision: BY}}}",
            "unknown_value",
            (1, 40),
            'subdivision cannot be "BY"',
            'choose one of "AN", "AR", "AS", "Barcelona", "CB", "CE", "CL", "CM", "CN", "CT", "EX", "GA", ...',
            id="a subdivision of another country",
        ),
        pytest.param(
            "offices: {a: {holidays: {calendar: JP, subdivision: X}}}",
            "unknown_value",
            (1, 40),
            "the calendar of JP has no subdivisions",
            "remove subdivision",
            id="no subdivisions",
        ),
        pytest.param(
            "offices: {a: {time_zone: ../etc/passwd}}",
            "unknown_value",
            (1, 15),
            'there is no time zone "../etc/passwd"',
            "use a name of the IANA database, for example Europe/Madrid",
            id="no time zone",
        ),
        pytest.param(
            "agents: {ana: {weight: 0}}",
            "out_of_range",
            (1, 16),
            "weight is 0, but must be at least 1",
            "write a whole number from 1 on",
            id="no weight",
        ),
        pytest.param(
            "agents: {ana: {capacity: {chat: 3}}}",
            "unknown_field",
            (1, 27),
            'unknown field "chat"',
            'remove it; known here: "total", "channels"',
            id="a channel beside total",
        ),
    ],
)
def test_errors(text: str, code: str, place: tuple[int, int], message: str, fix: str) -> None:
    with pytest.raises(RulesInvalid) as refusal:
        parse_organisation(text)

    (finding,) = refusal.value.findings
    found = (finding.code.value, (finding.place.line, finding.place.column), finding.message, finding.fix)
    assert found == (code, place, message, fix)


def test_an_unknown_calendar() -> None:
    with pytest.raises(RulesInvalid) as refusal:
        parse_organisation("offices: {a: {holidays: {calendar: Spain}}}", source="organisation.yaml")

    assert refusal.value.message.startswith(
        'organisation.yaml line 1: calendar cannot be "Spain"; choose one of "AD", '
    )


words = st.sampled_from(
    ["name", "time_zone", "hours", "mon", "holidays", "date", "offices", "skills", "capacity", "total", "09:00-10:00"]
)
values = st.recursive(
    words | st.none() | st.booleans() | st.integers() | st.text("UTC/\0é", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["offices", "agents", "default_capacity"]), values))
@settings(max_examples=100)
def test_any_values_are_read_or_refused(document: dict[str, object]) -> None:
    text = json.dumps(document)
    assert all(finding.message and finding.fix for finding in findings_in(text))


def findings_in(text: str) -> tuple[Finding, ...]:
    try:
        parse_organisation(text)
    except RulesInvalid as refusal:
        return refusal.findings
    return ()
