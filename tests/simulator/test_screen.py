"""The moving picture of the demo: it shows the same as the floor, in words as well as in colour, at any height."""

from io import StringIO

import pytest
from rich.console import Console

from assigner.commands.demo_run import sample_scenario
from assigner.simulator.replay import Replay
from assigner.simulator.sample_day import ZONE
from assigner.simulator.screen import Screen
from tests.simulator.builders import at


def picture(*, height: int, seconds: float) -> list[str]:
    """The picture so many seconds after nine in Coordinated Universal Time, ten in Madrid."""
    replay = Replay(sample_scenario())
    screen = Screen(replay.workspace.board.floor, ZONE, height=height)
    for moment in replay.moments(until=at(seconds)):
        screen.note(moment)
    console = Console(file=StringIO(), width=100, height=height)
    with console.capture() as capture:
        console.print(screen.picture(now=at(seconds)))
    return capture.get().splitlines()


@pytest.mark.parametrize("height", [24, 42])
def test_it_fits_the_terminal_and_stands_still(height: int) -> None:
    early, late = picture(height=height, seconds=-4500), picture(height=height, seconds=2 * 3600)

    assert len(early) == len(late) <= height


def test_before_the_first_contact_only_people_are_to_be_seen() -> None:
    first, *rest = picture(height=24, seconds=-6300)

    assert first.strip() == "Monday 08:15   0 contacts: 0 waiting, 0 handled, 0 done, 0 gave up"
    assert "● bruno    Offline" in rest[3]
    assert "● gonzalo  Online" in rest[3]


def test_what_waits_says_why_and_what_was_given_says_to_whom() -> None:
    shown = picture(height=24, seconds=-5700)

    assert [line.strip("│ ") for line in shown if "k00" in line] == [
        "k002   0:49  Nobody in lisbon is online. 4 in lisbon: 4 offline.",
        "08:15:22 k001 (night) -> gonzalo: least recently served.",
    ]
