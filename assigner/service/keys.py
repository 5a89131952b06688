"""The keys of programs: made for a role or for some permissions, shown once, deleted when they are no longer needed.

A key belongs to a workspace and may have an end. Its secret is shown once, when it is made; only a hash of it is
stored. Nobody makes a key that may do more than the one who makes it."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from assigner.service.actor import Actor, Permission
from assigner.service.roles import check_role, read_permissions
from assigner.service.unit import Unit
from assigner.store import tables
from assigner.store.documents import to_document
from assigner.store.rows import table_of
from assigner.store.to_write import Gone, Row
from presence.errors import Invalid
from presence.wording import sentence

PREFIX = "ak_"
CREATED, DELETED = "api_key.created", "api_key.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key to make, with the secret that only its holder is to know. It has a role or permissions of its own; with
    `expires_in` (seconds) it ends by itself."""

    id: str
    secret: str
    name: str
    role: str | None = None
    permissions: tuple[str, ...] | None = None
    expires_in: int | None = None

    @property
    def shown(self) -> str:
        """What goes behind `Authorization: Bearer`."""
        return f"{PREFIX}{self.id}_{self.secret}"


def new_key(
    *, name: str, role: str | None = None, permissions: tuple[str, ...] | None = None, expires_in: int | None = None
) -> NewKey:
    """A key that nobody can guess."""
    return NewKey(
        id=secrets.token_hex(8),
        secret=secrets.token_urlsafe(32),
        name=name,
        role=role,
        permissions=permissions,
        expires_in=expires_in,
    )


def create_key(unit: Unit, actor: Actor, key: NewKey) -> None:
    """A program may ask from now on. Only the hash of the secret is kept.

    Raises Invalid for a role or permission that does not exist, Forbidden for more than the caller may."""
    actor.need(Permission.KEYS_MANAGE)
    permissions = _permissions(unit, actor, key)
    expires_at = None if key.expires_in is None else unit.now + timedelta(seconds=key.expires_in)
    values = {
        "id": key.id,
        "workspace": unit.workspace.number,
        "name": key.name,
        "role": key.role,
        "permissions": None if permissions is None else to_document(permissions),
        "secret_hash": hashlib.sha256(key.secret.encode()).digest(),
        "created_at": unit.now,
        "created_by": actor.name,
        "expires_at": expires_at,
    }
    unit.put(Row(table_of(tables.ApiKey), values))
    told = {"name": key.name, "role": key.role, "permissions": permissions, "expires_at": expires_at}
    unit.record(CREATED, key.id, by=actor.name, data={name: value for name, value in told.items() if value is not None})


def delete_key(unit: Unit, actor: Actor, key_id: str) -> None:
    """A program may ask no longer, from the moment this is answered."""
    actor.need(Permission.KEYS_MANAGE)
    unit.put(Gone(table_of(tables.ApiKey), {"id": key_id, "workspace": unit.workspace.number}))
    unit.record(DELETED, key_id, by=actor.name)


def _permissions(unit: Unit, actor: Actor, key: NewKey) -> tuple[str, ...] | None:
    """The permissions of the key's own, None where it has a role."""
    if (key.role is None) == (key.permissions is None):
        raise Invalid("invalid", sentence("a key has either a role or permissions; name one of the two"), field="role")
    if key.permissions is not None:
        permissions = read_permissions(key.permissions)
        actor.need_as_much(permissions)
        return tuple(sorted(permissions))
    assert key.role is not None, "one of the two is there"
    check_role(unit.workspace, key.role, code="invalid")
    actor.need_as_much(unit.workspace.permissions_of(key.role))
    return None
