"""The core reads no clock: what it decides at an instant does not depend on when it is asked (G7, G8)."""

from datetime import datetime, timedelta

import pytest
from freezegun import freeze_time

from assigner.core.model import Plan
from tests.core.builders import a_board, a_contact, a_queue, an_agent, at, overflow, saved


def a_plan() -> Plan:
    """What a board decides that has a flood limit, overflow by time and an ageing queue to think of."""
    queue = a_queue("everybody", ageing=60, overflow=(overflow("after", "late", after=30),))
    contacts = [a_contact(f"c{number}", priority=number) for number in range(4)]
    board = a_board(an_agent("ana"), an_agent("ben"), contacts=contacts, queues=[queue, a_queue("late")])
    board.apply([saved(default_capacity=1)])
    board.apply(board.decide(now=at(0)).changes)
    return board.decide(now=at(31))


@pytest.mark.parametrize(
    "wall",
    [
        pytest.param(at(0) - timedelta(days=9000), id="long-before"),
        pytest.param(at(31), id="at-that-instant"),
        pytest.param(at(0) + timedelta(days=9000), id="long-after"),
    ],
)
def test_the_same_is_decided_whenever_it_is_asked(wall: datetime) -> None:
    now = a_plan()

    with freeze_time(wall, real_asyncio=True):
        then = a_plan()

    assert then == now
    assert [type(decision).__name__ for decision in then.decisions] == ["NextStop", "NextStop"]
