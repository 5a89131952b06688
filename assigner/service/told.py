"""What a line of the log says to the outside: an event, and who may see it.

The account of a decision stays inside; it is told by explanations, and that of somebody's change by the audit."""

from collections.abc import Mapping
from typing import Any

from assigner.service.actor import Actor, Permission
from assigner.service.log import ACCOUNT
from assigner.store.rows import Entry

INSIDE = frozenset({"decision", ACCOUNT})
MANAGED_WITH = {
    "api_key": Permission.KEYS_MANAGE,
    "invitation": Permission.AGENTS_MANAGE,
    "role": Permission.ROLES_MANAGE,
    "webhook": Permission.WEBHOOKS_MANAGE,
}
ABOUT_ACCESS = ("api_key.", "invitation.", "role.", "session.", "webhook.")
"""How the kinds of lines begin that tell who may come in, or what is told outside; the work of a workspace can be told
without them."""


def told(event_id: str, entry: Entry) -> dict[str, Any]:
    """An event as everybody who may see it sees it."""
    return {
        "id": event_id,
        "at": entry.at,
        "by": entry.by,
        "type": entry.kind,
        "subject": entry.subject,
        "data": {name: value for name, value in entry.data.items() if name not in INSIDE},
    }


def may_see(actor: Actor, entry: Entry) -> bool:
    """Whether an event is for a caller: everybody sees statuses, an agent beyond that the own contacts only."""
    if entry.kind.startswith("agent."):
        return actor.may(Permission.PRESENCE_READ)
    if entry.kind.startswith(ABOUT_ACCESS):
        return _is_told_of_access(actor, entry)
    if actor.may(Permission.CONTACTS_WRITE):
        return True
    return entry.kind.startswith("contact.") and _concerns(actor, entry.data)


def _is_told_of_access(actor: Actor, entry: Entry) -> bool:
    """Lines about who may come in are for those who manage that; the end of a session is told to its agent (R53)."""
    if entry.kind.startswith("session."):
        return actor.is_agent(entry.data.get("agent_id"))
    return actor.may(MANAGED_WITH[entry.kind.partition(".")[0]])


def _concerns(actor: Actor, data: Mapping[str, Any]) -> bool:
    return actor.is_agent(data.get("agent_id")) or actor.is_agent(data.get("from"))
