"""Links with which people choose a password: handed over by an administrator, good for one use and three days."""

import pytest

from assigner.testing import Client, Workbench

PASSWORD = "correct horse battery"


def invited(bench: Workbench) -> tuple[Client, str]:
    """Somebody without a session, and the path of a link for Ana."""
    admin = bench.client(role="admin")
    admin.put("/v1/agents/ana", json={"name": "Ana", "email": "ana@example.com"}).raise_for_status()
    answer = admin.post("/v1/agents/ana/invitation")
    assert answer.status_code == 201
    assert answer.json()["expires_at"] == "2026-01-08T09:00:00Z"
    client = bench.client(role="agent")
    del client.headers["authorization"]
    return client, answer.json()["url"].removeprefix("http://workbench")


def choose(client: Client, path: str, password: str = PASSWORD, again: str | None = None) -> int:
    return int(client.post(path, data={"password": password, "again": again or password}).status_code)


def sign_in(client: Client, password: str = PASSWORD) -> int:
    return int(client.post("/v1/sessions", json={"email": "ana@example.com", "password": password}).status_code)


def test_a_link_opens_a_plain_form_and_counts_once() -> None:
    with Workbench() as bench:
        client, path = invited(bench)
        page = client.get(path)
        chosen = choose(client, path)
        signed_in = sign_in(client)
        again = [client.get(path).status_code, choose(client, path, "somebody else's choice")]

        assert (page.status_code, page.headers["referrer-policy"]) == (200, "same-origin")
        assert '<form method="post">' in page.text
        assert (chosen, signed_in, again) == (200, 201, [404, 404])
        assert sign_in(client, "somebody else's choice") == 401


def test_what_was_chosen_badly_can_be_chosen_again() -> None:
    with Workbench() as bench:
        client, path = invited(bench)
        assert choose(client, path, "short") == 422
        assert choose(client, path, again="another horse battery") == 422
        assert choose(client, path) == 200


def test_a_link_ends_after_three_days_and_with_the_next_one() -> None:
    with Workbench() as bench:
        client, first = invited(bench)
        _, second = invited(bench)
        replaced = client.get(first).status_code
        bench.advance(3 * 24 * 3600 - 1)
        before = client.get(second).status_code
        bench.advance(1)
        after = [client.get(second).status_code, choose(client, second)]

    assert (replaced, before, after) == (404, 200, [404, 404])


def test_a_password_that_was_forgotten_is_replaced_and_every_session_ends() -> None:
    with Workbench() as bench:
        client, path = invited(bench)
        ana = bench.sign_in("ana")
        choose(client, path)

        assert ana.get("/v1/sessions/current").status_code == 401


def test_a_link_outlives_a_restart_and_works_once_then_too() -> None:
    with Workbench() as bench:
        client, path = invited(bench)
        bench.restart()
        assert choose(client, path) == 200
        bench.restart()
        assert choose(client, path) == 404


@pytest.mark.parametrize(
    ("agent", "refused"),
    [
        pytest.param({"email": None}, (409, "conflict"), id="no email to sign in with"),
        pytest.param({"email": "ana@example.com", "active": False}, (409, "conflict"), id="deactivated"),
    ],
)
def test_nobody_is_invited_who_could_not_sign_in(agent: dict[str, object], refused: tuple[int, str]) -> None:
    with Workbench() as bench:
        admin = bench.client(role="admin")
        admin.put("/v1/agents/ana", json=agent).raise_for_status()
        answer = admin.post("/v1/agents/ana/invitation")

    assert (answer.status_code, answer.json()["code"]) == refused
