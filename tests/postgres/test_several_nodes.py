"""Several nodes on one database: each takes any request, one decides, and all know the same."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg
from starlette.testclient import TestClient

from assigner.api.app import create_app
from assigner.service import presence, sessions, settings
from assigner.service.hub import Event
from assigner.service.presence_rows import presence_row
from assigner.service.verify import verify
from assigner.store import tables
from assigner.store.database import Database
from assigner.store.leases import SEEN_WITHIN, Leases
from assigner.store.rows import table_of
from presence.model import Status
from tests.postgres.nodes import RunningNode, two_nodes, wait_until

NOON = datetime(2126, 1, 5, 12, tzinfo=UTC)


def test_a_contact_is_given_away_by_the_node_that_decides_whoever_took_it_in(url: str) -> None:
    with two_nodes(url) as (first, second):
        first.let_ana_be_online()

        second.send("c1")
        first.send("c2")

        wait_until(lambda: second.holder("c1") == second.holder("c2") == "ana")
        assert [node.product.decides(node.number) for node in (first, second)] == [True, False]
        assert [first.holder("c1"), first.holder("c2")] == ["ana", "ana"]


def test_what_one_node_answered_every_other_knows_at_once(url: str) -> None:
    with two_nodes(url) as (first, second):
        second.let_ana_be_online("ana", "ben")
        choose = partial(presence.choose_status, actor=first.admin, agent_id="ben", status=Status.BUSY)
        for each in range(20):
            node, other = (first, second) if each % 2 else (second, first)
            node.send(f"c{each}")
            assert f"c{each}" in other.seen(lambda workspace: set(workspace.floor.contacts))
        first.ask(choose)

        rows = [node.seen(lambda workspace: presence_row(workspace, "ben", now=NOON)) for node in (second, first)]
        assert rows[0] == rows[1]
        assert rows[0].status is Status.BUSY


def test_everybody_is_told_the_same_events_in_the_same_order(url: str) -> None:
    heard: dict[str, list[tuple[str, str]]] = {}
    with two_nodes(url) as (first, second):
        for name, node in (("first", first), ("second", second)):
            heard[name] = []

            def note(event: Event | None, to: list[tuple[str, str]] = heard[name]) -> None:
                if event is not None:
                    to.append((event.id, event.entry.kind))

            node.product.hub(node.number).listen(note)
        second.let_ana_be_online()
        for each in range(10):
            (first if each % 2 else second).send(f"c{each}")
        wait_until(lambda: all(second.holder(f"c{each}") for each in range(10)))
        wait_until(lambda: len(heard["first"]) == len(heard["second"]))

    assert heard["first"] == heard["second"]
    assert [kind for _, kind in heard["first"]].count("contact.assigned") == 10
    assert heard["first"] == sorted(heard["first"], key=lambda told: tuple(map(int, told[0].split("."))))


def test_input_that_one_node_was_told_of_keeps_the_agent_online_at_the_other(url: str) -> None:
    with two_nodes(url) as (first, second):
        first.ask(partial(settings.save_presence, actor=first.admin, asked={"away_after": 60}))
        first.let_ana_be_online()
        second.seen(lambda workspace: workspace)
        begun = first.seen(lambda workspace: presence_row(workspace, "ana", now=first.product.clock())).next_change_at

        report = partial(sessions.absorb_activity, actor=second.admin, session_id="ana 1", age_ms=0)
        wait_until(lambda: second.product.absorb(second.number, report))

        def later(node: RunningNode) -> Any:
            return node.seen(lambda workspace: presence_row(workspace, "ana", now=first.product.clock())).next_change_at

        wait_until(lambda: later(first) > begun)
        assert later(second) - later(first) <= timedelta(seconds=1)


def test_a_node_that_stops_hands_over_at_once(url: str) -> None:
    with two_nodes(url) as (first, second):
        first.let_ana_be_online()
        first.stop()

        took = wait_until(lambda: second.product.decides(second.number))
        second.send("c1")
        wait_until(lambda: second.holder("c1") == "ana")

    assert took < 1


def test_a_node_whose_connection_is_ended_decides_no_longer_until_it_has_the_lock_again(url: str) -> None:
    with two_nodes(url) as (first, second):
        first.let_ana_be_online()
        with psycopg.connect(url, autocommit=True) as connection:
            held = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            assert connection.execute(held).fetchall() == [(True,)]

        for each in range(20):
            (first if each % 2 else second).send(f"c{each}")
        wait_until(lambda: all(second.holder(f"c{each}") for each in range(20)))

        assert [node.product.decides(node.number) for node in (first, second)].count(True) == 1


def test_a_node_that_does_not_show_that_it_goes_on_loses_its_connections(url: str) -> None:
    node = RunningNode(url)
    node.let_ana_be_online()
    paused = Leases(url, "paused")
    node.stop()
    paused.beat(show=True)
    assert paused.is_held(node.number)

    second = RunningNode(url)
    took = wait_until(lambda: second.product.decides(second.number), within=2 * SEEN_WITHIN + 5)
    second.send("c1")
    wait_until(lambda: second.holder("c1") == "ana")
    second.stop()

    assert took > SEEN_WITHIN - 1


def test_workspaces_spread_over_nodes_and_move_when_one_comes_or_goes(url: str) -> None:
    names = ("main", "north", "south", "west")
    first = RunningNode(url, *names)
    assert sorted(first.leases.held) == first.numbers

    second = RunningNode(url, *names)
    wait_until(lambda: len(first.leases.held) == len(second.leases.held) == 2)
    assert sorted((*first.leases.held, *second.leases.held)) == first.numbers

    first.stop()
    took = wait_until(lambda: sorted(second.leases.held) == second.numbers)
    second.stop()
    assert took < 2


def test_every_node_tells_how_long_ago_each_showed_that_it_goes_on(url: str) -> None:
    with two_nodes(url) as (first, second):
        client = TestClient(create_app(second.product))
        wait_until(lambda: ages(client).keys() == {first.id, second.id})
        assert all(0 <= age < SEEN_WITHIN for age in ages(client).values())

        first.stop()

        assert ages(client).keys() == {second.id}


def ages(client: TestClient) -> dict[str, float]:
    """What the metrics tell of nodes, in seconds."""
    told = client.get("/metrics").text
    return {node: float(age) for node, age in re.findall(r'assigner_lease_age_seconds{node="(\w+)"} (\S+)', told)}


def is_with_ana(node: RunningNode, contact_id: str) -> bool:
    return node.holder(contact_id) == "ana"


def test_a_decision_that_was_left_out_is_named_at_the_end_of_the_log_or_found_at_the_next(url: str) -> None:
    with two_nodes(url) as (first, second):
        first.let_ana_be_online()
        for each in ("c1", "c2", "c3"):
            second.send(each)
            wait_until(partial(is_with_ana, second, each))
        number = first.number
    database = Database(url)
    whole = verify(database, number)
    change = table_of(tables.Change)
    found = []
    for each in ("c3", "c2"):
        with database.writing() as connection:
            about = (change.c.kind == "contact.assigned") & (change.c.subject == each)
            connection.execute(change.delete().where(about))
        found.append(verify(database, number))
    database.close()

    assert (whole.decisions, whole.differences, whole.left) == (3, (), ())
    assert [each.left for each in found] == [("c3",), ("c2", "c3")]
