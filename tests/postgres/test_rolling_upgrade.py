"""Nodes are renewed one by one: two versions work on one database side by side, and what the older would not survive
is not done as long as it is at work."""

import signal
from pathlib import Path

import httpx2
import pytest

from tests.faults.served import a_key, run, served
from tests.postgres.nodes import wait_until
from tests.store.later_version import contracted, expanded

pytestmark = pytest.mark.timeout(240)
"""Processes and servers start slowly where others want the machine as well."""


def test_the_older_node_goes_on_beside_a_newer_one_and_each_takes_over_from_the_other(url: str, tmp_path: Path) -> None:
    headers = {"authorization": f"Bearer {a_key(url)}"}
    with served(url) as (older, of_older), served(url, expanded(tmp_path)) as (newer, of_newer):
        with httpx2.Client(base_url=of_older, headers=headers) as http:
            http.put("/v1/agents/ana", json={"name": "Ana"}).raise_for_status()
            http.post("/v1/agents/ana/sessions", json={}).raise_for_status()
        asked = [is_given_and_closed(address, headers, f"c{each}") for each, address in enumerate((of_older, of_newer))]
        ready = [httpx2.get(f"{address}/readyz").status_code for address in (of_older, of_newer)]

        older.send_signal(signal.SIGTERM)
        assert older.wait(10) == 0
        asked.append(is_given_and_closed(of_newer, headers, "c2"))
        with served(url) as (_, of_older):  # back to the version before
            newer.send_signal(signal.SIGTERM)
            assert newer.wait(10) == 0
            asked.append(is_given_and_closed(of_older, headers, "c3"))

    assert (asked, ready) == (["ana"] * 4, [200, 200])


def test_what_the_older_node_would_not_survive_waits_until_it_has_stopped(url: str, tmp_path: Path) -> None:
    between = expanded(tmp_path)
    last = contracted(between, tmp_path)
    with served(url) as (older, of_older):
        refused = run("serve", "--database", url, "--port", "0", code=last)
        assert httpx2.get(f"{of_older}/readyz").status_code == 200
        older.send_signal(signal.SIGTERM)
        assert older.wait(10) == 0
    with served(url, between) as (_, of_between), served(url, last) as (_, of_last):
        ready = [httpx2.get(f"{address}/readyz").status_code for address in (of_between, of_last)]
        too_old = run("serve", "--database", url, "--port", "0")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "a step that a version at work on it would not survive (nodes " in refused.stderr
    assert "Bring these nodes to a version in between first, or stop them; nothing was changed" in refused.stderr
    assert ready == [200, 200]
    assert (too_old.returncode, too_old.stdout) == (2, "")
    assert "written by a newer version of assigner" in too_old.stderr


def is_given_and_closed(address: str, headers: dict[str, str], contact_id: str) -> str:
    """Who is given a contact that arrives at one node; who then closes it there."""
    with httpx2.Client(base_url=address, headers=headers) as http:
        http.post("/v1/contacts", json={"id": contact_id, "channel": "chat"}).raise_for_status()
        wait_until(lambda: http.get(f"/v1/contacts/{contact_id}").json()["state"] == "assigned")
        closed = http.post(f"/v1/contacts/{contact_id}/close", json={}).raise_for_status().json()
    return str(closed["agent_id"])
