"""Who asks: the caller of a request, and what the caller may do.

A role is a set of named permissions; each of the three built-in roles includes the ones before. Others are made by
those who may (`service.roles`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from presence.errors import Forbidden


class Permission(StrEnum):
    """What somebody may be allowed to do."""

    PRESENCE_READ = "presence.read"
    CONTACTS_OWN = "contacts.own"
    CONTACTS_TAKE = "contacts.take"
    CONTACTS_WRITE = "contacts.write"
    CONTACTS_ASSIGN = "contacts.assign"
    RULES_MANAGE = "rules.manage"
    PRESENCE_MANAGE = "presence.manage"
    ASSIGNMENT_MANAGE = "assignment.manage"
    REPORTS_READ = "reports.read"
    AGENTS_MANAGE = "agents.manage"
    OFFICES_MANAGE = "offices.manage"
    AVAILABILITY_MANAGE = "availability.manage"
    PRESENCE_WRITE = "presence.write"
    ROLES_MANAGE = "roles.manage"
    KEYS_MANAGE = "keys.manage"
    WEBHOOKS_MANAGE = "webhooks.manage"
    AUDIT_READ = "audit.read"
    WORKSPACE_EXPORT = "workspace.export"
    CUSTOMERS_ERASE = "customers.erase"


AGENT = frozenset({Permission.PRESENCE_READ, Permission.CONTACTS_OWN, Permission.CONTACTS_TAKE})
SUPERVISOR = AGENT | {
    Permission.CONTACTS_WRITE,
    Permission.CONTACTS_ASSIGN,
    Permission.RULES_MANAGE,
    Permission.PRESENCE_MANAGE,
    Permission.ASSIGNMENT_MANAGE,
    Permission.REPORTS_READ,
}
ROLES: dict[str, frozenset[Permission]] = {"agent": AGENT, "supervisor": SUPERVISOR, "admin": frozenset(Permission)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person or a program that asks. `agent_id` and `session_id` are those of a signed-in agent."""

    name: str
    workspace: int
    permissions: frozenset[Permission]
    agent_id: str | None = None
    session_id: str | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the caller has a permission."""
        return permission in self.permissions

    def need(self, permission: Permission) -> None:
        """Raises Forbidden, naming the permission that is missing."""
        if permission not in self.permissions:
            raise Forbidden("forbidden", f"this needs the permission {permission}; ask an administrator for it")

    def need_as_much(self, permissions: Iterable[Permission]) -> None:
        """Raises Forbidden where these permissions go beyond the caller's own: nobody gives away more than one has, nor
        takes over somebody who may do more."""
        if beyond := sorted(set(permissions) - self.permissions):
            raise Forbidden("forbidden", f"this takes permissions that you lack: {', '.join(beyond)}")

    def is_agent(self, agent_id: str | None) -> bool:
        """Whether the caller is this agent in person."""
        return agent_id is not None and self.agent_id == agent_id
