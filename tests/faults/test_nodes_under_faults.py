"""Whatever befalls the nodes or the database under load: nothing is lost, held twice, or answered and not done."""

import os
import random
import secrets
import signal
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest

from assigner.service.verify import verify
from assigner.store.database import Database
from assigner.store.load import changes_after
from assigner.wiring import wall_clock
from tests.faults.checker import Checker, loads
from tests.faults.cluster import Cluster
from tests.faults.history import History
from tests.faults.load_clients import Clients, Listener

ROUNDS = int(os.environ.get("ASSIGNER_FAULT_ROUNDS", "20"))
SEED = int(os.environ.get("ASSIGNER_FAULT_SEED", secrets.randbits(32)))
AGENTS = ("ana", "ben", "eva", "gil", "ida")
RULES = {
    "queues": {"all": {"strategy": "least_loaded"}},
    "rules": [{"then": {"queue": "all"}}],
}
GOES_ON_WITHIN = 30
Fault = Callable[[Cluster, random.Random], datetime]
"""Lets something befall the cluster, and has it mended. Returns when it began."""


def kill_the_deciding_node(cluster: Cluster, _: random.Random) -> datetime:
    node = cluster.deciding()
    node.kill()
    began = wall_clock()
    node.begin()
    node.await_start()
    return began


def pause_the_deciding_node(cluster: Cluster, chance: random.Random) -> datetime:
    node = cluster.deciding()
    node.send(signal.SIGSTOP)
    began = wall_clock()
    time.sleep(chance.uniform(0.5, 5))
    node.send(signal.SIGCONT)
    return began


def end_the_backend_of_the_deciding_node(cluster: Cluster, _: random.Random) -> datetime:
    cluster.end_backend()
    return wall_clock()


def restart_the_database(cluster: Cluster, chance: random.Random) -> datetime:
    began = wall_clock()
    cluster.server.restart(how=chance.choice((signal.SIGINT, signal.SIGQUIT)))
    return began


def cut_a_node_off(cluster: Cluster, chance: random.Random) -> datetime:
    node = chance.choice(cluster.nodes)
    node.proxy.cut()
    began = wall_clock()
    time.sleep(chance.uniform(0.5, 5))
    node.proxy.heal()
    return began


FAULTS: Mapping[str, Fault] = {
    each.__name__: each
    for each in (
        kill_the_deciding_node,
        pause_the_deciding_node,
        end_the_backend_of_the_deciding_node,
        restart_the_database,
        cut_a_node_off,
    )
}


@pytest.mark.timeout(120 + 20 * ROUNDS)
@pytest.mark.parametrize(("nodes", "come_and_go"), [(2, False), (3, True)], ids=["two-nodes", "three-nodes"])
def test_nothing_is_lost_or_held_twice_whatever_befalls_the_nodes(
    tmp_path: Path, nodes: int, come_and_go: bool
) -> None:
    print(f"ASSIGNER_FAULT_SEED={SEED} ASSIGNER_FAULT_ROUNDS={ROUNDS}")
    chance, history, file = random.Random(SEED + nodes), History(), tmp_path / "history.jsonl"
    with Cluster(tmp_path, nodes) as cluster:
        capacity = 40 if come_and_go else None
        sign_in_everybody(cluster, history, capacity)
        listener = Listener(cluster.addresses(), cluster.headers, history, SEED)
        clients = Clients(cluster.addresses(), cluster.headers, history, SEED)
        clients.start(AGENTS, come_and_go=come_and_go)
        for number in range(-(-ROUNDS // 2)):
            time.sleep(chance.uniform(0.2, 1.0))
            name = chance.choice(sorted(FAULTS))
            began = FAULTS[name](cluster, chance)
            paused = await_work(listener, began)
            print(f"{nodes} nodes, round {number}: {name}, nothing assigned for {paused.total_seconds():.2f} s")
        clients.stop()
        let_everybody_be_online(cluster)
        finish(cluster, listener, history)
        listener.stop()
        history.write(file)

        found = Checker(history.lines, least_loaded=True).check()
        assert found == [], f"{file} has the history"
        contacts = [line["contact"] for line in history.lines if line.get("call") == "arrive"]
        given = [
            line["event"]["subject"]
            for line in history.lines
            if line.get("event", {}).get("type") == "contact.assigned"
        ]
        print(f"{len(set(contacts))} contacts, {len(given)} assignments")
        if not come_and_go:
            spread = loads(history.lines)
            assert len(given) == len(set(given)) == len(set(contacts))
            assert max(spread.values()) - min(spread.values()) <= 1
        check_log(cluster, history)


def sign_in_everybody(cluster: Cluster, history: History, capacity: int | None) -> None:
    with httpx2.Client(base_url=cluster.addresses()[0], headers=cluster.headers, timeout=20) as http:
        http.put("/v1/rules", json=RULES).raise_for_status()
        for agent in AGENTS:
            history.note(agent=agent, capacity=capacity)
            http.put(f"/v1/agents/{agent}", json={"name": agent, "capacity": capacity}).raise_for_status()
            http.post(f"/v1/agents/{agent}/sessions", json={}).raise_for_status()


def let_everybody_be_online(cluster: Cluster) -> None:
    with httpx2.Client(base_url=cluster.deciding().address, headers=cluster.headers, timeout=20) as http:
        for agent in AGENTS:
            http.put(f"/v1/agents/{agent}/status", json={"status": "online"}).raise_for_status()


def await_work(listener: Listener, began: datetime) -> timedelta:
    """For how long nothing was given away. Fails where nothing is any more."""
    give_up_at = time.monotonic() + GOES_ON_WITHIN
    while listener.assigned_at[-1:] <= [max(began, wall_clock() - timedelta(seconds=0.5))]:
        assert time.monotonic() < give_up_at, "nothing is given away any more"
        time.sleep(0.02)
    return max(b - a for a, b in pairwise([began, *(at for at in listener.assigned_at if at > began)]))


def finish(cluster: Cluster, listener: Listener, history: History) -> None:
    """Wait until all is given away that can be and heard of, and note how every contact ended."""
    give_up_at = time.monotonic() + 30
    newest, quiet_since = "", time.monotonic()
    while time.monotonic() - quiet_since < 1.5:
        assert time.monotonic() < give_up_at, "the nodes do not come to rest"
        if listener.last_id != newest:
            newest, quiet_since = listener.last_id, time.monotonic()
        time.sleep(0.05)
    contacts: dict[str, dict[str, str | None]] = {}
    with httpx2.Client(base_url=cluster.nodes[-1].address, headers=cluster.headers, timeout=20) as http:
        for state in ("queued", "assigned", "closed"):
            path: str | None = f"/v1/contacts?state={state}&limit=500"
            while path is not None:
                page = http.get(path).raise_for_status().json()
                found = page["items"]
                contacts |= {each["id"]: {"state": each["state"], "agent_id": each["agent_id"]} for each in found}
                cursor = page["next_cursor"]
                path = f"/v1/contacts?state={state}&limit=500&cursor={cursor}" if cursor else None
    history.note(end=contacts)


def check_log(cluster: Cluster, history: History) -> None:
    """What the listener heard is the log, all of it, and every decision in it can be repeated."""
    database = Database(cluster.server.url())
    try:
        with database.reading() as connection:
            log = changes_after(connection, 1, (0, 0), limit=10_000_000)
        heard = [line["event"]["id"] for line in history.lines if "event" in line]
        assert heard == [f"{change}.{ordinal}" for change, ordinal, _ in log]
        assert verify(database, 1).differences == ()
    finally:
        database.close()
