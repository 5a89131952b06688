"""A workspace in which every documented call can be asked: what each call is sent, and who asks."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx2

from assigner.api.access import NEEDS
from assigner.service.actor import ROLES, Permission
from assigner.testing import Client, Workbench

PASSWORD = "correct horse battery"
EMAIL = "ana@example.com"
RULES = {"queues": {"madrid": {"offices": ["madrid"]}}}
AGENT = {"name": "Ana", "email": EMAIL, "offices": ["madrid"], "role": "agent"}
WEBHOOK = {"url": "https://shop.example.org/events", "active": False}
BODIES: dict[str, Any] = {
    "POST /v1/contacts": {"channel": "chat"},
    "POST /v1/contacts/batch": {"contacts": [{"id": "b1"}]},
    "PATCH /v1/contacts/{contact_id}": {"priority": 1},
    "POST /v1/contacts/{contact_id}/assign": {"agent_id": "ana"},
    "POST /v1/contacts/{contact_id}/transfer": {"queue": "madrid"},
    "POST /v1/sessions": {"email": EMAIL, "password": "wrong horse battery"},
    "POST /v1/sessions/current/activity": {"age_ms": 0},
    "POST /v1/sessions/{session_id}/activity": {"age_ms": 0},
    "PUT /v1/agents/{agent_id}/status": {"status": "busy"},
    "PUT /v1/agents/{agent_id}/availability": {"available": True},
    "PUT /v1/agents/{agent_id}/offices/{office_id}/availability": {"available": True},
    "PUT /v1/agents/{agent_id}": AGENT,
    "PATCH /v1/agents/{agent_id}": {"name": "Ana"},
    "PUT /v1/agents/{agent_id}/password": {"password": PASSWORD},
    "PUT /v1/roles/{role_id}": {"permissions": ["presence.read"]},
    "PUT /v1/offices/{office_id}": {"name": "Madrid"},
    "PUT /v1/offices/{office_id}/availability": {"available": True},
    "PUT /v1/rules": RULES,
    "POST /v1/rules/lint": RULES,
    "PUT /v1/settings/presence": {},
    "PUT /v1/settings/assignment": {},
    "POST /v1/settings/preset": {"name": "emplifi_care"},
    "POST /v1/import/{contents}": {"ana": {"name": "Ana"}},
    "POST /v1/api-keys": {"name": "a key", "permissions": ["presence.read"]},
    "POST /v1/customers/erase": {"customer_id": "c17"},
    "POST /v1/webhooks": {**WEBHOOK, "id": "another"},
    "PATCH /v1/webhooks/{webhook_id}": WEBHOOK,
}
"""What a call is sent where it needs a body."""

THERE = {
    "contact_id": "c1",
    "agent_id": "ana",
    "office_id": "madrid",
    "name": "madrid",
    "role_id": "tuner",
    "key_id": "k1",
    "version": "1",
    "report": "contacts",
    "contents": "agents",
    "webhook_id": "shop",
    "event": "1.0",
}
"""What a call is about."""
LATE = ("close", "abandon", "password", "sessions/current")
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Somebody who asks: how to get a credential, what it may do; None where it counts no more."""

    client: Callable[[Workbench], Client]
    permissions: frozenset[Permission] | None = None
    agent_id: str | None = None
    shows_something: bool = True


def a_world(database: str | None = None) -> Workbench:
    """A workspace with one of everything; contact c1 is Ana's."""
    bench = Workbench(database=database)
    admin = bench.client(role="admin")
    for path, body in (
        ("offices/madrid", {"name": "Madrid"}),
        ("rules", RULES),
        ("agents/ana", AGENT),
        ("agents/ana/password", {"password": PASSWORD}),
        ("agents/olga", {"role": "supervisor"}),
        ("roles/tuner", {"permissions": ["presence.manage"]}),
        ("agents/tina", {"role": "tuner"}),
    ):
        admin.put(f"/v1/{path}", json=body).raise_for_status()
    admin.post("/v1/contacts", json={"id": "c1", "office": "madrid"}).raise_for_status()
    admin.post("/v1/contacts/c1/assign", json={"agent_id": "ana"}).raise_for_status()
    admin.post("/v1/webhooks", json={**WEBHOOK, "id": "shop"}).raise_for_status()
    return bench


def with_key(**asked: Any) -> Callable[[Workbench], Client]:
    """A program with a key of its own."""

    def client(bench: Workbench) -> Client:
        made = bench.client(role="admin").post("/v1/api-keys", json={"name": "walk", **asked})
        return shows(bench, made.raise_for_status().json()["key"])

    return client


def shows(bench: Workbench, credential: str | None) -> Client:
    """A client that shows a credential, or none."""
    client = bench.client(role="agent")
    del client.headers["authorization"]
    if credential is not None:
        client.headers["authorization"] = f"Bearer {credential}"
    return client


def signed_in(agent_id: str) -> Callable[[Workbench], Client]:
    """An agent in person, in a new session."""
    return lambda bench: bench.sign_in(agent_id)


def _key_that_was_deleted(bench: Workbench) -> Client:
    admin = bench.client(role="admin")
    key = admin.post("/v1/api-keys", json={"name": "gone", "role": "admin"}).json()
    client = shows(bench, key["key"])
    client.get("/v1/statuses").raise_for_status()
    admin.delete(f"/v1/api-keys/{key['id']}").raise_for_status()
    return client


def _key_that_expired(bench: Workbench) -> Client:
    client = with_key(role="admin", expires_in=5)(bench)
    client.get("/v1/statuses").raise_for_status()
    bench.advance(5)
    return client


def _session_that_was_revoked(bench: Workbench) -> Client:
    client = bench.sign_in("ana")
    client.get("/v1/statuses").raise_for_status()
    bench.client(role="admin").delete("/v1/agents/ana/sessions").raise_for_status()
    return client


def _session_that_expired(bench: Workbench) -> Client:
    client = shows(bench, None)
    client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD}).raise_for_status()
    bench.advance(30 * 24 * 3600)
    return client


def _deactivated(bench: Workbench) -> Client:
    client = bench.sign_in("ana")
    bench.client(role="admin").patch("/v1/agents/ana", json={"active": False}).raise_for_status()
    return client


WHO = {
    "key of role admin": Who(client=with_key(role="admin"), permissions=ROLES["admin"]),
    "key of role supervisor": Who(client=with_key(role="supervisor"), permissions=ROLES["supervisor"]),
    "key of role agent": Who(client=with_key(role="agent"), permissions=ROLES["agent"]),
    "key of one permission": Who(
        client=with_key(permissions=["reports.read"]), permissions=frozenset({Permission.REPORTS_READ})
    ),
    "agent": Who(client=signed_in("ana"), permissions=ROLES["agent"], agent_id="ana"),
    "supervisor": Who(client=signed_in("olga"), permissions=ROLES["supervisor"], agent_id="olga"),
    "agent of a custom role": Who(
        client=signed_in("tina"), permissions=frozenset({Permission.PRESENCE_MANAGE}), agent_id="tina"
    ),
    "nobody": Who(client=lambda bench: shows(bench, None), shows_something=False),
    "unknown token": Who(client=lambda bench: shows(bench, "made-up")),
    "key with a wrong secret": Who(client=lambda bench: shows(bench, "ak_0123456789abcdef_wrong")),
    "deleted key": Who(client=_key_that_was_deleted),
    "expired key": Who(client=_key_that_expired),
    "revoked session": Who(client=_session_that_was_revoked),
    "expired session": Who(client=_session_that_expired),
    "session of a deactivated agent": Who(client=_deactivated),
}


def calls() -> list[str]:
    """Every documented call, those that take away what others need last."""
    return sorted(NEEDS, key=lambda call: (call.startswith("DELETE"), call.endswith(LATE), "agent_id}" in call))


def ask(bench: Workbench, client: Client, call: str, **ids: str) -> httpx2.Response:
    """One call, about what there is in `a_world` or what `ids` name."""
    method, path = call.split(" ")
    there = dict(THERE)
    if "session_id}" in path and "session_id" not in ids:
        there["session_id"] = f"s{next(_numbers)}"
        bench.client(role="admin").post("/v1/agents/ana/sessions", json={"id": there["session_id"]})
    address = path.format_map(there | ids)
    answers: list[httpx2.Response] = []
    thread = threading.Thread(target=lambda: answers.append(client.request(method, address, json=BODIES.get(call))))
    thread.start()
    while thread.is_alive():
        thread.join(timeout=None if call != "GET /v1/events" else 0.02)
        bench.product.close_streams()  # the one call that is answered for as long as somebody listens
    return answers[0]
