"""The checker of histories finds each guarantee that is broken, and nothing in a history where all hold."""

from typing import Any

import pytest

from tests.faults.checker import Checker

Line = dict[str, Any]
AGENTS: list[Line] = [{"agent": "ana", "capacity": 1}, {"agent": "ben", "capacity": 2}]


def at(second: float) -> str:
    return f"2026-01-05T12:00:{second:09.6f}+00:00"


def event(number: int, kind: str, subject: str, **data: Any) -> Line:
    return {"event": {"id": f"{number}.0", "type": kind, "subject": subject, "at": at(number), "data": data}}


def online(number: int, agent: str) -> Line:
    return event(number, "agent.status", agent, status="online")


def queued(number: int, contact: str) -> Line:
    return event(number, "contact.queued", contact)


def given(number: int, contact: str, agent: str) -> Line:
    return event(number, "contact.assigned", contact, agent_id=agent)


def call(name: str, status: int | None, asked: float, **told: Any) -> Line:
    answered = at(asked + 0.1) if status is not None else None
    return {"call": name, "status": status, "asked": at(asked), "answered": answered, **told}


def end(**contacts: tuple[str, str | None]) -> Line:
    return {"end": {name: {"state": state, "agent_id": agent} for name, (state, agent) in contacts.items()}}


BEGUN = [*AGENTS, online(1, "ana"), online(2, "ben")]
ALL_IS_WELL = [
    *BEGUN,
    call("arrive", 201, 3, contact="c1"),
    queued(3, "c1"),
    given(4, "c1", "ana"),
    call("arrive", None, 5, contact="c2"),
    queued(5, "c2"),
    given(6, "c2", "ben"),
    call("close", 200, 7, contact="c1"),
    event(7, "contact.closed", "c1", agent_id="ana"),
    call("choose", 200, 8, agent="ana", chosen="busy"),
    event(8, "agent.status", "ana", status="busy"),
    queued(9, "c3"),
    given(10, "c3", "ben"),
    queued(11, "c4"),
    end(c1=("closed", "ana"), c2=("assigned", "ben"), c3=("assigned", "ben"), c4=("queued", None)),
]
BROKEN: dict[str, tuple[str, list[Line]]] = {
    "accepted and never heard of": ("G1", [*BEGUN, call("arrive", 201, 3, contact="c1"), end()]),
    "gone at the end": ("G1", [*BEGUN, queued(3, "c1"), given(4, "c1", "ana"), end()]),
    "answered as closed and still held": (
        "G1",
        [
            *BEGUN,
            queued(3, "c1"),
            given(4, "c1", "ana"),
            call("close", 200, 5, contact="c1"),
            end(c1=("assigned", "ana")),
        ],
    ),
    "there at the end without having arrived": ("G1", [*BEGUN, end(c1=("queued", None))]),
    "told out of order": ("G1", [*AGENTS, online(2, "ana"), online(1, "ben"), end()]),
    "given twice": (
        "G2",
        [*BEGUN, queued(3, "c1"), given(4, "c1", "ana"), given(5, "c1", "ben"), end(c1=("assigned", "ben"))],
    ),
    "arrived twice": (
        "G2",
        [*BEGUN, queued(3, "c1"), queued(4, "c1"), given(5, "c1", "ana"), end(c1=("assigned", "ana"))],
    ),
    "held by somebody else at the end": (
        "G2",
        [*BEGUN, queued(3, "c1"), given(4, "c1", "ana"), end(c1=("assigned", "ben"))],
    ),
    "given to who is offline": (
        "G3",
        [*AGENTS, online(1, "ben"), queued(3, "c1"), given(4, "c1", "ana"), end(c1=("assigned", "ana"))],
    ),
    "given to who is full": (
        "G3",
        [
            *AGENTS,
            online(1, "ana"),
            *(line for each in (3, 5) for line in (queued(each, f"c{each}"), given(each + 1, f"c{each}", "ana"))),
            end(c3=("assigned", "ana"), c5=("assigned", "ana")),
        ],
    ),
    "given after Busy was acknowledged": (
        "G3",
        [
            *BEGUN,
            call("choose", 200, 3, agent="ana", chosen="busy"),
            queued(4, "c1"),
            given(5, "c1", "ana"),
            call("choose", 200, 6, agent="ana", chosen="online"),
            end(c1=("assigned", "ana")),
        ],
    ),
    "nobody is given what waits": ("G4", [*BEGUN, queued(3, "c1"), end(c1=("queued", None))]),
    "a later one is given first": (
        "G5",
        [
            *BEGUN,
            queued(3, "c1"),
            queued(4, "c2"),
            given(5, "c2", "ana"),
            given(6, "c1", "ben"),
            end(c1=("assigned", "ben"), c2=("assigned", "ana")),
        ],
    ),
    "given to who holds more": (
        "G6",
        [
            *BEGUN,
            *(line for each in (3, 5) for line in (queued(each, f"c{each}"), given(each + 1, f"c{each}", "ben"))),
            end(c3=("assigned", "ben"), c5=("assigned", "ben")),
        ],
    ),
}


def test_nothing_is_found_where_all_guarantees_held() -> None:
    assert Checker(ALL_IS_WELL, least_loaded=True).check() == []


@pytest.mark.parametrize(("guarantee", "history"), BROKEN.values(), ids=BROKEN)
def test_every_broken_guarantee_is_found(guarantee: str, history: list[Line]) -> None:
    found = Checker(history, least_loaded=True).check()

    assert guarantee in {each[:2] for each in found}
