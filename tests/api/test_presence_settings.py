"""Settings over HTTP: presence policies and presets, assignment settings, and what they do at once."""

from typing import Any

import httpx2
import pytest

from assigner.testing import Workbench

NO_POLICY = {
    "preset": None,
    "away_after": None,
    "offline_after": None,
    "lease_after": None,
    "on_sign_in": "restore",
    "on_return": "restore",
    "selectable": ["online", "busy"],
    "lock_office_away": False,
    "version": 0,
}
DEFAULTS = {
    "enabled": True,
    "default_capacity": None,
    "flood_limit": None,
    "wrap_up": 0,
    "offer": None,
    "on_offline": {"contacts": "none", "grace": 0},
    "on_resume_full": "keep",
    "version": 0,
}


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """How a call was refused."""
    return answer.status_code, answer.json()["code"]


def test_by_default_nothing_switches_and_assignment_is_on() -> None:
    with Workbench() as bench:
        supervisor = bench.client(role="supervisor")
        assert supervisor.get("/v1/settings/presence").json() == NO_POLICY
        assert supervisor.get("/v1/settings/assignment").json() == DEFAULTS


@pytest.mark.parametrize("path", ["presence", "assignment"])
def test_settings_are_limited_to_supervisors(path: str) -> None:
    with Workbench() as bench:
        agent = bench.client(role="agent")
        assert refusal(agent.get(f"/v1/settings/{path}")) == (403, "forbidden")
        assert refusal(agent.put(f"/v1/settings/{path}", json={})) == (403, "forbidden")
        assert refusal(agent.post("/v1/settings/preset", json={"name": "ocelot"})) == (403, "forbidden")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("presence", {"away_after": 600, "offline_after": 1800}, id="presence"),
        pytest.param("presence", {"preset": "1980tic", "offline_after": 60}, id="preset and more"),
        pytest.param("assignment", {"enabled": False, "default_capacity": 3}, id="assignment"),
        pytest.param("assignment", {"flood_limit": {"contacts": 2, "per": 60}}, id="flood limit"),
        pytest.param("assignment", {"default_capacity": 1, "wrap_up": 0, "offer": None, "on_offline": {}}, id="later"),
    ],
)
def test_what_is_saved_is_read_outlives_a_restart_and_saved_again_is_no_event(path: str, body: dict[str, Any]) -> None:
    with Workbench() as bench:
        supervisor = bench.client(role="supervisor")
        saved = supervisor.put(f"/v1/settings/{path}", json=body).raise_for_status().json()
        assert saved["version"] > 0
        assert [event["subject"] for event in bench.events() if event["type"] == "settings.changed"] == [path]
        before = len(bench.events())
        assert supervisor.put(f"/v1/settings/{path}", json=saved).json() == saved
        bench.advance(60)
        assert supervisor.put(f"/v1/settings/{path}", json=body).json() == saved
        assert len(bench.events()) == before
        bench.restart()
        assert supervisor.get(f"/v1/settings/{path}").json() == saved


def test_a_version_that_was_not_read_last_is_refused() -> None:
    with Workbench() as bench:
        supervisor, stale = bench.client(role="supervisor"), {"If-Match": "7"}
        for path in ("presence", "assignment"):
            answer = supervisor.put(f"/v1/settings/{path}", json={}, headers=stale)
            assert refusal(answer) == (412, "precondition_failed")


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        pytest.param("presence", {"away_after": 10, "offline_after": 10}, "offline_not_after_away", id="10 and 10"),
        pytest.param("presence", {"preset": "respond_io", "offline_after": 30}, "out_of_range", id="preset's bounds"),
        pytest.param("presence", {"preset": "zendesk"}, "unknown_value", id="preset"),
        pytest.param("presence", {"awayafter": 10}, "unknown_field", id="field"),
        pytest.param("presence", {"selectable": ["busy"]}, "out_of_range", id="without online"),
        pytest.param("assignment", {"default_capacity": -1}, "out_of_range", id="capacity"),
        pytest.param("assignment", {"flood_limit": {"contacts": 2}}, "missing_field", id="half a flood limit"),
        pytest.param("assignment", {"enabld": True}, "unknown_field", id="misspelt"),
    ],
)
def test_a_wrong_document_is_refused_and_changes_nothing(path: str, body: dict[str, Any], expected: str) -> None:
    with Workbench() as bench:
        supervisor = bench.client(role="supervisor")
        assert refusal(supervisor.put(f"/v1/settings/{path}", json=body)) == (422, expected)
        assert supervisor.get(f"/v1/settings/{path}").json()["version"] == 0
        assert bench.events() == []


@pytest.mark.parametrize("name", ["respond_io", "1980tic", "emplifi_care", "ocelot"])
def test_a_preset_stays_named(name: str) -> None:
    with Workbench() as bench:
        supervisor = bench.client(role="supervisor")
        assert supervisor.post("/v1/settings/preset", json={"name": name}).json()["preset"] == name
        assert supervisor.get("/v1/settings/presence").json()["preset"] == name


def test_an_unknown_preset_is_refused() -> None:
    with Workbench() as bench:
        answer = bench.client().post("/v1/settings/preset", json={"name": "ocelott"})
        assert refusal(answer) == (422, "unknown_value")
        assert 'did you mean "ocelot"?' in answer.json()["detail"]


def test_a_policy_reaches_who_is_idle_already_and_is_taken_back_at_once() -> None:
    with Workbench() as bench:
        admin = bench.client(role="admin")
        admin.put("/v1/agents/ana", json={}).raise_for_status()
        bench.sign_in("ana")
        bench.advance(500)
        admin.put("/v1/settings/presence", json={"away_after": 300, "offline_after": 900}).raise_for_status()
        row = admin.get("/v1/agents/ana/status").json()
        assert (row["status"], row["reason"], row["since"]) == ("away", "idle", "2026-01-05T09:08:20Z")
        assert row["next_change_at"] == "2026-01-05T09:15:00Z"
        bench.advance(400)
        assert admin.get("/v1/agents/ana/status").json()["status"] == "offline"
        admin.put("/v1/settings/presence", json={}).raise_for_status()
        assert admin.get("/v1/agents/ana/status").json()["status"] == "online"
        log = admin.get("/v1/agents/ana/status-log").json()["items"]
        assert [entry["status"] for entry in log] == ["online", "away", "offline", "online"]


def test_a_policy_that_keeps_its_periods_does_not_begin_anew() -> None:
    with Workbench() as bench:
        admin = bench.client(role="admin")
        admin.put("/v1/settings/presence", json={"away_after": 300}).raise_for_status()
        admin.put("/v1/agents/ana", json={}).raise_for_status()
        bench.sign_in("ana")
        bench.advance(500)
        admin.put("/v1/settings/presence", json={"away_after": 300, "lock_office_away": True}).raise_for_status()
        row = admin.get("/v1/agents/ana/status").json()
        assert (row["status"], row["since"]) == ("away", "2026-01-05T09:05:00Z")


def test_switched_off_assignment_lets_everybody_wait_until_it_is_on_again() -> None:
    with Workbench() as bench:
        admin = bench.client(role="admin")
        admin.put("/v1/settings/assignment", json={"enabled": False}).raise_for_status()
        admin.put("/v1/agents/ana", json={}).raise_for_status()
        bench.sign_in("ana")
        admin.post("/v1/contacts", json={"id": "c1"}).raise_for_status()
        bench.settle()
        assert admin.get("/v1/contacts/c1").json()["state"] == "queued"
        admin.put("/v1/settings/assignment", json={}).raise_for_status()
        bench.settle()
        assert admin.get("/v1/contacts/c1").json()["agent_id"] == "ana"
