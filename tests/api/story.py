"""A morning with two agents, in which every call of the HTTP interface is asked once and answered well."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RULES = """name: everyday
rules:
- name: spanish
  when: {field: language, equals: es}
  then: {queue: madrid, skills: {es: 2}}
queues:
  madrid: {offices: [madrid], strategy: least_loaded, target: 60}
"""
PASSWORD = "correct horse battery"
YAML, CSV, LINES = "application/yaml", "text/csv", "application/x-ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Somebody asks something: a key of role admin, or an agent by name."""

    call: str
    body: Any = None
    by: str = "admin"
    headers: Mapping[str, str] = field(default_factory=dict)


def asks(call: str, body: Any = None, by: str = "admin", **headers: str) -> Step:
    """A step; `Accept` and `Prefer` may be named."""
    return Step(call=call, body=body, by=by, headers={name.replace("_", "-"): value for name, value in headers.items()})


STORY: tuple[Step | int, ...] = (
    asks(
        "PUT /v1/offices/madrid",
        {
            "name": "Madrid",
            "time_zone": "Europe/Madrid",
            "hours": {day: ["09:00-14:00", "15:00-19:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
            "holidays": [{"date": "2026-12-24", "name": "Christmas Eve", "hours": ["09:00-12:00"]}],
        },
    ),
    asks("PUT /v1/settings/presence", {"away_after": 600, "offline_after": 1800}),
    asks("GET /v1/settings/presence"),
    asks("PUT /v1/settings/assignment", {"default_capacity": 3}),
    asks("GET /v1/settings/assignment"),
    asks("POST /v1/rules/lint", {"queues": {"madrid": {"offices": ["madird"]}}}),
    asks("PUT /v1/rules?note=the%20first", RULES, content_type=YAML),
    asks("GET /v1/rules"),
    asks("GET /v1/rules", accept=YAML),
    asks("POST /v1/webhooks", {"id": "shop", "url": "https://shop.example.org/events", "types": ["contact.*"]}),
    asks("GET /v1/webhooks/shop"),
    asks("GET /v1/webhooks"),
    asks("PATCH /v1/webhooks/shop", {"description": "the shop's own copy of all contacts"}),
    asks("POST /v1/webhooks/shop/rotate", {"overlap": 86400}),
    asks("PUT /v1/roles/tuner", {"permissions": ["presence.read", "presence.manage"]}),
    asks("GET /v1/roles/tuner"),
    asks("GET /v1/roles"),
    asks(
        "PUT /v1/agents/ana",
        {"name": "Ana", "email": "ana@example.com", "offices": ["madrid"], "skills": {"es": 3, "en": 1}, "capacity": 1},
    ),
    asks("POST /v1/import/agents", "id,name,offices,skills\nbruno,Bruno,madrid,es:2\n", content_type=CSV),
    asks("PATCH /v1/agents/bruno", {"capacity": 2}),
    asks("GET /v1/agents/ana"),
    asks("GET /v1/agents"),
    asks("GET /v1/offices/madrid"),
    asks("GET /v1/offices"),
    asks("POST /v1/agents/ana/invitation"),
    asks("PUT /v1/agents/ana/password", {"password": PASSWORD}),
    asks("POST /v1/contacts", {"id": "ticket-4711", "customer_id": "c17", "office": "madrid", "language": "es"}),
    asks("POST /v1/contacts", {"id": "ticket-4711", "customer_id": "c17", "office": "madrid", "language": "es"}),
    20,
    asks("GET /v1/contacts/ticket-4711/explanation"),
    asks("GET /v1/queues/madrid"),
    asks("POST /v1/sessions", {"email": "ana@example.com", "password": PASSWORD}),
    asks("GET /v1/sessions/current", by="ana"),
    asks("GET /v1/sessions", by="ana"),
    5,
    asks("POST /v1/sessions/current/activity", {"age_ms": 1500, "tab_id": "t1"}, by="ana"),
    700,
    asks("POST /v1/sessions/current/activity", {"age_ms": 0, "tab_id": "t1"}, by="ana"),
    asks("POST /v1/agents/bruno/sessions", {"id": "web-bruno-1", "expires_in": 28800}),
    asks("GET /v1/agents/bruno/sessions"),
    5,
    asks("POST /v1/sessions/web-bruno-1/activity", {"age_ms": 400}),
    700,
    asks("POST /v1/sessions/web-bruno-1/activity", {"age_ms": 0}),
    asks("GET /v1/statuses", by="ana"),
    asks("GET /v1/contacts/ticket-4711"),
    asks(
        "POST /v1/contacts/batch", {"contacts": [{"id": f"ticket-{each}", "office": "madrid"} for each in (4711, 4712)]}
    ),
    asks("POST /v1/contacts", {"id": "ticket-4713", "customer_id": "c18", "office": "madrid", "language": "es"}),
    asks("POST /v1/contacts", {"id": "ticket-4714", "office": "madrid", "language": "es"}),
    asks("GET /v1/queues"),
    asks("GET /v1/contacts?state=queued"),
    asks("GET /v1/contacts/ticket-4714/candidates"),
    asks("POST /v1/contacts/ticket-4711/hold", by="ana"),
    asks("POST /v1/contacts/ticket-4711/resume", by="ana"),
    asks("POST /v1/contacts/ticket-4711/return", {"reason": "needs somebody else", "exclude_agent": "ana"}, by="ana"),
    asks("PATCH /v1/contacts/ticket-4714", {"priority": 5}),
    asks("PUT /v1/agents/bruno/status", {"status": "busy"}),
    asks("GET /v1/agents/bruno/status"),
    asks("PUT /v1/agents/bruno/availability", {"available": True}),
    asks("PUT /v1/agents/bruno/offices/madrid/availability", {"available": False}),
    asks("GET /v1/agents/ana/status-log"),
    asks("GET /v1/presence"),
    asks("POST /v1/contacts", {"id": "ticket-4715", "office": "madrid", "language": "es"}),
    asks("POST /v1/contacts/ticket-4715/assign", {"agent_id": "bruno"}),
    asks("POST /v1/contacts/ticket-4715/transfer", {"queue": "madrid"}),
    asks("POST /v1/contacts/ticket-4715/abandon"),
    asks("POST /v1/contacts/ticket-4712/close", {"outcome": "solved"}),
    asks("GET /v1/contacts/ticket-4712/history"),
    asks("PATCH /v1/agents/ana", {"capacity": 9, "wrap_up": 10}),
    asks("PUT /v1/agents/ana/status", {"status": "online"}, by="ana"),
    asks("PUT /v1/settings/assignment", {"offer": {"timeout": 20, "decline_pause": 60}, "wrap_up": 30}),
    asks("POST /v1/contacts", {"id": "ticket-4716", "office": "madrid", "language": "es"}),
    asks("POST /v1/contacts/ticket-4716/decline", by="ana"),
    asks("POST /v1/contacts", {"id": "ticket-4717", "office": "madrid", "language": "es"}),
    asks("POST /v1/contacts/ticket-4717/accept", by="ana"),
    asks("POST /v1/contacts/ticket-4717/answered", by="ana"),
    asks("DELETE /v1/agents/ana/wrap-up", by="ana"),
    asks("PUT /v1/offices/madrid/availability", {"available": False}),
    asks("GET /v1/rules/versions"),
    asks("GET /v1/rules/versions/1"),
    asks("POST /v1/rules/versions/1/restore"),
    asks("POST /v1/settings/preset", {"name": "ocelot"}),
    asks("POST /v1/api-keys", {"name": "chat", "role": "supervisor"}),
    asks("GET /v1/api-keys"),
    asks("GET /v1/reports"),
    asks("GET /v1/reports/waits?by=queue"),
    asks("GET /v1/reports/waits?by=queue", accept=CSV),
    asks("GET /v1/webhooks/shop/deliveries"),
    asks("GET /v1/audit"),
    asks("GET /v1/audit", accept=LINES),
    asks("GET /v1/audit", accept=CSV),
    asks("GET /v1/export/agents"),
    asks("GET /v1/export/agents", accept=CSV),
    asks("GET /v1/export"),
    asks("POST /v1/contacts", {"id": "ticket-4719", "customer_id": "c19", "office": "madrid"}),
    asks("POST /v1/contacts/ticket-4719/abandon"),
    asks("POST /v1/customers/erase", {"customer_id": "c19"}),
    asks("GET /healthz"),
    asks("GET /readyz"),
)
"""What is asked, in order; a number lets so many seconds pass."""
