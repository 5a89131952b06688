"""The sample day with a tenth of the offers missed and two agents who vanish: nothing is lost, every wait has its
reason."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from assigner.cli import app
from assigner.commands.demo_run import sample_scenario
from assigner.core.changes import ContactReturned, OfferEnd, OfferEnded, ReturnReason
from assigner.core.model import ContactState
from assigner.samples import sample_file
from assigner.simulator.hardship import COULD_BE_GIVEN, SETTINGS, Accounts, Hardship, gone_in_the_middle, without
from assigner.simulator.replay import Replay, Scenario
from presence.model import Status
from tests.simulator.builders import at, duty, on_duty


def a_hard_day() -> Scenario:
    scenario = sample_scenario()
    capacity = scenario.settings.default_capacity
    gone = gone_in_the_middle(scenario.duty, 2)
    return replace(
        scenario,
        settings=replace(SETTINGS, default_capacity=capacity),
        hardship=Hardship(missed_percent=10, gone=gone),
    )


def test_nothing_is_lost_and_nothing_waits_while_somebody_could_take_it() -> None:
    scenario = a_hard_day()
    replay = Replay(scenario)
    floor = replay.workspace.board.floor
    accounts = Accounts(floor, [recorded.contact.id for recorded in scenario.contacts])
    ended = {"missed": 0, "back": 0}
    for moment in replay.moments():
        accounts.note(moment)
        for change in moment.changes:
            ended["missed"] += isinstance(change, OfferEnded) and change.because is OfferEnd.MISSED
            ended["back"] += isinstance(change, ContactReturned) and change.because is ReturnReason.OFFLINE
        for agent_id, left_at in scenario.hardship.gone.items():
            if moment.now > left_at + timedelta(minutes=10):
                assert not floor.seat(agent_id).holds, f"work sits with {agent_id}, who is gone"

    assert min(ended.values()) > 10, "the day was not hard"
    assert all(COULD_BE_GIVEN not in dict(each.reasons) for each in accounts.accounts())
    left = [each for each in floor.contacts.values() if each.state is not ContactState.QUEUED]
    assert left == [], "what is open at the end waits for somebody, and is with nobody who is gone"


def test_the_command_accounts_for_the_ten_longest_waits() -> None:
    options = [
        *("--agents", str(sample_file("agents.csv")), "--organisation", str(sample_file("organisation.yaml"))),
        *("--rules", str(sample_file("rules.yaml")), "--time-zone", "Europe/Madrid", "--missed", "10"),
    ]

    arguments = ["replay", str(sample_file("contacts.csv")), *options, "--vanished", "2"]
    printed = CliRunner().invoke(app, arguments)
    figures = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)

    assert "The longest waits, and what they were for" in printed.stdout
    assert figures["answered"] + figures["abandoned"] + figures["unfinished"] == figures["contacts"] == 720
    waits = figures["longest_waits"]
    assert len(waits) == 10
    assert [each["waited_s"] for each in waits] == sorted((each["waited_s"] for each in waits), reverse=True)
    assert all(sum(each["for"].values()) == pytest.approx(each["waited_s"]) for each in waits)
    assert COULD_BE_GIVEN not in {reason for each in waits for reason in each["for"]}


def test_the_whole_product_lives_only_through_days_on_which_all_goes_well() -> None:
    result = CliRunner().invoke(app, ["replay", str(sample_file("contacts.csv")), "--missed", "10", "--through-http"])

    assert result.exit_code == 2


def test_who_walks_away_is_signed_out_when_it_is_noticed_and_does_not_come_back_that_day() -> None:
    day = duty(on_duty("ana"), on_duty("ana", 4000, 5000), on_duty("luis", 100, 200, Status.BUSY))

    left = without(day, {"ana": at(1000)})

    assert [(each.agent_id, each.start, each.end) for each in left.stretches] == [
        ("ana", at(0), at(1180)),
        ("luis", at(100), at(200)),
    ]


@pytest.mark.parametrize(("percent", "missed"), [(0, 0), (10, 10), (33, 33), (100, 100)])
def test_misses_are_spread_evenly(percent: int, missed: int) -> None:
    hardship = Hardship(missed_percent=percent)

    misses = [hardship.misses(number) for number in range(1, 101)]

    assert sum(misses) == missed
