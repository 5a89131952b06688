"""The status of stored facts at an instant: thresholds to the microsecond, sessions, leases, reasons and since."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from presence.effective import effective
from presence.inputs import activity, choose, seen, sign_in, sign_out
from presence.model import Effective, PresenceFacts, PresencePolicy, Status, StatusReason
from tests.presence.builders import RESTORE, TEN_THIRTY, an_agent, answer, at, clicks, status_at

ONLINE, BUSY, AWAY, OFFLINE = Status.ONLINE, Status.BUSY, Status.AWAY, Status.OFFLINE
CHOSEN, SIGNED_IN, SIGNED_OUT = StatusReason.CHOSEN, StatusReason.SIGNED_IN, StatusReason.SIGNED_OUT
IDLE, LOST, RETURNED, EXPIRED = StatusReason.IDLE, StatusReason.LOST, StatusReason.RETURNED, StatusReason.EXPIRED

NEVER = PresencePolicy(selectable=(ONLINE, BUSY, AWAY))
ONLY_AWAY = replace(NEVER, away_after=600)
ONLY_OFFLINE = replace(NEVER, offline_after=1800)
LEASE = replace(NEVER, lease_after=180)
JUST_BEFORE = -1e-6


@pytest.mark.parametrize(
    ("policy", "chosen", "idle", "expected"),
    [
        pytest.param(NEVER, ONLINE, 10**8, answer(ONLINE, SIGNED_IN, 0), id="R25-no-period-never-lapses"),
        pytest.param(RESTORE, ONLINE, 0, answer(ONLINE, SIGNED_IN, 0, 600), id="R11-active"),
        pytest.param(RESTORE, ONLINE, 600 + JUST_BEFORE, answer(ONLINE, SIGNED_IN, 0, 600), id="R26-just-before-away"),
        pytest.param(RESTORE, ONLINE, 600, answer(AWAY, IDLE, 600, 1800), id="R26-R31-away-at-exactly-10-minutes"),
        pytest.param(RESTORE, ONLINE, 1800 + JUST_BEFORE, answer(AWAY, IDLE, 600, 1800), id="R31-just-before-offline"),
        pytest.param(
            RESTORE, ONLINE, 1800, answer(OFFLINE, IDLE, 1800), id="R27-R29-R31-offline-at-30-minutes-in-total"
        ),
        pytest.param(RESTORE, ONLINE, 90000, answer(OFFLINE, IDLE, 1800), id="R15-still-offline-a-day-later"),
        pytest.param(ONLY_AWAY, ONLINE, 90000, answer(AWAY, IDLE, 600), id="R28-only-away"),
        pytest.param(ONLY_OFFLINE, ONLINE, 1799, answer(ONLINE, SIGNED_IN, 0, 1800), id="R28-never-away-on-the-way"),
        pytest.param(ONLY_OFFLINE, ONLINE, 1800, answer(OFFLINE, IDLE, 1800), id="R28-online-to-offline-directly"),
        pytest.param(RESTORE, BUSY, 600, answer(BUSY, SIGNED_IN, 0, 1800), id="busy-is-never-turned-into-away"),
        pytest.param(
            RESTORE, BUSY, 1800 + JUST_BEFORE, answer(BUSY, SIGNED_IN, 0, 1800), id="busy-until-offline-after"
        ),
        pytest.param(RESTORE, BUSY, 1800, answer(OFFLINE, IDLE, 1800), id="R15-busy-becomes-offline"),
        pytest.param(RESTORE, AWAY, 1799, answer(AWAY, SIGNED_IN, 0, 1800), id="a-chosen-away-is-not-idle"),
        pytest.param(RESTORE, AWAY, 1800, answer(OFFLINE, IDLE, 1800), id="R15-a-chosen-away-becomes-offline"),
    ],
)
def test_silence_changes_the_status_at_exactly_its_period(
    policy: PresencePolicy, chosen: Status, idle: float, expected: Effective
) -> None:
    facts = an_agent(policy, chosen=chosen)

    assert effective(facts, policy, now=at(idle)) == expected


def test_r38_an_input_between_the_periods_cancels_the_pending_offline() -> None:
    facts = clicks(an_agent(TEN_THIRTY), TEN_THIRTY, 900)

    assert effective(facts, TEN_THIRTY, now=at(1800)) == answer(AWAY, IDLE, 1500, 2700)


def test_r21_any_interaction_restarts_the_period() -> None:
    facts = clicks(an_agent(TEN_THIRTY), TEN_THIRTY, 599, 1198)

    assert effective(facts, TEN_THIRTY, now=at(1797)) == answer(ONLINE, SIGNED_IN, 0, 1798)


@pytest.mark.parametrize("chosen", [ONLINE, BUSY, AWAY])
def test_r18_becoming_active_again_brings_the_earlier_status_back(chosen: Status) -> None:
    facts = clicks(an_agent(RESTORE, chosen=chosen), RESTORE, 4000)

    back = effective(facts, RESTORE, now=at(4001))

    assert (back.status, back.reason, back.since) == (chosen, RETURNED, at(4000))


@pytest.mark.parametrize("chosen", [ONLINE, BUSY, AWAY])
def test_r16_r17_signing_out_sets_offline_and_signing_in_brings_the_earlier_status_back(chosen: Status) -> None:
    away = sign_out(choose(an_agent(NEVER), NEVER, chosen, now=at(5)), "desk", now=at(60))
    back = sign_in(away, NEVER, "home", now=at(7200))

    assert effective(away, NEVER, now=at(60)) == answer(OFFLINE, SIGNED_OUT, 60)
    assert effective(back, NEVER, now=at(7200)) == answer(chosen, SIGNED_IN, 7200)


def test_who_never_signed_in_is_offline() -> None:
    assert effective(PresenceFacts(), TEN_THIRTY, now=at(0)) == answer(OFFLINE, SIGNED_OUT, None)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(300 + JUST_BEFORE, answer(ONLINE, SIGNED_IN, 0, 300), id="just-before"),
        pytest.param(300, answer(OFFLINE, EXPIRED, 300), id="exactly"),
    ],
)
def test_a_session_expires_at_exactly_its_instant(now: float, expected: Effective) -> None:
    facts = sign_in(PresenceFacts(), TEN_THIRTY, "desk", now=at(0), expires_at=at(300))

    assert effective(facts, TEN_THIRTY, now=at(now)) == expected


def test_a_revoked_session_says_so() -> None:
    facts = sign_out(an_agent(), "desk", now=at(60), because=StatusReason.REVOKED)

    assert effective(facts, TEN_THIRTY, now=at(90)) == answer(OFFLINE, StatusReason.REVOKED, 60)


@pytest.mark.parametrize(
    ("first", "second", "reason", "since"),
    [
        pytest.param("desk", "phone", EXPIRED, 500, id="the-other-expired-later"),
        pytest.param("phone", "desk", SIGNED_OUT, 900, id="the-other-was-signed-out-later"),
    ],
)
def test_two_devices_end_one_after_the_other(first: str, second: str, reason: StatusReason, since: float) -> None:
    facts = sign_in(an_agent(NEVER), NEVER, "phone", now=at(10), expires_at=at(500))
    ended_at = {"desk": 100 if first == "desk" else 900, "phone": 500}

    facts = sign_out(facts, "desk", now=at(ended_at["desk"]))

    assert status_at(facts, NEVER, ended_at[first]) is (ONLINE if first == "desk" else OFFLINE)
    assert effective(facts, NEVER, now=at(ended_at[second])) == answer(OFFLINE, reason, since)


def test_the_exit_of_one_device_leaves_the_other_online() -> None:
    facts = sign_out(sign_in(an_agent(), TEN_THIRTY, "phone", now=at(10)), "desk", now=at(20))

    assert effective(facts, TEN_THIRTY, now=at(21)) == answer(ONLINE, SIGNED_IN, 0, 610)


def test_input_on_one_device_keeps_the_agent_online_while_the_other_lies_idle() -> None:
    facts = clicks(sign_in(an_agent(), TEN_THIRTY, "phone", now=at(10)), TEN_THIRTY, 599, session="phone")

    assert status_at(facts, TEN_THIRTY, 1198) is ONLINE


def test_r52_r54_two_tabs_of_a_session_are_one_and_an_idle_tab_never_overrules_an_active_one() -> None:
    active_tab = activity(an_agent(), TEN_THIRTY, "desk", 0, now=at(500))
    idle_tab = activity(active_tab, TEN_THIRTY, "desk", 500_000, now=at(501))

    assert status_at(idle_tab, TEN_THIRTY, 1099) is ONLINE


def test_r53_signing_out_in_one_tab_ends_the_session_of_all() -> None:
    facts = sign_out(clicks(an_agent(), TEN_THIRTY, 50), "desk", now=at(60))

    assert effective(facts, TEN_THIRTY, now=at(60)) == answer(OFFLINE, SIGNED_OUT, 60)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(180 + JUST_BEFORE, answer(ONLINE, SIGNED_IN, 0, 180), id="just-before"),
        pytest.param(180, answer(OFFLINE, LOST, 180), id="exactly"),
    ],
)
def test_a_lease_runs_out_at_exactly_its_period(now: float, expected: Effective) -> None:
    assert effective(an_agent(LEASE), LEASE, now=at(now)) == expected


def test_the_connection_is_lost_only_when_every_open_session_is() -> None:
    facts = seen(sign_in(an_agent(LEASE), LEASE, "phone", now=at(10)), LEASE, "desk", now=at(100))

    assert effective(facts, LEASE, now=at(190)) == answer(ONLINE, SIGNED_IN, 0, 280)
    assert effective(facts, LEASE, now=at(280)) == answer(OFFLINE, LOST, 280)


def test_a_lost_connection_is_lost_since_the_last_that_was_there_went() -> None:
    facts = sign_in(an_agent(LEASE), LEASE, "phone", now=at(100))

    facts = sign_out(facts, "phone", now=at(250))

    assert effective(facts, LEASE, now=at(300)) == answer(OFFLINE, LOST, 250)


def test_a_connection_found_again_returns_without_counting_as_input() -> None:
    policy = replace(LEASE, away_after=600)
    facts = seen(an_agent(policy), policy, "desk", now=at(500))

    assert effective(facts, policy, now=at(500)) == answer(ONLINE, RETURNED, 500, 600)
    assert effective(facts, policy, now=at(600)) == answer(AWAY, IDLE, 600, 680)


def test_a_sign_in_ends_a_lost_connection() -> None:
    facts = sign_in(an_agent(LEASE), LEASE, "phone", now=at(1000))

    assert effective(facts, LEASE, now=at(1001)) == answer(ONLINE, SIGNED_IN, 1000, 1180)


@pytest.mark.parametrize(
    ("saved_at", "since"),
    [
        pytest.param(500, 600, id="saved-before-the-crossing"),
        pytest.param(900, 900, id="saved-after-the-crossing"),
    ],
)
def test_a_lapse_is_not_older_than_the_policy_that_made_it(saved_at: float, since: float) -> None:
    policy = replace(TEN_THIRTY, saved_at=at(saved_at))

    assert effective(an_agent(), policy, now=at(1000)) == answer(AWAY, IDLE, since, 1800)


def test_after_a_clock_step_back_nobody_is_idle_and_nobody_is_pinned_for_longer_than_the_step() -> None:
    facts = clicks(an_agent(), TEN_THIRTY, 100)

    stepped_back = activity(facts, TEN_THIRTY, "desk", 0, now=at(70))

    assert stepped_back == facts
    assert effective(facts, TEN_THIRTY, now=at(-500)) == answer(ONLINE, SIGNED_IN, 0, 700)
    assert status_at(stepped_back, TEN_THIRTY, 70 + 600 + 30 + JUST_BEFORE) is ONLINE
    assert status_at(stepped_back, TEN_THIRTY, 70 + 600 + 30) is AWAY


def test_daylight_saving_and_zones_do_not_matter_because_elapsed_time_is_counted() -> None:
    before_change = datetime.fromisoformat("2026-03-29T01:55:00+01:00")
    facts = sign_in(PresenceFacts(), TEN_THIRTY, "desk", now=before_change)

    nine_minutes_later = datetime.fromisoformat("2026-03-29T03:04:00+02:00")

    assert effective(facts, TEN_THIRTY, now=nine_minutes_later).status is ONLINE
    assert effective(facts, TEN_THIRTY, now=nine_minutes_later + timedelta(minutes=1)).status is AWAY
