"""Every check with its reason: who is kept from a contact and why, each boundary from both sides.

One contact c1, mostly one agent ana; what a contact waits for is what the explanation of the board says."""

from typing import Any

import pytest

from assigner.core.changes import ContactAssigned, FloodLimit
from assigner.core.model import Step
from assigner.core.reasons import Reason
from presence.model import Status
from rules.model import Exclusion, Relax, Rule, Takes
from rules.organisation import Capacity
from tests.core.builders import (
    BOTH,
    a_closed_office,
    a_contact,
    a_queue,
    an_agent,
    an_office,
    arrives,
    at,
    board_with,
    closes,
    expect_waits,
    explained,
    given,
    presence,
    saved,
    settle,
    taken,
)


@pytest.mark.parametrize(
    ("board", "reason"),
    [
        pytest.param(lambda: board_with(), Reason.NOT_IN_QUEUE, id="no-agent-at-all"),
        pytest.param(
            lambda: board_with(an_agent("ana", "lisbon"), office="madrid"), Reason.NOT_IN_QUEUE, id="of-another-office"
        ),
        pytest.param(lambda: board_with(an_agent(active=False)), Reason.NOT_IN_QUEUE, id="deactivated"),
        pytest.param(lambda: board_with(an_agent(takes_contacts=False)), Reason.NOT_IN_QUEUE, id="takes-no-contacts"),
        pytest.param(
            lambda: board_with(an_agent(), then=(presence("ana", Status.BUSY),)), Reason.NOT_ONLINE, id="R12-busy"
        ),
        pytest.param(
            lambda: board_with(an_agent(), then=(presence("ana", Status.OFFLINE),)), Reason.NOT_ONLINE, id="R16-offline"
        ),
        pytest.param(
            lambda: board_with(an_agent("ana", "madrid"), office="madrid", then=(presence("ana", Status.ONLINE),)),
            Reason.AWAY_FOR_OFFICE,
            id="R45-away-for-the-office",
        ),
        pytest.param(
            lambda: board_with(an_agent("ana", "madrid"), offices=(a_closed_office(),), office="madrid"),
            Reason.OFFICE_CLOSED,
            id="office-closed",
        ),
        pytest.param(lambda: board_with(an_agent(), skills={"es": 1}), Reason.MISSING_SKILL, id="no-such-skill"),
        pytest.param(
            lambda: board_with(an_agent(skills={"es": 1}), skills={"es": 2}), Reason.MISSING_SKILL, id="level-too-low"
        ),
        pytest.param(
            lambda: board_with(an_agent(), queue=a_queue(skills={"es": 1})),
            Reason.MISSING_SKILL,
            id="skill-of-the-queue",
        ),
        pytest.param(
            lambda: board_with(an_agent(), rules=[Rule(name="spanish", skills={"es": 1})]),
            Reason.MISSING_SKILL,
            id="skill-of-the-rule",
        ),
        pytest.param(
            lambda: board_with(an_agent(), exclude_agents=frozenset({"ana"})), Reason.EXCLUDED, id="excluded-by-contact"
        ),
        pytest.param(
            lambda: board_with(
                an_agent(), customer_id="carla", exclusions=[Exclusion(customer_id="carla", agent="ana")]
            ),
            Reason.EXCLUDED,
            id="excluded-by-rule-set",
        ),
        pytest.param(lambda: board_with(an_agent(capacity=0)), Reason.AT_CAPACITY, id="capacity-0"),
        pytest.param(
            lambda: board_with(an_agent(), then=(saved(default_capacity=0),)), Reason.AT_CAPACITY, id="default-capacity"
        ),
        pytest.param(
            lambda: board_with(an_agent(capacity=Capacity(channels={"chat": 0}))),
            Reason.AT_CHANNEL_CAPACITY,
            id="channel-capacity",
        ),
        pytest.param(
            lambda: board_with(an_agent(), then=(saved(enabled=False),)),
            Reason.ASSIGNMENT_DISABLED,
            id="R8-switched-off",
        ),
        pytest.param(
            lambda: board_with(an_agent(), rules=[Rule(name="bot", hold=True)]), Reason.HELD_BY_RULE, id="held-by-rule"
        ),
    ],
)
def test_the_reason_why_a_contact_waits(board: Any, reason: Reason) -> None:
    expect_waits(board(), reason)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="plain"),
        pytest.param({"skills": {"es": 2}}, id="skill-at-the-level"),
        pytest.param({"office": "madrid"}, id="own-office"),
        pytest.param({"exclude_agents": frozenset({"bea"})}, id="somebody-else-excluded"),
        pytest.param({"channel": "mail"}, id="other-channel"),
        pytest.param({"office": "atlantis"}, id="an-office-that-does-not-exist-is-everybodys"),
    ],
)
def test_a_candidate_is_given_the_contact(fields: dict[str, Any]) -> None:
    ana = an_agent("ana", "madrid", skills={"es": 2}, capacity=Capacity(total=1, channels={"chat": 1, "mail": 1}))

    assert given(settle(board_with(ana, **fields))) == {"c1": "ana"}


@pytest.mark.parametrize(
    ("takes", "admitted"),
    [
        pytest.param(Takes.ONLINE, {Status.ONLINE}, id="online"),
        pytest.param(Takes.ONLINE_OR_OFFLINE, {Status.ONLINE, Status.OFFLINE}, id="online-or-offline"),
        pytest.param(Takes.ANYONE, set(Status), id="anyone"),
    ],
)
@pytest.mark.parametrize("status", Status)
def test_r7_which_statuses_a_queue_takes(takes: Takes, admitted: set[Status], status: Status) -> None:
    board = board_with(an_agent(), queue=a_queue(takes=takes), then=(presence("ana", status),))

    assert given(settle(board)) == ({"c1": "ana"} if status in admitted else {})


@pytest.mark.parametrize(
    ("office", "queue_offices", "switched_on", "candidate"),
    [
        pytest.param("madrid", ("madrid",), {"madrid"}, True, id="contacts-office-on"),
        pytest.param("madrid", ("madrid", "lisbon"), {"lisbon"}, False, id="contacts-office-off-another-on"),
        pytest.param("porto", ("madrid", "lisbon"), {"lisbon"}, True, id="not-of-contacts-office-any-of-the-queues"),
        pytest.param("porto", ("madrid",), {"lisbon"}, False, id="not-of-contacts-office-only-a-foreign-one-on"),
        pytest.param(None, ("madrid", "lisbon"), {"madrid"}, True, id="no-office-any-of-the-queues"),
        pytest.param(None, ("madrid",), {"lisbon"}, False, id="no-office-only-a-foreign-one-on"),
        pytest.param(None, (), {"lisbon"}, True, id="no-offices-at-all-any-own"),
        pytest.param(None, (), set(), False, id="no-offices-at-all-none-on"),
        pytest.param("madrid", (), {"lisbon"}, False, id="queue-without-offices-contacts-office-counts"),
        pytest.param("porto", (), {"lisbon"}, True, id="queue-without-offices-contacts-office-is-foreign"),
    ],
)
def test_which_office_flag_counts(
    office: str | None, queue_offices: tuple[str, ...], switched_on: set[str], candidate: bool
) -> None:
    board = board_with(
        an_agent("ana", "madrid", "lisbon"),
        offices=(*BOTH, an_office("porto")),
        queue=a_queue("support", offices=queue_offices),
        rules=[Rule(name="all", queue="support")],
        then=(presence("ana", Status.ONLINE, *switched_on),),
        office=office,
    )

    assert given(settle(board)) == ({"c1": "ana"} if candidate else {})


def test_who_belongs_to_no_office_needs_no_flag() -> None:
    assert given(settle(board_with(an_agent()))) == {"c1": "ana"}


@pytest.mark.parametrize(
    ("office", "queue_offices", "closed"),
    [
        pytest.param("madrid", ("madrid", "lisbon"), True, id="contacts-office-closed"),
        pytest.param("lisbon", ("madrid", "lisbon"), False, id="contacts-office-open"),
        pytest.param(None, ("madrid", "lisbon"), False, id="one-of-the-queues-open"),
        pytest.param("porto", ("madrid", "lisbon"), False, id="contacts-office-not-of-the-queue"),
        pytest.param(None, ("madrid",), True, id="all-of-the-queues-closed"),
        pytest.param("madrid", (), False, id="a-queue-without-offices-is-never-closed"),
    ],
)
def test_when_a_stop_is_closed(office: str | None, queue_offices: tuple[str, ...], closed: bool) -> None:
    board = board_with(
        an_agent("ana", "madrid", "lisbon"),
        offices=(a_closed_office("madrid"), an_office("lisbon"), an_office("porto")),
        queue=a_queue("support", offices=queue_offices),
        rules=[Rule(name="all", queue="support")],
        office=office,
    )

    assert given(settle(board)) == ({} if closed else {"c1": "ana"})


def test_an_office_that_does_not_exist_keeps_no_queue_open() -> None:
    """Unknown means no: the queue's only office that exists is closed."""
    board = board_with(
        an_agent("ana", "madrid"),
        offices=(a_closed_office("madrid"),),
        queue=a_queue("support", offices=("madrid", "atlantis")),
        rules=[Rule(name="all", queue="support")],
    )

    expect_waits(board, Reason.OFFICE_CLOSED)


def test_hours_end_exactly_and_begin_exactly() -> None:
    """Open from 9:01 until before 9:02."""
    board = board_with(
        an_agent("ana", "madrid", capacity=1), offices=(an_office("madrid", (541, 542)),), office="madrid"
    )

    expect_waits(board, Reason.OFFICE_CLOSED, 59.999)
    assert board.next_instant(now=at(59.999)) == at(60)
    assert given(settle(board, 60)) == {"c1": "ana"}
    board.apply([arrives(a_contact("c2", arrived=61, office="madrid")), closes("c1", 120)])
    assert given(settle(board, 120)) == {}


@pytest.mark.parametrize(
    ("relax", "seconds", "candidate"),
    [
        pytest.param(Relax(after=60, drop_skills=frozenset({"es"})), 59.999, False, id="just-before"),
        pytest.param(Relax(after=60, drop_skills=frozenset({"es"})), 60, True, id="dropped-at-exactly-60"),
        pytest.param(Relax(after=60, skills={"es": 1}), 60, True, id="another-level"),
        pytest.param(Relax(after=60, skills={"es": 2}), 60, False, id="still-too-high"),
        pytest.param(Relax(after=60, drop_skills=frozenset({"pt"})), 600, False, id="another-skill"),
    ],
)
def test_skills_are_relaxed_by_the_age_of_the_contact(relax: Relax, seconds: float, candidate: bool) -> None:
    board = board_with(an_agent(skills={"es": 1}), queue=a_queue(skills={"es": 3}, relax=(relax,)))
    settle(board)

    assert board.next_instant(now=at(0)) == at(60)
    assert given(settle(board, seconds)) == ({"c1": "ana"} if candidate else {})


def test_every_relaxation_replaces_what_it_names() -> None:
    queue = a_queue(
        skills={"es": 3, "billing": 1},
        relax=(Relax(after=60, drop_skills=frozenset({"billing"})), Relax(after=120, skills={"es": 1})),
    )
    board = board_with(an_agent(skills={"es": 1}), queue=queue)

    expect_waits(board, Reason.MISSING_SKILL, 119)
    assert explained(board, seconds=60).stops[0].skills == (("es", 3),)
    assert given(settle(board, 120)) == {"c1": "ana"}


def test_each_agent_counts_at_the_first_check_that_fails() -> None:
    """Twelve agents, each failing its own check and all those after it."""
    worst: dict[str, Any] = {"capacity": Capacity(total=0, channels={"chat": 0})}
    team = [
        an_agent("of another office", "lisbon", **worst),
        an_agent("offline", "madrid", **worst),
        an_agent("busy", "madrid", **worst),
        an_agent("away for the office", "madrid", **worst),
        an_agent("without the skill", "madrid", **worst),
        an_agent("excluded", "madrid", skills={"es": 1}, **worst),
        an_agent("flooded", "madrid", skills={"es": 1}, **worst),
        an_agent("full", "madrid", skills={"es": 1}, **worst),
        an_agent("full of chats", "madrid", skills={"es": 1}, capacity=Capacity(channels={"chat": 0})),
        an_agent("full of this queue", "madrid", skills={"es": 1}),
    ]
    then = (
        saved(flood_limit=FloodLimit(contacts=1, per=10)),
        presence("offline", Status.OFFLINE),
        presence("busy", Status.BUSY),
        presence("away for the office", Status.ONLINE),
        arrives(a_contact("by hand", office="madrid")),
        taken("by hand", "full of this queue"),
        arrives(a_contact("automatic")),
        ContactAssigned(at=at(0), contact_id="automatic", agent_id="flooded", queue="everybody"),
    )
    excluded = frozenset({"excluded", "without the skill"})
    queue = a_queue("madrid", offices=("madrid",), skills={"es": 1}, capacity=1)
    board = board_with(*team, queue=queue, then=then, office="madrid", exclude_agents=excluded)

    assert given(settle(board)) == {}
    assert explained(board).stops[0].steps == (
        Step(reason=Reason.NOT_IN_QUEUE, removed=1, left=9),
        Step(reason=Reason.NOT_ONLINE, removed=2, left=7, statuses=((Status.BUSY, 1), (Status.OFFLINE, 1))),
        Step(reason=Reason.AWAY_FOR_OFFICE, removed=1, left=6),
        Step(reason=Reason.MISSING_SKILL, removed=1, left=5),
        Step(reason=Reason.EXCLUDED, removed=1, left=4),
        Step(reason=Reason.FLOOD_LIMIT, removed=1, left=3),
        Step(reason=Reason.AT_CAPACITY, removed=1, left=2),
        Step(reason=Reason.AT_CHANNEL_CAPACITY, removed=1, left=1),
        Step(reason=Reason.AT_QUEUE_CAPACITY, removed=1, left=0),
    )
