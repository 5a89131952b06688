"""The sessions of people in browsers: a new token at each sign-in, one's own list, and all the ways to end one."""

import asyncio
from typing import Any

import httpx2

from assigner.api.events import stream
from assigner.listening import Listener
from assigner.service.actor import ROLES, Actor
from assigner.service.workspace import SESSIONS_AT_LEAST
from assigner.store.tables import SignIn
from assigner.testing import Client, Workbench

PASSWORD = "correct horse battery"


def with_ana(**settings: Any) -> tuple[Workbench, Client]:
    """A workspace with one agent who can sign in, and an administrator who is a person."""
    bench = Workbench()
    admin = bench.client(role="admin")
    admin.put("/v1/agents/ana", json={"email": "ana@example.com", **settings}).raise_for_status()
    admin.put("/v1/agents/ana/password", json={"password": PASSWORD}).raise_for_status()
    admin.put("/v1/agents/ada", json={"role": "admin"}).raise_for_status()
    return bench, bench.sign_in("ada")


def browser(bench: Workbench, name: str) -> Client:
    """A browser without a session."""
    client = bench.client(role="agent")
    del client.headers["authorization"]
    client.headers["user-agent"] = name
    return client


def sign_in(client: Client, password: str = PASSWORD) -> httpx2.Response:
    """Ana signs in."""
    return client.post("/v1/sessions", json={"email": "ana@example.com", "password": password})


def devices(client: Client) -> list[tuple[str | None, bool]]:
    """One's own sessions: which browser, and whether it is this one."""
    return [(each["client"], each["current"]) for each in client.get("/v1/sessions").json()["items"]]


def number(bench: Workbench) -> int:
    return bench.product.workspaces()[0]


def sign_ins_stored(bench: Workbench) -> int:
    with bench.product.database.reading() as connection:
        return len(connection.execute(SignIn.__table__.select()).all())  # type: ignore[attr-defined]


def test_a_sign_in_gives_a_new_token_and_ends_the_session_that_the_browser_had() -> None:
    bench, _ = with_ana()
    with bench:
        laptop = browser(bench, "laptop")
        first, second = sign_in(laptop).json(), sign_in(laptop).json()
        with_first = {"authorization": f"Bearer {first['token']}"}
        old = bench.client(role="agent").get("/v1/sessions/current", headers=with_first)

        assert first["token"] != second["token"]
        assert old.status_code == 401
        assert devices(laptop) == [("laptop", True)]


def test_one_sees_the_own_sessions_and_ends_another_of_them() -> None:
    bench, _ = with_ana()
    with bench:
        laptop, phone = browser(bench, "laptop"), browser(bench, "phone")
        sign_in(laptop)
        bench.advance(60)
        other = sign_in(phone).json()["id"]
        seen = devices(laptop)
        ended = laptop.delete(f"/v1/sessions/{other}").status_code

        assert seen == [("laptop", True), ("phone", False)]
        assert ended == 204
        assert phone.get("/v1/sessions/current").status_code == 401
        assert devices(laptop) == [("laptop", True)]
        assert laptop.get("/v1/agents/ana/status").json()["status"] == "online"


def test_an_administrator_revokes_anyones_session_or_all_of_them() -> None:
    bench, ada = with_ana()
    with bench:
        clients = [browser(bench, name) for name in ("laptop", "phone", "desk")]
        ids = [sign_in(client).json()["id"] for client in clients]
        one = ada.delete(f"/v1/sessions/{ids[0]}").status_code
        after_one = [client.get("/v1/sessions/current").status_code for client in clients]
        all_of_them = ada.delete("/v1/agents/ana/sessions").status_code
        after_all = [client.get("/v1/sessions/current").status_code for client in clients]
        row = ada.get("/v1/agents/ana/status").json()

    assert (one, after_one) == (204, [401, 200, 200])
    assert (all_of_them, after_all) == (204, [401, 401, 401])
    assert (row["status"], row["reason"]) == ("offline", "revoked")


def test_another_password_ends_all_sessions_but_the_one_in_which_it_was_chosen() -> None:
    bench, ada = with_ana()
    with bench:
        laptop, phone = browser(bench, "laptop"), browser(bench, "phone")
        sign_in(laptop)
        sign_in(phone)
        laptop.put("/v1/agents/ana/password", json={"password": "a new long one"}).raise_for_status()
        chosen = [client.get("/v1/sessions/current").status_code for client in (laptop, phone)]
        ada.put("/v1/agents/ana/password", json={"password": "one from the desk"}).raise_for_status()
        given = laptop.get("/v1/sessions/current").status_code

    assert (chosen, given) == ([200, 401], 401)


def test_a_deactivated_agent_is_signed_out_on_every_device() -> None:
    bench, ada = with_ana()
    with bench:
        clients = [browser(bench, name) for name in ("laptop", "phone")]
        for client in clients:
            sign_in(client)
        ada.patch("/v1/agents/ana", json={"active": False}).raise_for_status()
        refused = sign_in(clients[0])

        assert [client.get("/v1/sessions/current").status_code for client in clients] == [401, 401]
        assert refused.status_code == 403
        assert ada.get("/v1/agents/ana/status").json()["reason"] == "revoked"
        assert sign_ins_stored(bench) == 1


def test_a_sign_out_in_one_tab_is_told_to_the_others_and_ends_their_streams() -> None:
    bench, _ = with_ana()

    async def other_tab(actor: Actor, leave: Client) -> list[bytes]:
        async def still_known() -> Actor | None:
            return None

        listener = Listener(bench.product, actor.workspace)
        body = stream(bench.product, actor, listener, None, still_known)
        await anext(body)
        await asyncio.to_thread(leave.sign_out)
        return [message async for message in body]

    with bench:
        laptop = browser(bench, "laptop")
        session = sign_in(laptop).json()["id"]
        ana = Actor(
            name="agent:ana", workspace=number(bench), permissions=ROLES["agent"], agent_id="ana", session_id=session
        )
        (told,) = asyncio.run(other_tab(ana, laptop))

    assert f'"type":"session.ended","subject":"{session}"'.encode() in told


def test_nobody_else_is_told_of_the_end_of_a_session() -> None:
    bench, _ = with_ana()

    async def somebody(leave: Client) -> list[bytes]:
        async def still_known() -> Actor | None:
            return supervisor

        supervisor = Actor(name="key:k", workspace=number(bench), permissions=ROLES["supervisor"])
        listener = Listener(bench.product, supervisor.workspace)
        body = stream(bench.product, supervisor, listener, None, still_known)
        await anext(body)
        await asyncio.to_thread(leave.sign_out)
        bench.product.close_streams()
        return [message async for message in body]

    with bench:
        laptop = browser(bench, "laptop")
        sign_in(laptop)
        told = asyncio.run(somebody(laptop))

    assert [b"session.ended" in message for message in told] == [False]


def test_sessions_that_time_has_ended_leave_no_row_behind() -> None:
    bench, _ = with_ana()
    with bench:
        for name in ("laptop", "phone", "desk"):
            sign_in(browser(bench, name))
        stored = sign_ins_stored(bench)
        bench.advance(30 * 24 * 3600)
        sign_in(browser(bench, "new laptop"))

        assert (stored, sign_ins_stored(bench)) == (4, 2)


def test_ended_sessions_are_forgotten_in_time() -> None:
    bench, _ = with_ana()
    with bench:
        host = bench.client(role="admin")
        first = host.post("/v1/agents/ana/sessions", json={"id": "first"})
        host.delete("/v1/sessions/first").raise_for_status()
        late = host.post("/v1/sessions/first/activity", json={"age_ms": 0}).status_code
        bench.advance(1)
        host.post("/v1/agents/ana/sessions", json={"id": "last to end"}).raise_for_status()
        host.delete("/v1/sessions/last to end").raise_for_status()
        host.post("/v1/agents/ana/sessions", json={"id": "second"}).raise_for_status()
        with bench.product.reading(number(bench)) as workspace:
            for each in range(SESSIONS_AT_LEAST):
                workspace.remember_session(f"s{each}", "ana")
            remembered = len(workspace.sessions)
        forgotten = host.post("/v1/sessions/first/activity", json={"age_ms": 0}).status_code
        goes_on = host.post("/v1/sessions/second/activity", json={"age_ms": 0}).status_code

    assert (first.status_code, late, forgotten, goes_on) == (201, 401, 404, 202)
    assert remembered < SESSIONS_AT_LEAST // 2
