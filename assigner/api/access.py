"""Which call needs which permission: the one table of it, checked for every request before anything else is done.

What a caller with the permission may see or do in detail, such as the own contacts only, is up to `service`. The
documentation of every call and the table in README.md beside this file are made from here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.routing import BaseRoute, Route

from assigner.service.actor import Actor, Permission
from presence.errors import Forbidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a caller needs: any one of these permissions, or none where there are none. With `oneself` an agent who asks
    for what is the agent's own needs none either; the service looks whether it is."""

    any_of: tuple[Permission, ...] = ()
    oneself: bool = False

    def check(self, actor: Actor) -> None:
        """Raises Forbidden, naming the permission that is missing."""
        if not self.any_of or (self.oneself and actor.agent_id is not None):
            return
        if actor.permissions.isdisjoint(self.any_of):
            names = " or ".join(self.any_of)
            raise Forbidden("forbidden", f"this needs the permission {names}; ask an administrator for it")

    def in_words(self) -> str:
        """The need as the documentation tells it."""
        permissions = " or ".join(f"`{each}`" for each in self.any_of) or "any credential"
        return f"{permissions}; for oneself any credential" if self.oneself else permissions


def _permission(*any_of: Permission) -> Need:
    return Need(any_of=any_of)


def _oneself_or(*any_of: Permission) -> Need:
    return Need(any_of=any_of, oneself=True)


P = Permission
ANY_CREDENTIAL = Need()
NOBODY_ASKS = None
"""Calls that need no credential at all."""
SEES_CONTACTS = _permission(P.CONTACTS_OWN, P.CONTACTS_TAKE, P.CONTACTS_WRITE)
HANDLES_CONTACTS = _permission(P.CONTACTS_OWN, P.CONTACTS_WRITE)
SPEAKS_FOR_AGENTS = _oneself_or(P.PRESENCE_WRITE, P.AVAILABILITY_MANAGE)
ENDS_SESSIONS = _oneself_or(P.PRESENCE_WRITE, P.AGENTS_MANAGE)

NEEDS: Mapping[str, Need | None] = {
    "POST /v1/contacts": _permission(P.CONTACTS_WRITE),
    "POST /v1/contacts/batch": _permission(P.CONTACTS_WRITE),
    "GET /v1/contacts": SEES_CONTACTS,
    "GET /v1/contacts/{contact_id}": SEES_CONTACTS,
    "PATCH /v1/contacts/{contact_id}": _permission(P.CONTACTS_WRITE),
    "POST /v1/contacts/{contact_id}/assign": _permission(P.CONTACTS_TAKE, P.CONTACTS_ASSIGN),
    "POST /v1/contacts/{contact_id}/return": HANDLES_CONTACTS,
    "POST /v1/contacts/{contact_id}/transfer": _permission(P.CONTACTS_OWN, P.CONTACTS_ASSIGN),
    "POST /v1/contacts/{contact_id}/close": HANDLES_CONTACTS,
    "POST /v1/contacts/{contact_id}/abandon": _permission(P.CONTACTS_WRITE),
    "POST /v1/contacts/{contact_id}/hold": HANDLES_CONTACTS,
    "POST /v1/contacts/{contact_id}/resume": HANDLES_CONTACTS,
    "POST /v1/contacts/{contact_id}/accept": HANDLES_CONTACTS,
    "POST /v1/contacts/{contact_id}/decline": HANDLES_CONTACTS,
    "POST /v1/contacts/{contact_id}/answered": HANDLES_CONTACTS,
    "GET /v1/contacts/{contact_id}/explanation": SEES_CONTACTS,
    "GET /v1/contacts/{contact_id}/candidates": _permission(P.CONTACTS_TAKE),
    "GET /v1/contacts/{contact_id}/history": SEES_CONTACTS,
    "GET /v1/queues": _permission(P.CONTACTS_TAKE),
    "GET /v1/queues/{name}": _permission(P.CONTACTS_TAKE),
    "POST /v1/sessions": NOBODY_ASKS,
    "GET /v1/sessions": ANY_CREDENTIAL,
    "GET /v1/sessions/current": ANY_CREDENTIAL,
    "DELETE /v1/sessions/current": ANY_CREDENTIAL,
    "POST /v1/sessions/current/activity": ANY_CREDENTIAL,
    "POST /v1/agents/{agent_id}/sessions": _permission(P.PRESENCE_WRITE),
    "GET /v1/agents/{agent_id}/sessions": ENDS_SESSIONS,
    "DELETE /v1/agents/{agent_id}/sessions": ENDS_SESSIONS,
    "POST /v1/sessions/{session_id}/activity": _oneself_or(P.PRESENCE_WRITE),
    "DELETE /v1/sessions/{session_id}": ENDS_SESSIONS,
    "GET /v1/presence": _permission(P.PRESENCE_READ),
    "GET /v1/agents/{agent_id}/status": _permission(P.PRESENCE_READ),
    "PUT /v1/agents/{agent_id}/status": SPEAKS_FOR_AGENTS,
    "PUT /v1/agents/{agent_id}/availability": SPEAKS_FOR_AGENTS,
    "PUT /v1/agents/{agent_id}/offices/{office_id}/availability": SPEAKS_FOR_AGENTS,
    "GET /v1/agents/{agent_id}/status-log": _permission(P.PRESENCE_READ),
    "GET /v1/statuses": ANY_CREDENTIAL,
    "GET /v1/agents": _permission(P.PRESENCE_READ),
    "GET /v1/agents/{agent_id}": _permission(P.PRESENCE_READ),
    "PUT /v1/agents/{agent_id}": _permission(P.AGENTS_MANAGE),
    "PATCH /v1/agents/{agent_id}": _permission(P.AGENTS_MANAGE),
    "DELETE /v1/agents/{agent_id}": _permission(P.AGENTS_MANAGE),
    "PUT /v1/agents/{agent_id}/password": _oneself_or(P.AGENTS_MANAGE),
    "POST /v1/agents/{agent_id}/invitation": _permission(P.AGENTS_MANAGE),
    "DELETE /v1/agents/{agent_id}/wrap-up": SPEAKS_FOR_AGENTS,
    "GET /v1/roles": _permission(P.ROLES_MANAGE, P.AGENTS_MANAGE, P.KEYS_MANAGE),
    "GET /v1/roles/{role_id}": _permission(P.ROLES_MANAGE, P.AGENTS_MANAGE, P.KEYS_MANAGE),
    "PUT /v1/roles/{role_id}": _permission(P.ROLES_MANAGE),
    "DELETE /v1/roles/{role_id}": _permission(P.ROLES_MANAGE),
    "GET /v1/offices": _permission(P.PRESENCE_READ),
    "GET /v1/offices/{office_id}": _permission(P.PRESENCE_READ),
    "PUT /v1/offices/{office_id}": _permission(P.OFFICES_MANAGE),
    "DELETE /v1/offices/{office_id}": _permission(P.OFFICES_MANAGE),
    "PUT /v1/offices/{office_id}/availability": _permission(P.AVAILABILITY_MANAGE),
    "GET /v1/rules": _permission(P.RULES_MANAGE),
    "PUT /v1/rules": _permission(P.RULES_MANAGE),
    "POST /v1/rules/lint": _permission(P.RULES_MANAGE),
    "GET /v1/rules/versions": _permission(P.RULES_MANAGE),
    "GET /v1/rules/versions/{version}": _permission(P.RULES_MANAGE),
    "POST /v1/rules/versions/{version}/restore": _permission(P.RULES_MANAGE),
    "GET /v1/settings/presence": _permission(P.PRESENCE_MANAGE),
    "PUT /v1/settings/presence": _permission(P.PRESENCE_MANAGE),
    "POST /v1/settings/preset": _permission(P.PRESENCE_MANAGE),
    "GET /v1/settings/assignment": _permission(P.ASSIGNMENT_MANAGE),
    "PUT /v1/settings/assignment": _permission(P.ASSIGNMENT_MANAGE),
    "GET /v1/api-keys": _permission(P.KEYS_MANAGE),
    "POST /v1/api-keys": _permission(P.KEYS_MANAGE),
    "DELETE /v1/api-keys/{key_id}": _permission(P.KEYS_MANAGE),
    "GET /v1/reports": _permission(P.REPORTS_READ),
    "GET /v1/reports/{report}": _permission(P.REPORTS_READ),
    "POST /v1/import/{contents}": _permission(P.ROLES_MANAGE, P.OFFICES_MANAGE, P.AGENTS_MANAGE),
    "GET /v1/export/{contents}": _permission(P.PRESENCE_READ),
    "GET /v1/export": _permission(P.WORKSPACE_EXPORT),
    "POST /v1/customers/erase": _permission(P.CUSTOMERS_ERASE),
    "GET /v1/audit": _permission(P.AUDIT_READ),
    "POST /v1/webhooks": _permission(P.WEBHOOKS_MANAGE),
    "GET /v1/webhooks": _permission(P.WEBHOOKS_MANAGE),
    "GET /v1/webhooks/{webhook_id}": _permission(P.WEBHOOKS_MANAGE),
    "PATCH /v1/webhooks/{webhook_id}": _permission(P.WEBHOOKS_MANAGE),
    "DELETE /v1/webhooks/{webhook_id}": _permission(P.WEBHOOKS_MANAGE),
    "POST /v1/webhooks/{webhook_id}/rotate": _permission(P.WEBHOOKS_MANAGE),
    "POST /v1/webhooks/{webhook_id}/test": _permission(P.WEBHOOKS_MANAGE),
    "GET /v1/webhooks/{webhook_id}/deliveries": _permission(P.WEBHOOKS_MANAGE),
    "POST /v1/webhooks/{webhook_id}/redeliver": _permission(P.WEBHOOKS_MANAGE),
    "POST /v1/webhooks/{webhook_id}/deliveries/{event}/redeliver": _permission(P.WEBHOOKS_MANAGE),
    "GET /v1/events": ANY_CREDENTIAL,
    "GET /healthz": NOBODY_ASKS,
    "GET /readyz": NOBODY_ASKS,
    "GET /metrics": NOBODY_ASKS,
}
"""Every documented call, in the order of the documentation."""


def needs_of(routes: Iterable[BaseRoute]) -> dict[Any, Need | None]:
    """What the functions that answer calls need."""
    return {
        route.endpoint: NEEDS[f"{method} {route.path}"]
        for route in routes
        if isinstance(route, Route)
        for method in route.methods or ()
        if f"{method} {route.path}" in NEEDS
    }


def in_words(call: str) -> str:
    """What a call needs, as the documentation tells it."""
    need = NEEDS[call]
    return "no credential" if need is None else need.in_words()


def table() -> str:
    """All calls and what they need, in Markdown."""
    lines = [f"| `{call}` | {in_words(call)} |" for call in NEEDS]
    return "\n".join(("| call | needs |", "|---|---|", *lines))
