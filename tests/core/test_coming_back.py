"""Coming back: what an agent who went Offline, or is gone, held waits again as old as it is, and is not lost.

The agent is preferred if back in time, and a contact does not go to and fro between two while there is a third."""

from typing import Any

import pytest

from assigner.core.board import Board
from assigner.core.changes import (
    AgentPut,
    Change,
    ContactAnswered,
    ContactReturned,
    OfflineReturns,
    OnOffline,
    ReturnReason,
)
from assigner.core.reasons import Reason
from presence.model import Status
from rules.model import Takes
from tests.core.builders import (
    a_board,
    a_contact,
    a_queue,
    an_agent,
    arrives,
    at,
    because,
    given,
    holders,
    joins,
    let_lapse,
    presence,
    published,
    saved,
    settle,
    taken,
)


def returning(*agents: str, contacts: OfflineReturns = OfflineReturns.ALL, grace: int = 30, **queue: Any) -> Board:
    """A board where contacts come back, on which the first agent holds c1."""
    board = a_board(*(an_agent(name) for name in agents), queues=[a_queue(**queue)], contacts=[a_contact()])
    board.apply([saved(on_offline=OnOffline(contacts=contacts, grace=grace)), taken("c1", agents[0])])
    settle(board)
    return board


def back(seconds: float, because: ReturnReason = ReturnReason.OFFLINE) -> Change:
    return ContactReturned(at=at(seconds), contact_id="c1", because=because)


def offline(agent_id: str, seconds: float) -> Change:
    return presence(agent_id, Status.OFFLINE, seconds=seconds)


def online(agent_id: str, seconds: float) -> Change:
    return presence(agent_id, Status.ONLINE, seconds=seconds)


@pytest.mark.parametrize(
    ("contacts", "answered", "comes_back"),
    [
        pytest.param(OfflineReturns.NONE, False, False, id="none"),
        pytest.param(OfflineReturns.ALL, False, True, id="all"),
        pytest.param(OfflineReturns.ALL, True, True, id="all, answered or not"),
        pytest.param(OfflineReturns.UNANSWERED, False, True, id="only those not answered: this one"),
        pytest.param(OfflineReturns.UNANSWERED, True, False, id="only those not answered: not this one"),
    ],
)
def test_what_comes_back_is_as_the_settings_say(contacts: OfflineReturns, answered: bool, comes_back: bool) -> None:
    board = returning("ana", contacts=contacts)
    board.apply([ContactAnswered(at=at(1), contact_id="c1")] if answered else [])
    board.apply([offline("ana", 10)])

    assert let_lapse(board, at(39.999)) == []
    assert let_lapse(board, at(40)) == ([back(40)] if comes_back else [])
    assert holders(board) == ({} if comes_back else {"c1": "ana"})


def test_who_is_back_within_the_grace_keeps_everything() -> None:
    board = returning("ana")
    board.apply([offline("ana", 10), online("ana", 39)])

    assert let_lapse(board, at(100)) == []
    assert holders(board) == {"c1": "ana"}


def test_it_keeps_its_age_and_goes_to_somebody_else() -> None:
    board = returning("ana", "bea", grace=0)
    board.apply([offline("ana", 10), arrives(a_contact("c0", arrived=-60))])

    plan = settle(board, 10)

    assert list(given(plan)) == ["c0", "c1"], "c0 has waited for longer"
    assert board.floor.contacts["c1"].contact.arrived_at == at(0)


def test_the_former_agent_comes_first_if_back_in_time() -> None:
    board = returning("ana", "bea", grace=0)
    board.apply([presence("bea", Status.BUSY), offline("ana", 10)])
    settle(board, 10)
    assert because(board, seconds=10) is Reason.NOT_ONLINE

    board.apply([online("bea", 20), online("ana", 20)])

    assert given(settle(board, 20)) == {"c1": "ana"}


def test_it_is_not_given_to_who_is_still_offline_whatever_a_later_queue_admits() -> None:
    board = returning("ana", grace=0)
    board.apply([offline("ana", 10)])
    settle(board, 10)
    queue = a_queue(takes=Takes.ONLINE_OR_OFFLINE)
    board.apply([published(queue, seconds=11)])

    assert given(settle(board, 11)) == {}
    board.apply([online("ana", 12)])
    assert given(settle(board, 12)) == {"c1": "ana"}


@pytest.mark.parametrize("takes", [Takes.ONLINE_OR_OFFLINE, Takes.ANYONE])
def test_nothing_comes_back_in_queues_that_admit_offline(takes: Takes) -> None:
    board = returning("ana", grace=0, takes=takes)
    board.apply([offline("ana", 10)])

    assert let_lapse(board, at(100)) == []


def test_what_a_person_gives_to_somebody_who_is_offline_stays() -> None:
    board = returning("ana", "bea", grace=0)
    board.apply([offline("bea", 5), taken("c1", "bea", 10)])

    assert let_lapse(board, at(100)) == []
    assert holders(board) == {"c1": "bea"}


def test_a_contact_that_came_back_twice_from_somebody_goes_to_a_third_first() -> None:
    """The bound: from the second time on, that agent counts as one who refused it."""
    board = returning("ana", "bea", "cem", grace=0)
    board.apply([presence("bea", Status.BUSY), presence("cem", Status.BUSY)])
    for second in (10, 20):
        board.apply([offline("ana", second)])
        settle(board, second)
        board.apply([online("ana", second + 5)])
        if second == 20:
            board.apply([online("cem", second + 5)])
        settle(board, second + 5)

    assert holders(board) == {"c1": "cem"}


def test_two_agents_who_come_and_go_do_not_play_with_a_contact_while_there_is_a_third() -> None:
    """Whoever holds it vanishes and is back a moment later: nobody gets it a third time before all have had it."""
    board = returning("ana", "bea", "cem", grace=0)
    had = ["ana"]
    for second in range(10, 70, 10):
        board.apply([offline(had[-1], second)])
        settle(board, second)
        board.apply([online(had[-1], second + 5)])
        had.append(holders(board)["c1"])

    assert sorted(had[:6]) == ["ana", "ana", "bea", "bea", "cem", "cem"]


def test_a_deactivated_agent_gives_everything_back_at_once() -> None:
    board = returning("ana", "bea", contacts=OfflineReturns.NONE)
    board.apply([AgentPut(at=at(5), agent=an_agent("ana", active=False)), offline("ana", 5)])

    assert let_lapse(board, at(5)) == [back(5, ReturnReason.DEACTIVATED)]
    assert given(settle(board, 5)) == {"c1": "bea"}


def test_settings_that_change_later_do_not_reach_into_the_past() -> None:
    """Who was Offline for an hour when coming back was switched on keeps the contacts until that instant."""
    board = returning("ana", contacts=OfflineReturns.NONE)
    board.apply([offline("ana", 10)])
    board.apply([saved(3600, on_offline=OnOffline(contacts=OfflineReturns.ALL, grace=30))])

    assert let_lapse(board, at(3600)) == [back(3600)]


def test_nothing_comes_back_from_an_agent_who_joins_offline() -> None:
    board = returning("ana", grace=0)
    board.apply(joins(an_agent("dan"), 5, status=Status.OFFLINE))

    assert let_lapse(board, at(100)) == []
