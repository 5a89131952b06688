"""Looking up what a caller shows: the key of a program, or the token of a browser that signed in.

Both are found by a hash; what was hashed is stored nowhere."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from assigner.store import tables
from assigner.store.rows import table_of

API_KEY, SIGN_IN = table_of(tables.ApiKey), table_of(tables.SignIn)


class StoredKey(NamedTuple):
    """The key of a program."""

    id: str
    workspace: int
    name: str
    role: str
    secret_hash: bytes
    created_at: datetime
    created_by: str | None


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


def find_sign_in(connection: Connection, token_hash: bytes) -> StoredSignIn | None:
    """The session of a token, unless it was ended."""
    columns = SIGN_IN.c.workspace, SIGN_IN.c.agent_id, SIGN_IN.c.session_id
    query = select(*columns).where(SIGN_IN.c.token_hash == token_hash, SIGN_IN.c.ended.is_(False))
    row = connection.execute(query).one_or_none()
    return None if row is None else StoredSignIn(*row)


def _key(row: object) -> StoredKey:
    return StoredKey(*(getattr(row, name) for name in StoredKey._fields))
