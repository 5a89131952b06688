"""A board that is restored from values goes on as if nothing had happened (G7, G8)."""

from collections.abc import Sequence

from hypothesis import given, settings

from assigner.core.board import Board
from assigner.core.changes import Change
from assigner.core.snapshot import restore, snapshot
from tests.core import happenings
from tests.core.builders import follow
from tests.core.happenings import Happening
from tests.core.twins import recorded, state


@settings(max_examples=60)
@given(world=happenings.worlds(), history=happenings.histories(longest=40))
def test_a_restored_board_decides_like_the_one_that_it_was_taken_from(
    world: list[Change], history: Sequence[Happening]
) -> None:
    going_on, restored = Board(), Board()
    for instant, changes in recorded(world, history):
        restored = restore(snapshot(restored), now=instant)
        for board in (going_on, restored):
            follow(board, changes, instant)
        plans = [board.decide(now=instant) for board in (going_on, restored)]

        assert (plans[0].decisions, plans[0].valid_until) == (plans[1].decisions, plans[1].valid_until)
        for board, plan in zip((going_on, restored), plans, strict=True):
            board.apply(plan.changes)
        assert state(restored) == state(going_on)
