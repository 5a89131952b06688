"""What holds for every history: any order of reports, reading at any instant, exact hints, a true since."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presence.effective import effective
from presence.errors import Refused
from presence.inputs import activity, choose, choose_for, missed_offers, policy_saved, seen, sign_in, sign_out
from presence.model import OnReturn, OnSignIn, PresenceFacts, PresencePolicy, Status
from presence.offices import (
    set_by_administrator,
    set_for_everyone,
    set_global,
    switched_on,
    toggle_own,
)
from presence.presets import PRESETS
from tests.presence.builders import MANUAL, MORNING, RESTORE, an_agent, at

MINUTE = 60
CHOICES = (Status.ONLINE, Status.BUSY, Status.AWAY)

periods = st.sampled_from(
    [(None, None), (5 * MINUTE, None), (None, 5 * MINUTE), (5 * MINUTE, 8 * MINUTE), (5 * MINUTE, 20 * MINUTE)]
)


@st.composite
def policies(draw: st.DrawFn) -> PresencePolicy:
    away_after, offline_after = draw(periods)
    return PresencePolicy(
        away_after=away_after,
        offline_after=offline_after,
        lease_after=draw(st.sampled_from((None, 4 * MINUTE))),
        on_sign_in=draw(st.sampled_from(OnSignIn)),
        on_return=draw(st.sampled_from(OnReturn)),
        selectable=CHOICES,
    )


Happening = Callable[[PresenceFacts, PresencePolicy, datetime], PresenceFacts]


def signs_in(facts: PresenceFacts, policy: PresencePolicy, now: datetime) -> PresenceFacts:
    return sign_in(facts, policy, now.isoformat(), now=now, expires_at=now + timedelta(minutes=30))


def signs_out(facts: PresenceFacts, _policy: PresencePolicy, now: datetime) -> PresenceFacts:
    return sign_out(facts, _a_session(facts), now=now)


def is_seen(facts: PresenceFacts, policy: PresencePolicy, now: datetime) -> PresenceFacts:
    return seen(facts, policy, _a_session(facts), now=now)


def clicks(facts: PresenceFacts, policy: PresencePolicy, now: datetime) -> PresenceFacts:
    return activity(facts, policy, _a_session(facts), 0, now=now)


def reports_late(facts: PresenceFacts, policy: PresencePolicy, now: datetime) -> PresenceFacts:
    return activity(facts, policy, _a_session(facts), 200_000, now=now)


def misses_offers(facts: PresenceFacts, policy: PresencePolicy, now: datetime) -> PresenceFacts:
    return missed_offers(facts, policy, now=now)


def _a_session(facts: PresenceFacts) -> str:
    return facts.sessions[-1].id if facts.sessions else "none"


def chooses(status: Status) -> Happening:
    return lambda facts, policy, now: choose(facts, policy, status, now=now)


def is_chosen_for(status: Status) -> Happening:
    return lambda facts, policy, now: choose_for(facts, policy, status, now=now)


def toggles(on: bool) -> Happening:
    return lambda facts, policy, now: toggle_own(facts, policy, "madrid", on, now=now)


def goes(available: bool) -> Happening:
    return lambda facts, policy, now: set_global(facts, policy, available, now=now)


def is_switched(on: bool) -> Happening:
    return lambda facts, _policy, now: set_by_administrator(facts, "madrid", on, by="root", now=now)


def whole_office_is_switched(on: bool) -> Happening:
    return lambda facts, _policy, _now: set_for_everyone(facts, "madrid", on, by="root")


timely: st.SearchStrategy[Happening] = st.one_of(
    st.sampled_from([signs_in, signs_out, is_seen, clicks, clicks, misses_offers]),
    st.sampled_from(CHOICES).map(chooses),
    st.sampled_from(CHOICES).map(is_chosen_for),
    st.booleans().map(toggles),
    st.booleans().map(goes),
    st.booleans().map(is_switched),
    st.booleans().map(whole_office_is_switched),
)
History = list[tuple[int, Happening]]
"""Minutes of pause, and what happens then."""

timely_histories = st.lists(st.tuples(st.integers(0, 12), timely), max_size=10)
histories = st.lists(st.tuples(st.integers(0, 12), timely | st.just(reports_late)), max_size=10)


def after(policy: PresencePolicy, history: History) -> tuple[PresenceFacts, datetime]:
    """The facts after a history, and the instant of its end."""
    facts, now = an_agent(policy, offices=("madrid", "sevilla")), MORNING
    for minutes, happening in history:
        now += timedelta(minutes=minutes)
        facts = tried(happening, facts, policy, now)
    return facts, now


def tried(happening: Happening, facts: PresenceFacts, policy: PresencePolicy, now: datetime) -> PresenceFacts:
    """What happens, or the same facts where it is refused."""
    try:
        return happening(facts, policy, now)
    except Refused:
        return facts


@pytest.mark.parametrize("policy", [pytest.param(RESTORE, id="restore"), pytest.param(MANUAL, id="manual")])
@given(chosen=st.sampled_from(CHOICES), inputs=st.lists(st.integers(1, 9000), max_size=8), data=st.data())
@settings(max_examples=60)
def test_any_order_of_the_same_reports_gives_the_same_status(
    policy: PresencePolicy, chosen: Status, inputs: list[int], data: st.DataObject
) -> None:
    """Each report says when its input was; however late it comes, the answer is that of reports at once."""
    at_once = late = an_agent(policy, chosen=chosen, offices=("madrid",))
    for instant in sorted(inputs):
        at_once = activity(at_once, policy, "desk", 0, now=at(instant))
    for instant in data.draw(st.permutations(inputs)):
        late = activity(late, policy, "desk", (9000 - instant) * 1000, now=at(9000))
    seen_last = seen(at_once, policy, "desk", now=at(9000)) if inputs else at_once

    if policy is MANUAL:
        assert late == seen_last
    for now in (9000, 9600, 10800):
        assert effective(late, policy, now=at(now)).status is effective(at_once, policy, now=at(now)).status
    assert switched_on(late, policy, "madrid") is switched_on(at_once, policy, "madrid")


@given(chosen=st.sampled_from(CHOICES), inputs=st.lists(st.integers(1, 9000), min_size=1, max_size=8))
@settings(max_examples=60)
def test_under_manual_a_lapse_is_two_inputs_in_a_row_too_far_apart(chosen: Status, inputs: list[int]) -> None:
    facts = an_agent(MANUAL, chosen=chosen, offices=("madrid",))
    for instant in inputs:
        facts = activity(facts, MANUAL, "desk", (9000 - instant) * 1000, now=at(9000))
    period = 600 if chosen is Status.ONLINE else 1800

    lapsed = any(later - earlier >= period for earlier, later in pairwise(sorted([0, *inputs])))

    assert switched_on(facts, MANUAL, "madrid") is not lapsed
    assert effective(facts, MANUAL, now=at(max(inputs))).status is (
        Status.AWAY if lapsed and chosen is Status.ONLINE else chosen
    )


@given(policy=policies(), history=histories, pauses=st.lists(st.integers(0, 7200), max_size=5))
def test_reading_at_any_instants_changes_nothing(policy: PresencePolicy, history: History, pauses: list[int]) -> None:
    facts, now = after(policy, history)
    copy = replace(facts)

    for pause in pauses:
        effective(facts, policy, now=now + timedelta(seconds=pause))

    assert facts == copy


@given(policy=policies(), history=histories, share=st.floats(0, 1, exclude_max=True))
def test_the_status_is_constant_until_next_change_at_and_another_from_then_on(
    policy: PresencePolicy, history: History, share: float
) -> None:
    facts, now = after(policy, history)
    answer = effective(facts, policy, now=now)
    until = answer.next_change_at or now + timedelta(days=400)

    between = now + (until - now) * share
    assert now < until
    assert effective(facts, policy, now=min(between, until - timedelta(microseconds=1))).status is answer.status
    assert (effective(facts, policy, now=until).status is not answer.status) is (answer.next_change_at is not None)


@given(policy=policies(), history=timely_histories)
def test_since_is_the_instant_at_which_somebody_who_always_looks_saw_the_status_begin(
    policy: PresencePolicy, history: History
) -> None:
    """An onlooker notes each status as it begins; a new choice of the status that holds already begins it anew."""

    facts, now = an_agent(policy, offices=("madrid", "sevilla")), MORNING
    status, began = effective(facts, policy, now=now).status, MORNING
    for minutes, happening in history:
        then = now + timedelta(minutes=minutes)
        while (crossing := effective(facts, policy, now=now).next_change_at) is not None and crossing <= then:
            now = crossing
            status, began = effective(facts, policy, now=now).status, now
        now = then
        chosen_at = facts.chosen_at
        facts = tried(happening, facts, policy, now)
        seen_now = effective(facts, policy, now=now)
        if seen_now.status is not status or (facts.chosen_at == now != chosen_at):
            status, began = seen_now.status, now
        if status is not Status.OFFLINE:
            assert seen_now.since == began


@given(old=policies(), new=policies(), history=histories)
def test_a_saved_policy_never_raises_the_status_of_a_lapse_under_manual(
    old: PresencePolicy, new: PresencePolicy, history: History
) -> None:
    old = replace(old, on_return=OnReturn.MANUAL)
    facts, now = after(old, history)
    before = effective(facts, old, now=now).status

    saved = policy_saved(facts, old, replace(new, saved_at=now), now=now)

    if before is Status.AWAY:
        assert effective(saved, new, now=now).status in {Status.AWAY, Status.OFFLINE}
    for office in ("madrid", "sevilla"):
        assert switched_on(saved, new, office) <= switched_on(facts, old, office)


@given(policy=policies(), history=histories, seconds=st.integers(0, 3600))
def test_after_a_clock_step_back_nobody_is_idle_for_longer(
    policy: PresencePolicy, history: History, seconds: int
) -> None:
    """A status that silence alone made is at most raised by turning the clock back, never lowered."""
    facts, now = after(policy, history)

    before, stepped = (effective(facts, policy, now=instant) for instant in (now, now - timedelta(seconds=seconds)))

    order = (Status.OFFLINE, Status.AWAY, Status.BUSY, Status.ONLINE)
    assert order.index(stepped.status) >= order.index(before.status)


@given(history=histories)
def test_offline_is_never_a_stored_choice_under_any_preset(history: History) -> None:
    for preset in PRESETS.values():
        facts, _ = after(replace(preset, selectable=CHOICES), history)

        assert facts.chosen is not Status.OFFLINE
