"""What one node acknowledged is respected by the other, at whichever step of its commit a decision is."""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from typing import Any

import pytest

from assigner.asking import Request
from assigner.service import agents, contacts, invitations, offices, sessions
from assigner.store.invitations import StoredInvitation
from assigner.store.load import changes_after
from assigner.store.rows import Entry
from assigner.store.workspaces import create_workspace
from rules.model import Contact
from tests.databases import Server
from tests.faults.test_races import INTERVENTIONS, STEPS, Gate
from tests.postgres.nodes import PATIENCE, RunningNode, two_nodes, wait_until

Pair = tuple[RunningNode, RunningNode]
FILLED = "capacity filled by hand"
assert FILLED in INTERVENTIONS


@pytest.fixture(scope="module")
def nodes(server: Server) -> Iterator[Pair]:
    with server.migrated() as url, two_nodes(url) as pair:
        yield pair


def arriving(node: RunningNode, contact_id: str, **fields: Any) -> Request[Any]:
    contact = Contact(id=contact_id, channel="chat", office="madrid", arrived_at=node.product.clock(), **fields)
    return partial(contacts.accept, actor=node.admin, contact=contact, sent=contact_id.encode())


def ana_has_room_for_two(pair: Pair) -> Pair:
    """In a workspace of its own. The first node is the one that decides there."""
    with pair[0].product.database.writing() as connection:
        number = create_workspace(connection, secrets.token_hex(4))
    for node in pair:
        node.enter(number)
    wait_until(lambda: any(node.leases.is_held(number) for node in pair))
    first, second = sorted(pair, key=lambda node: not node.leases.is_held(number))
    first.ask(partial(offices.put_office, actor=first.admin, office_id="madrid", asked={"name": "Madrid"}))
    asked = {"name": "Ana", "offices": ["madrid"], "capacity": 2}
    first.ask(partial(agents.put_agent, actor=first.admin, agent_id="ana", asked=asked))
    first.ask(partial(sessions.begin, actor=first.admin, agent_id="ana", session_id="s1"))
    first.ask(arriving(first, "by-hand", skills={"juggling": 1}))
    return first, second


def given_by_the_engine(node: RunningNode) -> list[tuple[int, str]]:
    """The number of the change and the contact of every automatic assignment."""
    with node.product.database.reading() as connection:
        lines = changes_after(connection, node.number, (0, -1), limit=1000)
    return [(change_no, entry.subject) for change_no, _, entry in lines if entry.data.get("source") == "automatic"]


def acknowledged_at(answer: "Future[Any]", node: RunningNode) -> int:
    """The newest change when something is acknowledged."""
    answer.result(PATIENCE)
    return node.seen(lambda workspace: workspace.board.change_no)  # type: ignore[no-any-return]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("intervention", INTERVENTIONS)
def test_nothing_is_assigned_after_what_the_other_node_acknowledged(intervention: str, step: str, nodes: Pair) -> None:
    first, second = ana_has_room_for_two(nodes)
    gate = Gate(step)
    first.product.dispatcher(first.number).checkpoint = gate

    in_flight = first.product.submit(first.number, arriving(first, "in-flight"))
    assert gate.reached.wait(PATIENCE)
    answer = second.product.submit(second.number, INTERVENTIONS[intervention](second.admin))
    gate.open()
    newest = acknowledged_at(answer, second)
    second.ask(arriving(second, "afterwards"))
    first.ask(arriving(first, "right-behind"))
    in_flight.result(PATIENCE)
    wait_until(lambda: both_know_the_same(first, second))

    given = given_by_the_engine(second)
    assert given == given_by_the_engine(first)
    if intervention == FILLED:  # one of two places; whose contact has the other, whoever took the workspace row decides
        assert len(given) == 1
    else:
        assert [each for each in given if each[0] > newest] == []
        assert {contact for _, contact in given} <= {"in-flight"}


@pytest.mark.parametrize("step", STEPS)
def test_the_same_contact_sent_to_both_nodes_at_once_is_one(step: str, nodes: Pair) -> None:
    first, second = ana_has_room_for_two(nodes)
    gate = Gate(step)
    first.product.dispatcher(first.number).checkpoint = gate

    one = first.product.submit(first.number, arriving(first, "c1"), contact_ids=("c1",))
    assert gate.reached.wait(PATIENCE)
    other = second.product.submit(second.number, arriving(second, "c1"), contact_ids=("c1",))
    gate.open()

    assert sorted(each.result(PATIENCE).created for each in (one, other)) == [False, True]
    wait_until(lambda: given_by_the_engine(first))
    assert [contact for _, contact in given_by_the_engine(first)] == ["c1"]


def both_know_the_same(*nodes: RunningNode) -> bool:
    known: Callable[[RunningNode], int] = lambda node: node.seen(lambda workspace: workspace.board.change_no)  # noqa: E731
    return len({known(node) for node in nodes}) == 1


def test_a_link_that_is_used_at_once_on_two_nodes_is_used_once(nodes: Pair) -> None:
    pair = ana_has_room_for_two(nodes)
    first, _ = pair
    first.ask(partial(agents.put_agent, actor=first.admin, agent_id="ana", asked={"name": "Ana", "email": "ana@b.c"}))
    outcomes = []
    for each in range(10):
        link = str(each).encode()
        made_by = pair[each % 2]
        expires_at = made_by.ask(partial(invitations.invite, actor=first.admin, agent_id="ana", token_hash=link))
        stored = StoredInvitation(first.number, "ana", link, expires_at)
        choices = [
            node.product.submit(
                node.number, partial(invitations.accept, invitation=stored, password_hash=f"{each} {node.id}")
            )
            for node in pair
        ]
        refused = [choice.exception(PATIENCE) for choice in choices]
        outcomes.append(sorted(type(each).__name__ for each in refused))

    chosen = [entry for entry in log_of(first) if entry.data.get("changed") == ["password"]]
    assert outcomes == [["NoneType", "NotFound"]] * 10
    assert len(chosen) == 10


def log_of(node: RunningNode) -> list[Entry]:
    with node.product.database.reading() as connection:
        return [entry for *_, entry in changes_after(connection, node.number, (0, -1), limit=1000)]
