"""Alarms: a queue where a contact has waited longer than the target, or that nobody could serve, is told, once.

It is cleared when that is over; what is offered still waits."""

from assigner.core.alarms import AlarmChange, AlarmCleared, AlarmRaised, AlarmReason
from assigner.core.board import Board
from presence.model import Status
from rules.model import OfferTerms
from tests.core.builders import (
    a_board,
    a_contact,
    a_queue,
    an_agent,
    arrives,
    at,
    closes,
    presence,
    saved,
    settle,
    taken,
)


def alarms(board: Board, seconds: float) -> list[AlarmChange]:
    return list(settle(board, seconds).alarms)


def raised(seconds: float, because: AlarmReason, queue: str = "everybody") -> AlarmRaised:
    return AlarmRaised(at=at(seconds), queue=queue, because=because)


def cleared(seconds: float, queue: str = "everybody") -> AlarmCleared:
    return AlarmCleared(at=at(seconds), queue=queue)


def test_a_contact_older_than_the_target_raises_the_alarm_and_its_assignment_clears_it() -> None:
    board = a_board(an_agent(capacity=1), queues=[a_queue(target=60)], contacts=[a_contact("c0"), a_contact("c1")])
    assert alarms(board, 0) == []
    assert board.next_instant(now=at(0)) == at(60)

    assert alarms(board, 59.999) == []
    assert alarms(board, 60) == [raised(60, AlarmReason.TARGET_MISSED)]
    assert alarms(board, 61) == [], "told once"

    board.apply([closes("c0", 70)])
    assert alarms(board, 70) == [cleared(70)]


def test_a_queue_that_nobody_can_serve_raises_the_alarm_at_once() -> None:
    board = a_board(an_agent(), contacts=[a_contact()])
    board.apply([presence("ana", Status.OFFLINE)])

    assert alarms(board, 0) == [raised(0, AlarmReason.NOBODY_THERE)]
    board.apply([presence("ana", Status.ONLINE, seconds=5)])
    assert alarms(board, 5) == [cleared(5)]


def test_a_queue_where_everybody_is_full_is_served() -> None:
    board = a_board(an_agent(capacity=1), contacts=[a_contact("c0"), a_contact("c1")])

    assert alarms(board, 0) == []


def test_an_empty_queue_needs_nobody() -> None:
    board = a_board(an_agent())
    board.apply([presence("ana", Status.OFFLINE)])

    assert alarms(board, 0) == []


def test_what_is_offered_still_waits() -> None:
    board = a_board(an_agent(), queues=[a_queue(target=10)], contacts=[a_contact()])
    board.apply([saved(offer=OfferTerms(timeout=60))])
    settle(board)

    assert alarms(board, 10) == [raised(10, AlarmReason.TARGET_MISSED)]


def test_a_contact_taken_by_hand_clears_the_alarm() -> None:
    board = a_board(an_agent(), contacts=[a_contact()])
    board.apply([presence("ana", Status.BUSY)])
    assert alarms(board, 0) == [raised(0, AlarmReason.NOBODY_THERE)]

    board.apply([taken("c1", "ana", 3)])
    assert alarms(board, 3) == [cleared(3)]


def test_a_contact_that_arrives_while_nobody_is_there_counts_even_if_it_comes_alone() -> None:
    board = a_board(queues=[a_queue("night")])
    board.apply([arrives(a_contact())])

    assert alarms(board, 0) == [raised(0, AlarmReason.NOBODY_THERE)]
