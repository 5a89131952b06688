"""`on_return: manual`: a lapse ends what was switched on, whoever meets it first; the agent must switch back (R43)."""

from dataclasses import replace

import pytest

from presence.effective import effective
from presence.inputs import activity, choose, choose_for, policy_saved, sign_in, sign_out
from presence.model import PresenceFacts, PresencePolicy, Status, StatusReason
from presence.offices import (
    office_available,
    set_by_administrator,
    set_for_everyone,
    set_global,
    switched_on,
    toggle_own,
)
from presence.presets import PRESETS
from tests.presence.builders import MANUAL, RESTORE, an_agent, answer, at, clicks, status_at

ONLINE, BUSY, AWAY, OFFLINE = Status.ONLINE, Status.BUSY, Status.AWAY, Status.OFFLINE
IDLE, RETURNED, CHOSEN = StatusReason.IDLE, StatusReason.RETURNED, StatusReason.CHOSEN
OCELOT = PRESETS["ocelot"]


def an_available_agent(chosen: Status = ONLINE) -> PresenceFacts:
    """An agent of two offices, switched on in both."""
    return an_agent(MANUAL, chosen=chosen, offices=("madrid", "sevilla"))


def flags(facts: PresenceFacts, policy: PresencePolicy = MANUAL) -> list[bool]:
    return [switched_on(facts, policy, office) for office in ("madrid", "sevilla")]


def test_r43_ocelot_after_an_hour_of_silence_the_agent_must_switch_back() -> None:
    facts = set_global(an_agent(OCELOT, offices=("madrid",)), OCELOT, True, now=at(0))
    assert status_at(facts, OCELOT, 3599.999) is ONLINE
    assert status_at(facts, OCELOT, 3600) is AWAY

    returned = clicks(facts, OCELOT, 5000)
    assert effective(returned, OCELOT, now=at(5000)) == answer(AWAY, IDLE, 3600)
    assert not office_available(returned, OCELOT, "madrid", now=at(5000))

    back = set_global(returned, OCELOT, True, now=at(5001))
    assert effective(back, OCELOT, now=at(5001)) == answer(ONLINE, CHOSEN, 5001, 8601)
    assert office_available(back, OCELOT, "madrid", now=at(5001))


@pytest.mark.parametrize(
    ("returned_at", "expected"),
    [
        pytest.param(599, answer(ONLINE, StatusReason.SIGNED_IN, 0, 1199), id="in-time"),
        pytest.param(600, answer(AWAY, IDLE, 600, 2400), id="exactly-too-late"),
        pytest.param(1799, answer(AWAY, IDLE, 600, 3599), id="before-offline"),
        pytest.param(1800, answer(AWAY, RETURNED, 1800, 3600), id="after-offline-the-return-is-to-away"),
    ],
)
def test_what_a_return_brings(returned_at: float, expected: object) -> None:
    facts = clicks(an_available_agent(), MANUAL, returned_at)

    assert effective(facts, MANUAL, now=at(returned_at)) == expected
    assert flags(facts) == [returned_at < 600] * 2


def test_a_return_from_offline_stays_the_reason_through_a_shorter_silence() -> None:
    facts = clicks(an_available_agent(), MANUAL, 2000, 2700)

    assert effective(facts, MANUAL, now=at(2700)) == answer(AWAY, RETURNED, 2000, 4500)


def test_of_two_returns_from_offline_the_later_counts() -> None:
    facts = clicks(an_available_agent(), MANUAL, 2000, 4500)

    assert effective(facts, MANUAL, now=at(4500)) == answer(AWAY, RETURNED, 4500, 6300)


def test_a_chosen_busy_outlasts_every_silence_but_its_flags_do_not() -> None:
    shorter = clicks(an_available_agent(BUSY), MANUAL, 1799)
    longer = clicks(an_available_agent(BUSY), MANUAL, 1800)

    assert (status_at(shorter, MANUAL, 1799), flags(shorter)) == (BUSY, [True, True])
    assert effective(longer, MANUAL, now=at(1800)) == answer(BUSY, RETURNED, 1800, 3600)
    assert flags(longer) == [False, False]


def test_a_lapse_is_not_forgotten_by_signing_out_and_in_again() -> None:
    facts = sign_in(sign_out(an_available_agent(), "desk", now=at(700)), MANUAL, "home", now=at(1000))

    assert effective(facts, MANUAL, now=at(1000)) == answer(AWAY, StatusReason.SIGNED_IN, 1000, 2800)
    assert flags(facts) == [False, False]


def test_time_spent_signed_out_is_no_lapse() -> None:
    facts = sign_in(sign_out(an_available_agent(), "desk", now=at(500)), MANUAL, "home", now=at(90000))

    assert effective(facts, MANUAL, now=at(90000)) == answer(ONLINE, StatusReason.SIGNED_IN, 90000, 90600)
    assert flags(facts) == [True, True]


def test_a_late_report_of_an_input_inside_the_silence_disproves_the_lapse() -> None:
    facts = clicks(an_available_agent(), MANUAL, 1000)
    assert (status_at(facts, MANUAL, 1000), flags(facts)) == (AWAY, [False, False])

    facts = activity(facts, MANUAL, "desk", 500_000, now=at(1001))

    assert (status_at(facts, MANUAL, 1001), flags(facts)) == (ONLINE, [True, True])


def test_a_late_report_that_leaves_a_long_silence_disproves_nothing() -> None:
    facts = activity(clicks(an_available_agent(), MANUAL, 1000), MANUAL, "desk", 800_000, now=at(1000))

    assert effective(facts, MANUAL, now=at(1000)) == answer(AWAY, IDLE, 800, 2800)


@pytest.mark.parametrize(
    ("set_at", "stands"),
    [
        pytest.param(500, False, id="before-the-lapse"),
        pytest.param(900, False, id="during-the-silence"),
        pytest.param(1000, False, id="at-its-end"),
        pytest.param(1001, True, id="after-it"),
    ],
)
def test_a_flag_that_an_administrator_sets_stands_only_after_the_silence(set_at: float, stands: bool) -> None:
    facts = an_available_agent()
    if set_at > 1000:
        facts = clicks(facts, MANUAL, 1000)
    facts = set_by_administrator(facts, "madrid", True, by="root", now=at(set_at))
    facts = clicks(facts, MANUAL, 1000)

    assert flags(facts) == [stands, False]


def test_undoing_away_for_everyone_does_not_undo_a_lapse() -> None:
    facts = set_for_everyone(an_available_agent(), "madrid", False, by="root")

    facts = set_for_everyone(clicks(facts, MANUAL, 1000), "madrid", True, by="root")

    assert flags(facts) == [False, False]


def test_switching_one_office_on_after_a_lapse_leaves_the_others_away() -> None:
    facts = toggle_own(clicks(an_available_agent(), MANUAL, 1000), MANUAL, "madrid", True, now=at(1100))

    assert effective(facts, MANUAL, now=at(1100)) == answer(ONLINE, StatusReason.OFFICE, 1100, 1700)
    assert flags(facts) == [True, False]


def test_switching_one_office_on_while_busy_holds_although_the_toggle_itself_ends_the_silence() -> None:
    facts = toggle_own(an_available_agent(BUSY), MANUAL, "madrid", True, now=at(5000))

    assert effective(facts, MANUAL, now=at(5000)) == answer(BUSY, RETURNED, 5000, 6800)
    assert flags(facts) == [True, False]


def test_choosing_online_after_a_lapse_switches_every_office_on() -> None:
    facts = choose(clicks(an_available_agent(), MANUAL, 1000), MANUAL, ONLINE, now=at(1100))

    assert effective(facts, MANUAL, now=at(1100)) == answer(ONLINE, CHOSEN, 1100, 1700)
    assert flags(facts) == [True, True]


@pytest.mark.parametrize(
    "first_to_meet_it",
    [
        pytest.param(lambda facts: clicks(facts, MANUAL, 1000), id="a-click"),
        pytest.param(lambda facts: sign_in(facts, MANUAL, "phone", now=at(1000)), id="a-second-sign-in"),
        pytest.param(lambda facts: toggle_own(facts, MANUAL, "madrid", False, now=at(1000)), id="an-own-toggle"),
        pytest.param(lambda facts: policy_saved(facts, MANUAL, MANUAL, now=at(1000)), id="a-policy"),
        pytest.param(lambda facts: choose_for(facts, MANUAL, AWAY, now=at(1000)), id="a-choice-made-for-the-agent"),
        pytest.param(lambda facts: facts, id="nobody"),
    ],
)
def test_a_lapse_is_found_whoever_meets_it_first(first_to_meet_it: object) -> None:
    assert callable(first_to_meet_it)
    facts = clicks(first_to_meet_it(an_available_agent()), MANUAL, 1001)

    assert (status_at(facts, MANUAL, 1001), flags(facts)) == (AWAY, [False, False])


def test_a_lapse_that_is_going_on_stays_when_a_longer_period_is_saved() -> None:
    longer = replace(MANUAL, away_after=1200, saved_at=at(900))

    facts = policy_saved(an_available_agent(), MANUAL, longer, now=at(900))

    assert effective(facts, longer, now=at(900)) == answer(AWAY, IDLE, 600, 1800)
    assert flags(facts, longer) == [False, False]


def test_a_lapse_stays_when_the_return_becomes_automatic() -> None:
    facts = policy_saved(clicks(an_available_agent(), MANUAL, 1000), MANUAL, RESTORE, now=at(1100))

    assert effective(facts, RESTORE, now=at(1100)) == answer(AWAY, IDLE, 600, 2800)
    assert flags(facts, RESTORE) == [False, False]
