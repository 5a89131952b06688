"""A node whose way to the database falls silent, as when a cable is pulled: nothing is answered, nothing is closed."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.faults.served import a_key, served
from tests.postgres.black_hole import black_hole
from tests.postgres.nodes import wait_until

pytestmark = pytest.mark.timeout(240)
"""Processes and servers start slowly where others want the machine as well."""

NOTICED_WITHIN = 10
"""What README promises, of a connection; a request that then tries anew takes up to 5 s more."""
TAKEN_OVER_WITHIN = 8
"""A node counts as being there for 5 s, and looks at that every 1.7 s."""


def decides(address: str) -> bool:
    return 'assigner_lock_held{workspace="1"} 1.0' in httpx2.get(f"{address}/metrics", timeout=20).text


def test_a_silent_cut_is_noticed_another_node_takes_over_and_requests_fail_clearly(url: str) -> None:
    headers = {"authorization": f"Bearer {a_key(url)}"}
    with (
        black_hole(url) as (hole, behind),
        served(behind) as (_, cut),
        served(url) as (_, whole),
        httpx2.Client(base_url=cut, headers=headers, timeout=60) as there,
        httpx2.Client(base_url=whole, headers=headers, timeout=60) as here,
    ):
        here.put("/v1/agents/ana", json={"name": "Ana"}).raise_for_status()
        here.post("/v1/agents/ana/sessions", json={}).raise_for_status()
        there.post("/v1/contacts", json={"id": "c0", "channel": "chat"}).raise_for_status()
        wait_until(lambda: decides(cut))

        hole.swallow()
        began = time.monotonic()

        def send(contact_id: str) -> tuple[httpx2.Response, float]:
            answer = there.post("/v1/contacts", json={"id": contact_id, "channel": "chat"})
            return answer, time.monotonic() - began

        with ThreadPoolExecutor() as pool:
            on_its_way = pool.submit(send, "c1")
            here.post("/v1/contacts", json={"id": "c2", "channel": "chat"}, timeout=30).raise_for_status()
            wait_until(lambda: here.get("/v1/contacts/c2").json()["agent_id"] == "ana")
            taken_over = time.monotonic() - began
            readiness, told_after = there.get("/readyz"), time.monotonic() - began
            answer, noticed = on_its_way.result()
        hole.heal()
        healed = wait_until(lambda: there.get("/readyz").is_success, within=30)
        again = there.post("/v1/contacts", json={"id": "c1", "channel": "chat"})
        wait_until(lambda: there.get("/v1/contacts/c1").json()["agent_id"] == "ana")
        states = [each["state"] for each in here.get("/v1/contacts").json()["items"]]
    print(f"taken over {taken_over:.1f} s, not ready {told_after:.1f} s, failed {noticed:.1f} s, healed {healed:.1f} s")
    assert taken_over < TAKEN_OVER_WITHIN
    assert (readiness.status_code, readiness.json()["code"]) == (503, "stopped")
    assert told_after < TAKEN_OVER_WITHIN + 2
    assert (answer.status_code, answer.json()["code"]) in {(503, "store_unavailable"), (503, "outcome_unknown")}
    assert noticed < NOTICED_WITHIN + 5
    assert (again.status_code, states) == (201, ["assigned"] * 3)
