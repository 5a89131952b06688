"""How much an agent is given and holds: the flood limit, and capacity in all, by channel and by queue.

Each boundary from both sides; on hold a contact keeps its agent and frees capacity."""

from typing import Any

import pytest

from assigner.core.changes import ContactHeld, ContactResumed, FloodLimit
from assigner.core.reasons import Reason
from presence.model import Status
from rules.model import FieldCondition, Operator, Rule
from rules.organisation import Capacity
from tests.core.builders import (
    a_contact,
    a_queue,
    an_agent,
    arrives,
    at,
    because,
    board_with,
    closes,
    expect_waits,
    given,
    holders,
    presence,
    saved,
    settle,
    taken,
)

FLOOD_1_PER_10 = saved(flood_limit=FloodLimit(contacts=1, per=10))


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [
        pytest.param(0, Reason.FLOOD_LIMIT, id="at-once"),
        pytest.param(9.999999, Reason.FLOOD_LIMIT, id="just-before"),
        pytest.param(10, None, id="at-t-plus-per-it-no-longer-counts"),
    ],
)
def test_the_flood_limit_counts_for_exactly_its_period(seconds: float, reason: Reason | None) -> None:
    board = board_with(an_agent(), then=(FLOOD_1_PER_10, arrives(a_contact("c0"))))

    assert given(settle(board)) == {"c0": "ana"}
    assert board.next_instant(now=at(0)) == at(10)
    plan = settle(board, seconds)
    assert given(plan) == ({"c1": "ana"} if reason is None else {})
    if reason is not None:
        assert because(board, seconds=seconds) is reason


def test_the_flood_limit_slides() -> None:
    """Two in ten seconds, given at 0 and 6: the third at 10, the fourth at 16."""
    board = board_with(an_agent(), then=(saved(flood_limit=FloodLimit(contacts=2, per=10)),))
    settle(board, 0)
    board.apply([arrives(a_contact(f"c{number}", arrived=6)) for number in (2, 3, 4)])

    instants = {seconds: list(given(settle(board, seconds))) for seconds in (6, 9.9, 10, 15.9, 16)}

    assert instants == {6: ["c2"], 9.9: [], 10: ["c3"], 15.9: [], 16: ["c4"]}


def test_a_flood_limit_of_another_length_ends_at_its_own_end() -> None:
    """Given at 0; at 5 the period of 10 seconds becomes one of 60."""
    board = board_with(an_agent(), then=(FLOOD_1_PER_10, arrives(a_contact("c0"))))
    settle(board)
    board.apply([saved(5, flood_limit=FloodLimit(contacts=1, per=60))])

    assert given(settle(board, 10)) == {}
    assert board.next_instant(now=at(10)) == at(60)
    assert given(settle(board, 60)) == {"c1": "ana"}


def test_manual_assignments_do_not_count_against_the_flood_limit() -> None:
    board = board_with(an_agent(), then=(FLOOD_1_PER_10, arrives(a_contact("c0")), taken("c0", "ana")))

    assert given(settle(board)) == {"c1": "ana"}


@pytest.mark.parametrize(
    ("limits", "queue", "reason"),
    [
        pytest.param({"capacity": 1}, {}, Reason.AT_CAPACITY, id="total"),
        pytest.param({"capacity": Capacity(channels={"chat": 1})}, {}, Reason.AT_CHANNEL_CAPACITY, id="channel"),
        pytest.param({}, {"capacity": 1}, Reason.AT_QUEUE_CAPACITY, id="queue"),
    ],
)
def test_hold_frees_capacity_and_resume_may_exceed_it(
    limits: dict[str, Any], queue: dict[str, Any], reason: Reason
) -> None:
    board = board_with(an_agent(**limits), queue=a_queue(**queue), then=(arrives(a_contact("c0")),))
    assert given(settle(board)) == {"c0": "ana"}
    expect_waits(board, reason)

    board.apply([ContactHeld(at=at(1), contact_id="c0")])
    assert given(settle(board, 1)) == {"c1": "ana"}

    board.apply([ContactResumed(at=at(2), contact_id="c0"), arrives(a_contact("c2", arrived=2))])
    assert board.floor.seat("ana").load == 2, "a resumed contact counts, even above the limit"
    assert given(settle(board, 2)) == {}
    board.apply([closes("c0", 3)])
    assert given(settle(board, 3)) == {}, "still full"
    board.apply([closes("c1", 4)])
    assert given(settle(board, 4)) == {"c2": "ana"}


def test_capacities_of_other_channels_and_queues_do_not_count() -> None:
    ana = an_agent(capacity=Capacity(channels={"chat": 1}))
    board = board_with(
        ana,
        queue=a_queue("support", capacity=1),
        rules=[
            Rule(
                name="mail",
                when=FieldCondition(field="channel", operator=Operator.EQUALS, value="mail"),
                queue="support",
            )
        ],
        then=(arrives(a_contact("c0", channel="mail")),),
    )
    board.apply([arrives(a_contact("c2", channel="mail"))])

    assert given(settle(board)) == {"c0": "ana", "c1": "ana"}
    assert because(board, "c2") is Reason.AT_QUEUE_CAPACITY


def test_a_manual_assignment_may_exceed_every_limit() -> None:
    board = board_with(an_agent(capacity=0), then=(presence("ana", Status.BUSY),))
    board.apply([taken("c1", "ana")])

    assert holders(board) == {"c1": "ana"}
    assert board.floor.seat("ana").load == 1
