"""What people do with contacts by hand, over HTTP, in every state, and who may."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.service import Service


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    """c1 waits (in Lisbon, where nobody is), c2 is held by Ana, c3 was closed by a supervisor."""
    service = Service(database_url)
    for office in ("madrid", "lisbon"):
        service.add_office(office)
    service.add_agent("ana", offices=("madrid",), capacity=2)
    service.add_agent("luis", offices=("madrid",), capacity=2)
    service.sign_in("ana")
    client = service.client()
    for contact_id, office in (("c1", "lisbon"), ("c2", "madrid"), ("c3", "lisbon")):
        client.post("/v1/contacts", json={"id": contact_id, "office": office})
    service.product.settle()
    client.post("/v1/contacts/c3/close", json={"outcome": "solved"})
    yield service
    service.product.stop()


@pytest.mark.parametrize(
    ("call", "body", "state", "agent_id"),
    [
        pytest.param("c1/assign", {"agent_id": "luis"}, "assigned", "luis", id="assign"),
        pytest.param("c2/assign", {"agent_id": "ana"}, "assigned", "ana", id="assign to the holder"),
        pytest.param("c2/return", None, "queued", None, id="return"),
        pytest.param("c2/return", {"reason": "wrong", "exclude_agent": "ana"}, "queued", None, id="return, not again"),
        pytest.param("c2/transfer", {"agent_id": "luis"}, "assigned", "luis", id="transfer to an agent"),
        pytest.param("c2/transfer", {"queue": "lisbon"}, "queued", None, id="transfer to a queue"),
        pytest.param("c2/transfer", {"office": "lisbon"}, "queued", None, id="transfer to an office"),
        pytest.param("c2/close", None, "closed", "ana", id="close"),
        pytest.param("c1/abandon", None, "abandoned", None, id="abandon"),
        pytest.param("c3/close", {"outcome": "solved"}, "closed", None, id="close again"),
    ],
)
def test_an_action_answers_with_the_contact(
    service: Service, call: str, body: Any, state: str, agent_id: str | None
) -> None:
    answer = service.client().post(f"/v1/contacts/{call}", json=body)

    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["agent_id"]) == (state, agent_id)


@pytest.mark.parametrize(
    ("call", "body", "status", "code"),
    [
        pytest.param("c2/assign", {"agent_id": "luis"}, 409, "already_assigned", id="assign what is held"),
        pytest.param("c1/assign", {"agent_id": "lius"}, 422, "unknown_agent", id="assign to nobody"),
        pytest.param("c1/assign", {}, 422, "invalid", id="assign without naming"),
        pytest.param("c1/return", None, 409, "conflict", id="return what waits"),
        pytest.param("c1/hold", None, 409, "conflict", id="hold what waits"),
        pytest.param("c2/transfer", {"queue": "q"}, 422, "unknown_queue", id="transfer to no queue"),
        pytest.param("c2/transfer", {"office": "q"}, 422, "unknown_office", id="transfer to no office"),
        pytest.param("c2/transfer", {"queue": "lisbon", "office": "lisbon"}, 422, "invalid", id="transfer to two"),
        pytest.param("c2/transfer", {}, 422, "invalid", id="transfer nowhere"),
        pytest.param("c2/abandon", None, 409, "already_assigned", id="abandon what is held"),
        pytest.param("c3/close", {"outcome": "other"}, 409, "already_closed", id="close otherwise"),
        pytest.param("c3/assign", {"agent_id": "ana"}, 409, "already_closed", id="assign what has ended"),
        pytest.param("c9/close", None, 404, "not_found", id="close what never was"),
        pytest.param("c9/hold", None, 404, "not_found", id="hold what never was"),
    ],
)
def test_what_is_not_possible_is_refused(service: Service, call: str, body: Any, status: int, code: str) -> None:
    client = service.client()
    before = client.get("/v1/contacts").json()

    answer = client.post(f"/v1/contacts/{call}", json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get("/v1/contacts").json() == before


def test_hold_and_resume(service: Service) -> None:
    client = service.client()

    assert client.post("/v1/contacts/c2/hold").json()["on_hold"] is True
    assert client.post("/v1/contacts/c2/resume").json()["on_hold"] is False


@pytest.mark.parametrize(
    ("call", "status"),
    [
        pytest.param("c2/hold", 200, id="the own one"),
        pytest.param("c2/close", 200, id="close the own one"),
        pytest.param("c1/close", 403, id="one that waits elsewhere"),
        pytest.param("c1/abandon", 403, id="abandon"),
    ],
)
def test_an_agent_handles_the_own_contacts_only(service: Service, call: str, status: int) -> None:
    assert service.sign_in("ana", again=True).post(f"/v1/contacts/{call}").status_code == status


def test_a_waiting_contact_is_amended_and_matched_again(service: Service) -> None:
    client = service.client()
    version = client.get("/v1/contacts/c1").json()["version"]

    answer = client.patch(
        "/v1/contacts/c1", json={"priority": 7, "skills": ["es"]}, headers={"If-Match": f'"{version}"'}
    )

    assert answer.status_code == 200
    assert (answer.json()["priority"], answer.json()["skills"], answer.json()["language"]) == (7, {"es": 1}, None)
    assert answer.json()["version"] > version


@pytest.mark.parametrize(
    ("contact_id", "body", "if_match", "status", "code"),
    [
        pytest.param("c1", {"priority": 1}, "1", 412, "precondition_failed", id="an old version"),
        pytest.param("c1", {"priority": 1}, "new", 422, "invalid", id="no version"),
        pytest.param("c1", {"office": "madrid"}, "*", 422, "invalid", id="what stays as it is"),
        pytest.param("c2", {"priority": 1}, "*", 409, "already_assigned", id="what is held"),
        pytest.param("c9", {"priority": 1}, "*", 404, "not_found", id="what never was"),
    ],
)
def test_an_amendment_is_refused(
    service: Service, contact_id: str, body: Any, if_match: str, status: int, code: str
) -> None:
    answer = service.client().patch(f"/v1/contacts/{contact_id}", json=body, headers={"If-Match": if_match})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
