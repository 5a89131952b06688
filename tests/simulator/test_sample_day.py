"""The sample day is what its generator makes, and the engine does with it what the demo promises."""

from assigner.commands.demo_run import sample_scenario
from assigner.samples import sample_file
from assigner.simulator.replay import Replay
from assigner.simulator.sample_day import sample_day
from assigner.simulator.story import tell
from rules.parse import parse_organisation
from tests.simulator.builders import UTC_ZONE


def test_the_files_are_made_again_byte_for_byte() -> None:
    day = sample_day(parse_organisation(sample_file("organisation.yaml").read_bytes()))

    assert day.contacts.encode() == sample_file("contacts.csv").read_bytes()
    assert day.agents.encode() == sample_file("agents.csv").read_bytes()


def test_the_day_has_everything_that_the_demo_shows() -> None:
    replay = Replay(sample_scenario())

    told = "\n".join(
        line for moment in replay.moments() for line in tell(moment, replay.workspace.board.floor, UTC_ZONE)
    )

    for expected in (
        "07:15:22 k001 asks night as well\n",
        "gonzalo is Busy\n",
        "diego is Online, away for sevilla\n",
        "marta is Away\n",
        " gave up\n",
        " waits: Nobody in lisbon is online. 4 in lisbon: 4 offline.\n",
        "least recently served; next would have been ",
    ):
        assert expected in told
