"""What nodes tell operators: one decides, both are seen, how far behind webhooks are is the same at both, and all of it
is documented."""

from pathlib import Path

import httpx2
import pytest

from assigner.api import metrics
from tests.faults.served import a_key, served
from tests.postgres.nodes import wait_until
from tests.postgres.test_hand_over import metrics_of
from tests.webhooks.test_receiver_process import Program

pytestmark = pytest.mark.timeout(240)
"""Processes and servers start slowly where others want the machine as well."""

README = Path(metrics.__file__).with_name("README.md")


def test_both_nodes_tell_who_decides_who_is_seen_and_how_far_behind_webhooks_are(url: str, tmp_path: Path) -> None:
    headers = {"authorization": f"Bearer {a_key(url)}"}
    allowed = {"ASSIGNER_WEBHOOK_NETWORKS": "127.0.0.0/8"}
    receiver = Program(tmp_path / "received.jsonl")
    with (
        served(url, **allowed) as (_, first),
        served(url, **allowed) as (_, second),
        httpx2.Client(base_url=second, headers=headers, timeout=20) as http,
    ):
        made = http.post("/v1/webhooks", json={"url": receiver.url, "types": ["contact.*"]})
        lag = f'assigner_webhook_lag_seconds{{webhook="{made.raise_for_status().json()["id"]}",workspace="1"}}'

        def lags() -> list[float]:
            return [metrics_of(each)[lag] for each in (first, second)]

        http.post("/v1/contacts", json={"id": "c1", "channel": "chat"}).raise_for_status()
        wait_until(lambda: (tmp_path / "received.jsonl").exists() and lags()[0] == 0)
        taken = lags()
        receiver.become("fail")
        http.post("/v1/contacts", json={"id": "c2", "channel": "chat"}).raise_for_status()
        wait_until(lambda: min(lags()) > 1)
        behind = lags()
        told = [metrics_of(each) for each in (first, second)]
    receiver.kill()

    ages = [{name: value for name, value in each.items() if name.startswith("assigner_lease_age")} for each in told]
    assert taken == [0, 0]
    assert abs(behind[0] - behind[1]) < 1
    assert [each['assigner_lock_held{workspace="1"}'] for each in told] == [1, 0]
    assert (len(ages[0]), ages[0].keys()) == (2, ages[1].keys())
    assert max(*ages[0].values(), *ages[1].values()) < 5
    assert told[0]['assigner_change_no{workspace="1"}'] == told[1]['assigner_change_no{workspace="1"}']


def test_what_metrics_there_are_stands_in_the_readme(url: str) -> None:
    with served(url) as (_, address):
        lines = httpx2.get(f"{address}/metrics", timeout=20).text.splitlines()
    told = [each.removeprefix("# HELP ").partition(" ") for each in lines if each.startswith("# HELP ")]
    table = "\n".join(f"| `{name}` | {sentence} |" for name, _, sentence in sorted(told) if name[-8:] != "_created")

    assert table in README.read_text(), table
