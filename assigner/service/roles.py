"""Roles that a workspace makes for itself, beside the three that are built in (R24): named sets of permissions.

Nobody makes or changes a role that may do more than the one who does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assigner.service.actor import ROLES, Actor, Permission
from assigner.service.asked import InUse, need_version, read_asked
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from assigner.store.rows import RoleRecord, role_gone, role_row
from presence.errors import Conflict, Invalid, NotFound, did_you_mean
from presence.wording import sentence
from rules.entry import Entry

CHANGED, REMOVED = "role.changed", "role.removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of a workspace's own."""

    id: str
    permissions: frozenset[Permission]


def put_role(
    unit: Unit, actor: Actor, role: str, asked: Sequence[str], *, expected: int | None = None
) -> dict[str, Any]:
    """A role comes to be, or may do something else from now on, whoever has it.

    Raises Invalid for a permission that does not exist, Conflict for a role that is built in, Forbidden for more than
    the caller may."""
    known = unit.workspace.roles.get(role)
    need_version(f"role {role!r}", found=known.version if known else 0, expected=expected)
    save_role(unit, actor, check_made(unit.workspace, actor, role, {"permissions": list(asked)}))
    return role_document(unit.workspace, role)


def check_made(workspace: Workspace, actor: Actor, role: str, asked: Mapping[str, Any]) -> Role:
    """What is asked for a role, by its `permissions`. Raises what `put_role` raises."""
    actor.need(Permission.ROLES_MANAGE)
    if role in ROLES:
        raise Conflict(
            "conflict", sentence("role %(role)r is built in and stays as it is; make one with another id", role=role)
        )
    names = read_asked(asked, lambda entry: entry.fields("permissions").read("permissions", Entry.texts, ()))
    permissions = read_permissions(names)
    actor.need_as_much(permissions | workspace.permissions_of(role))
    return Role(id=role, permissions=permissions)


def save_role(unit: Unit, actor: Actor, role: Role) -> None:
    """A role comes to be, or may do something else, after `check_made`."""
    workspace, known = unit.workspace, unit.workspace.roles.get(role.id)
    record = record_of_role(role, version=unit.change_no)
    if known is None or known.permissions != record.permissions:
        workspace.roles[role.id] = record
        unit.put(role_row(workspace.number, role.id, record))
        told = {"permissions": record.permissions, "was": known.permissions if known else None}
        unit.record(CHANGED, role.id, by=actor.name, data=told)


def record_of_role(role: Role, *, version: int) -> RoleRecord:
    """A role as it is stored."""
    return RoleRecord(permissions=tuple(sorted(role.permissions)), version=version)


def delete_role(unit: Unit, actor: Actor, role: str, *, keys: int, expected: int | None = None) -> None:
    """A role is gone. `keys` is how many keys have it. Raises NotFound, Conflict, and InUse where somebody has it."""
    actor.need(Permission.ROLES_MANAGE)
    workspace = unit.workspace
    known = need_role(workspace, role)
    if known is None:
        raise Conflict("conflict", sentence("role %(role)r is built in and stays; nobody need have it", role=role))
    need_version(f"role {role!r}", found=known.version, expected=expected)
    actor.need_as_much(workspace.permissions_of(role))
    agents = sum(record.role == role for record in workspace.agents.values())
    if agents or keys:
        message = sentence(
            "%(agents)s agents and %(keys)s keys have the role %(role)r; give them another first",
            agents=agents,
            keys=keys,
            role=role,
        )
        raise InUse(message, {"agents": agents, "keys": keys})
    del workspace.roles[role]
    unit.put(role_gone(workspace.number, role))
    unit.record(REMOVED, role, by=actor.name, data={"was": known.permissions})


def role_document(workspace: Workspace, role: str) -> dict[str, Any]:
    """A role as it is told. Raises NotFound."""
    made = need_role(workspace, role)
    return {
        "id": role,
        "permissions": sorted(workspace.permissions_of(role)),
        "built_in": made is None,
        "version": made.version if made else 0,
    }


def need_role(workspace: Workspace, role: str) -> RoleRecord | None:
    """The role of an id, None for one that is built in. Raises NotFound."""
    if role not in ROLES and role not in workspace.roles:
        hint = did_you_mean(role, roles_of(workspace))
        raise NotFound("not_found", f"role {role!r} does not exist{hint}; GET /v1/roles lists all")
    return workspace.roles.get(role)


def check_role(workspace: Workspace, role: str, *, code: str) -> None:
    """Raises Invalid where somebody is to have a role that does not exist."""
    known = roles_of(workspace)
    if role not in known:
        hint = did_you_mean(role, known) or sentence("; the roles are: %(known)s", known=", ".join(known))
        raise Invalid(code, sentence("role %(role)r does not exist%(hint)s", role=role, hint=hint), field="role")


def read_permissions(asked: Sequence[str]) -> frozenset[Permission]:
    """Permissions by their names. Raises Invalid."""
    known = {each.value: each for each in Permission}
    for name in asked:
        if name not in known:
            hint = did_you_mean(name, known) or sentence("; there are: %(known)s", known=", ".join(known))
            raise Invalid(
                "unknown_value",
                sentence("permission %(name)r does not exist%(hint)s", name=name, hint=hint),
                field="permissions",
            )
    return frozenset(known[name] for name in asked)


def roles_of(workspace: Workspace) -> tuple[str, ...]:
    """The ids of all roles, the built-in ones first."""
    return (*ROLES, *sorted(workspace.roles))
