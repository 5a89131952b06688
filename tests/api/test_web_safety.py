"""Whatever a request or an answer is about: origins, limits, headers, and errors that tell nothing of the inside."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from assigner.api.app import create_app
from assigner.settings import Settings
from assigner.testing import Workbench
from tests.api.service import Service

COOKIE = {"Cookie": "assigner_session=ana-token"}
SECURE_COOKIE = {"Cookie": "__Host-assigner_session=ana-token"}


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    service = Service(database_url)
    service.add_agent("ana")
    service.sign_in("ana")
    yield service
    service.product.stop()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="a program"),
        pytest.param({"Sec-Fetch-Site": "same-origin"}, 200, id="a page of this service"),
        pytest.param({"Sec-Fetch-Site": "none"}, 200, id="the person, not a page"),
        pytest.param({"Origin": "http://testserver"}, 200, id="an older browser, a page of this service"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="a page of another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="a page of a neighbour"),
        pytest.param({"Origin": "https://example.org"}, 403, id="an older browser, another site"),
        pytest.param({"Origin": "null"}, 403, id="a page of nowhere"),
        pytest.param({"Sec-Fetch-Site": "cross-site", "Authorization": "Bearer ana-token"}, 200, id="with a token"),
    ],
)
def test_what_changes_something_is_not_taken_from_pages_of_others(
    service: Service, headers: dict[str, str], status: int
) -> None:
    answer = service.client("").put("/v1/agents/ana/status", json={"status": "busy"}, headers=COOKIE | headers)

    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "foreign_origin"


def test_reading_is_not_refused_to_anybody_for_where_it_comes_from(service: Service) -> None:
    answer = service.client("").get("/v1/statuses", headers=COOKIE | {"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 200


def test_the_origin_behind_a_proxy_is_the_public_one(service: Service) -> None:
    app = create_app(service.product, Settings(public_url="https://contacts.example.org"))
    client = service.client("")
    client._transport.app = app  # type: ignore[attr-defined]  # noqa: SLF001 - the same client, another application

    answers = [
        client.put("/v1/agents/ana/status", json={"status": "busy"}, headers=SECURE_COOKIE | {"Origin": origin})
        for origin in ("https://contacts.example.org", "http://testserver")
    ]

    assert [answer.status_code for answer in answers] == [200, 403]
    assert answers[0].headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("path", "status", "referrer"),
    [
        pytest.param("/v1/presence", 200, "no-referrer", id="a call"),
        pytest.param("/v1/nothing", 404, "no-referrer", id="no call"),
        pytest.param("/openapi.json", 200, "no-referrer", id="the description"),
        pytest.param("/healthz", 200, "no-referrer", id="health"),
        pytest.param("/docs", 200, "same-origin", id="a page, whose forms tell where they come from"),
    ],
)
def test_every_answer_tells_browsers_what_they_must_not_do(
    service: Service, path: str, status: int, referrer: str
) -> None:
    answer = service.client().get(path)
    headers = answer.headers

    assert answer.status_code == status

    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == referrer


def test_answers_to_calls_are_kept_by_nobody(service: Service) -> None:
    assert service.client().get("/v1/presence").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        pytest.param({"headers": {"X-Long": "x" * 40_000}}, 431, "too_large", id="headers too large"),
        pytest.param({"content": b" " * 1_000_001}, 413, "too_large", id="body too large"),
        pytest.param({"content": b"[" * 900_000}, 422, "invalid", id="nested beyond all measure"),
        pytest.param({"content": b'{"name":' + b"[" * 900 + b"]" * 900 + b"}"}, 422, "invalid", id="nested too deep"),
        pytest.param({"content": b"\xff\xfe"}, 422, "invalid", id="no text at all"),
        pytest.param({"content": b'{"name": "x", "name"'}, 422, "invalid", id="half of a document"),
    ],
)
@pytest.mark.parametrize(
    "call", ["POST /v1/contacts", "PUT /v1/agents/ben", "PUT /v1/settings/presence", "PUT /v1/settings/assignment"]
)
def test_requests_beyond_the_limits_are_refused(
    service: Service, call: str, sent: dict[str, Any], status: int, code: str
) -> None:
    method, path = call.split()
    sent = {**sent, "headers": {"Content-Type": "application/json"} | sent.get("headers", {})}
    answer = service.client("admin").request(method, path, **sent)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        pytest.param("/v1/agents/ana", "DELETE, GET, PATCH, PUT", id="four"),
        pytest.param("/v1/contacts", "GET, POST", id="one of them hot"),
        pytest.param("/v1/sessions/current", "DELETE, GET", id="a fixed path beside one with an id"),
    ],
)
def test_a_wrong_method_is_told_all_that_there_are(service: Service, path: str, allowed: str) -> None:
    answer = service.client().request("OPTIONS", path)

    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_what_nobody_foresaw_tells_nothing_of_the_inside_and_logs_no_secret(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    @service.app.get("/broken/{secret}")
    def broken(secret: str) -> None:  # noqa: ARG001 - part of the path
        raise RuntimeError("the inside")

    with caplog.at_level(logging.ERROR):
        answer = service.client("").get("/broken/of-a-link")

    assert answer.status_code == 500
    assert answer.json()["detail"] == "this is a defect of the service; its log says more"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "of-a-link" not in caplog.records[0].getMessage()


def test_neither_passwords_nor_tokens_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), Workbench() as bench:
        admin = bench.client(role="admin")
        admin.put("/v1/agents/ana", json={"email": "ana@example.com"}).raise_for_status()
        admin.put("/v1/agents/ana/password", json={"password": "never-in-a-log"}).raise_for_status()
        signed_in = admin.post("/v1/sessions", json={"email": "ana@example.com", "password": "never-in-a-log"}).json()
        key = admin.post("/v1/api-keys", json={"name": "k", "role": "agent"}).json()["key"]

    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert [secret for secret in ("never-in-a-log", signed_in["token"], key) if secret in logged] == []


def test_how_deep_a_document_may_be_is_the_same_for_contacts(service: Service) -> None:
    def attributes(depth: int) -> dict[str, Any]:
        return {"a": attributes(depth - 1)} if depth else {}

    client = service.client()
    answers = [client.post("/v1/contacts", json={"attributes": attributes(depth)}) for depth in (30, 40, 500)]

    assert [answer.status_code for answer in answers] == [201, 422, 422]
    assert "nested" in answers[1].json()["detail"]
