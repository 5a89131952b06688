"""Sessions over HTTP: signing in with a password, host applications that speak for agents, and how each one ends."""

from typing import Any

import httpx2
import pytest

from assigner.testing import Client, Workbench

PASSWORD = "correct horse battery"


def with_ana(bench: Workbench) -> Client:
    """An administrator's client, of a workspace with one agent who can sign in."""
    admin = bench.client(role="admin")
    admin.put("/v1/agents/ana", json={"name": "Ana", "email": "Ana@Example.com"}).raise_for_status()
    admin.put("/v1/agents/ana/password", json={"password": PASSWORD}).raise_for_status()
    return admin


def browser(bench: Workbench, **credentials: str) -> tuple[Client, httpx2.Response]:
    """A client without a credential that signs in with a password."""
    client = bench.client(role="agent")
    del client.headers["authorization"]
    sent = {"email": "ana@example.com", "password": PASSWORD} | credentials
    return client, client.post("/v1/sessions", json=sent)


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """How a call was refused."""
    return answer.status_code, answer.json()["code"]


def status(client: Client) -> tuple[str, str]:
    """Ana's status and why."""
    row = client.get("/v1/agents/ana/status").json()
    return row["status"], row["reason"]


def test_a_password_opens_a_session_that_the_cookie_and_the_token_stand_for() -> None:
    with Workbench() as bench:
        admin = with_ana(bench)
        client, answer = browser(bench)
        token, cookie = answer.json()["token"], answer.headers["set-cookie"]
        assert answer.status_code == 201
        assert cookie.startswith(f"assigner_session={token}; HttpOnly;")
        assert "SameSite=lax" in cookie
        mine = client.get("/v1/sessions/current").json()
        assert (mine["agent_id"], mine["role"], mine["expires_at"]) == ("ana", "agent", "2026-02-04T09:00:00Z")
        as_program = {"Authorization": f"Bearer {token}"}
        assert admin.get("/v1/sessions/current", headers=as_program).json()["id"] == mine["id"]
        assert status(admin) == ("online", "signed_in")


def test_over_https_the_cookie_is_bound_to_this_host_and_to_https() -> None:
    with Workbench() as bench:
        with_ana(bench)
        client = bench.client(role="agent")
        del client.headers["authorization"]
        client.base_url = httpx2.URL("https://contacts.example.com")
        answer = client.post("/v1/sessions", json={"email": "ana@example.com", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-assigner_session=")
        assert "; Secure" in cookie
        assert client.get("/v1/sessions/current").json()["agent_id"] == "ana"
        client.cookies.clear()
        planted = {"cookie": f"assigner_session={answer.json()['token']}"}  # as another host of the domain could
        assert client.get("/v1/sessions/current", headers=planted).status_code == 401


@pytest.mark.parametrize(
    "credentials",
    [
        pytest.param({"password": "wrong horse battery"}, id="wrong password"),
        pytest.param({"email": "nobody@example.com"}, id="unknown email"),
    ],
)
def test_wrong_credentials_are_refused_alike(credentials: dict[str, str]) -> None:
    with Workbench() as bench:
        with_ana(bench)
        _, answer = browser(bench, **credentials)
        assert refusal(answer) == (401, "signed_out")
        assert answer.json()["detail"] == "email or password is wrong; an administrator can set another password"


def test_signing_out_sets_offline_and_ends_every_call_of_the_session() -> None:
    with Workbench() as bench:
        admin = with_ana(bench)
        client, answer = browser(bench)
        as_program = {"Authorization": f"Bearer {answer.json()['token']}"}
        assert client.delete("/v1/sessions/current").status_code == 204
        assert status(admin) == ("offline", "signed_out")
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/activity")):
            call = admin.request(method, f"/v1/sessions/current{path}", headers=as_program)
            assert refusal(call) == (401, "signed_out")


def test_a_password_session_ends_after_30_days_whatever_the_agent_does() -> None:
    with Workbench() as bench:
        admin = with_ana(bench)
        client, _ = browser(bench)
        bench.advance(30 * 24 * 3600 - 1)
        assert client.activity().status_code == 202
        assert status(admin) == ("online", "signed_in")
        bench.advance(1)
        assert refusal(client.activity()) == (401, "signed_out")
        assert status(admin) == ("offline", "expired")


def test_a_report_that_changes_a_status_is_answered_200_and_any_other_202() -> None:
    with Workbench() as bench:
        admin = with_ana(bench)
        admin.put("/v1/settings/presence", json={"away_after": 600}).raise_for_status()
        ana = bench.sign_in("ana")
        bench.advance(599)
        assert ana.activity().status_code == 202
        bench.advance(600)
        assert status(admin) == ("away", "idle")
        answer = ana.activity()
        assert (answer.status_code, answer.json()) == (200, {"status_changed": True})
        assert status(admin) == ("online", "returned")


def test_a_host_application_speaks_for_its_agents() -> None:
    with Workbench() as bench:
        host = with_ana(bench)
        begun = host.post("/v1/agents/ana/sessions", json={"id": "web-1", "expires_in": 60})
        assert (begun.status_code, begun.json()["expires_at"]) == (201, "2026-01-05T09:01:00Z")
        assert host.post("/v1/agents/ana/sessions").json()["expires_at"] is None
        assert host.post("/v1/sessions/web-1/activity", json={"age_ms": 10, "tab_id": "t"}).status_code == 202
        bench.advance(60)
        assert refusal(host.post("/v1/sessions/web-1/activity", json={"age_ms": 0})) == (401, "signed_out")
        bench.advance(1)
        left = host.get("/v1/agents/ana/sessions").json()["items"]
        assert [session["id"] == "web-1" for session in left] == [False]
        assert host.delete(f"/v1/sessions/{left[0]['id']}").status_code == 204
        assert status(host) == ("offline", "signed_out")
        assert refusal(host.delete(f"/v1/sessions/{left[0]['id']}")) == (401, "signed_out")


def test_sessions_go_on_over_a_restart() -> None:
    with Workbench() as bench:
        host = with_ana(bench)
        host.post("/v1/agents/ana/sessions", json={"id": "web-1"}).raise_for_status()
        bench.restart()
        assert host.post("/v1/sessions/web-1/activity", json={"age_ms": 0}).status_code == 202
        assert status(host) == ("online", "signed_in")


def test_inputs_that_changed_no_status_outlive_a_restart() -> None:
    with Workbench() as bench:
        admin = with_ana(bench)
        admin.put("/v1/settings/presence", json={"away_after": 600}).raise_for_status()
        ana = bench.sign_in("ana")
        bench.advance(500)
        assert ana.activity().status_code == 202
        bench.advance(2)
        bench.restart()
        bench.advance(597)
        assert status(admin) == ("online", "signed_in")
        bench.advance(1)
        assert status(admin) == ("away", "idle")


def test_a_deactivated_agent_is_signed_out_everywhere_and_cannot_come_back() -> None:
    with Workbench() as bench:
        admin = with_ana(bench)
        client, _ = browser(bench)
        admin.patch("/v1/agents/ana", json={"active": False}).raise_for_status()
        assert status(admin) == ("offline", "revoked")
        assert refusal(client.get("/v1/sessions/current")) == (401, "signed_out")
        assert refusal(browser(bench)[1]) == (403, "forbidden")
        assert refusal(admin.post("/v1/agents/ana/sessions")) == (403, "forbidden")


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        pytest.param("POST", "/v1/agents/nobody/sessions", {}, (404, "not_found"), id="unknown agent"),
        pytest.param("POST", "/v1/agents/ana/sessions", {"id": "web-1"}, (409, "conflict"), id="id in use"),
        pytest.param("POST", "/v1/agents/ana/sessions", {"expires_in": 0}, (422, "invalid"), id="expires at once"),
        pytest.param("POST", "/v1/sessions/none/activity", {"age_ms": 0}, (404, "not_found"), id="unknown session"),
        pytest.param("POST", "/v1/sessions/web-1/activity", {"age_ms": "x"}, (422, "invalid"), id="age no number"),
        pytest.param("POST", "/v1/sessions/current/activity", {"age_ms": 0}, (404, "not_found"), id="key, no session"),
        pytest.param("GET", "/v1/agents/nobody/sessions", None, (404, "not_found"), id="sessions of nobody"),
    ],
)
def test_what_makes_no_sense_is_refused(method: str, path: str, body: Any, expected: tuple[int, str]) -> None:
    with Workbench() as bench:
        host = with_ana(bench)
        host.post("/v1/agents/ana/sessions", json={"id": "web-1"}).raise_for_status()
        before = len(bench.events())
        assert refusal(host.request(method, path, json=body)) == expected
        assert len(bench.events()) == before


def test_only_who_may_write_presence_speaks_for_others() -> None:
    with Workbench() as bench:
        with_ana(bench).put("/v1/agents/ben", json={}).raise_for_status()
        ana = bench.sign_in("ana")
        assert refusal(ana.post("/v1/agents/ben/sessions")) == (403, "forbidden")
        assert refusal(ana.get("/v1/agents/ben/sessions")) == (403, "forbidden")
        assert len(ana.get("/v1/agents/ana/sessions").json()["items"]) == 1
        assert refusal(bench.client(role="supervisor").post("/v1/agents/ana/sessions")) == (403, "forbidden")


def test_a_password_is_changed_by_its_owner_or_an_administrator_and_has_a_least_length() -> None:
    with Workbench() as bench:
        admin = with_ana(bench)
        admin.put("/v1/agents/ben", json={}).raise_for_status()
        ana = bench.sign_in("ana")
        assert refusal(ana.put("/v1/agents/ben/password", json={"password": PASSWORD})) == (403, "forbidden")
        assert refusal(ana.put("/v1/agents/ana/password", json={"password": "short"})) == (422, "out_of_range")
        assert refusal(admin.put("/v1/agents/nobody/password", json={"password": PASSWORD})) == (404, "not_found")
        assert ana.put("/v1/agents/ana/password", json={"password": "another long one"}).status_code == 204
        assert browser(bench)[1].status_code == 401
        assert browser(bench, password="another long one")[1].status_code == 201
