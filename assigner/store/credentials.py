"""Looking up what a caller shows: the key of a program, or the token of a browser that signed in.

Both are found by a hash; what was hashed is stored nowhere."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from assigner.store import tables
from assigner.store.documents import from_document
from assigner.store.rows import table_of

API_KEY, SIGN_IN = table_of(tables.ApiKey), table_of(tables.SignIn)


class StoredKey(NamedTuple):
    """The key of a program."""

    id: str
    workspace: int
    name: str
    role: str | None
    permissions: tuple[str, ...] | None
    secret_hash: bytes
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    last_used_at: datetime | None


class StoredSignIn(NamedTuple):
    """Which session of which agent a token belongs to. Whether the session goes on, the agent's facts tell."""

    workspace: int
    agent_id: str
    session_id: str


def find_key(connection: Connection, key_id: str) -> StoredKey | None:
    """The key of an id, in whichever workspace."""
    row = connection.execute(select(API_KEY).where(API_KEY.c.id == key_id)).one_or_none()
    return None if row is None else _key(row)


def keys_of(connection: Connection, workspace: int) -> tuple[StoredKey, ...]:
    """All keys of a workspace, the oldest first."""
    query = select(API_KEY).where(API_KEY.c.workspace == workspace).order_by(API_KEY.c.created_at, API_KEY.c.id)
    return tuple(_key(row) for row in connection.execute(query))


def note_use(connection: Connection, key_id: str, *, at: datetime) -> None:
    """A key was used. Written once in a while, apart from all work, so it says no more than roughly when."""
    connection.execute(update(API_KEY).where(API_KEY.c.id == key_id).values(last_used_at=at))


def find_sign_in(connection: Connection, token_hash: bytes) -> StoredSignIn | None:
    """The session of a token, unless it was ended."""
    columns = SIGN_IN.c.workspace, SIGN_IN.c.agent_id, SIGN_IN.c.session_id
    row = connection.execute(select(*columns).where(SIGN_IN.c.token_hash == token_hash)).one_or_none()
    return None if row is None else StoredSignIn(*row)


def clients_of(connection: Connection, workspace: int, agent_id: str) -> dict[str, str | None]:
    """What the browser of each session of an agent calls itself."""
    own = (SIGN_IN.c.workspace == workspace) & (SIGN_IN.c.agent_id == agent_id)
    found = connection.execute(select(SIGN_IN.c.session_id, SIGN_IN.c.client).where(own))
    return {row.session_id: row.client for row in found}


def _key(row: Any) -> StoredKey:
    values = {name: getattr(row, name) for name in StoredKey._fields}
    if row.permissions is not None:
        values["permissions"] = from_document(row.permissions, tuple[str, ...])
    return StoredKey(**values)
