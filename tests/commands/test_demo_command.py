"""`assigner demo` as people see it: a log when piped, figures at the end, and a polite end on Ctrl-C."""

from collections.abc import Callable
from io import StringIO

import pytest
from rich.console import Console
from typer.testing import CliRunner

from assigner.cli import app
from assigner.commands.demo_run import FRAME, FRAMES_PER_SECOND, first_frame, log, sample_scenario, show
from assigner.simulator.ledger import Ledger
from assigner.simulator.replay import Replay


class Waits:
    """Counts the waits instead of waiting; `interrupted_after` presses Ctrl-C."""

    def __init__(self, *, interrupted_after: int | None = None) -> None:
        self.count = 0
        self._interrupted_after = interrupted_after

    def __call__(self) -> None:
        self.count += 1
        if self.count == self._interrupted_after:
            raise KeyboardInterrupt


def test_at_once_it_is_a_log_that_ends_with_the_figures() -> None:
    result = CliRunner().invoke(app, ["demo", "--fast"])

    lines = result.stdout.splitlines()
    assert (lines[0], result.exit_code) == ("08:00:00 gonzalo is Online", 0)
    assert "08:15:22 k001 (night) -> gonzalo: least recently served." in lines
    assert " contacts                         720       720" in [line.rstrip() for line in lines]


@pytest.mark.parametrize("film", [pytest.param(log, id="log"), pytest.param("picture", id="picture")])
def test_the_day_takes_a_minute_and_a_half(film: Callable[..., None] | str) -> None:
    replay, waits = Replay(sample_scenario()), Waits()

    if film == "picture":
        show(replay, Ledger(), Console(file=StringIO(), width=80, height=24), waits)
    else:
        log(replay, Ledger(), waits)

    assert 60 < waits.count / FRAMES_PER_SECOND < 120


def test_the_first_contact_comes_within_a_second() -> None:
    scenario = sample_scenario()

    frames = (scenario.contacts[0].contact.arrived_at - first_frame(scenario)) / FRAME

    assert frames / FRAMES_PER_SECOND < 1


def test_the_log_can_be_interrupted() -> None:
    replay = Replay(sample_scenario())

    with pytest.raises(KeyboardInterrupt):
        log(replay, Ledger(), Waits(interrupted_after=100))

    assert replay.workspace.now < replay.scenario.start + 101 * FRAME + FRAME * 20
