"""Offers: one agent is asked for a time, and whoever does not take the contact is not asked again before all others.

A pending offer counts as load; the turn moves when it is accepted; nobody's refusal leaves a contact behind."""

from typing import Any

import pytest

from assigner.core.board import Board
from assigner.core.changes import Change, ContactTaken, FloodLimit, OfferAccepted, OfferEnd, OfferEnded
from assigner.core.model import ContactState
from assigner.core.reasons import Reason
from presence.errors import Conflict
from presence.model import Status
from rules.model import OfferTerms
from tests.core.builders import (
    a_board,
    a_contact,
    a_queue,
    an_agent,
    arrives,
    at,
    because,
    closes,
    explained,
    given,
    holders,
    joins,
    let_lapse,
    presence,
    saved,
    settle,
)


def offering(*agents: str, timeout: int = 20, queue: dict[str, Any] | None = None, **fields: Any) -> Board:
    """A board that offers for so many seconds, with agents of one contact each; `fields` are the settings'."""
    terms = {name: fields.pop(name) for name in ("decline_pause", "missed_limit") if name in fields}
    board = a_board(*(an_agent(name, capacity=1) for name in agents), queues=[a_queue(**(queue or {}))])
    board.apply([saved(offer=OfferTerms(timeout=timeout, **terms), **fields)])
    return board


def asked(board: Board) -> dict[str, str]:
    """Who is offered what: agents by contact."""
    contacts = board.floor.contacts.values()
    return {each.id: each.agent_id for each in contacts if each.state is ContactState.OFFERED and each.agent_id}


def accepts(contact_id: str, seconds: float) -> Change:
    return OfferAccepted(at=at(seconds), contact_id=contact_id)


def declines(contact_id: str, seconds: float) -> Change:
    return OfferEnded(at=at(seconds), contact_id=contact_id, because=OfferEnd.DECLINED)


def test_an_offer_is_accepted_and_becomes_an_assignment() -> None:
    board = offering("ana", "bea")
    board.apply([arrives(a_contact())])

    settle(board)
    assert (asked(board), holders(board)) == ({"c1": "ana"}, {})
    assert board.next_instant(now=at(0)) == at(20)

    board.apply([accepts("c1", 5)])
    assert (asked(board), holders(board)) == ({}, {"c1": "ana"})
    assert board.floor.contacts["c1"].assigned_at == at(5)


def test_a_pending_offer_counts_as_load_and_the_turn_moves_when_it_is_accepted() -> None:
    board = offering("ana", "bea")
    board.apply([arrives(a_contact("c1")), arrives(a_contact("c2")), arrives(a_contact("c3"))])
    settle(board)

    assert asked(board) == {"c1": "ana", "c2": "bea"}
    assert because(board, "c3") is Reason.AT_CAPACITY
    assert [board.floor.seat(name).turn for name in ("ana", "bea")] == [0, 0]

    board.apply([accepts("c2", 1), accepts("c1", 2)])
    turns = [board.floor.seat(name).turn for name in ("ana", "bea")]
    assert turns == [2, 1], "it was bea's turn first, for she accepted first"


@pytest.mark.parametrize(
    ("seconds", "state"),
    [
        pytest.param(19.999, ContactState.OFFERED, id="just before its end"),
        pytest.param(20, ContactState.QUEUED, id="at its end it has lapsed"),
    ],
)
def test_an_offer_stands_for_exactly_its_time(seconds: float, state: ContactState) -> None:
    board = offering("ana")
    board.apply([arrives(a_contact())])
    settle(board)

    lapsed = let_lapse(board, at(seconds))

    assert board.floor.contacts["c1"].state is state
    missed = OfferEnded(at=at(20), contact_id="c1", because=OfferEnd.MISSED)
    assert lapsed == ([missed] if state is ContactState.QUEUED else [])


def test_a_declined_contact_keeps_its_place_and_goes_to_the_next() -> None:
    board = offering("ana", "bea")
    board.apply([arrives(a_contact("c1"))])
    settle(board)
    board.apply([arrives(a_contact("c2", arrived=2)), declines("c1", 3)])

    settle(board, 3)

    assert asked(board) == {"c1": "bea", "c2": "ana"}, "c1 comes first, and ana is free for the other"


def test_who_declined_is_asked_again_when_all_who_are_there_have_refused_full_or_not() -> None:
    board = offering("ana", "bea")
    board.apply([arrives(a_contact("c0")), ContactTaken(at=at(0), contact_id="c0", agent_id="bea")])
    board.apply([arrives(a_contact("c1", arrived=1))])
    settle(board, 1)
    assert asked(board) == {"c1": "ana"}

    board.apply([declines("c1", 2)])
    settle(board, 2)
    assert asked(board) == {}, "bea is there, though full: she comes first"
    assert because(board, "c1", 2) is Reason.AT_CAPACITY

    board.apply([presence("bea", Status.BUSY, seconds=3)])
    settle(board, 3)
    assert asked(board) == {"c1": "ana"}, "nobody else is there now, so ana is asked again"


def test_after_all_have_declined_all_are_asked_again_in_turn() -> None:
    board = offering("ana", "bea", "cem")
    board.apply([arrives(a_contact())])
    order = []
    for second in range(7):
        settle(board, second)
        order.append(asked(board)["c1"])
        board.apply([declines("c1", second)])

    assert order[:3] == ["ana", "bea", "cem"]
    assert sorted(order[3:6]) == ["ana", "bea", "cem"], "every round asks everybody once"


def test_an_agent_who_comes_online_meanwhile_is_asked_before_a_new_round() -> None:
    board = offering("ana")
    board.apply([arrives(a_contact())])
    settle(board)
    board.apply([declines("c1", 1), *joins(an_agent("dan"), 1)])

    settle(board, 1)

    assert asked(board) == {"c1": "dan"}


def test_who_declined_is_left_alone_for_the_pause() -> None:
    board = offering("ana", decline_pause=30)
    board.apply([arrives(a_contact())])
    settle(board)
    board.apply([declines("c1", 5)])

    settle(board, 5)
    why = explained(board, "c1", 5)
    assert (why.because, why.refused_by, why.next_change_at) == (Reason.DECLINED, 1, at(35))

    settle(board, 34.9)
    assert asked(board) == {}
    settle(board, 35)
    assert asked(board) == {"c1": "ana"}


def test_the_terms_of_the_queue_come_before_those_of_the_workspace() -> None:
    board = offering("ana", "bea", timeout=20, queue={"offer": OfferTerms(timeout=5)})
    board.apply([arrives(a_contact())])
    settle(board)
    assert board.next_instant(now=at(0)) == at(5)

    at_once = offering("ana", timeout=20, queue={"offer": OfferTerms()})
    at_once.apply([arrives(a_contact())])
    assert given(settle(at_once)) == {"c1": "ana"}


@pytest.mark.parametrize(
    "gone",
    [
        pytest.param(presence("ana", Status.BUSY, seconds=3), id="busy"),
        pytest.param(presence("ana", Status.AWAY, seconds=3), id="away"),
        pytest.param(presence("ana", Status.OFFLINE, seconds=3), id="offline"),
        pytest.param(saved(3, offer=OfferTerms(timeout=20), enabled=False), id="assignment switched off"),
    ],
)
def test_an_offer_is_withdrawn_at_once_from_who_may_not_have_it_any_more(gone: Change) -> None:
    board = offering("ana")
    board.apply([arrives(a_contact())])
    settle(board)

    board.apply([gone])

    assert let_lapse(board, at(3)) == [OfferEnded(at=at(3), contact_id="c1", because=OfferEnd.WITHDRAWN)]
    assert board.floor.seat("ana").missed == 0, "withdrawn is not missed"
    assert explained(board, "c1", 3).refused_by == 0


def test_missed_offers_are_counted_in_a_row() -> None:
    board = offering("ana", timeout=5)
    counts = []
    for number, end in enumerate([None, None, "accepts", None, "declines"]):
        second = 10 * number
        board.apply([arrives(a_contact(f"c{number}", arrived=second))])
        settle(board, second)
        if end is not None:
            change = accepts(f"c{number}", second) if end == "accepts" else declines(f"c{number}", second)
            board.apply([change])
        let_lapse(board, at(second + 5))
        counts.append(board.floor.seat("ana").missed)
        board.apply([closes(f"c{number}", second + 5)])

    assert counts == [1, 2, 0, 1, 0]


def test_a_pending_offer_counts_against_the_flood_limit() -> None:
    board = a_board(an_agent("ana"))
    board.apply([saved(offer=OfferTerms(timeout=20), flood_limit=FloodLimit(contacts=1, per=60))])
    board.apply([arrives(a_contact("c1")), arrives(a_contact("c2"))])
    settle(board)
    assert asked(board) == {"c1": "ana"}
    assert because(board, "c2") is Reason.FLOOD_LIMIT

    board.apply([accepts("c1", 10)])
    settle(board, 69.9)
    assert asked(board) == {}
    settle(board, 70)
    assert asked(board) == {"c2": "ana"}


def test_an_offer_that_has_lapsed_cannot_be_accepted() -> None:
    board = offering("ana", "bea", decline_pause=60)
    board.apply([arrives(a_contact())])
    settle(board)
    let_lapse(board, at(20))

    with pytest.raises(Conflict):
        board.apply([accepts("c1", 21)])


def test_an_offered_contact_can_be_given_to_another_by_hand() -> None:
    board = offering("ana", "bea")
    board.apply([arrives(a_contact())])
    settle(board)

    board.apply([ContactTaken(at=at(1), contact_id="c1", agent_id="bea")])

    assert (asked(board), holders(board)) == ({}, {"c1": "bea"})
    assert (board.floor.seat("ana").load, board.floor.seat("bea").load) == (0, 1)
