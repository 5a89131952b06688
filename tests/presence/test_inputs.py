"""What sign-ins, reports, choices and policies write into the facts, and what is refused without changing anything."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from presence.effective import effective
from presence.errors import Conflict, Invalid, Refused
from presence.inputs import (
    activity,
    choose,
    choose_for,
    missed_offers,
    offices_joined,
    offices_left,
    policy_saved,
    seen,
    sign_in,
    sign_out,
)
from presence.model import IdleGap, PresenceFacts, PresencePolicy, Session, Status, StatusReason
from presence.offices import set_by_administrator, set_for_everyone, switched_on, toggle_own
from tests.presence.builders import MANUAL, RESTORE, TEN_THIRTY, UNAVAILABLE, an_agent, answer, at, clicks, status_at

ONLINE, BUSY, AWAY, OFFLINE = Status.ONLINE, Status.BUSY, Status.AWAY, Status.OFFLINE


def test_a_sign_in_is_an_input_and_opens_a_session() -> None:
    assert sign_in(PresenceFacts(), TEN_THIRTY, "desk", now=at(0), expires_at=at(900)) == PresenceFacts(
        last_input_at=at(0),
        signed_in_at=at(0),
        sessions=(Session(id="desk", signed_in_at=at(0), last_seen_at=at(0), expires_at=at(900)),),
    )


def test_r39_under_unavailable_the_first_sign_in_chooses_away_and_switches_every_office_off() -> None:
    facts = offices_joined(PresenceFacts(), TEN_THIRTY, ["madrid", "sevilla"], now=at(-60))

    facts = sign_in(facts, UNAVAILABLE, "desk", now=at(0))

    assert effective(facts, UNAVAILABLE, now=at(1)) == answer(AWAY, StatusReason.SIGNED_IN, 0)
    assert [flag.switched_on for flag in facts.offices] == [False, False]


def test_under_unavailable_a_second_sign_in_beside_an_open_session_leaves_the_choice_alone() -> None:
    facts = choose(an_agent(UNAVAILABLE, offices=("madrid",)), UNAVAILABLE, ONLINE, now=at(10))

    facts = sign_in(facts, UNAVAILABLE, "phone", now=at(20))

    assert effective(facts, UNAVAILABLE, now=at(20)) == answer(ONLINE, StatusReason.CHOSEN, 10)
    assert switched_on(facts, UNAVAILABLE, "madrid")


def test_signing_out_twice_or_from_an_unknown_session_changes_nothing() -> None:
    out = sign_out(an_agent(), "desk", now=at(60))

    assert sign_out(out, "desk", now=at(99), because=StatusReason.REVOKED) == out
    assert sign_out(out, "never-heard-of", now=at(99)) == out


def test_signing_out_of_an_expired_session_leaves_it_expired() -> None:
    facts = sign_in(PresenceFacts(), TEN_THIRTY, "desk", now=at(0), expires_at=at(300))

    assert sign_out(facts, "desk", now=at(300)) == facts


def test_of_the_closed_sessions_only_the_one_that_closed_last_is_kept() -> None:
    facts = an_agent()
    for name, instant in (("two", 10), ("three", 20)):
        facts = sign_in(facts, TEN_THIRTY, name, now=at(instant))
    for name, instant in (("desk", 30), ("three", 40), ("two", 50)):
        facts = sign_out(facts, name, now=at(instant))

    facts = sign_in(facts, TEN_THIRTY, "four", now=at(60))

    assert [session.id for session in facts.sessions] == ["two", "four"]


@pytest.mark.parametrize(
    ("age_ms", "now", "last_input"),
    [
        pytest.param(0, 100, 100, id="at-once"),
        pytest.param(40_000, 100, 60, id="buffered"),
        pytest.param(-5_000, 100, 100, id="negative-age-is-now"),
        pytest.param(200_000, 100, 0, id="from-before-the-session-is-its-sign-in"),
        pytest.param(10**30, 100, 0, id="absurd-age-is-its-sign-in"),
        pytest.param(0, -50, 0, id="clock-stepped-back"),
    ],
)
def test_r20_a_report_lands_at_the_instant_of_the_input(age_ms: int, now: float, last_input: float) -> None:
    assert activity(an_agent(), TEN_THIRTY, "desk", age_ms, now=at(now)).last_input_at == at(last_input)


def test_a_late_or_repeated_report_never_lowers_the_last_input() -> None:
    facts = clicks(an_agent(), TEN_THIRTY, 100)

    assert activity(facts, TEN_THIRTY, "desk", 40_000, now=at(100)) == facts
    assert activity(facts, TEN_THIRTY, "desk", 0, now=at(100)) == facts


def test_under_restore_only_the_last_gap_is_kept() -> None:
    facts = clicks(an_agent(), TEN_THIRTY, 1000, 3000)

    assert facts.gaps == (IdleGap(after=at(1000), until=at(3000)),)


def test_a_beat_is_no_input() -> None:
    facts = seen(an_agent(), TEN_THIRTY, "desk", now=at(500))

    assert facts.sessions[0].last_seen_at == at(500)
    assert status_at(facts, TEN_THIRTY, 600) is AWAY


def test_a_late_report_disproves_a_lapse_that_somebody_has_seen() -> None:
    facts = clicks(an_agent(), TEN_THIRTY, 1000)
    assert effective(facts, TEN_THIRTY, now=at(1000)) == answer(ONLINE, StatusReason.RETURNED, 1000, 1600)

    facts = activity(facts, TEN_THIRTY, "desk", 500_000, now=at(1001))

    assert effective(facts, TEN_THIRTY, now=at(1001)) == answer(ONLINE, StatusReason.SIGNED_IN, 0, 1600)


def test_r37_a_choice_is_an_input_and_holds_since_it_was_made() -> None:
    facts = choose(an_agent(), TEN_THIRTY, BUSY, now=at(700))

    assert effective(facts, TEN_THIRTY, now=at(2499)) == answer(BUSY, StatusReason.CHOSEN, 700, 2500)


def test_choosing_what_holds_already_keeps_its_instant_and_is_still_an_input() -> None:
    facts = choose(choose(an_agent(), TEN_THIRTY, BUSY, now=at(10)), TEN_THIRTY, BUSY, now=at(500))

    assert effective(facts, TEN_THIRTY, now=at(501)) == answer(BUSY, StatusReason.CHOSEN, 10, 2300)


def test_choosing_online_while_away_by_idleness_counts_from_now() -> None:
    facts = choose(an_agent(), TEN_THIRTY, ONLINE, now=at(700))

    assert effective(facts, TEN_THIRTY, now=at(701)) == answer(ONLINE, StatusReason.CHOSEN, 700, 1300)


def test_a_choice_made_for_the_agent_is_no_input() -> None:
    facts = choose_for(an_agent(), TEN_THIRTY, BUSY, now=at(500))

    assert effective(facts, TEN_THIRTY, now=at(1799)) == answer(BUSY, StatusReason.CHOSEN, 500, 1800)
    assert effective(facts, TEN_THIRTY, now=at(1800)) == answer(OFFLINE, StatusReason.IDLE, 1800)


def test_away_is_not_older_than_the_choice_that_made_the_agent_idle() -> None:
    facts = choose_for(an_agent(chosen=BUSY), TEN_THIRTY, ONLINE, now=at(900))

    assert effective(facts, TEN_THIRTY, now=at(901)) == answer(AWAY, StatusReason.IDLE, 900, 1800)


def test_an_agent_who_missed_offers_is_away_until_the_next_choice() -> None:
    away = missed_offers(an_agent(), TEN_THIRTY, now=at(100))
    back = choose(away, TEN_THIRTY, ONLINE, now=at(200))

    assert effective(away, TEN_THIRTY, now=at(101)) == answer(AWAY, StatusReason.MISSED_OFFERS, 100, 1800)
    assert missed_offers(away, TEN_THIRTY, now=at(150)) == away
    assert effective(back, TEN_THIRTY, now=at(200)) == answer(ONLINE, StatusReason.CHOSEN, 200, 800)


def test_choosing_online_leaves_flags_alone_unless_all_are_off() -> None:
    facts = toggle_own(an_agent(offices=("madrid", "sevilla")), RESTORE, "madrid", False, now=at(10))
    one_off = choose(choose(facts, RESTORE, BUSY, now=at(20)), RESTORE, ONLINE, now=at(30))
    all_off = choose(toggle_own(facts, RESTORE, "sevilla", False, now=at(20)), RESTORE, ONLINE, now=at(30))

    assert [flag.switched_on for flag in one_off.offices] == [False, True]
    assert [flag.switched_on for flag in all_off.offices] == [True, True]


def test_r55_an_office_joined_later_follows_the_sign_in_policy_and_one_left_is_forgotten() -> None:
    facts = offices_joined(an_agent(offices=("madrid",)), TEN_THIRTY, ["madrid", "sevilla"], now=at(10))
    facts = offices_joined(facts, UNAVAILABLE, ["lisbon"], now=at(20))

    assert [(flag.office, flag.switched_on) for flag in facts.offices] == [
        ("madrid", True),
        ("sevilla", True),
        ("lisbon", False),
    ]
    assert [flag.office for flag in offices_left(facts, ["sevilla", "unknown"]).offices] == ["madrid", "lisbon"]


def test_r36_a_policy_switched_off_while_somebody_is_idle_brings_the_status_back_now() -> None:
    facts = policy_saved(an_agent(), TEN_THIRTY, PresencePolicy(), now=at(2000))

    assert effective(facts, PresencePolicy(), now=at(2000)) == answer(ONLINE, StatusReason.RETURNED, 2000)


def test_r35_a_policy_saved_while_somebody_is_idle_counts_from_the_last_input() -> None:
    none, new = PresencePolicy(), replace(TEN_THIRTY, saved_at=at(900))

    facts = policy_saved(an_agent(none), none, new, now=at(900))

    assert effective(facts, new, now=at(900)) == answer(AWAY, StatusReason.IDLE, 900, 1800)


def test_a_longer_period_saved_under_restore_brings_an_idle_agent_back_until_it_is_over() -> None:
    new = replace(TEN_THIRTY, away_after=1200, saved_at=at(900))

    facts = policy_saved(an_agent(), TEN_THIRTY, new, now=at(900))

    assert effective(facts, new, now=at(900)) == answer(ONLINE, StatusReason.RETURNED, 900, 1200)


def test_a_policy_that_changes_nothing_for_the_agent_keeps_since() -> None:
    new = replace(TEN_THIRTY, away_after=1200)
    facts = clicks(an_agent(), TEN_THIRTY, 800)

    assert effective(policy_saved(facts, TEN_THIRTY, new, now=at(900)), new, now=at(900)) == answer(
        ONLINE, StatusReason.RETURNED, 800, 2000
    )


def test_gaps_of_the_time_under_restore_are_no_lapses_under_manual() -> None:
    facts = policy_saved(clicks(an_agent(), RESTORE, 800), RESTORE, MANUAL, now=at(900))

    assert effective(facts, MANUAL, now=at(900)) == answer(ONLINE, StatusReason.RETURNED, 800, 1400)


SIGNED_OUT_REFUSED = 'session "phone" is signed out; sign in again'
STRANGER_REFUSED = 'the agent does not belong to office "madrit"; did you mean "madrid"?'
NOWHERE_REFUSED = 'the agent does not belong to office "oslo"; own offices are: madrid'
OFFLINE_REFUSED = '"offline" is set by the system only; choose one of: online, busy'
AWAY_REFUSED = '"away" is not among the statuses of this workspace; choose one of: online, busy'
TAKEN_REFUSED = 'session "desk" exists already; sign in with a new id'
EXPIRED_REFUSED = "the session would end before it begins; let it end later"
REFUSALS = [
    pytest.param(
        lambda facts: activity(facts, TEN_THIRTY, "phone", 0, now=at(60)),
        Conflict("signed_out", SIGNED_OUT_REFUSED),
        id="activity-of-an-unknown-session",
    ),
    pytest.param(
        lambda facts: seen(facts, TEN_THIRTY, "phone", now=at(60)),
        Conflict("signed_out", SIGNED_OUT_REFUSED),
        id="beat-of-an-unknown-session",
    ),
    pytest.param(
        lambda facts: sign_in(facts, TEN_THIRTY, "desk", now=at(60)),
        Conflict("conflict", TAKEN_REFUSED, field="id"),
        id="session-id-in-use",
    ),
    pytest.param(
        lambda facts: sign_in(facts, TEN_THIRTY, "phone", now=at(60), expires_at=at(60)),
        Invalid("out_of_range", EXPIRED_REFUSED, field="expires_at"),
        id="session-that-begins-expired",
    ),
    pytest.param(
        lambda facts: choose(facts, TEN_THIRTY, OFFLINE, now=at(60)),
        Invalid("status_not_selectable", OFFLINE_REFUSED, field="status"),
        id="R14-offline-chosen",
    ),
    pytest.param(
        lambda facts: choose_for(facts, TEN_THIRTY, OFFLINE, now=at(60)),
        Invalid("status_not_selectable", OFFLINE_REFUSED, field="status"),
        id="R14-offline-chosen-for-somebody",
    ),
    pytest.param(
        lambda facts: choose(facts, TEN_THIRTY, AWAY, now=at(60)),
        Invalid("status_not_selectable", AWAY_REFUSED, field="status"),
        id="status-not-of-this-workspace",
    ),
    pytest.param(
        lambda facts: toggle_own(facts, TEN_THIRTY, "madrit", True, now=at(60)),
        Invalid("not_in_office", STRANGER_REFUSED, field="office"),
        id="R55-own-toggle-of-a-foreign-office",
    ),
    pytest.param(
        lambda facts: set_by_administrator(facts, "oslo", False, by="root", now=at(60)),
        Invalid("not_in_office", NOWHERE_REFUSED, field="office"),
        id="administrator-and-foreign-office",
    ),
    pytest.param(
        lambda facts: set_for_everyone(facts, "oslo", False, by="root"),
        Invalid("not_in_office", NOWHERE_REFUSED, field="office"),
        id="everyone-and-foreign-office",
    ),
]
"""Every illegal input: what is tried on an agent who is signed in, and how it is refused."""


@pytest.mark.parametrize(("attempt", "refusal"), REFUSALS)
def test_illegal_input_is_refused_and_changes_nothing(
    attempt: Callable[[PresenceFacts], PresenceFacts], refusal: Refused
) -> None:
    facts = an_agent(offices=("madrid",))

    with pytest.raises(type(refusal)) as caught:
        attempt(facts)

    assert (caught.value.code, caught.value.message, caught.value.field) == (
        refusal.code,
        refusal.message,
        refusal.field,
    )
    assert facts == an_agent(offices=("madrid",))


@pytest.mark.parametrize("how", ["ended", "expired"])
def test_a_closed_session_accepts_no_report(how: str) -> None:
    facts = sign_in(PresenceFacts(), TEN_THIRTY, "desk", now=at(0), expires_at=at(300))
    if how == "ended":
        facts = sign_out(facts, "desk", now=at(10))

    with pytest.raises(Conflict) as caught:
        activity(facts, TEN_THIRTY, "desk", 299_000, now=at(300))

    assert caught.value.code == "signed_out"
