"""G6, fair: turns in round robin, the least loaded, weights, and what moves no turn.

The counts are kept by the tests: an agent's last turn is the last automatic assignment that the test has seen."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assigner.core.board import Board
from assigner.core.changes import Change, ContactMoved, ContactReturned
from assigner.core.model import Assign, RankKey
from presence.model import Status
from rules.model import Strategy
from tests.core import happenings
from tests.core.builders import (
    a_board,
    a_contact,
    a_queue,
    an_agent,
    arrives,
    at,
    closes,
    joins,
    presence,
    settle,
    taken,
)
from tests.core.builders import given as given_by
from tests.core.happenings import AGENTS, Happening
from tests.core.twins import Twins, decisions

pytestmark = pytest.mark.timeout(400)
"""Finding the smallest example of a failure takes hypothesis up to five minutes."""

World = list[Change]
History = Sequence[Happening]


def moved(contact_id: str, queue: str) -> ContactMoved:
    return ContactMoved(at=at(0), contact_id=contact_id, queue=queue)


def returned(contact_id: str) -> ContactReturned:
    return ContactReturned(at=at(0), contact_id=contact_id)


in_a_world = given(world=happenings.worlds(), history=happenings.histories(longest=40))


@settings(max_examples=60)
@in_a_world
def test_g6_between_two_turns_of_one_agent_every_other_candidate_had_one(world: World, history: History) -> None:
    last: dict[str, int] = {}
    for number, (twins, decision) in enumerate(decisions(world, history), start=1):
        if isinstance(decision, Assign):
            winner = decision.ranked.winner
            if decision.ranked.key is RankKey.TURN:
                for other in candidates(twins, decision):
                    if other != winner:
                        assert last.get(other, 0) >= last.get(winner, 0), f"{other} was not served since {winner} was"
            last[winner] = number
        last = {agent_id: turn for agent_id, turn in last.items() if agent_id in twins.reference.people}


@settings(max_examples=60)
@in_a_world
def test_g6_least_loaded_gives_to_the_smallest_load_and_ties_by_turn(world: World, history: History) -> None:
    last: dict[str, int] = {}
    for number, (twins, decision) in enumerate(decisions(world, history), start=1):
        if isinstance(decision, Assign):
            winner, held = decision.ranked.winner, loads(twins)
            if decision.ranked.key is RankKey.LOAD:
                others = candidates(twins, decision) - {winner}
                assert all(held[winner] <= held[other] for other in others)
                equals = {other for other in others if held[other] == held[winner]}
                assert all(last.get(other, 0) >= last.get(winner, 0) for other in equals)
            last[winner] = number
        last = {agent_id: turn for agent_id, turn in last.items() if agent_id in twins.reference.people}


def candidates(twins: Twins, decision: Assign) -> set[str]:
    """The candidates for a contact before it is given, as the reference finds them."""
    request = twins.reference.requests[decision.contact_id]
    stop = next(stop for stop in request.asked if stop.queue == decision.queue)
    return {person.agent.id for person in twins.reference.candidates(request, stop, twins.now)}


def loads(twins: Twins) -> Mapping[str, int]:
    """How many contacts that are not on hold each agent holds."""
    return Counter(each.holder for each in twins.reference.requests.values() if each.holder and not each.on_hold)


@settings(max_examples=40)
@given(
    team=st.integers(2, 6),
    queues=st.lists(st.sampled_from(["everybody", "support", "night"]), min_size=1, max_size=40),
    by_hand=st.lists(st.integers(0, 5), max_size=40),
)
def test_g6_counts_of_steady_candidates_differ_by_at_most_one(team: int, queues: list[str], by_hand: list[int]) -> None:
    """Whichever queue the contacts come through, and whatever people assign by hand in between."""
    agents = AGENTS[:team]
    board = a_board(*map(an_agent, agents), queues=[a_queue(name) for name in ("everybody", "support", "night")])
    counts: Counter[str] = Counter(dict.fromkeys(agents, 0))
    for number, queue in enumerate(queues):
        board.apply([arrives(a_contact(f"c{number}")), moved(f"c{number}", queue)])
        counts.update(given_by(settle(board)).values())
        assert max(counts.values()) - min(counts.values()) <= 1
        if number in by_hand:
            board.apply([arrives(a_contact(f"by hand {number}")), taken(f"by hand {number}", agents[number % team])])


@settings(max_examples=40)
@given(weights=st.lists(st.integers(1, 4), min_size=2, max_size=5), rounds=st.integers(1, 3))
def test_g6_in_every_round_each_agent_gets_exactly_the_own_weight(weights: list[int], rounds: int) -> None:
    team = dict(zip(AGENTS, weights, strict=False))
    board = a_board(*(an_agent(name, weight=weight) for name, weight in team.items()))
    for turn in range(rounds):
        counts: Counter[str] = Counter()
        for number in range(sum(weights)):
            board.apply([arrives(a_contact(f"c{turn}.{number}"))])
            counts.update(given_by(settle(board)).values())
        assert counts == team


def test_g6_weights_are_spread_smoothly() -> None:
    """Three for ana, one for bea: not all of ana's at once."""
    board = a_board(an_agent("ana", weight=3), an_agent("bea"))

    assert turns_of(board, 8) == ["ana", "bea", "ana", "ana", "ana", "bea", "ana", "ana"]


def test_g6_a_weight_counts_nothing_where_nobody_who_has_one_is_a_candidate() -> None:
    board = a_board(an_agent("ana"), an_agent("bea"), an_agent("cem", weight=3))
    board.apply([presence("cem", Status.BUSY)])

    assert turns_of(board, 4) == ["ana", "bea", "ana", "bea"]


def test_g6_who_comes_back_is_next_and_gets_no_penalty_and_no_flood_of_turns() -> None:
    board = a_board(an_agent("ana"), an_agent("bea"), an_agent("cem"))
    assert turns_of(board, 3) == ["ana", "bea", "cem"]

    board.apply([presence("ana", Status.BUSY)])
    assert turns_of(board, 4) == ["bea", "cem", "bea", "cem"]

    board.apply([presence("ana", Status.ONLINE)])
    assert turns_of(board, 3) == ["ana", "bea", "cem"]


def test_g6_who_joins_comes_before_all_who_were_served_and_after_those_who_joined_before() -> None:
    board = a_board(an_agent("ana"), an_agent("bea"))
    assert turns_of(board, 1) == ["ana"]

    board.apply([*joins(an_agent("cem")), *joins(an_agent("dan"))])
    assert turns_of(board, 4) == ["bea", "cem", "dan", "ana"]


@pytest.mark.parametrize("strategy", Strategy)
def test_g6_a_full_agent_keeps_the_place(strategy: Strategy) -> None:
    board = a_board(an_agent("ana", capacity=1), an_agent("bea", capacity=1), queues=[a_queue(strategy=strategy)])
    assert turns_of(board, 3) == ["ana", "bea"]

    board.apply([closes("c2")])
    assert given_by(settle(board)) == {"c3": "bea"}
    board.apply([arrives(a_contact("c4")), closes("c1")])
    assert given_by(settle(board)) == {"c4": "ana"}


@pytest.mark.parametrize(
    "by_hand",
    [
        pytest.param([taken("c9", "ana")], id="taken-from-the-queue"),
        pytest.param([taken("c9", "bea"), taken("c9", "ana")], id="transferred"),
        pytest.param([taken("c9", "ana"), returned("c9"), closes("c9")], id="returned"),
    ],
)
def test_g6_what_people_do_moves_no_turn(by_hand: list[Change]) -> None:
    board = a_board(an_agent("ana"), an_agent("bea"), contacts=[a_contact("c9")])
    board.apply(by_hand)

    assert turns_of(board, 3) == ["ana", "bea", "ana"]


def turns_of(board: Board, number: int) -> list[str]:
    """Who is given each of so many contacts that arrive one after the other, as far as somebody is."""
    winners: list[str] = []
    for _ in range(number):
        contact = a_contact(f"c{board.floor.arrivals + 1}")
        board.apply([arrives(contact)])
        winners += given_by(settle(board)).values()
    return winners
