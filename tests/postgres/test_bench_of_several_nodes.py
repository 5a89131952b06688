"""A Workbench with several nodes: requests go to each in turn, one decides, and all of them know the same."""

from typing import Any

import pytest

from assigner.store.load import epoch_of
from assigner.testing import Client, Step, Workbench
from tests.databases import Server

NODES = (1, 2, 3)
OFFERS = {"offer": {"timeout": 20}, "wrap_up": 30, "on_offline": {"contacts": "all", "grace": 60}}


def live(bench: Workbench) -> tuple[list[tuple[str, str, str]], list[dict[str, Any]]]:
    """A morning of two agents and five contacts: what happened, and how the contacts stand at its end."""
    admin = bench.client()
    admin.put("/v1/offices/madrid", json={"name": "Madrid", "time_zone": "Europe/Madrid"}).raise_for_status()
    for agent in ("ana", "ben"):
        put = {"name": agent, "offices": ["madrid"], "capacity": 2}
        admin.put(f"/v1/agents/{agent}", json=put).raise_for_status()
    ana, ben = bench.sign_in("ana"), bench.sign_in("ben")
    for each in ("c1", "c2", "c3"):
        send(admin, each)
    ben.put("/v1/agents/ben/status", json={"status": "busy"}).raise_for_status()
    admin.put("/v1/settings/assignment", json=OFFERS).raise_for_status()
    send(admin, "c4")
    bench.advance(10)
    ana.post("/v1/contacts/c1/close", json={}).raise_for_status()
    bench.advance(30)
    send(admin, "c5")
    ben.put("/v1/agents/ben/status", json={"status": "online"}).raise_for_status()
    bench.advance(300)
    told = [(event["type"], event["subject"], event["at"]) for event in bench.events()]
    return told, admin.get("/v1/contacts").json()["items"]


def send(admin: Client, contact: str) -> None:
    admin.post("/v1/contacts", json={"id": contact, "channel": "chat", "office": "madrid"}).raise_for_status()


def test_a_morning_is_the_same_with_any_number_of_nodes(server: Server) -> None:
    with server.migrated() as url:
        mornings = []
        for nodes in NODES:
            with Workbench(url, nodes=nodes) as bench:
                told, contacts = live(bench)
                mornings.append((told, [{**each, "version": 0} for each in contacts]))

    assert len(mornings[0][0]) > 20
    assert mornings[1] == mornings[0]
    assert mornings[2] == mornings[0]


@pytest.mark.parametrize("step", ["before_commit", "after_commit"])
def test_when_the_node_that_decides_dies_the_next_one_does(server: Server, step: Step) -> None:
    with server.migrated() as url, Workbench(url, nodes=2) as bench:
        admin = bench.client()
        admin.put("/v1/agents/ana", json={"name": "Ana", "capacity": 2}).raise_for_status()
        bench.sign_in("ana")
        send_to_everybody(admin, "c0")
        send_to_everybody(admin, "c1")
        first, was = bench.product, epoch(bench)
        admin.put("/v1/settings/assignment", json={"wrap_up": 30}).raise_for_status()
        admin.post("/v1/contacts/c1/close", json={}).raise_for_status()
        send_to_everybody(admin, "c2")

        bench.crash(step)
        bench.advance(30)
        admin.post("/v1/contacts/c0/close", json={}).raise_for_status()
        send_to_everybody(admin, "c3")
        bench.advance(30)

        assert bench.product is not first
        assert epoch(bench) == was + 1
        assert [admin.get(f"/v1/contacts/{each}").json()["agent_id"] for each in ("c2", "c3")] == ["ana", "ana"]


def send_to_everybody(admin: Client, contact: str) -> None:
    admin.post("/v1/contacts", json={"id": contact, "channel": "chat"}).raise_for_status()


def epoch(bench: Workbench) -> int:
    database = bench.product.database
    with database.reading() as connection:
        (number,) = bench.product.workspaces()
        return epoch_of(connection, number)


def test_who_waits_for_the_answer_gets_it_from_any_node(server: Server) -> None:
    with server.migrated() as url, Workbench(url, nodes=2) as bench:
        admin = bench.client()
        admin.put("/v1/agents/ana", json={"name": "Ana"}).raise_for_status()
        bench.sign_in("ana")

        answers = [
            admin.post("/v1/contacts", json={"id": each, "channel": "chat"}, headers={"Prefer": "wait=5"}).json()
            for each in ("c1", "c2")
        ]

    assert [(each["state"], each["agent_id"]) for each in answers] == [("assigned", "ana"), ("assigned", "ana")]
