"""Roles of a workspace's own, and the rule that nobody gives away more than one has."""

from typing import Any

import pytest

from assigner.service.actor import ROLES
from assigner.testing import Client, Workbench

BY_LESS = ["agents.manage", "keys.manage", "roles.manage", *sorted(ROLES["agent"])]
"""What a person may do who manages people, but is no administrator."""


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def a_deputy(bench: Workbench) -> Client:
    """Somebody who manages people, but is no administrator; Ada is one."""
    admin = bench.client(role="admin")
    admin.put("/v1/roles/deputy", json={"permissions": BY_LESS}).raise_for_status()
    admin.put("/v1/agents/dora", json={"role": "deputy"}).raise_for_status()
    admin.put("/v1/agents/ada", json={"role": "admin"}).raise_for_status()
    admin.put("/v1/agents/ana", json={}).raise_for_status()
    return bench.sign_in("dora")


def test_the_built_in_roles_are_listed_and_stay_as_they_are() -> None:
    with Workbench() as bench:
        admin = bench.client(role="admin")
        listed = admin.get("/v1/roles").json()
        refused = [
            code(admin.put("/v1/roles/agent", json={"permissions": []})),
            code(admin.delete("/v1/roles/supervisor")),
        ]

    told = {role["id"]: (role["permissions"], role["built_in"]) for role in listed["items"]}
    assert told == {name: (sorted(permissions), True) for name, permissions in ROLES.items()}
    assert listed["next_cursor"] is None
    assert refused == [(409, "conflict")] * 2


def test_a_role_that_changes_counts_for_whoever_has_it_at_once_and_after_a_restart() -> None:
    with Workbench() as bench:
        admin = bench.client(role="admin")
        made = admin.put("/v1/roles/tuner", json={"permissions": ["presence.manage"]}).json()
        admin.put("/v1/agents/tina", json={"role": "tuner"}).raise_for_status()
        key = admin.post("/v1/api-keys", json={"name": "tuner", "role": "tuner"}).json()["key"]
        tina, program = bench.sign_in("tina"), bench.client(role="agent")
        program.headers["authorization"] = f"Bearer {key}"
        allowed = [each.get("/v1/settings/presence").status_code for each in (tina, program)]
        same = admin.put("/v1/roles/tuner", json={"permissions": ["presence.manage"]}).json()
        admin.put("/v1/roles/tuner", json={"permissions": ["reports.read"]}).raise_for_status()
        forbidden = [each.get("/v1/settings/presence").status_code for each in (tina, program)]
        bench.restart()
        permissions = tina.get("/v1/sessions/current").json()["permissions"]

    assert allowed == [200, 200]
    assert (
        same
        == made
        == {"id": "tuner", "permissions": ["presence.manage"], "built_in": False} | {"version": made["version"]}
    )
    assert forbidden == [403, 403]
    assert permissions == ["reports.read"]


def test_a_role_that_somebody_has_stays() -> None:
    with Workbench() as bench:
        admin = bench.client(role="admin")
        admin.put("/v1/roles/tuner", json={"permissions": []}).raise_for_status()
        admin.put("/v1/agents/tina", json={"role": "tuner"}).raise_for_status()
        admin.post("/v1/api-keys", json={"name": "tuner", "role": "tuner"}).raise_for_status()
        refused = admin.delete("/v1/roles/tuner")
        admin.delete("/v1/agents/tina").raise_for_status()
        key = next(key for key in admin.get("/v1/api-keys").json()["items"] if key["role"] == "tuner")
        admin.delete(f"/v1/api-keys/{key['id']}").raise_for_status()
        gone = [admin.delete("/v1/roles/tuner").status_code, admin.get("/v1/roles/tuner").status_code]

    assert (code(refused), refused.json()["counts"]) == ((409, "in_use"), {"agents": 1, "keys": 1})
    assert gone == [204, 404]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("PUT", "roles/deputy", {"permissions": [*BY_LESS, "rules.manage"]}, id="a role that may do more"),
        pytest.param("PUT", "agents/dora", {"role": "admin"}, id="oneself an administrator"),
        pytest.param("PUT", "agents/new", {"role": "supervisor"}, id="a supervisor"),
        pytest.param("PATCH", "agents/ada", {"email": "dora@example.com"}, id="the email of an administrator"),
        pytest.param("PATCH", "agents/ada", {"active": False}, id="an administrator deactivated"),
        pytest.param("PUT", "agents/ada/password", {"password": "a long password"}, id="an administrator's password"),
        pytest.param("DELETE", "agents/ada", None, id="an administrator gone"),
        pytest.param("POST", "api-keys", {"name": "x", "role": "admin"}, id="a key of an administrator"),
        pytest.param("POST", "api-keys", {"name": "x", "permissions": ["rules.manage"]}, id="a key that may do more"),
    ],
)
def test_nobody_gives_away_more_than_one_has_nor_takes_over_who_may_do_more(
    method: str, path: str, body: dict[str, Any] | None
) -> None:
    with Workbench() as bench:
        deputy = a_deputy(bench)
        before = bench.events()
        answer = deputy.request(method, f"/v1/{path}", json=body)

        assert code(answer) == (403, "forbidden")
        assert "permissions that you lack" in answer.json()["detail"]
        assert bench.events() == before


def test_what_goes_no_further_is_done() -> None:
    with Workbench() as bench:
        deputy = a_deputy(bench)
        answers = [
            deputy.put("/v1/roles/reader", json={"permissions": ["presence.read"]}),
            deputy.put("/v1/agents/ana", json={"name": "Ana", "role": "reader"}),
            deputy.put("/v1/agents/ana/password", json={"password": "a long password"}),
            deputy.patch("/v1/agents/ada", json={"name": "Ada"}),
            deputy.post("/v1/api-keys", json={"name": "x", "role": "reader"}),
        ]

    assert [answer.status_code for answer in answers] == [200, 200, 204, 200, 201]


@pytest.mark.parametrize(
    ("permissions", "takes_contacts"),
    [
        pytest.param(["contacts.own", "reports.read"], True, id="manages nothing"),
        pytest.param(["contacts.own", "presence.manage"], False, id="manages something"),
    ],
)
def test_who_has_a_role_that_manages_nothing_takes_contacts(permissions: list[str], takes_contacts: bool) -> None:
    with Workbench() as bench:
        admin = bench.client(role="admin")
        admin.put("/v1/roles/special", json={"permissions": permissions}).raise_for_status()
        assert admin.put("/v1/agents/ana", json={"role": "special"}).json()["takes_contacts"] is takes_contacts


def test_a_permission_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with Workbench() as bench:
        answer = bench.client(role="admin").put("/v1/roles/x", json={"permissions": ["rules.mange"]})

    assert (code(answer), answer.json()["field"]) == ((422, "unknown_value"), "permissions")
    assert 'did you mean "rules.manage"?' in answer.json()["detail"]
