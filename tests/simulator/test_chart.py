"""The picture of a replay: quarter hours counted right, and an SVG that is well-formed and says what it shows."""

from datetime import date
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from assigner.simulator.chart import chart
from assigner.simulator.ledger import Course, Outcome
from assigner.simulator.quarters import QUARTERS, Quarters, in_quarters
from tests.simulator.builders import UTC_ZONE, at

SVG = "{http://www.w3.org/2000/svg}"
MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
NINE = 9 * 4


def a_day(**values: float) -> tuple[float, ...]:
    """A day with values in some quarters: `q36=2` is from nine to a quarter past."""
    return tuple(values.get(f"q{quarter}", 0.0) for quarter in range(QUARTERS))


def a_course() -> Course:
    """One contact waits from 9:10 to 9:20, one gives up at once; ana is Online from 9:00 to 9:30."""
    waiting = Outcome(contact_id="a", arrived_at=at(600), given_at=at(1200), agent="ana")
    gone = Outcome(contact_id="b", arrived_at=at(600), abandoned_at=at(600))
    return Course(outcomes=(waiting, gone), online={"ana": ((at(0), at(1800)),)}, end=at(1800))


def test_a_course_in_quarter_hours() -> None:
    assert in_quarters(a_course(), UTC_ZONE) == Quarters(
        arrivals={MONDAY: a_day(q36=2)},
        waiting={MONDAY: a_day(q36=300 / 900, q37=300 / 900)},
        online={MONDAY: a_day(q36=1, q37=1)},
        zone="UTC",
    )


def test_quarter_hours_are_those_of_the_clock_on_the_wall() -> None:
    quarters = in_quarters(a_course(), ZoneInfo("Asia/Kathmandu"))

    assert quarters.arrivals == {MONDAY: a_day(q59=2)}


def test_an_unfinished_contact_waits_to_the_end() -> None:
    waiting = Outcome(contact_id="a", arrived_at=at(0))

    assert in_quarters(Course(outcomes=(waiting,), online={}, end=at(900)), UTC_ZONE).waiting == {MONDAY: a_day(q36=1)}


def test_the_picture_says_in_words_what_it_shows() -> None:
    svg = ElementTree.fromstring(chart(in_quarters(a_course(), UTC_ZONE), title="Replay of <calls> & more"))

    assert svg.attrib["role"] == "img"
    assert svg.findtext(f"{SVG}title") == "Replay of <calls> & more"
    assert svg.findtext(f"{SVG}desc") == (
        "Contacts arriving per quarter hour: at most 2, on 2026-01-05 at 9:00."
        " Contacts waiting (mean of each quarter hour): at most 0.333, on 2026-01-05 at 9:00."
        " Agents Online (mean of each quarter hour): at most 1, on 2026-01-05 at 9:00."
    )


@pytest.mark.parametrize(
    ("days", "lines", "legend"),
    [
        pytest.param({}, 0, ["No contacts"], id="no day"),
        pytest.param({MONDAY: a_day(q36=1)}, 3, ["Monday, 2026-01-05"], id="one day"),
        pytest.param(
            {MONDAY: a_day(q36=1), TUESDAY: a_day(q36=3)},
            9,
            ["mean of 2 days", "each of the days from 2026-01-05 to 2026-01-06"],
            id="two days and their mean",
        ),
    ],
)
def test_days_are_laid_over_each_other(days: dict[date, tuple[float, ...]], lines: int, legend: list[str]) -> None:
    svg = ElementTree.fromstring(chart(Quarters(arrivals=days, waiting=days, online=days, zone="UTC"), title="Replay"))

    texts = [text.text for text in svg.findall(f"{SVG}text")]
    assert len(svg.findall(f".//{SVG}polyline")) == lines
    assert texts == ["Replay", *legend, "Hour of the day, UTC"]


@pytest.mark.parametrize(
    ("largest", "top"),
    [
        pytest.param(0.0, "4", id="nothing"),
        pytest.param(4.0, "4", id="small"),
        pytest.param(34.0, "36", id="tens"),
        pytest.param(234.0, "240", id="hundreds"),
    ],
)
def test_the_scale_ends_at_a_round_number(largest: float, top: str) -> None:
    days = {MONDAY: a_day(q36=largest)}

    svg = ElementTree.fromstring(chart(Quarters(arrivals=days, waiting=days, online=days, zone="UTC"), title="Replay"))

    group = svg.find(f"{SVG}g")
    assert group is not None
    assert [text.text for text in group.findall(f"{SVG}text")][5] == top
