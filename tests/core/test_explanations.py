"""Explanations: why a contact waits, why an agent does not get it, in values and in words."""

from dataclasses import replace

import pytest

from assigner.core.board import Board
from assigner.core.explain import count_waiting, explain_agent, explain_candidates, explain_waiting
from assigner.core.model import Assign, Ranked, RankKey, Step
from assigner.core.reasons import Reason, waiting_because
from assigner.core.sentences import KEYS, WORDINGS, agent_sentence, assigned_sentence, waiting_sentence
from presence.errors import Conflict, NotFound
from presence.labels import LANGUAGES
from presence.model import Status
from rules.model import FieldCondition, Operator, Rule
from tests.core.builders import (
    a_board,
    a_contact,
    a_queue,
    an_agent,
    an_office,
    arrives,
    at,
    explained,
    presence,
    saved,
    settle,
)

MADRID = an_office("madrid", (0, 18 * 60))


def a_busy_office() -> Board:
    """Twelve in Madrid: five offline, three busy, one away for the office, two full, one without Spanish."""
    spanish = {"es": 1}
    names = [f"m{number:02}" for number in range(12)]
    agents = [an_agent(name, "madrid", skills=spanish, capacity=1) for name in names[:11]]
    agents.append(an_agent(names[11], "madrid"))
    board = a_board(
        *agents, an_agent("faro"), offices=[MADRID], queues=[a_queue("madrid", offices=("madrid",), skills=spanish)]
    )
    board.apply([presence(name, Status.OFFLINE, "madrid") for name in names[:5]])
    board.apply([presence(name, Status.BUSY, "madrid") for name in names[5:8]])
    board.apply([presence(names[8], Status.ONLINE)])
    for number in range(3):
        board.apply([arrives(a_contact(f"c{number}", office="madrid"))])
        settle(board)
    return board


def test_a_contact_that_waits_tells_what_became_of_everybody() -> None:
    board = a_busy_office()

    why = explained(board, "c2")

    assert (why.queue, why.rule, why.because, why.waiting_because) == (
        "madrid",
        None,
        Reason.AT_CAPACITY,
        "everybody_at_capacity",
    )
    assert why.stops[0].steps == (
        Step(reason=Reason.NOT_IN_QUEUE, removed=1, left=12),
        Step(
            reason=Reason.NOT_ONLINE,
            removed=8,
            left=4,
            statuses=((Status.BUSY, 3), (Status.OFFLINE, 5)),
        ),
        Step(reason=Reason.AWAY_FOR_OFFICE, removed=1, left=3),
        Step(reason=Reason.MISSING_SKILL, removed=1, left=2),
        Step(reason=Reason.AT_CAPACITY, removed=2, left=0),
    )


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        pytest.param(
            "en",
            "Everybody is at capacity. "
            "12 in madrid: 3 busy, 5 offline, 1 away for this office, 1 without skill es, 2 at capacity.",
            id="english",
        ),
        pytest.param(
            "de",
            "Alle sind ausgelastet. 12 in madrid: 3 besetzt, 5 offline, 1 für diesen Standort abwesend, "
            "1 ohne Kenntnis es, 2 ausgelastet.",
            id="german",
        ),
        pytest.param(
            "es",
            "Todos están al máximo de su capacidad. 12 en madrid: 3 ocupado, 5 desconectado, "
            "1 ausentes para esta oficina, 1 sin la habilidad es, 2 al máximo de capacidad.",
            id="spanish",
        ),
    ],
)
def test_the_same_in_words(language: str, sentence: str) -> None:
    board = a_busy_office()

    assert waiting_sentence(explained(board, "c2"), language=language) == sentence


@pytest.mark.parametrize(
    ("agent_id", "reason", "sentence"),
    [
        pytest.param("faro", Reason.NOT_IN_QUEUE, "faro: not in madrid.", id="no-member"),
        pytest.param("m00", Reason.NOT_ONLINE, "m00: offline.", id="offline"),
        pytest.param("m05", Reason.NOT_ONLINE, "m05: busy.", id="busy"),
        pytest.param("m08", Reason.AWAY_FOR_OFFICE, "m08: away for this office.", id="away-for-the-office"),
        pytest.param("m11", Reason.MISSING_SKILL, "m11: without skill es.", id="unskilled"),
        pytest.param("m09", Reason.AT_CAPACITY, "m09: at capacity.", id="full"),
    ],
)
def test_an_agent_who_does_not_get_it_fails_this_check_first(agent_id: str, reason: Reason, sentence: str) -> None:
    board = a_busy_office()

    why = explain_agent(board.floor, "c2", agent_id, now=at(0))

    assert (why.reason, agent_sentence(why)) == (reason, sentence)


def test_candidates_come_first_and_every_failed_check_is_named() -> None:
    board = a_board(
        an_agent("ana"), an_agent("ben", skills={"es": 1}), an_agent("cid"), queues=[a_queue(skills={"es": 1})]
    )
    board.apply([presence("ana", Status.BUSY), saved(enabled=False), arrives(a_contact("c1"))])

    rows = explain_candidates(board.floor, "c1", now=at(0))

    assert [(row.agent_id, row.eligible, row.reasons) for row in rows] == [
        ("ben", True, ()),
        ("ana", False, (Reason.NOT_ONLINE, Reason.MISSING_SKILL)),
        ("cid", False, (Reason.MISSING_SKILL,)),
    ]


def test_a_closed_office_says_when_it_opens() -> None:
    board = a_board(an_agent("ana", "madrid"), offices=[an_office("madrid", (600, 1080))])
    board.apply([arrives(a_contact("c1", office="madrid"))])
    settle(board)

    why = explained(board)

    assert (why.because, why.next_change_at) == (Reason.OFFICE_CLOSED, at(3600))
    assert waiting_sentence(why) == "The office is closed. 1 in madrid: 1 not asked while the office is closed."


def test_what_does_not_wait_is_refused() -> None:
    board = a_board(an_agent("ana"), contacts=[a_contact("c1")])
    settle(board)

    with pytest.raises(Conflict) as held:
        explain_waiting(board.floor, "c1", now=at(0))
    with pytest.raises(NotFound) as unknown:
        explain_waiting(board.floor, "c9", now=at(0))

    assert str(held.value) == "contact 'c1' does not wait: 'ana' holds it"
    assert str(unknown.value) == "contact 'c9' is not open: it never arrived, or has ended"


def test_the_winner_is_told_with_what_decided_and_who_would_have_been_next() -> None:
    board = a_board(an_agent("ana"), an_agent("ben"), contacts=[a_contact("c1")])
    plan = board.decide(now=at(0))

    (decision,) = plan.decisions

    assert isinstance(decision, Assign)
    assert assigned_sentence(decision.ranked) == "ana: least recently served; next would have been ben."
    assert assigned_sentence(replace(decision.ranked, runner_up=None), language="de") == (
        "ana: am längsten nicht an der Reihe."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_every_key_is_worded(language: str) -> None:
    assert set(WORDINGS[language]) == set(Reason)
    assert set(KEYS[language]) == set(RankKey)
    assert "{" not in assigned_sentence(Ranked(key=RankKey.LOAD, winner="ana", winner_value="2"), language=language)


def test_reasons_of_waiting_keep_their_published_names() -> None:
    assert {waiting_because(reason) for reason in Reason} == {
        "assignment_disabled",
        "held_by_rule",
        "nobody_in_queue",
        "nobody_online",
        "away_for_office",
        "office_closed",
        "missing_skill",
        "excluded",
        "declined",
        "held_for_preferred",
        "flood_limit",
        "wrap_up",
        "everybody_at_capacity",
        "deactivated",
    }


def test_waiting_contacts_are_counted_by_reason() -> None:
    hold = Rule(name="bot", when=FieldCondition(field="language", operator=Operator.EQUALS, value="xx"), hold=True)
    contacts = [a_contact(f"c{number}") for number in range(3)] + [a_contact("held", language="xx")]
    contacts.append(a_contact("skilled", skills={"es": 1}))
    board = a_board(an_agent("ana", capacity=1), contacts=contacts, rules=[hold])
    settle(board)

    enabled = dict(count_waiting(board.floor, now=at(0)))
    board.apply([saved(enabled=False)])
    disabled = dict(count_waiting(board.floor, now=at(0)))

    assert enabled == {"everybody_at_capacity": 2, "held_by_rule": 1, "missing_skill": 1}
    assert disabled == {"assignment_disabled": 4}
