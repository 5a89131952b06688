"""The keys of programs: made for a role, shown once, deleted when they are no longer needed.

A key belongs to a workspace and has a role. Its secret is shown once, when it is made; only a hash of it is stored."""

import hashlib
import secrets
from dataclasses import dataclass

from assigner.service.actor import ROLES, Actor, Permission
from assigner.service.unit import Unit
from assigner.store import tables
from assigner.store.rows import Gone, Row, table_of
from presence.errors import Invalid, did_you_mean

PREFIX = "ak_"
CREATED, DELETED = "api_key.created", "api_key.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key to make, with the secret that only its holder is to know."""

    id: str
    secret: str
    name: str
    role: str

    @property
    def shown(self) -> str:
        """What goes behind `Authorization: Bearer`."""
        return f"{PREFIX}{self.id}_{self.secret}"


def new_key(*, name: str, role: str) -> NewKey:
    """A key that nobody can guess."""
    return NewKey(id=secrets.token_hex(8), secret=secrets.token_urlsafe(32), name=name, role=role)


def create_key(unit: Unit, actor: Actor, key: NewKey) -> None:
    """A program may ask from now on, with the permissions of a role. Only the hash of the secret is kept.

    Raises Invalid for a role that does not exist."""
    actor.need(Permission.KEYS_MANAGE)
    if key.role not in ROLES:
        raise Invalid("invalid", f"role {key.role!r} does not exist{did_you_mean(key.role, ROLES)}", field="role")
    values = {
        "id": key.id,
        "workspace": unit.workspace.number,
        "name": key.name,
        "role": key.role,
        "secret_hash": hashlib.sha256(key.secret.encode()).digest(),
        "created_at": unit.now,
        "created_by": actor.name,
    }
    unit.put(Row(table_of(tables.ApiKey), values))
    unit.record(CREATED, key.id, by=actor.name, data={"name": key.name, "role": key.role})


def delete_key(unit: Unit, actor: Actor, key_id: str) -> None:
    """A program may ask no longer, from the moment this is answered."""
    actor.need(Permission.KEYS_MANAGE)
    unit.put(Gone(table_of(tables.ApiKey), {"id": key_id, "workspace": unit.workspace.number}))
    unit.record(DELETED, key_id, by=actor.name)
