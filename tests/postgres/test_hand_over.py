"""A node that is told to end hands over at once, and answers what it was asked."""

import signal
import threading
import time

import httpx2
import pytest

from tests.faults.served import a_key, served
from tests.postgres.nodes import wait_until

pytestmark = pytest.mark.timeout(240)
"""Processes and servers start slowly where others want the machine as well."""

AT_ONCE = 1
"""Seconds, on a machine that has much else to do."""


def metrics_of(address: str) -> dict[str, float]:
    lines = httpx2.get(f"{address}/metrics", timeout=20).text.splitlines()
    return {name: float(value) for name, _, value in (each.rpartition(" ") for each in lines if each[0] != "#")}


def test_another_node_decides_before_the_one_that_is_told_to_end_has_closed_its_streams(url: str) -> None:
    headers = {"authorization": f"Bearer {a_key(url)}"}
    with (
        served(url) as (ending, first),
        served(url) as (_, second),
        httpx2.Client(base_url=second, headers=headers, timeout=20) as http,
    ):
        http.put("/v1/agents/ana", json={"name": "Ana", "capacity": 1}).raise_for_status()
        http.post("/v1/agents/ana/sessions", json={}).raise_for_status()
        http.post("/v1/contacts", json={"id": "c0", "channel": "chat"}).raise_for_status()
        wait_until(lambda: http.get("/v1/contacts/c0").json()["state"] == "assigned")
        assert [metrics_of(each)['assigner_lock_held{workspace="1"}'] for each in (first, second)] == [1, 0]
        held, told = [], threading.Event()

        def wait_for_an_agent() -> None:
            asks = {**headers, "prefer": "wait=30"}
            held.append(httpx2.post(f"{first}/v1/contacts", json={"id": "c1"}, headers=asks, timeout=20))

        listener = threading.Thread(target=listen, args=(first, headers, told))
        clients = [listener, threading.Thread(target=wait_for_an_agent)]
        for each in clients:
            each.start()
        assert told.wait(10)
        wait_until(lambda: http.get("/v1/contacts/c1").is_success)

        began = time.monotonic()
        ending.send_signal(signal.SIGTERM)
        http.post("/v1/contacts/c0/close", json={}).raise_for_status()
        wait_until(lambda: http.get("/v1/contacts/c1").json()["state"] == "assigned")
        took = time.monotonic() - began
        code = ending.wait(10)
        ended = time.monotonic() - began
        for each in clients:
            each.join()

    print(f"another node has decided after {took * 1e3:.0f} ms, the process has ended after {ended:.1f} s")
    assert took < min(AT_ONCE, ended)
    assert (code, ended < AT_ONCE + 1) == (0, True)
    assert [answer.json()["id"] for answer in held] == ["c1"]


def listen(address: str, headers: dict[str, str], told: threading.Event) -> None:
    """Listen to events until the node ends that."""
    with httpx2.stream("GET", f"{address}/v1/events", headers=headers, timeout=20) as stream:
        for _ in stream.iter_lines():
            told.set()
