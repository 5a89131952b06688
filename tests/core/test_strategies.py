"""Each strategy on a board: who wins, by which key, and who would have been next.

Below: the order in which contacts are served."""

from typing import Any

import pytest

from assigner.core.board import Board
from assigner.core.changes import Change, ContactClosed, ContactHeld, ContactTaken
from assigner.core.model import Assign, Ranked, RankKey
from presence.model import Status
from rules.model import Contact, FieldCondition, Operator, Queue, Rule, Strategy
from tests.core.builders import (
    a_board,
    a_contact,
    a_queue,
    an_agent,
    arrives,
    at,
    given,
    joins,
    presence,
    published,
    settle,
)


def holding(agent_id: str, number: int, *, on_hold: int = 0) -> list[Change]:
    """The agent holds so many contacts, of which some are on hold."""
    names = [f"{agent_id}'s {each}" for each in range(number)]
    changes: list[Change] = [arrives(a_contact(name, arrived=-60)) for name in names]
    changes += [ContactTaken(at=at(-60), contact_id=name, agent_id=agent_id) for name in names]
    return changes + [ContactHeld(at=at(-60), contact_id=name) for name in names[:on_hold]]


def ended(agent_id: str, seconds: float) -> list[Change]:
    """The agent had a contact, which ended at that instant."""
    name = f"{agent_id}'s"
    taken = ContactTaken(at=at(seconds), contact_id=name, agent_id=agent_id)
    return [arrives(a_contact(name, arrived=seconds)), taken, ContactClosed(at=at(seconds), contact_id=name)]


def ranked(board: Board) -> Ranked:
    """How the contact c1 is given."""
    board.apply([arrives(a_contact())])
    (decision,) = settle(board).decisions
    assert isinstance(decision, Assign)
    return decision.ranked


@pytest.mark.parametrize(
    ("strategy", "before", "expected"),
    [
        pytest.param(
            Strategy.ROUND_ROBIN,
            holding("ana", 2),
            (RankKey.TURN, "ana", "bea"),
            id="round-robin-does-not-look-at-the-load",
        ),
        pytest.param(Strategy.LEAST_LOADED, [], (RankKey.LOAD, "ana", "bea"), id="least-loaded-tie-by-turn"),
        pytest.param(
            Strategy.LEAST_LOADED,
            [*holding("ana", 2), *holding("bea", 1), *holding("cem", 1)],
            (RankKey.LOAD, "bea", "cem"),
            id="least-loaded",
        ),
        pytest.param(
            Strategy.LEAST_LOADED,
            [*holding("ana", 2, on_hold=2), *holding("bea", 1)],
            (RankKey.LOAD, "ana", "cem"),
            id="least-loaded-does-not-count-what-is-on-hold",
        ),
        pytest.param(
            Strategy.LOWEST_OCCUPANCY,
            [*holding("ana", 1), *holding("bea", 1), *holding("cem", 3)],
            (RankKey.OCCUPANCY, "bea", "ana"),
            id="lowest-occupancy-is-load-over-capacity",
        ),
        pytest.param(
            Strategy.LOWEST_OCCUPANCY,
            [*holding("ana", 1), *holding("bea", 2)],
            (RankKey.OCCUPANCY, "ana", "bea"),
            id="lowest-occupancy-tie-by-turn-and-no-limit-last",
        ),
        pytest.param(
            Strategy.LONGEST_IDLE,
            [*ended("ana", -10), *ended("bea", -30), *ended("cem", -20)],
            (RankKey.IDLE_SINCE, "bea", "cem"),
            id="longest-idle-since-the-last-contact-ended",
        ),
        pytest.param(
            Strategy.LONGEST_IDLE,
            [*ended("cem", -600), *holding("cem", 1), *ended("ana", -10), *ended("bea", -20)],
            (RankKey.IDLE_SINCE, "bea", "ana"),
            id="longest-idle-who-holds-contacts-comes-after",
        ),
        pytest.param(
            Strategy.LONGEST_IDLE,
            [*ended("cem", -600), *holding("cem", 1, on_hold=1), *ended("ana", -10), *ended("bea", -20)],
            (RankKey.IDLE_SINCE, "bea", "ana"),
            id="longest-idle-on-hold-is-held",
        ),
        pytest.param(
            Strategy.LONGEST_IDLE,
            [
                *ended("ana", -500),
                presence("ana", Status.BUSY, seconds=-100),
                presence("ana", Status.ONLINE, seconds=-5),
                *ended("bea", -30),
                *ended("cem", -20),
            ],
            (RankKey.IDLE_SINCE, "bea", "cem"),
            id="longest-idle-since-online",
        ),
    ],
)
def test_who_wins(strategy: Strategy, before: list[Change], expected: tuple[Any, ...]) -> None:
    """Ana holds at most 3, bea 6, cem as many as come."""
    board = a_board(an_agent("ana", capacity=3), an_agent("bea", capacity=6), an_agent("cem"))
    board.apply([change for name in ("ana", "bea", "cem") for change in ended(name, -3600)])
    board.apply([published(a_queue(strategy=strategy)), *before])
    found = ranked(board)

    assert (found.key, found.winner, found.runner_up) == expected


def test_the_only_candidate_has_no_runner_up() -> None:
    found = ranked(a_board(an_agent()))

    assert (found.winner, found.runner_up, found.runner_up_value) == ("ana", None, None)


def test_the_credits_of_all_candidates_are_recorded() -> None:
    found = ranked(a_board(an_agent("ana", weight=3), an_agent("bea")))

    assert (found.key, found.winner, found.runner_up) == (RankKey.CREDIT, "ana", "bea")
    assert found.credits == (("ana", -1), ("bea", 1))


URGENT = Rule(
    name="urgent",
    when=FieldCondition(field="language", operator=Operator.EQUALS, value="es"),
    queue="everybody",
    priority=5,
)
TO_NIGHT = Rule(
    name="mail", when=FieldCondition(field="channel", operator=Operator.EQUALS, value="mail"), queue="night"
)


def waits(*contacts: Contact, queues: tuple[Queue, ...] = (), rules: tuple[Rule, ...] = ()) -> list[str]:
    """The contacts in the order in which they are given out."""
    board = a_board(queues=queues, rules=rules, contacts=contacts)
    assert given(settle(board, 600)) == {}
    board.apply(joins(an_agent(), 600))
    order = list(given(settle(board, 600)))
    assert sorted(order) == sorted(contact.id for contact in contacts)
    return order


@pytest.mark.parametrize(
    ("contacts", "rules", "order"),
    [
        pytest.param(
            [a_contact("c1"), a_contact("c2", arrived=-5), a_contact("c3", arrived=5)], {}, "213", id="the-oldest-first"
        ),
        pytest.param([a_contact("c1"), a_contact("c2"), a_contact("c3")], {}, "123", id="equal-age-by-arrival"),
        pytest.param(
            [a_contact("c1"), a_contact("c2", arrived=100, priority=1), a_contact("c3", priority=-1)],
            {},
            "213",
            id="priority-is-strict-without-ageing",
        ),
        pytest.param(
            [a_contact("c1", priority=4), a_contact("c2", language="es"), a_contact("c3", language="es", priority=3)],
            {"rules": (URGENT,)},
            "213",
            id="the-rules-priority-where-the-contact-brings-none",
        ),
        pytest.param(
            [a_contact("c1", priority=9), a_contact("c2", arrived=50, channel="mail")],
            {"rules": (TO_NIGHT,), "queues": (a_queue("night", priority=1),)},
            "21",
            id="the-queues-priority-comes-first",
        ),
        pytest.param(
            [a_contact("c1"), a_contact("c2", arrived=59, priority=1), a_contact("c3", arrived=61, priority=1)],
            {"queues": (a_queue(ageing=60),)},
            "213",
            id="with-ageing-a-point-is-worth-60-seconds",
        ),
        pytest.param(
            [a_contact("c1"), a_contact("c2", arrived=60, priority=1)],
            {"queues": (a_queue(ageing=60),)},
            "12",
            id="at-exactly-60-seconds-the-arrival-number-decides",
        ),
        pytest.param(
            [
                a_contact("c1", arrived=10, channel="mail", priority=1),
                a_contact("c2", priority=0),
                a_contact("c3", priority=2),
            ],
            {"rules": (TO_NIGHT,), "queues": (a_queue("night", ageing=10),)},
            "312",
            id="where-only-one-queue-ages-its-contacts-stand-at-priority-0",
        ),
    ],
)
def test_the_order_of_all_waiting_contacts(contacts: list[Contact], rules: dict[str, Any], order: str) -> None:
    assert waits(*contacts, **rules) == [f"c{number}" for number in order]


def test_a_contact_that_nobody_can_serve_blocks_no_other() -> None:
    contacts = [a_contact("c1", skills={"es": 1}, priority=9), a_contact("c2")]

    assert given(settle(a_board(an_agent(), contacts=contacts))) == {"c2": "ana"}
