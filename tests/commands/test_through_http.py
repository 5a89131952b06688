"""The whole product gives every contact of a record to the same agent at the same instant as the board alone."""

from assigner.commands.demo_run import sample_scenario
from assigner.commands.replay_through_http import Comparison, served_twin
from assigner.samples import sample_file
from assigner.simulator.ledger import Ledger
from assigner.simulator.replay import Replay, Scenario
from rules.document import read_document


def lived_through(scenario: Scenario, rules: str) -> Comparison:
    replay, ledger = Replay(scenario), Ledger()
    with served_twin(scenario, read_document(rules).content) as twin:
        for moment in replay.moments():
            ledger.note(moment)
            twin.follow(moment)
        return twin.compare(ledger.course(end=replay.workspace.now))


def test_the_sample_day_through_http_is_the_sample_day_of_the_board() -> None:
    comparison = lived_through(sample_scenario(), sample_file("rules.yaml").read_text())

    assert len(comparison.alone) > 600
    assert comparison.through_http == comparison.alone
    assert comparison.repeated.decisions >= len(comparison.alone)
    assert comparison.repeated.differences == ()
