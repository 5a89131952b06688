"""Stops and who comes first there: each kind of overflow, queues that are left, and the preferred agent."""

from collections.abc import Mapping
from typing import Any

import pytest

from assigner.core.board import Board
from assigner.core.changes import (
    AgentPut,
    Change,
    ContactClosed,
    ContactMoved,
    ContactReturned,
    ContactTaken,
    FloodLimit,
)
from assigner.core.model import Assign, NextStop, RankKey, Stop
from assigner.core.reasons import Reason
from presence.model import Status
from rules.model import Overflow, Preferred, Queue, Rule
from tests.core.builders import (
    a_board,
    a_closed_office,
    a_contact,
    a_queue,
    an_agent,
    an_office,
    arrives,
    at,
    because,
    given,
    holders,
    overflow,
    presence,
    published,
    saved,
    settle,
)

MADRID, NIGHT = an_office("madrid"), an_office("night")
FULL = an_agent("ana", "madrid", capacity=0)
OWL = an_agent("owl", "night")


def madrid(*steps: Overflow, **fields: Any) -> Queue:
    """The queue of Madrid with these steps of overflow."""
    return a_queue("madrid", offices=("madrid",), overflow=steps, **fields)


def a_board_of(*queues: Queue, ana: Any = FULL, closed: bool = False, contacts: int = 1) -> Board:
    """Ana in Madrid and an owl at night; contacts for Madrid."""
    offices = (a_closed_office("madrid") if closed else MADRID, NIGHT)
    asked = [a_contact(f"c{number + 1}", office="madrid") for number in range(contacts)]
    return a_board(ana, OWL, offices=offices, queues=queues, contacts=asked)


def stops(board: Board, contact_id: str = "c1") -> Mapping[str, tuple[float, float | None]]:
    """When a contact entered and left its stops, in seconds."""
    return {
        each.queue: (since(each), None if each.left_at is None else since(each, left=True))
        for each in way(board, contact_id)
    }


def way(board: Board, contact_id: str) -> tuple[Stop, ...]:
    return board.floor.contacts[contact_id].stops


def since(stop: Stop, *, left: bool = False) -> float:
    instant = stop.left_at if left and stop.left_at else stop.entered_at
    return (instant - at(0)).total_seconds()


@pytest.mark.parametrize(
    ("step", "board", "overflows"),
    [
        pytest.param(overflow("closed", "night"), {"closed": True}, True, id="closed"),
        pytest.param(overflow("closed", "night"), {}, False, id="not-closed"),
        pytest.param(
            overflow("nobody_there", "night"), {"ana": an_agent("ana", "night", capacity=0)}, True, id="nobody-there"
        ),
        pytest.param(overflow("nobody_there", "night"), {"closed": True}, True, id="nobody-is-there-while-closed"),
        pytest.param(overflow("nobody_there", "night"), {}, False, id="full-ones-are-there"),
        pytest.param(overflow("longer_than", "night", length=0), {}, True, id="longer-than"),
        pytest.param(overflow("longer_than", "night", length=1), {}, False, id="as-long-as-is-not-longer"),
        pytest.param(overflow("after", "night", after=0), {}, True, id="after-0-seconds"),
        pytest.param(overflow("after", "night", after=1), {}, False, id="not-yet-after"),
        pytest.param(overflow("closed", "atlantis"), {"closed": True}, False, id="to-a-queue-that-does-not-exist"),
        pytest.param(overflow("closed", "madrid"), {"closed": True}, False, id="to-itself"),
    ],
)
def test_each_kind_of_overflow(step: Overflow, board: dict[str, Any], overflows: bool) -> None:
    found = a_board_of(madrid(step), **board)

    assert given(settle(found)) == ({"c1": "owl"} if overflows else {})


def test_the_plan_says_where_the_contact_goes_and_why() -> None:
    plan = settle(a_board_of(madrid(overflow("after", "night", after=0))))
    moved, assigned = plan.decisions

    assert isinstance(moved, NextStop)
    assert (moved.queue, moved.leaves) == ("night", None)
    assert [account.queue for account in moved.accounts] == ["madrid"]
    assert isinstance(assigned, Assign)
    assert assigned.queue == "night"
    assert [(account.queue, account.left) for account in assigned.accounts] == [("madrid", 0), ("night", 1)]


@pytest.mark.parametrize(
    ("seconds", "winner"),
    [pytest.param(59.999, {}, id="just-before"), pytest.param(60, {"c1": "owl"}, id="at-exactly-60")],
)
def test_after_counts_from_entering_the_queue(seconds: float, winner: dict[str, str]) -> None:
    board = a_board_of(madrid(overflow("after", "night", after=60)))

    assert given(settle(board)) == {}
    assert board.next_instant(now=at(0)) == at(60)
    assert given(settle(board, seconds)) == winner


def test_after_counts_from_entering_the_later_queue_too() -> None:
    chain = [
        madrid(overflow("after", "support", after=10)),
        a_queue("support", overflow=(overflow("after", "night", after=30),)),
    ]
    board = a_board(FULL, offices=(MADRID, NIGHT), queues=chain, contacts=[a_contact(office="madrid")])
    for seconds in (0, 10, 39, 40):
        settle(board, seconds)

    assert stops(board) == {"madrid": (0, None), "support": (10, None), "night": (40, None)}


@pytest.mark.parametrize(
    ("leave", "left_at", "winner"),
    [pytest.param(False, None, "ana", id="stays-and-is-asked-first"), pytest.param(True, 60, "owl", id="leaves")],
)
def test_a_queue_that_is_left_is_asked_no_more(leave: bool, left_at: float | None, winner: str) -> None:
    board = a_board_of(madrid(overflow("after", "night", after=60, leave=leave)))
    board.apply([presence("owl", Status.BUSY, "night")])
    settle(board, 60)
    assert stops(board) == {"madrid": (0, left_at), "night": (60, None)}

    board.apply([presence("owl", Status.ONLINE, "night", seconds=61), *capacity_for_ana(61)])
    assert given(settle(board, 61)) == {"c1": winner}


def capacity_for_ana(seconds: float) -> list[Change]:
    """Ana can take contacts from now on."""
    return [AgentPut(at=at(seconds), agent=an_agent("ana", "madrid"))]


def test_no_queue_is_entered_twice_so_a_cycle_ends() -> None:
    queues = [
        madrid(overflow("after", "support", after=0, leave=True)),
        a_queue("support", offices=("night",), overflow=(overflow("after", "madrid", after=0, leave=True),)),
    ]
    board = a_board_of(*queues)
    board.apply([presence("owl", Status.BUSY, "night")])
    settle(board)

    assert stops(board) == {"madrid": (0, 0), "support": (0, None)}
    assert settle(board, 3600).decisions == ()


def test_longer_than_is_asked_once_of_the_newcomers_in_the_order_of_serving() -> None:
    """At most two may wait: the third and the fourth go on, however long the others stay."""
    board = a_board_of(madrid(overflow("longer_than", "night", length=2)), contacts=4)

    assert given(settle(board)) == {"c3": "owl", "c4": "owl"}
    assert settle(board, 60).decisions == ()


@pytest.mark.parametrize(
    "first_step",
    [
        pytest.param(overflow("after", "support", after=0), id="at-once"),
        pytest.param(overflow("after", "support", after=60), id="later"),
    ],
)
def test_who_comes_by_overflow_is_a_newcomer_in_the_next_queue(first_step: Overflow) -> None:
    queues = [
        madrid(first_step),
        a_queue("support", offices=("madrid",), overflow=(overflow("longer_than", "night", length=0),)),
    ]
    board = a_board_of(*queues)
    settle(board)
    settle(board, 60)

    assert holders(board) == {"c1": "owl"}


def test_a_newcomer_that_was_looked_at_stays_looked_at_whatever_the_rules_become() -> None:
    board = a_board_of(madrid())
    settle(board)
    board.apply([published(madrid(overflow("longer_than", "night", length=0)))])

    assert given(settle(board)) == {}


def test_publishing_rules_keeps_the_stops_of_who_stays_and_starts_the_others_anew() -> None:
    board = a_board_of(madrid(overflow("after", "night", after=60)))
    board.apply([presence("owl", Status.BUSY, "night")])
    settle(board, 60)
    board.apply([published(madrid(skills={"es": 1}), seconds=70)])
    assert stops(board) == {"madrid": (0, None), "night": (60, None)}

    board.apply([published(madrid(), a_queue("support"), rules=[Rule(name="all", queue="support")], seconds=80)])
    assert stops(board) == {"support": (80, None)}
    assert board.floor.contacts["c1"].contact.arrived_at == at(0)


def test_a_contact_moved_by_hand_keeps_its_queue_until_that_is_removed() -> None:
    board = a_board_of(madrid(), a_queue("support", offices=("madrid",)))
    board.apply([ContactMoved(at=at(5), contact_id="c1", queue="support")])
    board.apply(
        [published(a_queue("support", offices=("madrid",)), rules=[Rule(name="all", queue="madrid")], seconds=6)]
    )
    assert stops(board) == {"support": (5, None)}

    board.apply([published(seconds=7)])
    assert stops(board) == {"madrid": (7, None)}


def a_board_with_a_history(hold: int | None, *, then: tuple[Change, ...] = (), **fields: Any) -> Board:
    """Carla's last contact was closed by bea; c1 is her next. It is ana's turn."""
    preferred = None if hold is None else Preferred(hold=hold)
    board = a_board(an_agent("ana"), an_agent("bea", capacity=1), queues=[a_queue(preferred=preferred)])
    board.apply(
        [
            arrives(a_contact("before", customer_id="carla")),
            ContactTaken(at=at(0), contact_id="before", agent_id="bea"),
            ContactClosed(at=at(0), contact_id="before"),
            *then,
            arrives(a_contact(**{"customer_id": "carla", **fields})),
        ]
    )
    return board


BUSY_WITH_ANOTHER = (arrives(a_contact("another")), ContactTaken(at=at(0), contact_id="another", agent_id="bea"))


@pytest.mark.parametrize(
    ("hold", "then", "fields", "winner"),
    [
        pytest.param(0, (), {}, "bea", id="free-now"),
        pytest.param(60, (), {}, "bea", id="free-and-held"),
        pytest.param(None, (), {}, "ana", id="a-queue-that-prefers-nobody"),
        pytest.param(60, (), {"customer_id": "david"}, "ana", id="a-customer-who-is-new"),
        pytest.param(0, BUSY_WITH_ANOTHER, {}, "ana", id="full-and-not-held"),
        pytest.param(60, BUSY_WITH_ANOTHER, {}, None, id="full-and-held"),
        pytest.param(60, (presence("bea", Status.BUSY),), {}, "ana", id="skipped-at-once-if-not-online"),
        pytest.param(60, (), {"exclude_agents": frozenset({"bea"})}, "ana", id="skipped-at-once-if-excluded"),
        pytest.param(None, (), {"preferred_agent_id": "bea"}, "bea", id="the-contacts-own-wish-without-the-queues"),
        pytest.param(None, BUSY_WITH_ANOTHER, {"preferred_agent_id": "bea"}, "ana", id="own-wish-is-held-0-seconds"),
        pytest.param(60, (), {"preferred_agent_id": "ana"}, "ana", id="the-contacts-own-wish-comes-first"),
        pytest.param(60, (), {"preferred_agent_id": "nobody"}, "ana", id="an-unknown-agent-is-skipped"),
    ],
)
def test_the_preferred_agent_comes_first(
    hold: int | None, then: tuple[Change, ...], fields: dict[str, Any], winner: str | None
) -> None:
    board = a_board_with_a_history(hold, then=then, **fields)

    assert given(settle(board)).get("c1") == winner
    if winner is None:
        assert because(board) is Reason.AT_CAPACITY


def test_the_preferred_agent_is_waited_for_until_exactly_the_end() -> None:
    board = a_board_with_a_history(60, then=BUSY_WITH_ANOTHER)

    assert given(settle(board, 59.999)) == {}
    assert board.next_instant(now=at(0)) == at(60)
    assert given(settle(board, 60)) == {"c1": "ana"}


def test_the_preferred_agent_who_becomes_free_in_time_gets_the_contact() -> None:
    board = a_board_with_a_history(60, then=BUSY_WITH_ANOTHER)
    settle(board)
    board.apply([ContactClosed(at=at(30), contact_id="another")])
    (decision,) = settle(board, 30).decisions

    assert isinstance(decision, Assign)
    assert (decision.ranked.key, decision.ranked.winner) == (RankKey.PREFERRED, "bea")


def test_the_preferred_agent_held_back_by_the_flood_limit_is_waited_for() -> None:
    board = a_board(an_agent("ana"), an_agent("bea"), queues=[a_queue(preferred=Preferred(hold=60))])
    board.apply([saved(flood_limit=FloodLimit(contacts=1, per=10)), arrives(a_contact("c0", preferred_agent_id="bea"))])
    settle(board)
    board.apply([arrives(a_contact(preferred_agent_id="bea"))])

    assert given(settle(board)) == {}
    assert because(board) is Reason.FLOOD_LIMIT
    assert given(settle(board, 10)) == {"c1": "bea"}


def test_a_clock_that_was_wrong_holds_nothing_for_good() -> None:
    """A look at an instant before the contact came does not make it wait for a preferred agent who is full."""
    board = a_board_with_a_history(0, then=BUSY_WITH_ANOTHER)
    board.decide(now=at(0))
    board.decide(now=at(-1))

    assert given(settle(board, 0)) == {"c1": "ana"}


def test_a_clock_that_goes_back_between_a_change_and_the_decision_stops_nothing_for_good() -> None:
    """The contact came at 0, but the board looks at -5, and again when the clock is right."""
    board = a_board_of(madrid(overflow("after", "night", after=0)), contacts=0)
    board.decide(now=at(-10))
    board.apply([arrives(a_contact(office="madrid"))])

    assert given(settle(board, -5)) == {}
    assert given(settle(board, 0)) == {"c1": "owl"}


def test_a_returned_contact_keeps_its_age_and_is_not_given_to_the_excluded_agent() -> None:
    board = a_board(an_agent("ana"), an_agent("bea"), contacts=[a_contact()])
    assert given(settle(board)) == {"c1": "ana"}
    board.apply([ContactReturned(at=at(50), contact_id="c1", exclude_agent="bea")])

    assert board.floor.contacts["c1"].contact.arrived_at == at(0)
    assert stops(board) == {"everybody": (50, None)}
    assert given(settle(board, 50)) == {"c1": "ana"}
