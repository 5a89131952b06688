"""The audit over HTTP: who changed what, with before and after and the request, and who was refused what (R24)."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.service import START, Service


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    service = Service(database_url)
    yield service
    service.product.stop()


def audit(service: Service, **only: Any) -> list[dict[str, Any]]:
    answer = service.client("admin").get("/v1/audit", params=only)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def put_office(client: TestClient, office_id: str, request_id: str = "r", **fields: Any) -> None:
    client.put(f"/v1/offices/{office_id}", json=fields, headers={"X-Request-Id": request_id}).raise_for_status()


def test_a_change_tells_who_when_in_which_request_and_what_was_before(service: Service) -> None:
    admin = service.client("admin")
    put_office(admin, "madrid", name="Madrid")
    service.pass_seconds(60)
    put_office(admin, "madrid", "change-17", name="Madrid Centro")

    assert audit(service)[0] == {
        "at": "2026-01-05T09:01:00Z",
        "by": "key:admin",
        "action": "office.changed",
        "subject": "madrid",
        "outcome": "done",
        "count": 1,
        "request_id": "change-17",
        "before": {"name": "Madrid"},
        "after": {"name": "Madrid Centro"},
    }


def test_what_comes_to_be_has_no_before_and_what_goes_no_after(service: Service) -> None:
    admin = service.client("admin")
    put_office(admin, "madrid", name="Madrid")
    admin.delete("/v1/offices/madrid").raise_for_status()

    gone, made = audit(service)

    whole: dict[str, Any] = {"name": "Madrid", "time_zone": "UTC", "hours": None, "holidays": []}
    assert (made["before"], made["after"]) == (None, whole)
    assert (gone["action"], gone["before"], gone["after"]) == ("office.removed", whole, None)


def test_every_kind_of_document_is_told_with_what_differs(service: Service) -> None:
    admin = service.client("admin")
    admin.put("/v1/agents/ana", json={"name": "Ana", "capacity": 3}).raise_for_status()
    admin.patch("/v1/agents/ana", json={"capacity": 5, "skills": {"es": 2}}).raise_for_status()
    admin.put("/v1/settings/presence", json={"away_after": 900}).raise_for_status()
    admin.put("/v1/settings/assignment", json={"enabled": False}).raise_for_status()
    admin.put("/v1/rules", json={"name": "first"}).raise_for_status()
    admin.put("/v1/rules", json={"name": "second"}).raise_for_status()
    admin.delete("/v1/agents/ana").raise_for_status()

    told = {(item["action"], item["subject"]): (item["before"], item["after"]) for item in audit(service)}

    assert told["agent.changed", "ana"][0] is None
    assert told["settings.changed", "assignment"] == ({"enabled": True}, {"enabled": False})
    assert told["settings.changed", "presence"][1]["away_after"] == 900
    assert told["rules.published", "2"] == ({"version": 1, "name": "first"}, {"version": 2, "name": "second"})
    assert told["agent.removed", "ana"][0]["capacity"] == 5
    amended = [item for item in audit(service, action="agent.changed") if item["before"] is not None]
    assert [(item["before"], item["after"]) for item in amended] == [
        ({"skills": {}, "capacity": 3}, {"skills": {"es": 2}, "capacity": 5})
    ]


def test_what_people_do_with_contacts_tells_how_they_stood_and_nothing_of_the_customer(service: Service) -> None:
    service.add_agent("ana")
    service.sign_in("ana")
    client, body = service.client(), {"id": "c1", "customer_id": "SECRET", "attributes": {"name": "SECRET"}}
    client.post("/v1/contacts", json=body).raise_for_status()
    client.post("/v1/contacts/c1/close", json={"outcome": "solved"}).raise_for_status()

    closed, queued = audit(service, action="contact.*")

    assert (queued["by"], queued["before"], queued["after"]["channel"]) == ("key:supervisor", None, "chat")
    assert closed["before"] == {"state": "assigned", "agent_id": "ana", "on_hold": False}
    assert closed["after"] == {"agent_id": "ana", "queue": "everybody", "outcome": "solved"}
    assert "SECRET" not in json.dumps(audit(service))


def test_what_the_engine_does_by_itself_is_not_told(service: Service) -> None:
    service.add_agent("ana")
    service.sign_in("ana")
    service.client().post("/v1/contacts", json={"id": "c1"}).raise_for_status()

    assert service.client().get("/v1/contacts/c1").json()["state"] == "assigned"
    assert "contact.assigned" not in {item["action"] for item in audit(service)}


def test_a_status_tells_the_one_before(service: Service) -> None:
    service.add_agent("ana")
    ana = service.sign_in("ana")
    ana.put("/v1/agents/ana/status", json={"status": "busy"}).raise_for_status()

    [busy] = audit(service, actor="agent:ana")

    assert (busy["action"], busy["before"], busy["after"]["status"]) == ("agent.status", {"status": "online"}, "busy")


def test_secrets_are_in_neither_side(service: Service) -> None:
    admin = service.client("admin")
    admin.put("/v1/agents/ana", json={"name": "Ana"}).raise_for_status()
    admin.put("/v1/agents/ana/password", json={"password": "correct horse battery"}).raise_for_status()
    made = admin.post("/v1/api-keys", json={"name": "shop", "role": "agent"}).json()

    told = json.dumps(audit(service))

    assert "correct horse" not in told
    assert made["key"].split("_", 2)[2] not in told
    assert made["id"] in told


def test_refused_attempts_are_merged_per_actor_call_and_minute(service: Service) -> None:
    service.add_agent("ana")
    ana, supervisor = service.sign_in("ana"), service.client("supervisor")
    for office in ("madrid", "sevilla", "lisbon"):
        ana.put(f"/v1/offices/{office}", json={}, headers={"X-Request-Id": office})
        service.pass_seconds(1)
    supervisor.put("/v1/offices/madrid", json={})
    service.pass_seconds(60)
    ana.put("/v1/offices/madrid", json={})
    ana.get("/v1/audit")

    refused = audit(service, outcome="refused")

    assert sorted((item["by"], item["action"], item["count"], item["at"]) for item in refused) == [
        ("agent:ana", "GET /v1/audit", 1, "2026-01-05T09:01:03Z"),
        ("agent:ana", "PUT /v1/offices/{office_id}", 1, "2026-01-05T09:01:03Z"),
        ("agent:ana", "PUT /v1/offices/{office_id}", 3, "2026-01-05T09:00:02Z"),
        ("key:supervisor", "PUT /v1/offices/{office_id}", 1, "2026-01-05T09:00:03Z"),
    ]
    [merged] = [item for item in refused if item["count"] == 3]
    assert (merged["subject"], merged["request_id"], merged["outcome"]) == ("/v1/offices/lisbon", "lisbon", "refused")


def test_who_is_not_known_is_no_actor(service: Service) -> None:
    service.client("").put("/v1/offices/madrid", json={})

    assert audit(service) == []


def test_filters_hold_changes_and_refusals_back(service: Service) -> None:
    admin = service.client("admin")
    for number in range(3):
        put_office(admin, f"o{number}", f"r{number}")
        service.client("agent").put(f"/v1/offices/o{number}", json={})
        service.pass_seconds(7200)
    middle = {"since": START + timedelta(hours=1), "until": START + timedelta(hours=4)}

    def told(**only: Any) -> list[tuple[str, str]]:
        return [(item["outcome"], item["subject"]) for item in audit(service, **only)]

    assert told(**middle) == [("done", "o1"), ("refused", "/v1/offices/o1")]
    assert told(actor="key:agent", **middle) == [("refused", "/v1/offices/o1")]
    assert told(action="office.changed", outcome="done") == [("done", "o2"), ("done", "o1"), ("done", "o0")]
    assert told(action="office.*", subject="o2") == [("done", "o2")]
    assert told(action="PUT *", until=START + timedelta(hours=1)) == [("refused", "/v1/offices/o0")]
    assert told(outcome="refused", subject="/v1/offices/o2") == [("refused", "/v1/offices/o2")]
    assert told(action="office%") == []


def test_pages_hold_everything_once_in_order(service: Service) -> None:
    admin = service.client("admin")
    for number in range(7):
        put_office(admin, f"o{number}")
        service.pass_seconds(61)
        service.client("agent").put(f"/v1/offices/o{number}", json={})
        service.pass_seconds(61)
    whole, pages, cursor = audit(service), [], None
    while True:
        page = admin.get("/v1/audit", params={"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        pages.append(page["items"])
        if (cursor := page["next_cursor"]) is None:
            break

    assert [item for page in pages for item in page] == whole
    assert [item["at"] for item in whole] == sorted((item["at"] for item in whole), reverse=True)
    assert (len(whole), {len(page) for page in pages[:-1]}) == (14, {3})


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        pytest.param("application/x-ndjson", None, id="by Accept"),
        pytest.param("*/*", "jsonl", id="by a parameter"),
    ],
)
def test_json_lines_hold_what_pages_hold(service: Service, accept: str, form: str | None) -> None:
    admin = service.client("admin")
    put_office(admin, "madrid", name="Madrid")
    put_office(admin, "sevilla", name="Sevilla")

    answer = admin.get("/v1/audit", params={"format": form} if form else {}, headers={"Accept": accept})

    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in answer.text.splitlines()] == audit(service)


def test_a_table_holds_the_same_and_no_formula(service: Service) -> None:
    admin = service.client("admin")
    put_office(admin, "=cmd()", name="Madrid")

    answer = admin.get("/v1/audit", headers={"Accept": "text/csv, application/json;q=0.5"})
    [row] = csv.DictReader(io.StringIO(answer.text))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (row["at"], row["by"], row["subject"]) == ("2026-01-05T09:00:00Z", "key:admin", "'=cmd()")
    assert (row["before"], json.loads(row["after"])["name"]) == ("", "Madrid")


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_it_needs_its_permission(service: Service, role: str) -> None:
    answer = service.client(role).get("/v1/audit")

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert "audit.read" in answer.json()["detail"]


def test_another_workspace_is_not_told_of(service: Service) -> None:
    put_office(service.client("admin"), "madrid")
    service.client("agent").put("/v1/offices/madrid", json={})

    assert service.client("admin2").get("/v1/audit").json() == {"items": [], "next_cursor": None}


@pytest.mark.parametrize(
    ("only", "field"),
    [
        pytest.param({"cursor": "x"}, "cursor", id="a cursor of nobody"),
        pytest.param({"since": "2026-01-05"}, "since", id="a day without a zone"),
        pytest.param({"outcome": "maybe"}, "outcome", id="an outcome that there is not"),
        pytest.param({"format": "xml"}, "format", id="a form that there is not"),
    ],
)
def test_what_cannot_be_asked(service: Service, only: dict[str, str], field: str) -> None:
    answer = service.client("admin").get("/v1/audit", params=only)

    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        pytest.param("shop-4711", True, id="an id"),
        pytest.param("x" * 65, False, id="too long"),
        pytest.param('"; DROP', False, id="what could break a log"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_an_answer_says_which_request_it_is_for(service: Service, sent: str, kept: bool) -> None:
    answer = service.client("admin").put("/v1/offices/madrid", json={}, headers={"X-Request-Id": sent})

    assert (answer.headers["x-request-id"] == sent) is kept
    assert audit(service)[0]["request_id"] == answer.headers["x-request-id"] != ""
