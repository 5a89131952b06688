"""Availability office by office: own, global and administrators' toggles, everyone at once, the lock (R41 to R51)."""

from dataclasses import replace

import pytest

from presence.effective import effective
from presence.errors import Forbidden
from presence.inputs import choose, choose_for, sign_in, sign_out
from presence.model import PresenceFacts, PresencePolicy, Status, StatusReason
from presence.offices import (
    office_available,
    set_by_administrator,
    set_for_everyone,
    set_global,
    switched_on,
    toggle_own,
)
from tests.presence.builders import RESTORE, an_agent, answer, at, status_at

ONLINE, BUSY, AWAY = Status.ONLINE, Status.BUSY, Status.AWAY
OFFICES = ("madrid", "sevilla", "lisbon")
LOCK = replace(RESTORE, lock_office_away=True)
LOCKED = 'an administrator set you away for office "madrid"; ask for it to be switched on again'


def a_member(chosen: Status = ONLINE, *, on: tuple[str, ...] = OFFICES) -> PresenceFacts:
    """An agent of three offices with this choice, switched on for some of them."""
    facts = an_agent(RESTORE, chosen=chosen, offices=OFFICES)
    flags = tuple(replace(flag, switched_on=flag.office in on) for flag in facts.offices)
    return replace(facts, offices=flags)


def offices_on(facts: PresenceFacts, policy: PresencePolicy = RESTORE) -> set[str]:
    return {office for office in OFFICES if switched_on(facts, policy, office)}


@pytest.mark.parametrize(
    ("chosen", "on", "office", "toggle", "status", "expected"),
    [
        pytest.param(ONLINE, OFFICES, "madrid", False, ONLINE, {"sevilla", "lisbon"}, id="R48-off"),
        pytest.param(ONLINE, (), "madrid", True, ONLINE, {"madrid"}, id="R45-on-while-online"),
        pytest.param(BUSY, (), "madrid", True, BUSY, {"madrid"}, id="on-while-busy-stays-busy"),
        pytest.param(AWAY, (), "madrid", True, ONLINE, {"madrid"}, id="on-while-away-chooses-online"),
        pytest.param(AWAY, OFFICES, "madrid", True, ONLINE, {"madrid"}, id="on-while-away-leaves-the-others-away"),
        pytest.param(AWAY, OFFICES, "madrid", False, AWAY, {"sevilla", "lisbon"}, id="off-while-away"),
        pytest.param(ONLINE, ("madrid",), "madrid", False, ONLINE, set(), id="the-last-off-leaves-the-choice"),
    ],
)
def test_an_agent_toggles_one_own_office(
    chosen: Status, on: tuple[str, ...], office: str, toggle: bool, status: Status, expected: set[str]
) -> None:
    facts = toggle_own(a_member(chosen, on=on), RESTORE, office, toggle, now=at(10))

    assert (facts.chosen, offices_on(facts)) == (status, expected)


def test_an_own_toggle_that_chooses_online_says_so() -> None:
    facts = toggle_own(a_member(AWAY), RESTORE, "madrid", True, now=at(10))

    assert effective(facts, RESTORE, now=at(10)) == answer(ONLINE, StatusReason.OFFICE, 10, 610)


@pytest.mark.parametrize(
    ("chosen", "on", "turn", "status", "expected"),
    [
        pytest.param(AWAY, (), True, ONLINE, set(OFFICES), id="R41-available-everywhere"),
        pytest.param(ONLINE, ("madrid",), True, ONLINE, set(OFFICES), id="R46-over-earlier-choices"),
        pytest.param(BUSY, OFFICES, True, ONLINE, set(OFFICES), id="R41-available-after-busy"),
        pytest.param(ONLINE, OFFICES, False, AWAY, set(), id="R40-R46-away-everywhere"),
    ],
)
def test_global_availability_is_the_choice_and_every_flag(
    chosen: Status, on: tuple[str, ...], turn: bool, status: Status, expected: set[str]
) -> None:
    facts = set_global(a_member(chosen, on=on), RESTORE, turn, now=at(10))

    assert (status_at(facts, RESTORE, 10), offices_on(facts)) == (status, expected)


@pytest.mark.parametrize("status", [ONLINE, BUSY, AWAY])
def test_an_office_is_available_when_it_is_switched_on_and_the_status_is_online(status: Status) -> None:
    facts = choose(a_member(on=("madrid",)), RESTORE, status, now=at(10))

    assert office_available(facts, RESTORE, "madrid", now=at(10)) is (status is ONLINE)
    assert not office_available(facts, RESTORE, "sevilla", now=at(10))
    assert not office_available(facts, RESTORE, "oslo", now=at(10))


def test_sign_out_and_silence_leave_the_flags_alone_under_restore() -> None:
    idle = a_member(on=("madrid",))
    back = sign_in(sign_out(idle, "desk", now=at(4000)), RESTORE, "home", now=at(9000))

    assert not office_available(idle, RESTORE, "madrid", now=at(600))
    assert offices_on(back) == {"madrid"}


def test_r49_an_administrator_moves_the_flag_alone_and_it_is_no_input() -> None:
    facts = set_by_administrator(a_member(), "madrid", False, by="root", now=at(500))

    assert (offices_on(facts), status_at(facts, RESTORE, 599)) == ({"sevilla", "lisbon"}, ONLINE)
    assert status_at(facts, RESTORE, 600) is AWAY
    flag = facts.flag("madrid")
    assert flag is not None
    assert flag.set_by == "root"


def test_an_administrator_switching_an_away_agent_on_chooses_nothing() -> None:
    facts = set_by_administrator(a_member(AWAY, on=()), "madrid", True, by="root", now=at(10))

    assert (facts.chosen, offices_on(facts)) == (AWAY, {"madrid"})


def test_last_writer_wins_without_the_lock() -> None:
    facts = set_by_administrator(a_member(), "madrid", False, by="root", now=at(10))

    assert offices_on(toggle_own(facts, RESTORE, "madrid", True, now=at(20))) == set(OFFICES)
    assert offices_on(set_global(facts, RESTORE, True, now=at(20))) == set(OFFICES)


@pytest.mark.parametrize("how", ["one", "everyone", "everyone-while-off"])
def test_under_the_lock_an_agent_cannot_undo_what_an_administrator_did(how: str) -> None:
    facts = a_member(on=()) if how == "everyone-while-off" else a_member()
    if how == "one":
        facts = set_by_administrator(facts, "madrid", False, by="root", now=at(10))
    else:
        facts = set_for_everyone(facts, "madrid", False, by="root")
    off_and_on = toggle_own(facts, LOCK, "madrid", False, now=at(20))

    for locked in (facts, off_and_on):
        with pytest.raises(Forbidden) as caught:
            toggle_own(locked, LOCK, "madrid", True, now=at(30))
        assert (caught.value.code, caught.value.message) == ("locked_by_administrator", LOCKED)
    assert offices_on(set_global(facts, LOCK, True, now=at(30))) == {"sevilla", "lisbon"}


def test_going_away_and_coming_back_does_not_pick_the_lock() -> None:
    facts = set_by_administrator(a_member(), "madrid", False, by="root", now=at(10))

    facts = choose(set_global(facts, LOCK, False, now=at(20)), LOCK, ONLINE, now=at(30))

    assert offices_on(facts) == {"sevilla", "lisbon"}


def test_the_lock_does_not_bind_what_the_agent_switched_off() -> None:
    facts = toggle_own(a_member(), LOCK, "madrid", False, now=at(10))

    assert offices_on(toggle_own(facts, LOCK, "madrid", True, now=at(20))) == set(OFFICES)


def test_an_administrator_opens_what_an_administrator_locked() -> None:
    facts = set_for_everyone(a_member(), "madrid", False, by="root")

    assert offices_on(set_by_administrator(facts, "madrid", True, by="anna", now=at(10))) == set(OFFICES)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param(a_member(), set(OFFICES), id="R50-switched-on-again"),
        pytest.param(
            toggle_own(a_member(), RESTORE, "madrid", False, now=at(1)),
            {"sevilla", "lisbon"},
            id="what-the-agent-switched-off-stays-off",
        ),
        pytest.param(
            set_by_administrator(a_member(), "madrid", False, by="anna", now=at(1)),
            {"sevilla", "lisbon"},
            id="what-an-administrator-switched-off-stays-off",
        ),
    ],
)
def test_r50_back_for_everyone_undoes_only_what_away_for_everyone_did(
    before: PresenceFacts, expected: set[str]
) -> None:
    away = set_for_everyone(before, "madrid", False, by="root")

    assert offices_on(away) == {"sevilla", "lisbon"}
    assert set_for_everyone(away, "madrid", True, by="root") == before
    assert offices_on(before) == expected


def test_what_an_agent_switches_off_under_away_for_everyone_stays_off_after_it() -> None:
    away = set_for_everyone(a_member(), "madrid", False, by="root")

    facts = set_for_everyone(toggle_own(away, RESTORE, "madrid", False, now=at(5)), "madrid", True, by="root")

    assert offices_on(facts) == {"sevilla", "lisbon"}


def test_choosing_online_for_somebody_with_all_flags_off_switches_all_but_locked_ones_on() -> None:
    facts = set_for_everyone(a_member(BUSY, on=()), "madrid", False, by="root")

    assert offices_on(choose_for(facts, LOCK, ONLINE, now=at(10))) == {"sevilla", "lisbon"}
