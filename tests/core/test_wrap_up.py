"""Wrap-up: after a close capacity stays held for a time, which the agent can end early.

It is said of an agent only where it is what keeps the agent back; nothing but a limit makes it felt."""

from typing import Any

import pytest

from assigner.core.changes import ContactHeld, WrapUpEnded
from assigner.core.explain import explain_agent
from assigner.core.reasons import Reason
from rules.organisation import Capacity
from tests.core.builders import (
    a_board,
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
    saved,
    settle,
    taken,
)


@pytest.mark.parametrize(
    ("agent", "queue", "workspace", "seconds"),
    [
        pytest.param(None, None, 0, 0, id="none"),
        pytest.param(None, None, 30, 30, id="of the workspace"),
        pytest.param(None, 20, 30, 20, id="of the queue, before that"),
        pytest.param(10, 20, 30, 10, id="of the agent, before both"),
        pytest.param(0, 20, 30, 0, id="none for this agent"),
        pytest.param(None, 0, 30, 0, id="none in this queue"),
    ],
)
def test_the_agents_own_wrap_up_comes_before_the_queues_and_that_before_the_workspaces(
    agent: int | None, queue: int | None, workspace: int, seconds: int
) -> None:
    board = a_board(an_agent(capacity=1, wrap_up=agent), queues=[a_queue(wrap_up=queue)], contacts=[a_contact("c0")])
    board.apply([saved(wrap_up=workspace)])
    settle(board)
    board.apply([closes("c0", 100), arrives(a_contact("c1", arrived=100))])

    if seconds:
        assert given(settle(board, 100)) == {}
        assert because(board, seconds=100) is Reason.WRAP_UP
        assert board.next_instant(now=at(100)) == at(100 + seconds)
        assert given(settle(board, 100 + seconds - 0.001)) == {}
    assert given(settle(board, 100 + seconds)) == {"c1": "ana"}


def test_the_agent_ends_it_early() -> None:
    board = board_with(an_agent(capacity=1), then=(saved(wrap_up=60), arrives(a_contact("c0"))))
    settle(board)
    board.apply([closes("c0", 10)])
    expect_waits(board, Reason.WRAP_UP, 10)

    board.apply([WrapUpEnded(at=at(15), agent_id="ana")])

    assert given(settle(board, 15)) == {"c1": "ana"}


def test_an_agent_full_of_contacts_is_at_capacity_not_in_wrap_up() -> None:
    board = board_with(
        an_agent(capacity=1), then=(saved(wrap_up=60), arrives(a_contact("c0")), taken("c0", "ana"), closes("c0", 1))
    )
    board.apply([arrives(a_contact("c2")), taken("c2", "ana", 2)])

    expect_waits(board, Reason.AT_CAPACITY, 2)


def test_a_wrap_up_holds_back_nobody_without_a_limit() -> None:
    board = board_with(an_agent(), then=(saved(wrap_up=60), arrives(a_contact("c0"))))
    settle(board)
    board.apply([closes("c0", 1), arrives(a_contact("c2", arrived=1))])

    assert given(settle(board, 1)) == {"c2": "ana"}


@pytest.mark.parametrize(
    ("capacity", "queue"),
    [
        pytest.param(Capacity(total=None, channels={"chat": 1}), {}, id="of the channel"),
        pytest.param(None, {"capacity": 1}, id="of the queue"),
    ],
)
def test_a_wrap_up_counts_against_the_limits_of_its_channel_and_its_queue(
    capacity: Capacity | None, queue: dict[str, Any]
) -> None:
    board = board_with(
        an_agent(capacity=capacity), queue=a_queue(**queue), then=(saved(wrap_up=30), arrives(a_contact("c0")))
    )
    settle(board)
    board.apply([closes("c0", 1)])

    expect_waits(board, Reason.WRAP_UP, 1)
    assert given(settle(board, 31)) == {"c1": "ana"}


def test_a_contact_that_was_on_hold_is_wrapped_up_as_well() -> None:
    board = board_with(an_agent(capacity=1), then=(saved(wrap_up=30), arrives(a_contact("c0"))))
    settle(board)
    board.apply([ContactHeld(at=at(1), contact_id="c0"), closes("c0", 1)])

    expect_waits(board, Reason.WRAP_UP, 1)


def test_an_agent_in_wrap_up_is_told_until_when() -> None:
    board = board_with(an_agent(capacity=1), then=(saved(wrap_up=30), arrives(a_contact("c0"))))
    settle(board)
    board.apply([closes("c0", 10)])
    settle(board, 10)

    why = explain_agent(board.floor, "c1", "ana", now=at(20))

    assert (why.reason, why.may_change_at) == (Reason.WRAP_UP, at(40))
