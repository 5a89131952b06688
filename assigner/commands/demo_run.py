"""The work of `assigner demo --film` and `--fast`: the sample day on the virtual clock, frame by frame or line by line.

The day is the same every time. How fast it passes is up to a `Pace`, which alone knows about real time."""

from collections.abc import Callable
from datetime import datetime, timedelta

import typer
from rich.console import Console
from rich.live import Live

from assigner.core.changes import AssignmentSettings
from assigner.samples import sample_file
from assigner.simulator.duty_file import read_duty
from assigner.simulator.figures import measure
from assigner.simulator.ledger import Ledger, recorded_course
from assigner.simulator.record import read_record
from assigner.simulator.replay import Replay, Scenario
from assigner.simulator.sample_day import ZONE
from assigner.simulator.screen import Screen
from assigner.simulator.story import clock_time, tell
from assigner.simulator.summary import print_summary
from assigner.wiring import Pace
from rules.parse import parse_organisation, parse_rules

FRAMES_PER_SECOND = 8
FRAME = timedelta(seconds=65)
"""So much of the day passes from one frame to the next: thirteen hours in ninety seconds."""


def run(*, fast: bool) -> None:
    """Show the sample day; Ctrl-C ends it with exit code 130."""
    console = Console()
    replay, ledger = Replay(sample_scenario()), Ledger()
    wait = (lambda: None) if fast else Pace(frames_per_second=FRAMES_PER_SECOND).wait
    try:
        if console.is_terminal and not fast:
            show(replay, ledger, console, wait)
        else:
            log(replay, ledger, wait)
    except KeyboardInterrupt:
        console.print(f"\nStopped at {clock_time(replay.workspace.now, ZONE)} of the sample day.", highlight=False)
        raise typer.Exit(130) from None
    course = ledger.course(end=replay.workspace.now)
    console.print()
    print_summary(console, measure(course), measure(recorded_course(replay.scenario.contacts, course)))


def sample_scenario() -> Scenario:
    """The sample day as a scenario: its contacts, duty, organisation and rules."""
    organisation = parse_organisation(sample_file("organisation.yaml").read_bytes(), source="organisation.yaml")
    rules = parse_rules(sample_file("rules.yaml").read_bytes(), source="rules.yaml")
    contacts = sample_file("contacts.csv").read_bytes()
    agents = sample_file("agents.csv").read_bytes()
    return Scenario(
        contacts=read_record(contacts, source="contacts.csv", zone=ZONE, offices=organisation.offices).contacts,
        duty=read_duty(agents, source="agents.csv", zone=ZONE, organisation=organisation),
        organisation=organisation,
        rule_set=rules.rule_set,
        settings=AssignmentSettings(default_capacity=organisation.default_capacity),
    )


def show(replay: Replay, ledger: Ledger, console: Console, wait: Callable[[], None]) -> None:
    """A picture of the day that moves."""
    workspace = replay.workspace
    screen = Screen(workspace.board.floor, ZONE, height=console.height)
    with Live(console=console, auto_refresh=False) as live:
        now = first_frame(replay.scenario)
        while not workspace.is_over:
            _advance(replay, ledger, screen, until=now)
            live.update(screen.picture(now=now), refresh=True)
            wait()
            now += FRAME


def log(replay: Replay, ledger: Ledger, wait: Callable[[], None]) -> None:
    """The day told line by line."""
    frame_ends = first_frame(replay.scenario)
    for moment in replay.moments():
        while frame_ends < moment.now:
            wait()
            frame_ends += FRAME
        ledger.note(moment)
        for line in tell(moment, replay.workspace.board.floor, ZONE):
            typer.echo(line)


def first_frame(scenario: Scenario) -> datetime:
    """The film begins shortly before the first contact arrives; what was before is done at once."""
    return scenario.contacts[0].contact.arrived_at - 4 * FRAME


def _advance(replay: Replay, ledger: Ledger, screen: Screen, *, until: datetime) -> None:
    for moment in replay.moments(until=until):
        ledger.note(moment)
        screen.note(moment)
