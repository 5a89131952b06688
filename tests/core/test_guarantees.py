"""The guarantees G1 to G5 and G8, each a property of the board in a small random world (`happenings`).

Where a guarantee speaks of checks, the reference is asked, not the board. G6 is in `test_fairness`, G7 in
`test_determinism`."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assigner.core.board import Board
from assigner.core.changes import Change, ContactClosed
from assigner.core.model import Assign, ContactState, Offer
from presence.errors import Conflict, Refused
from tests.core import happenings
from tests.core.builders import a_board, a_contact, a_queue, an_agent, arrives, at, follow, let_lapse, settle
from tests.core.builders import given as given_by
from tests.core.happenings import Happening
from tests.core.twins import decisions, moments, recorded, state

pytestmark = pytest.mark.timeout(400)
"""Finding the smallest example of a failure takes hypothesis up to five minutes."""

World = list[Change]
History = Sequence[Happening]

in_a_world = given(world=happenings.worlds(), history=happenings.histories(longest=40))


@settings(max_examples=40)
@in_a_world
def test_g1_every_contact_is_in_exactly_one_state(world: World, history: History) -> None:
    for twins in moments(world, history):
        floor = twins.board.floor
        queued = {each.id for each in floor.contacts.values() if each.state is ContactState.QUEUED}
        offered = {each.id: each for each in floor.contacts.values() if each.state is ContactState.OFFERED}
        held = {each.id: each for each in floor.contacts.values() if each.state is ContactState.ASSIGNED}

        assert sorted(floor.waiting.in_order()) == sorted(queued)
        accepted = {*queued, *offered, *held}
        assert accepted == set(twins.reference.requests), "an accepted contact is open until it ends"
        assert all(floor.contacts[each].agent_id is None and not floor.contacts[each].on_hold for each in queued)
        assert all(each.agent_id in floor.roster.seats and each.offer and not each.on_hold for each in offered.values())
        assert all(each.agent_id in floor.roster.seats and each.assigned_at for each in held.values())


@settings(max_examples=40)
@in_a_world
def test_g2_a_contact_never_has_two_holders(world: World, history: History) -> None:
    for twins in moments(world, history):
        floor = twins.board.floor
        assigned = [each for each in floor.contacts.values() if each.state is ContactState.ASSIGNED]
        offered = [each for each in floor.contacts.values() if each.state is ContactState.OFFERED]
        seats = floor.roster.seats.values()

        assert sum(seat.held for seat in seats) == len(assigned)
        assert sorted(each for seat in seats for each in seat.offers) == sorted(each.id for each in offered)
        assert sum(seat.load - len(seat.wrapping_up) for seat in seats) == len(
            [one for one in (*assigned, *offered) if not one.on_hold]
        )


@settings(max_examples=40)
@in_a_world
def test_g2_a_plan_that_is_applied_twice_is_refused_and_changes_nothing(world: World, history: History) -> None:
    for twins in moments(world, history):
        before = state(twins.board)
        for change in twins.plan.changes:
            with pytest.raises(Conflict):
                twins.board.apply([change])
        assert state(twins.board) == before


@settings(max_examples=60)
@in_a_world
def test_g3_the_agent_passes_all_checks_in_the_state_before(world: World, history: History) -> None:
    for twins, decision in decisions(world, history):
        if isinstance(decision, Assign | Offer):
            request, person = (
                twins.reference.requests[decision.contact_id],
                twins.reference.people[decision.ranked.winner],
            )
            stop = next(stop for stop in request.asked if stop.queue == decision.queue)

            assert twins.reference.why_not(request, stop, person, twins.now) is None


@settings(max_examples=40)
@in_a_world
def test_g3_an_offer_stands_only_while_its_agent_may_have_the_contact(world: World, history: History) -> None:
    for twins in moments(world, history):
        for request in twins.reference.requests.values():
            if request.state is ContactState.OFFERED:
                assert twins.reference.may_stand(request, twins.now), request.id


@settings(max_examples=60)
@in_a_world
def test_g4_nobody_passes_all_checks_for_a_contact_that_waits(world: World, history: History) -> None:
    for twins in moments(world, history):
        if twins.reference.settings.enabled:
            for request in twins.reference.in_order():
                for stop in request.asked:
                    assert not twins.reference.candidates(request, stop, twins.now), (request.id, stop)


@settings(max_examples=60)
@in_a_world
def test_g5_the_contact_is_the_first_that_its_agent_may_take(world: World, history: History) -> None:
    for twins, decision in decisions(world, history):
        if isinstance(decision, Assign | Offer):
            person = twins.reference.people[decision.ranked.winner]
            for earlier in twins.reference.in_order():
                if earlier.id == decision.contact_id:
                    break
                failures = [twins.reference.why_not(earlier, stop, person, twins.now) for stop in earlier.asked]
                assert None not in failures, f"{earlier.id} comes before {decision.contact_id}"


@settings(max_examples=60)
@given(
    ageing=st.sampled_from([1, 10, 60]),
    arrivals=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3)), min_size=2, max_size=30),
)
def test_g5_with_ageing_nobody_is_overtaken_by_who_comes_too_late(ageing: int, arrivals: list[tuple[int, int]]) -> None:
    """N seconds per point of priority difference is all that a later contact can gain."""
    board = a_board(an_agent(capacity=1), queues=[a_queue(ageing=ageing)])
    seconds = 0
    for number, (gap, priority) in enumerate(arrivals):
        seconds += gap
        board.apply([arrives(a_contact(f"c{number}", arrived=seconds, priority=priority))])
        if number % 2:
            free_everybody(board, seconds)
        for given_id in given_by(settle(board, seconds)):
            late = board.floor.contacts[given_id]
            for each in board.floor.waiting.in_order():
                waits = board.floor.contacts[each]
                difference = late.match.priority - waits.match.priority
                assert late.contact.arrived_at <= waits.contact.arrived_at + timedelta(seconds=ageing * difference)


def free_everybody(board: Board, seconds: float) -> None:
    """Close what is held."""
    held = [each.id for each in board.floor.contacts.values() if each.state is ContactState.ASSIGNED]
    board.apply([ContactClosed(at=at(seconds), contact_id=each) for each in held])


@settings(max_examples=30)
@given(world=happenings.worlds(), history=happenings.histories(longest=30))
def test_g8_deciding_more_often_changes_nothing(world: World, history: History) -> None:
    """Who decides whenever `next_instant` says so has done all that who decides every few seconds does."""
    record = recorded(world, history)
    seldom, often = Board(), Board()

    assert list(lived(seldom, record, every=None)) == list(lived(often, record, every=7))
    assert state(seldom) == state(often)


def lived(board: Board, record: list[tuple[datetime, list[Change]]], *, every: int | None) -> list[Change]:
    """Live through a record, deciding at every instant that matters, and `every` so many seconds besides.

    The record was made by deciding less often, so a few of its changes come too late and are refused."""
    decided: list[Change] = []
    before = record[0][0]
    for instant, changes in record:
        matters = board.next_instant(now=before)
        while matters is not None and matters < instant:
            decided += decided_at(board, before, matters, every=every)
            before, matters = matters, board.next_instant(now=matters)
        decided += decided_at(board, before, instant, every=every)
        for change in changes:
            with suppress(Refused):
                follow(board, [change], instant)
        decided += decided_at(board, instant, instant, every=None)
        before = instant
    return decided


def decided_at(board: Board, before: datetime, instant: datetime, *, every: int | None) -> list[Change]:
    """What is decided after `before` until `instant`, which is included."""
    instants = [instant]
    while every is not None and before + timedelta(seconds=every) < instant:
        before += timedelta(seconds=every)
        instants.insert(-1, before)
    decided: list[Change] = []
    for each in instants:
        decided += let_lapse(board, each)
        plan = board.decide(now=each)
        board.apply(plan.changes)
        decided += plan.changes
    return decided


@settings(max_examples=40)
@in_a_world
def test_g8_a_plan_that_is_not_applied_leaves_no_trace(world: World, history: History) -> None:
    dropping, plain = Board(), Board()
    for instant, changes in recorded(world, history):
        dropped = dropping.decide(now=instant)
        assert dropping.decide(now=instant) == dropped, "the same again"
        for board in (dropping, plain):
            follow(board, changes, instant)

        assert state(dropping) == state(plain)
        plans = [board.decide(now=instant).decisions for board in (dropping, plain)]
        assert plans[0] == plans[1]
        for board in (dropping, plain):
            board.apply(board.decide(now=instant).changes)


@settings(max_examples=40)
@given(world=happenings.worlds(), history=happenings.histories(longest=40), step=st.sampled_from([1, 30, 3600, 86400]))
def test_g8_a_clock_that_was_wrong_for_a_while_changes_nothing_for_good(
    world: World, history: History, step: int
) -> None:
    """A board that looked at the floor at a wrong instant, earlier or later, decides like one that never did."""
    misled, plain = Board(), Board()
    for instant, changes in recorded(world, history):
        for wrong in (instant + timedelta(seconds=step), instant - timedelta(seconds=step)):
            misled.decide(now=wrong)
        for board in (misled, plain):
            follow(board, changes, instant)
        misled.decide(now=instant - timedelta(seconds=step))
        plans = [board.decide(now=instant) for board in (misled, plain)]

        assert plans[0].decisions == plans[1].decisions
        for board, plan in zip((misled, plain), plans, strict=True):
            board.apply(plan.changes)
        assert state(misled) == state(plain)
