"""Who is on duty when: read from a file, with the exact sentence for what is wrong in it, or inferred from a record."""

import pytest

from assigner.simulator.duty import Duty, Stretch, infer_duty, staffed
from assigner.simulator.duty_file import read_duty
from presence.errors import Invalid
from presence.model import Status
from rules.organisation import Agent, Capacity, Office, Organisation
from tests.simulator.builders import HEADER as COLUMNS
from tests.simulator.builders import UTC_ZONE, a_line, abandoned, answered, at, on_duty, read

HEADER = "agent,from,to,status,skills,offices,capacity"
NINE_TO_TEN = "2026-01-05T09:00:00,2026-01-05T10:00:00"
FIRST_MINUTE = "2026-01-05T09:00:00,2026-01-05T09:01:00"
LATER = "2026-01-05T11:00:00,2026-01-05T12:00:00"
BRISA = Organisation(
    offices={name: Office(id=name) for name in ("madrid", "sevilla")},
    agents={"ana": Agent(id="ana", name="Ana", offices=("madrid",), skills={"es": 3})},
)


def read_lines(*lines: str, organisation: Organisation | None = None) -> Duty:
    raw = "\n".join((HEADER, *lines)).encode()
    return read_duty(raw, source="agents.csv", zone=UTC_ZONE, organisation=organisation)


def test_a_file_with_duty_and_breaks() -> None:
    duty = read_lines(
        f"ana,{FIRST_MINUTE},busy,,,",
        f"ana,{NINE_TO_TEN},,es:2 billing,madrid sevilla,3",
        "ana,2026-01-05T09:01:00,2026-01-05T09:02:00,busy,,,",
        "ana,2026-01-05T09:30:00,2026-01-05T10:00:00,away,,sevilla,",
    )

    ana = Agent(id="ana", offices=("madrid", "sevilla"), skills={"es": 2, "billing": 1}, capacity=Capacity(total=3))
    assert duty == Duty(
        agents={"ana": ana},
        stretches=(
            on_duty("ana"),
            on_duty("ana", 0, 60, Status.BUSY),
            on_duty("ana", 60, 120, Status.BUSY),
            Stretch(agent_id="ana", start=at(1800), end=at(3600), status=Status.AWAY, offices=("sevilla",)),
        ),
    )


def test_what_the_file_does_not_say_the_organisation_says() -> None:
    duty = read_lines(f"ana,{NINE_TO_TEN},online,es:1,,", organisation=BRISA)

    assert duty.agents == {"ana": Agent(id="ana", name="Ana", offices=("madrid",), skills={"es": 1})}


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        pytest.param([f",{NINE_TO_TEN},,,,"], "line 2: agent: is empty", id="nobody"),
        pytest.param(
            ["ana,2026-01-05T09:00:00,2026-01-05T09:00:00,,,,"],
            "line 2: to: 2026-01-05T09:00:00 is not after from, 2026-01-05T09:00:00",
            id="ends as it begins",
        ),
        pytest.param(
            [f"ana,{NINE_TO_TEN},bussy,,,"],
            'line 2: status: "bussy" is not a status; did you mean "busy"?',
            id="misspelt",
        ),
        pytest.param(
            [f"ana,{NINE_TO_TEN},lunch,,,"],
            'line 2: status: "lunch" is not a status; there are: online, busy, away',
            id="no such status",
        ),
        pytest.param(
            [f"ana,{NINE_TO_TEN},offline,,,"],
            "line 2: status: nobody chooses offline; end the stretch of duty instead",
            id="offline",
        ),
        pytest.param(
            [f"ana,{NINE_TO_TEN},,es:,,"],
            'line 2: skills: "es:" is not a skill; write names and levels, such as "es:2 billing"',
            id="no level",
        ),
        pytest.param(
            [f"ana,{NINE_TO_TEN},,,,-1"],
            'line 2: capacity: "-1" is not a whole number from 0 to 1000000',
            id="capacity",
        ),
        pytest.param(
            [f"ana,{NINE_TO_TEN},,es,,", f"ana,{LATER},,pt,,"],
            'line 3: skills: "pt" of agent "ana" is "es" on line 2; write it once',
            id="two stories",
        ),
        pytest.param(
            [f"ana,{NINE_TO_TEN},,,,", f"ana,{NINE_TO_TEN},,,,"],
            'line 3: from: agent "ana" is on line 2 until 2026-01-05T10:00:00',
            id="on duty twice",
        ),
        pytest.param(
            [f"ana,{NINE_TO_TEN},,,,", f"ana,{LATER},busy,,,"],
            'line 3: status: agent "ana" is not on duty all of this time; add an online row around it',
            id="a break outside duty",
        ),
        pytest.param(
            [f"ana,{NINE_TO_TEN},,,madrid,", f"ana,{FIRST_MINUTE},away,,madird,"],
            'line 3: offices: agent "ana" does not belong to "madird"; did you mean "madrid"?',
            id="away for a foreign office",
        ),
    ],
)
def test_a_bad_line_refuses_the_file(lines: list[str], sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_lines(*lines)

    assert str(refused.value) == f"agents.csv {sentence}"


def test_an_office_that_the_organisation_does_not_have_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        read_lines(f"ana,{NINE_TO_TEN},,,sevila,", organisation=BRISA)

    assert str(refused.value) == (
        'agents.csv line 2: offices: "sevila" does not exist in the organisation; did you mean "sevilla"?'
    )


def test_inferred_duty_lasts_from_the_first_answer_to_the_last_end_and_a_long_gap_ends_it() -> None:
    contacts = [
        answered("a", waited=10, handled=50),
        answered("b", arrived=60 + 3600, handled=60),
        answered("c", arrived=120 + 2 * 3600 + 1, handled=60),
        abandoned("d"),
    ]

    assert infer_duty(contacts) == Duty(
        agents={"ana": Agent(id="ana")},
        stretches=(on_duty("ana", 10, 3720), on_duty("ana", 7321, 7381)),
    )


def test_inferred_agents_can_do_what_they_did() -> None:
    record = read(f"{a_line(service='tech')},madrid", header=f"{COLUMNS},office")

    assert infer_duty(record.contacts).agents == {"ana": Agent(id="ana", offices=("madrid",), skills={"tech": 1})}


def test_inferred_duty_leaves_it_to_the_organisation_what_an_agent_can_do() -> None:
    assert infer_duty([answered("a")], BRISA).agents == {"ana": BRISA.agents["ana"]}


def test_a_replay_has_the_agents_of_the_organisation_and_those_on_duty() -> None:
    duty = read_lines(f"luis,{NINE_TO_TEN},,,,", f"ana,{NINE_TO_TEN},,pt,,", organisation=BRISA)

    staff = staffed(BRISA, duty, ())

    assert {agent.id: dict(agent.skills) for agent in staff.agents.values()} == {"ana": {"pt": 1}, "luis": {}}


def test_without_an_organisation_the_offices_are_those_that_are_named() -> None:
    duty = read_lines(f"ana,{NINE_TO_TEN},,,madrid,")
    contacts = read(f"{a_line()},lisbon", header=f"{COLUMNS},office").contacts

    assert staffed(None, duty, contacts).offices == {name: Office(id=name) for name in ("madrid", "lisbon")}
