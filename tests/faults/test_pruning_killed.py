"""A process that prunes is killed at any moment, again and again: nothing that is kept is lost."""

import random
import subprocess
import sys
import time
from typing import Any

import pytest

from assigner.service.verify import verify
from assigner.store.database import Database
from assigner.testing import Client, Workbench

PRUNES = """
import sys
from datetime import datetime, timedelta
from assigner.pruner import Pruner
from assigner.product import Product
from assigner.store.database import Database
from assigner.store.pruning import Bounds

product = Product(Database(sys.argv[1]), clock=lambda: datetime.fromisoformat(sys.argv[3]), inline=True)
pruner = Pruner(product, keep_days=1, bounds=Bounds(contacts=2, lines=5, followed=20))
print("begins", flush=True)
while pruner.step(int(sys.argv[2])):
    pass
print("done", flush=True)
"""


@pytest.mark.timeout(240)  # a dozen programs start, one after the other
def test_a_kill_at_any_moment_loses_nothing_that_is_kept(database_url: str) -> None:
    with Workbench(database=database_url) as bench:
        admin = bench.client()
        admin.put("/v1/agents/ana", json={"name": "Ana", "capacity": 3}).raise_for_status()
        bench.sign_in("ana")
        live(admin, "old", 30)
        bench.advance(3 * 24 * 3600)
        bench.sign_in("ana")
        live(admin, "new", 10)
        kept, chance = kept_stories(admin), random.Random(4)
        ends: list[str] = []
        while "done" not in ends[-1:] and len(ends) < 12:
            ends.append(prune_for(bench, chance.uniform(0, 0.15) if len(ends) < 8 else 30))
            database = Database(database_url)
            verified = verify(database, bench.product.workspaces()[0])
            database.close()
            assert verified.differences == ()
            assert kept_stories(admin).items() >= kept.items()

        assert "killed" in ends
        assert {"old-3", "old-29"} <= set(kept_stories(admin)), "they have not ended"
        assert not any(each.startswith("old") and ended for each, (ended, _) in kept_stories(admin).items())


def live(admin: Client, name: str, count: int) -> None:
    """Contacts that come and go, but for every third, which stays."""
    for each in range(count):
        admin.post("/v1/contacts", json={"id": f"{name}-{each}", "channel": "chat"}).raise_for_status()
        if each % 3 and each < count - 1:
            how = "close" if admin.get(f"/v1/contacts/{name}-{each}").json()["state"] == "assigned" else "abandon"
            admin.post(f"/v1/contacts/{name}-{each}/{how}", json={}).raise_for_status()


def kept_stories(admin: Client) -> dict[str, tuple[Any, Any]]:
    """The contacts that there are: when each ended, and all that happened to it, but for the old that have ended."""
    contacts = admin.get("/v1/contacts?limit=200").json()["items"]
    return {
        each["id"]: (each["closed_at"], admin.get(f"/v1/contacts/{each['id']}/history").json()["items"])
        for each in contacts
        if not (each["id"].startswith("old") and each["closed_at"])
    }


def prune_for(bench: Workbench, seconds: float) -> str:
    """Let a process prune and kill it after some seconds, where it is not done by then."""
    command = [sys.executable, "-c", PRUNES, bench.url, str(bench.product.workspaces()[0]), bench.now.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n"
        until = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        process.kill()
        return "done" if "done" in process.stdout.read() else "killed"
