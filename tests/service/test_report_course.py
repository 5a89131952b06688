"""Any period can be cut anywhere: what its pieces tell adds up to what the whole tells.

So a report knows how things stood when its period began, whatever had happened before, without reading it all."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from assigner.testing import Client, Workbench

START = datetime.fromisoformat("2026-01-05T09:00:00Z")
STEPS = 160
COUNTED = {
    "contacts?by=queue": ("arrived", "assigned", "assigned_by_hand", "transferred", "returned", "closed", "abandoned"),
    "waits?by=office": ("answered", "abandoned"),
    "agents?by=agent": ("contacts", "online_s", "busy_s", "away_s", "offline_s", "held_s", "load_s"),
}


def something_happens(bench: Workbench, admin: Client, chance: Random, sessions: list[Client]) -> None:
    """One request of any kind; many are refused, as in life."""
    contact_id, agent_id = f"c{chance.randrange(40)}", f"a{chance.randrange(5)}"
    contact = f"/v1/contacts/{contact_id}"
    match chance.randrange(12):
        case 0 | 1 | 2 | 3:
            admin.post("/v1/contacts", json={"id": contact_id, "office": chance.choice(["madrid", "lisbon", None])})
        case 4 | 5:
            admin.post(f"{contact}/close")
        case 6:
            admin.post(f"{contact}/{chance.choice(['hold', 'resume', 'abandon', 'return'])}")
        case 7:
            admin.post(f"{contact}/transfer", json=chance.choice([{"agent_id": agent_id}, {"office": "lisbon"}]))
        case 8 | 9:
            admin.put(f"/v1/agents/{agent_id}/status", json={"status": chance.choice(["online", "busy"])})
        case 10:
            sessions.append(bench.sign_in(agent_id))
        case 11 if sessions:
            sessions.pop(chance.randrange(len(sessions))).sign_out()


def counted(admin: Client, query: str, start: datetime, end: datetime) -> Counter[tuple[str | None, str]]:
    """What a report adds up, by group and figure."""
    name, _, by = query.partition("?by=")
    asked = {"from": start.isoformat(), "to": end.isoformat(), "by": by}
    items: list[dict[str, Any]] = admin.get(f"/v1/reports/{name}", params=asked).json()["items"]
    group = "agent_id" if by == "agent" else by
    total: Counter[tuple[str | None, str]] = Counter()
    for row in items:
        online = row.get("online_s") or 0
        row |= {"held_s": (row.get("occupancy") or 0) * online, "load_s": (row.get("mean_load") or 0) * online}
        for figure in COUNTED[query]:
            total[row[group], figure] += row[figure]
    return total


@pytest.mark.parametrize("seed", range(3))
def test_pieces_add_up(seed: int) -> None:
    chance, sessions = Random(seed), list[Client]()
    with Workbench(start=START) as bench:
        admin = bench.client()
        for office in ("madrid", "lisbon"):
            admin.put(f"/v1/offices/{office}", json={})
        for number in range(5):
            admin.put(f"/v1/agents/a{number}", json={"offices": [chance.choice(["madrid", "lisbon"])], "capacity": 3})
        admin.put("/v1/settings/presence", json={"offline_after": 1800})
        for _ in range(STEPS):
            something_happens(bench, admin, chance, sessions)
            bench.advance(chance.choice([0, 1, 30, 200]))
        end = bench.now
        cuts = [START, *sorted(START + (end - START) * chance.random() for _ in range(3)), end]

        for query in COUNTED:
            whole = counted(admin, query, START, end)
            pieces: Counter[tuple[str | None, str]] = Counter()
            for first, last in pairwise(cuts):
                pieces += counted(admin, query, first, last)
            assert whole.total() > 0
            assert {each: pieces[each] for each in {*whole, *pieces}} == pytest.approx(
                {each: whole[each] for each in {*whole, *pieces}}, abs=2.0
            )


def test_a_lapse_that_was_written_late_counts_from_when_it_happened() -> None:
    with Workbench(start=START) as bench:
        admin = bench.client()
        admin.put("/v1/agents/ana", json={})
        admin.put("/v1/settings/presence", json={"offline_after": 600})
        bench.sign_in("ana")
        bench.advance(7200, run=False)
        bench.settle()

        at_noon = (START + timedelta(hours=1)).isoformat()
        before = admin.get("/v1/reports/agents", params={"from": START.isoformat(), "to": at_noon}).json()["items"]
        after = admin.get("/v1/reports/agents", params={"from": at_noon}).json()["items"]

    assert [(row["online_s"], row["offline_s"]) for row in (*before, *after)] == [(600, 3000), (0, 3600)]


def test_a_contact_that_is_held_for_days_counts_on_every_one_of_them() -> None:
    with Workbench(start=START) as bench:
        admin = bench.client()
        admin.put("/v1/agents/ana", json={})
        bench.sign_in("ana")
        admin.post("/v1/contacts", json={"id": "c1"})
        bench.advance(3 * 86400)
        admin.post("/v1/contacts/c1/close")
        bench.advance(86400)

        rows = admin.get("/v1/reports/agents?by=all&bucket=day&from=2026-01-05").json()["items"]
        (alone,) = admin.get("/v1/reports/agents?by=all&from=2026-01-07&to=2026-01-08").json()["items"]

    assert [row["occupancy"] for row in rows] == [1, 1, 1, 0.375, 0]
    assert (alone["occupancy"], alone["contacts"]) == (1, 0)
