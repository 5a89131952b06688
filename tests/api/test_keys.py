"""Keys of programs: permissions of their own, an end, and when they were last used."""

from typing import Any

import pytest

from assigner.testing import Client, Workbench


def a_key(bench: Workbench, admin: Client, **asked: Any) -> Client:
    """A program with a new key."""
    made = admin.post("/v1/api-keys", json={"name": "program", **asked}).raise_for_status().json()
    program = bench.client(role="agent")
    program.headers["authorization"] = f"Bearer {made['key']}"
    return program


def listed(admin: Client) -> dict[str, Any]:
    """The key of that program as it is listed."""
    found: dict[str, Any] = next(key for key in admin.get("/v1/api-keys").json()["items"] if key["name"] == "program")
    return found


def test_a_key_with_permissions_of_its_own_may_do_that_and_no_more() -> None:
    with Workbench() as bench:
        admin = bench.client(role="admin")
        program = a_key(bench, admin, permissions=["presence.read", "contacts.write"])
        answers = [program.get("/v1/presence"), program.post("/v1/contacts", json={}), program.get("/v1/rules")]

        assert [answer.status_code for answer in answers] == [200, 201, 403]
        assert listed(admin)["permissions"] == ["contacts.write", "presence.read"]
        assert listed(admin)["role"] is None


def test_a_key_ends_when_it_was_said_to_end() -> None:
    with Workbench() as bench:
        admin = bench.client(role="admin")
        program = a_key(bench, admin, role="supervisor", expires_in=3600)
        bench.advance(3599.5)
        before = program.get("/v1/presence").status_code
        bench.advance(0.5)
        after = program.get("/v1/presence")

        assert (before, after.status_code, after.json()["code"]) == (200, 401, "signed_out")
        assert listed(admin)["expires_at"] == "2026-01-05T10:00:00Z"


def test_when_a_key_was_last_used_is_known_to_ten_minutes() -> None:
    with Workbench() as bench:
        admin = bench.client(role="admin")
        program = a_key(bench, admin, role="agent")
        used = [listed(admin)["last_used_at"]]
        for seconds in (60, 300, 400):
            bench.advance(seconds)
            program.get("/v1/presence").raise_for_status()
            used.append(listed(admin)["last_used_at"])

    assert used == [None, "2026-01-05T09:01:00Z", "2026-01-05T09:01:00Z", "2026-01-05T09:12:40Z"]


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        pytest.param({}, "invalid", id="neither role nor permissions"),
        pytest.param({"role": "agent", "permissions": []}, "invalid", id="both"),
        pytest.param({"permissions": ["presence.raed"]}, "unknown_value", id="unknown permission"),
        pytest.param({"role": "agent", "expires_in": 0}, "invalid", id="ends at once"),
    ],
)
def test_keys_that_make_no_sense_are_not_made(asked: dict[str, Any], refused: str) -> None:
    with Workbench() as bench:
        answer = bench.client(role="admin").post("/v1/api-keys", json={"name": "program", **asked})

    assert (answer.status_code, answer.json()["code"]) == (422, refused)
