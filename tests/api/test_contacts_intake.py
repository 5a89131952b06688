"""Taking contacts in over HTTP: what is answered, what is refused, and that sending again is harmless."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.service import Service

A_CONTACT: dict[str, Any] = {"id": "c1", "office": "madrid", "attributes": {"a": 1, "b": [True, None]}}


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    service = Service(database_url)
    service.add_office("madrid")
    service.add_agent("ana", offices=("madrid",), capacity=1)
    yield service
    service.product.stop()


def test_a_new_contact_is_created_and_waits(service: Service) -> None:
    answer = service.client().post("/v1/contacts", json=A_CONTACT)

    assert (answer.status_code, answer.headers["location"]) == (201, "/v1/contacts/c1")
    assert answer.json() == {
        "id": "c1",
        "channel": "chat",
        "customer_id": None,
        "office": "madrid",
        "skills": {},
        "language": None,
        "priority": None,
        "attributes": {"a": 1, "b": [True, None]},
        "preferred_agent_id": None,
        "exclude_agents": [],
        "state": "queued",
        "on_hold": False,
        "queue": "madrid",
        "rule": None,
        "stops": [{"queue": "madrid", "entered_at": "2026-01-05T09:00:00Z", "left_at": None}],
        "agent_id": None,
        "source": None,
        "queued_at": "2026-01-05T09:00:00Z",
        "offer_expires_at": None,
        "assigned_at": None,
        "answered_at": None,
        "closed_at": None,
        "closed_by": None,
        "outcome": None,
        "version": 3,
    }


def test_the_same_again_answers_with_the_contact_as_it_is_now(service: Service) -> None:
    client = service.client()
    client.post("/v1/contacts", json=A_CONTACT)
    service.sign_in("ana")

    again = client.post(
        "/v1/contacts", json={"attributes": {"b": [True, None], "a": 1}, "office": "madrid", "id": "c1"}
    )

    assert (again.status_code, again.json()["state"], again.json()["agent_id"]) == (200, "assigned", "ana")


def test_the_same_id_with_another_body_is_a_conflict_even_after_the_end(service: Service) -> None:
    client = service.client()
    client.post("/v1/contacts", json=A_CONTACT)
    other = {**A_CONTACT, "priority": 3}

    assert client.post("/v1/contacts", json=other).json()["code"] == "conflict"
    client.post("/v1/contacts/c1/abandon")
    assert client.post("/v1/contacts", json=other).status_code == 409
    assert client.post("/v1/contacts", json=A_CONTACT).json()["state"] == "abandoned"


def test_ids_of_another_workspace_do_not_exist(service: Service) -> None:
    service.client().post("/v1/contacts", json={"id": "c1"})
    stranger = service.client("supervisor2")

    assert stranger.get("/v1/contacts/c1").status_code == 404
    assert stranger.post("/v1/contacts", json={"id": "c1", "channel": "mail"}).status_code == 201


def test_generated_ids_sort_by_time(service: Service) -> None:
    client = service.client()
    first = client.post("/v1/contacts", json={}).json()["id"]
    service.pass_seconds(1)
    second = client.post("/v1/contacts", json={}).json()["id"]

    assert first < second
    assert first[14] == second[14] == "7"


@pytest.mark.parametrize(
    ("agents_there", "state"),
    [pytest.param(True, "assigned", id="somebody"), pytest.param(False, "queued", id="nobody")],
)
def test_prefer_wait_settles_and_then_answers(service: Service, agents_there: bool, state: str) -> None:
    if agents_there:
        service.sign_in("ana")

    answer = service.client().post("/v1/contacts", json=A_CONTACT, headers={"Prefer": "respond-async, wait=100"})

    assert (answer.status_code, answer.json()["state"]) == (201, state)
    assert answer.headers["preference-applied"] == "wait=60"


def test_prefer_wait_is_answered_by_the_dispatcher_of_a_running_service(database_url: str) -> None:
    service = Service(database_url, inline=False)
    service.add_agent("ana")
    service.sign_in("ana")
    try:
        answer = service.client().post("/v1/contacts", json={}, headers={"Prefer": "wait=50"})
        too_late = service.client().post("/v1/contacts", json={"exclude_agents": ["ana"]}, headers={"Prefer": "wait=0"})
    finally:
        service.product.stop()

    assert (answer.json()["state"], answer.json()["agent_id"]) == ("assigned", "ana")
    assert too_late.json()["state"] == "queued"


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        pytest.param({"customer_id": "a\0b"}, "invalid", "customer_id", id="the character 0"),
        pytest.param({"office": "madird"}, "unknown_office", "office", id="office"),
        pytest.param({"preferred_agent_id": "anna"}, "unknown_agent", "preferred_agent_id", id="preferred"),
        pytest.param({"exclude_agents": ["ana", "bob"]}, "unknown_agent", "exclude_agents", id="excluded"),
        pytest.param({"offic": "madrid"}, "invalid", "offic", id="misspelt field"),
        pytest.param({"priority": 1001}, "invalid", "priority", id="priority out of range"),
        pytest.param({"priority": "3"}, "invalid", "priority", id="priority as text"),
        pytest.param({"id": ""}, "invalid", "id", id="empty id"),
        pytest.param({"id": "a/b"}, "invalid", "id", id="id with a slash"),
        pytest.param({"skills": {"es": 0}}, "invalid", "skills", id="level 0"),
        pytest.param([], "invalid", None, id="a list"),
    ],
)
def test_bad_contacts_are_refused_by_field(service: Service, body: Any, code: str, field: str | None) -> None:
    client = service.client()
    answer = client.post("/v1/contacts", json=body)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json().get("field", "").split(".")[0] or None) == (code, field)
    assert client.get("/v1/contacts").json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b'{"attributes": {"n": NaN}}', id="not a number"),
        pytest.param(b'{"language": "\xff"}', id="no utf-8"),
        pytest.param(b'{"attributes": ' + b'{"a":' * 100_000, id="too deep"),
    ],
)
def test_what_is_no_json_is_refused(service: Service, body: bytes) -> None:
    answer = service.client().post("/v1/contacts", content=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_batch_answers_for_each_contact(service: Service) -> None:
    client = service.client()
    client.post("/v1/contacts", json=A_CONTACT)

    sent = [A_CONTACT, {"id": "c1"}, {"id": "c2"}, {"id": "c2"}]
    answer = client.post("/v1/contacts/batch", json={"contacts": sent})

    assert answer.status_code == 200
    results = [(item["id"], item["result"]) for item in answer.json()["items"]]
    assert results == [("c1", "existing"), ("c1", "conflict"), ("c2", "created"), ("c2", "existing")]


@pytest.mark.parametrize(
    ("bad", "fields"),
    [
        pytest.param({"office": "nowhere"}, ["contacts.1.office", "contacts.2.office"], id="unknown names"),
        pytest.param({"priority": "x"}, ["contacts.1.priority", "contacts.2.priority"], id="wrong types"),
    ],
)
def test_a_batch_with_malformed_contacts_is_refused_whole(
    service: Service, bad: dict[str, Any], fields: list[str]
) -> None:
    client = service.client()
    answer = client.post("/v1/contacts/batch", json={"contacts": [{"id": "c1"}, bad, bad]})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == fields
    assert client.get("/v1/contacts/c1").status_code == 404


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        pytest.param("/v1/contacts", 999_000, 201, id="just small enough"),
        pytest.param("/v1/contacts", 1_000_001, 413, id="too large"),
        pytest.param("/v1/contacts/batch", 8_000_001, 413, id="too large a batch"),
    ],
)
def test_bodies_that_are_too_large_are_refused(service: Service, path: str, size: int, status: int) -> None:
    body = b'{"attributes": {"text": "' + b"x" * (size - 100) + b'"}}'

    answer = service.client().post(path, content=body.ljust(size))

    assert answer.status_code == status
    if status == 413:
        assert answer.json()["code"] == "too_large"
