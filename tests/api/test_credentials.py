"""Who asks: API keys, session tokens and cookies, and everything that is none of them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from assigner.service.presence import sign_out
from presence.model import StatusReason
from tests.api.service import SETUP, Service


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    service = Service(database_url)
    service.add_agent("ana")
    yield service
    service.product.stop()


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"Authorization": "Bearer"}, id="no key"),
        pytest.param({"Authorization": "Basic YTpi"}, id="another scheme"),
        pytest.param({"Authorization": "Bearer ak_supervisor_wrong"}, id="wrong secret"),
        pytest.param({"Authorization": "Bearer ak_nobody_secret"}, id="unknown key"),
        pytest.param({"Authorization": "Bearer ak_"}, id="half a key"),
        pytest.param({"Authorization": "Bearer something"}, id="unknown token"),
        pytest.param({"Cookie": "assigner_session=something"}, id="unknown cookie"),
    ],
)
def test_who_shows_nothing_known_is_refused(service: Service, headers: dict[str, str]) -> None:
    answer = service.client("").get("/v1/contacts", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_session_counts_as_token_and_as_cookie(service: Service) -> None:
    by_token = service.sign_in("ana")
    by_cookie = service.client("")
    by_cookie.cookies.set("assigner_session", "ana-token")

    assert [client.get("/v1/contacts").status_code for client in (by_token, by_cookie)] == [200, 200]


def test_a_session_that_ended_is_refused_at_once(service: Service) -> None:
    ana = service.sign_in("ana")
    assert ana.get("/v1/contacts").status_code == 200

    service.do(lambda unit: sign_out(unit, SETUP, "ana", "ana-session", because=StatusReason.REVOKED))

    assert ana.get("/v1/contacts").json()["code"] == "signed_out"


def test_a_session_expires(service: Service) -> None:
    ana = service.sign_in("ana", expires_in=60)
    service.pass_seconds(59)
    assert ana.get("/v1/contacts").status_code == 200

    service.pass_seconds(1)

    assert ana.get("/v1/contacts").status_code == 401


def test_a_key_is_made_shown_once_used_and_deleted(service: Service) -> None:
    admin = service.client("admin")
    made = admin.post("/v1/api-keys", json={"name": "chat", "role": "supervisor"})
    key = made.json()
    client = TestClient(service.app, headers={"Authorization": f"Bearer {key['key']}"})

    assert made.status_code == 201
    assert client.post("/v1/contacts", json={"id": "c1"}).status_code == 201
    assert admin.get("/v1/contacts/c1/history").json()["items"][0]["by"] == f"key:{key['id']}"
    assert all("key" not in item for item in admin.get("/v1/api-keys").json()["items"])
    assert admin.delete(f"/v1/api-keys/{key['id']}").status_code == 204
    assert client.get("/v1/contacts/c1").json()["code"] == "signed_out"
    assert admin.delete(f"/v1/api-keys/{key['id']}").status_code == 404


@pytest.mark.parametrize(
    ("role", "body", "status", "code"),
    [
        pytest.param("supervisor", {"name": "x", "role": "agent"}, 403, "forbidden", id="not allowed"),
        pytest.param("admin", {"name": "x", "role": "admn"}, 422, "invalid", id="unknown role"),
        pytest.param("admin", {"name": "", "role": "admin"}, 422, "invalid", id="no name"),
        pytest.param("admin", {"name": "x"}, 422, "invalid", id="no role"),
    ],
)
def test_keys_that_are_not_made(service: Service, role: str, body: dict[str, str], status: int, code: str) -> None:
    answer = service.client(role).post("/v1/api-keys", json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(service.client("admin").get("/v1/api-keys").json()["items"]) == 3


def test_keys_of_another_workspace_are_not_there(service: Service) -> None:
    assert service.client("admin").delete("/v1/api-keys/agent2").status_code == 404
    service.pass_seconds(timedelta(minutes=1).total_seconds())
    assert service.client("agent2").get("/v1/contacts").status_code == 200
