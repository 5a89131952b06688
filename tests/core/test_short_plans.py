"""A plan that is kept short is the beginning of the whole one, and what follows it is the rest."""

import pytest

from assigner.core.board import Board
from assigner.core.model import Decision
from tests.core.builders import a_board, a_contact, an_agent, at, given, settle


@pytest.mark.parametrize("at_most", [1, 3, 7, 10, 11])
def test_short_plans_come_to_the_same(at_most: int) -> None:
    def board() -> Board:
        return a_board(*map(an_agent, ("ana", "ben", "cid")), contacts=[a_contact(f"c{each}") for each in range(10)])

    whole, short = settle(board()), board()
    decisions: list[Decision] = []
    complete = False
    while not complete:
        plan = short.decide(now=at(0), at_most=at_most)
        short.apply(plan.changes)
        assert len(plan.decisions) <= at_most
        decisions += plan.decisions
        complete = plan.complete

    assert tuple(decisions) == whole.decisions
    assert len(given(whole)) == 10
