"""Offices and agents over HTTP: what is put is what is read, who may do it, and what is refused."""

from typing import Any

import httpx2
import pytest

from assigner.testing import Client, Workbench

MADRID = {
    "name": "Madrid",
    "time_zone": "Europe/Madrid",
    "hours": {"mon": ["09:00-13:00", "14:00-24:00"], "sun": []},
    "holidays": [{"date": "2026-12-24", "name": "Christmas Eve", "hours": ["09:00-12:00"]}],
}
BERLIN = {"name": "Berlin", "time_zone": "UTC", "hours": None, "holidays": {"calendar": "DE", "subdivision": "BE"}}
ANA = {
    "name": "Ana",
    "email": "ana@example.com",
    "role": "agent",
    "takes_contacts": True,
    "offices": ["madrid"],
    "skills": {"es": 3},
    "capacity": {"total": 3, "channels": {"chat": 2}},
    "weight": 2,
    "active": True,
    "wrap_up": None,
}


def with_madrid(bench: Workbench) -> Client:
    """An administrator's client, of a workspace with one office and one agent there."""
    admin = bench.client(role="admin")
    admin.put("/v1/offices/madrid", json=MADRID).raise_for_status()
    admin.put("/v1/agents/ana", json=ANA).raise_for_status()
    return admin


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """How a call was refused."""
    return answer.status_code, answer.json()["code"]


def without_version(answer: httpx2.Response) -> dict[str, Any]:
    """A document as it was read, but for its version."""
    document: dict[str, Any] = answer.raise_for_status().json()
    assert document.pop("version") > 0
    return document


@pytest.mark.parametrize(
    ("path", "document"),
    [
        pytest.param("/v1/offices/madrid", MADRID, id="office with hours"),
        pytest.param("/v1/offices/berlin", BERLIN, id="office with a calendar"),
        pytest.param("/v1/agents/ana", ANA, id="agent"),
        pytest.param("/v1/agents/ben", {**ANA, "email": None, "capacity": 0, "offices": []}, id="agent with nothing"),
    ],
)
def test_what_is_put_is_what_is_read_and_putting_it_again_changes_nothing(path: str, document: dict[str, Any]) -> None:
    with Workbench() as bench:
        admin = with_madrid(bench)
        wanted = {"id": path.rpartition("/")[2], **document}
        assert without_version(admin.put(path, json=document)) == wanted
        read = admin.get(path).json()
        before = len(bench.events())
        assert admin.put(path, json=read).json() == read
        bench.restart()
        assert admin.get(path).json() == read
        assert len(bench.events()) == before


@pytest.mark.parametrize(
    ("role", "takes_contacts"), [("agent", True), ("supervisor", False), ("admin", False)], ids=str
)
def test_an_agent_has_defaults_that_follow_the_role(role: str, takes_contacts: bool) -> None:
    with Workbench() as bench:
        made = without_version(bench.client().put("/v1/agents/eva", json={"role": role}))
        assert made == {
            "id": "eva",
            "name": "eva",
            "email": None,
            "role": role,
            "takes_contacts": takes_contacts,
            "offices": [],
            "skills": {},
            "capacity": None,
            "weight": 1,
            "active": True,
            "wrap_up": None,
        }


def test_a_patch_changes_the_fields_it_names() -> None:
    with Workbench() as bench:
        admin = with_madrid(bench)
        changed = without_version(admin.patch("/v1/agents/ana", json={"skills": ["es", "en"], "capacity": None}))
        assert changed == {"id": "ana", **ANA, "skills": {"es": 1, "en": 1}, "capacity": None}
        assert refusal(admin.patch("/v1/agents/anna", json={})) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("PUT", "/v1/offices/madrid", {}, id="put office"),
        pytest.param("DELETE", "/v1/offices/madrid?reassign=true", None, id="delete office"),
        pytest.param("PUT", "/v1/agents/ana", {}, id="put agent"),
        pytest.param("PATCH", "/v1/agents/ana", {"weight": 5}, id="patch agent"),
        pytest.param("DELETE", "/v1/agents/ana", None, id="delete agent"),
    ],
)
def test_changes_need_permission_and_the_version_that_was_read(method: str, path: str, body: Any) -> None:
    with Workbench() as bench:
        admin, before = with_madrid(bench), len(bench.events())
        stale = {"If-Match": '"1"'}
        assert refusal(admin.request(method, path, json=body, headers=stale)) == (412, "precondition_failed")
        assert refusal(bench.client(role="supervisor").request(method, path, json=body)) == (403, "forbidden")
        assert len(bench.events()) == before
        read = {"If-Match": str(admin.get(path).json()["version"])}
        assert admin.request(method, path, json=body, headers=read).is_success


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        pytest.param("/v1/agents/ben", {"offices": ["madird"]}, (422, "unknown_office", "offices[0]"), id="office"),
        pytest.param("/v1/agents/ben", {"role": "boss"}, (422, "unknown_value", "role"), id="role"),
        pytest.param("/v1/agents/ben", {"skills": {"es": 0}}, (422, "out_of_range", "skills.es"), id="level"),
        pytest.param("/v1/agents/ben", {"weight": 0}, (422, "out_of_range", "weight"), id="weight"),
        pytest.param("/v1/agents/ben", {"capacity": -1}, (422, "out_of_range", "capacity"), id="capacity"),
        pytest.param("/v1/agents/ben", {"email": "ben"}, (422, "unknown_value", "email"), id="email"),
        pytest.param("/v1/agents/ben", {"email": "ANA@example.com"}, (409, "conflict", "email"), id="email in use"),
        pytest.param("/v1/agents/ben", {"nmae": "Ben"}, (422, "invalid", "nmae"), id="field"),
        pytest.param("/v1/offices/rome", {"time_zone": "Rome"}, (422, "unknown_value", "time_zone"), id="time zone"),
        pytest.param("/v1/offices/rome", {"hours": {"mo": []}}, (422, "unknown_field", "hours.mo"), id="weekday"),
        pytest.param("/v1/offices/rome", {"hours": {"mon": ["9-5"]}}, (422, "bad_time", "hours.mon[0]"), id="hours"),
        pytest.param(
            "/v1/offices/rome", {"holidays": [{"name": "x"}]}, (422, "missing_field", "holidays[0]"), id="holiday"
        ),
    ],
)
def test_a_wrong_document_is_refused_with_its_field(
    path: str, body: dict[str, Any], expected: tuple[int, str, str]
) -> None:
    with Workbench() as bench:
        admin, before = with_madrid(bench), len(bench.events())
        answer = admin.put(path, json=body)
        assert (*refusal(answer), answer.json()["field"]) == expected
        assert refusal(admin.get(path)) == (404, "not_found")
        assert len(bench.events()) == before


def test_an_office_in_use_is_deleted_only_when_asked_to_reassign() -> None:
    with Workbench() as bench:
        admin = with_madrid(bench)
        admin.put("/v1/rules", content="queues: {madrid: {offices: [madrid]}}").raise_for_status()
        admin.post("/v1/contacts", json={"id": "c1", "office": "madrid"}).raise_for_status()
        refused = admin.delete("/v1/offices/madrid")
        assert refusal(refused) == (409, "in_use")
        assert refused.json()["counts"] == {"agents": 1, "queues": 1, "contacts": 1}
        assert admin.delete("/v1/offices/madrid", params={"reassign": True}).status_code == 204
        assert admin.get("/v1/agents/ana").json()["offices"] == []
        assert refusal(admin.get("/v1/offices/madrid")) == (404, "not_found")
        bench.restart()
        assert admin.get("/v1/offices").json()["items"] == []


def test_who_holds_contacts_is_deleted_only_when_they_are_returned() -> None:
    with Workbench() as bench:
        admin = with_madrid(bench)
        bench.sign_in("ana")
        admin.post("/v1/contacts", json={"id": "c1", "office": "madrid"}).raise_for_status()
        bench.settle()
        refused = admin.delete("/v1/agents/ana")
        assert (refusal(refused), refused.json()["counts"]) == ((409, "in_use"), {"contacts": 1})
        before = len(bench.events())
        assert admin.delete("/v1/agents/ana", params={"reassign": True}).status_code == 204
        events = [event["type"] for event in bench.events(after=before)]
        assert events == ["contact.returned", "agent.removed", "queue.alarm"]
        assert admin.get("/v1/contacts/c1").json()["state"] == "queued"
        bench.restart()
        assert refusal(admin.get("/v1/agents/ana")) == (404, "not_found")
        assert admin.put("/v1/agents/ana", json=ANA).status_code == 200


def test_an_office_joined_later_is_available_under_restore_and_away_under_unavailable() -> None:
    with Workbench() as bench:
        admin = with_madrid(bench)
        ana = bench.sign_in("ana")
        for office, preset in (("lisbon", "respond_io"), ("porto", "ocelot")):
            admin.post("/v1/settings/preset", json={"name": preset}).raise_for_status()
            admin.put(f"/v1/offices/{office}", json={}).raise_for_status()
            own = admin.get("/v1/agents/ana").json()["offices"]
            admin.patch("/v1/agents/ana", json={"offices": [*own, office]}).raise_for_status()
        admin.patch("/v1/agents/ana", json={"offices": ["lisbon", "porto"]}).raise_for_status()
        row = ana.get("/v1/agents/ana/status").json()
        assert [(each["id"], each["available"]) for each in row["offices"]] == [("lisbon", True), ("porto", False)]
