"""Statuses and availability over HTTP: who may set what for whom, what is told of it, and what is refused."""

from typing import Any

import httpx2
import pytest

from assigner.testing import Client, Workbench


def with_two_offices(bench: Workbench) -> Client:
    """An administrator's client, of a workspace with two offices and an agent who is Online in both."""
    admin = bench.client(role="admin")
    for office in ("lisbon", "madrid"):
        admin.put(f"/v1/offices/{office}", json={}).raise_for_status()
    admin.put("/v1/agents/ana", json={"name": "Ana", "offices": ["madrid", "lisbon"]}).raise_for_status()
    return admin


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """How a call was refused."""
    return answer.status_code, answer.json()["code"]


def available(client: Client) -> dict[str, tuple[bool, str | None]]:
    """Ana's availability by office, and who set it."""
    row = client.get("/v1/agents/ana/status").json()
    return {office["id"]: (office["available"], office["set_by"]) for office in row["offices"]}


def told(bench: Workbench, after: int) -> list[tuple[str, str]]:
    """The events since then."""
    return [(event["type"], event["subject"]) for event in bench.events(after=after)]


def test_a_presence_row_says_who_is_there_and_why() -> None:
    with Workbench() as bench:
        admin = with_two_offices(bench)
        ana = bench.sign_in("ana")
        row = {
            "agent_id": "ana",
            "name": "Ana",
            "status": "online",
            "reason": "signed_in",
            "since": "2026-01-05T09:00:00Z",
            "next_change_at": None,
            "chosen": "online",
            "offices": [
                {"id": "madrid", "available": True, "set_by": None},
                {"id": "lisbon", "available": True, "set_by": None},
            ],
            "open_contacts": 0,
            "capacity": None,
            "takes_contacts": True,
            "offered_contacts": 0,
            "wrap_up_until": None,
        }
        assert admin.get("/v1/presence", params={"office": "madrid"}).json() == {"items": [row], "next_cursor": None}
        assert ana.get("/v1/agents/ana/status").json() == row
        assert refusal(admin.get("/v1/presence", params={"office": "madird"})) == (422, "unknown_office")
        assert refusal(admin.get("/v1/agents/anna/status")) == (404, "not_found")


def test_the_list_comes_page_by_page() -> None:
    with Workbench() as bench:
        admin = bench.client(role="admin")
        for name in ("cleo", "ana", "ben"):
            admin.put(f"/v1/agents/{name}", json={}).raise_for_status()
        for path in ("/v1/presence", "/v1/agents"):
            first = admin.get(path, params={"limit": 2}).json()
            second = admin.get(path, params={"limit": 2, "cursor": first["next_cursor"]}).json()
            ids = [row.get("agent_id") or row["id"] for row in first["items"] + second["items"]]
            assert (ids, second["next_cursor"]) == (["ana", "ben", "cleo"], None)


def test_choosing_again_what_is_chosen_is_no_event() -> None:
    with Workbench() as bench:
        with_two_offices(bench)
        ana = bench.sign_in("ana")
        before = len(bench.events())
        for _ in range(2):
            assert ana.put("/v1/agents/ana/status", json={"status": "busy"}).json()["status"] == "busy"
        assert told(bench, before) == [("agent.status", "ana")]


@pytest.mark.parametrize("status", ["offline", "away", "bussy"])
def test_what_is_not_selectable_is_refused_and_changes_nothing(status: str) -> None:
    with Workbench() as bench:
        with_two_offices(bench)
        ana = bench.sign_in("ana")
        before = len(bench.events())
        assert refusal(ana.put("/v1/agents/ana/status", json={"status": status})) == (422, "status_not_selectable")
        assert told(bench, before) == []


def test_agents_act_on_themselves_only() -> None:
    with Workbench() as bench:
        with_two_offices(bench).put("/v1/agents/ben", json={"offices": ["madrid"]}).raise_for_status()
        ana = bench.sign_in("ana")
        calls: list[tuple[str, dict[str, Any]]] = [
            ("/v1/agents/ben/status", {"status": "busy"}),
            ("/v1/agents/ben/availability", {"available": False}),
            ("/v1/agents/ben/offices/madrid/availability", {"available": False}),
            ("/v1/offices/madrid/availability", {"available": False}),
        ]
        for path, body in calls:
            assert refusal(ana.put(path, json=body)) == (403, "forbidden")


def test_a_global_toggle_overrules_every_office() -> None:
    with Workbench() as bench:
        admin = with_two_offices(bench)
        admin.post("/v1/settings/preset", json={"name": "ocelot"}).raise_for_status()
        ana = bench.sign_in("ana")
        assert available(admin) == {"madrid": (False, None), "lisbon": (False, None)}
        ana.put("/v1/agents/ana/offices/lisbon/availability", json={"available": True}).raise_for_status()
        assert available(admin) == {"madrid": (False, None), "lisbon": (True, None)}
        ana.put("/v1/agents/ana/availability", json={"available": True}).raise_for_status()
        assert available(admin) == {"madrid": (True, None), "lisbon": (True, None)}
        row = ana.put("/v1/agents/ana/availability", json={"available": False}).json()
        assert (row["status"], row["chosen"]) == ("away", "away")
        assert available(admin) == {"madrid": (False, None), "lisbon": (False, None)}


def test_an_administrator_moves_one_flag_and_nothing_else() -> None:
    with Workbench() as bench:
        admin = with_two_offices(bench)
        bench.sign_in("ana")
        before = len(bench.events())
        row = admin.put("/v1/agents/ana/offices/madrid/availability", json={"available": False}).json()
        by = row["offices"][0]["set_by"]
        assert by is not None
        assert (row["status"], row["chosen"]) == ("online", "online")
        assert available(admin) == {"madrid": (False, by), "lisbon": (True, None)}
        assert told(bench, before) == [("agent.availability", "ana")]
        log = admin.get("/v1/agents/ana/status-log").json()["items"]
        entry = {"status": "online", "reason": "office", "office": "madrid", "available": False, "by": by}
        assert log[-1] == {"at": "2026-01-05T09:00:00Z", **entry}


def test_a_locked_flag_cannot_be_undone_by_the_agent() -> None:
    with Workbench() as bench:
        admin = with_two_offices(bench)
        admin.put("/v1/settings/presence", json={"lock_office_away": True}).raise_for_status()
        ana = bench.sign_in("ana")
        admin.put("/v1/agents/ana/offices/madrid/availability", json={"available": False}).raise_for_status()
        answer = ana.put("/v1/agents/ana/offices/madrid/availability", json={"available": True})
        assert refusal(answer) == (403, "locked_by_administrator")


def test_everybody_in_an_office_at_once_and_only_that_undone() -> None:
    with Workbench() as bench:
        admin = with_two_offices(bench)
        admin.put("/v1/agents/ben", json={"offices": ["madrid"]}).raise_for_status()
        ana, ben = bench.sign_in("ana"), bench.sign_in("ben")
        ben.put("/v1/agents/ben/offices/madrid/availability", json={"available": False}).raise_for_status()
        rows = admin.put("/v1/offices/madrid/availability", json={"available": False}).json()["items"]
        assert [(row["agent_id"], row["offices"][0]["available"]) for row in rows] == [("ana", False), ("ben", False)]
        rows = admin.put("/v1/offices/madrid/availability", json={"available": True}).json()["items"]
        assert [(row["agent_id"], row["offices"][0]["available"]) for row in rows] == [("ana", True), ("ben", False)]
        assert refusal(admin.put("/v1/offices/x/availability", json={"available": True})) == (404, "not_found")
        assert ana.get("/v1/agents/ana/status").json()["status"] == "online"


def test_an_office_one_does_not_belong_to_is_refused() -> None:
    with Workbench() as bench:
        admin = with_two_offices(bench)
        admin.put("/v1/agents/ana", json={"offices": ["lisbon"]}).raise_for_status()
        path = "/v1/agents/ana/offices/madrid/availability"
        assert refusal(bench.sign_in("ana").put(path, json={"available": True})) == (422, "not_in_office")
        assert refusal(admin.put(path, json={"available": False})) == (422, "not_in_office")


def test_a_status_set_by_another_person_is_no_input_and_is_logged_with_their_name() -> None:
    with Workbench() as bench:
        admin = with_two_offices(bench)
        admin.put("/v1/agents/eva", json={"role": "admin"}).raise_for_status()
        admin.put("/v1/settings/presence", json={"offline_after": 600}).raise_for_status()
        bench.sign_in("ana")
        eva = bench.sign_in("eva")
        bench.advance(500)
        eva.put("/v1/agents/ana/status", json={"status": "busy"}).raise_for_status()
        eva.put("/v1/agents/ana/availability", json={"available": True}).raise_for_status()
        bench.advance(100)
        log = admin.get("/v1/agents/ana/status-log").json()["items"]
        assert [(entry["status"], entry["reason"], entry.get("by")) for entry in log] == [
            ("online", "signed_in", log[0]["by"]),
            ("busy", "chosen", "agent:eva"),
            ("online", "chosen", "agent:eva"),
            ("offline", "idle", None),
        ]
        assert log[-1]["at"] == "2026-01-05T09:10:00Z"


@pytest.mark.parametrize(
    ("query", "accepted", "label"),
    [
        pytest.param({}, "fr, de-AT;q=0.8, es;q=0.5", "Verfügbar", id="best of the header"),
        pytest.param({"language": "es"}, "de", "Disponible", id="the query wins"),
        pytest.param({}, "fr", "Available", id="English where none is known"),
        pytest.param({}, "de;q=0, *", "Available", id="not what is refused"),
    ],
)
def test_statuses_are_told_in_the_language_of_the_caller(query: dict[str, str], accepted: str, label: str) -> None:
    with Workbench() as bench:
        with_two_offices(bench).post("/v1/settings/preset", json={"name": "ocelot"}).raise_for_status()
        answer = bench.client(role="agent").get("/v1/statuses", params=query, headers={"Accept-Language": accepted})
        items = answer.json()["items"]
        assert [item["status"] for item in items] == ["online", "away"]
        assert items[0]["label"] == label
        assert all(item["sentence"] for item in items)


def test_an_unknown_language_is_refused() -> None:
    with Workbench() as bench:
        assert refusal(bench.client().get("/v1/statuses", params={"language": "fr"})) == (422, "unknown_value")
