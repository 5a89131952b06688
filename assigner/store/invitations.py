"""Links with which agents choose a password, as rows. Of what stands in a link only a hash is kept."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from assigner.store import tables
from assigner.store.rows import table_of
from assigner.store.to_write import Gone, Row

INVITATION = table_of(tables.Invitation)


class StoredInvitation(NamedTuple):
    """Whose password the holder of a link may choose, and until when."""

    workspace: int
    agent_id: str
    token_hash: bytes
    expires_at: datetime


def find_invitation(connection: Connection, token_hash: bytes) -> StoredInvitation | None:
    """The invitation of a link, in whichever workspace."""
    row = connection.execute(select(INVITATION).where(INVITATION.c.token_hash == token_hash)).one_or_none()
    return None if row is None else StoredInvitation(row.workspace, row.agent_id, row.token_hash, row.expires_at)


def links_of(connection: Connection, workspace: int) -> dict[str, bytes]:
    """For each agent with a link to choose a password, the hash of it."""
    query = select(INVITATION.c.agent_id, INVITATION.c.token_hash).where(INVITATION.c.workspace == workspace)
    return {row.agent_id: row.token_hash for row in connection.execute(query)}


def invitation_row(workspace: int, agent_id: str, *, token_hash: bytes, expires_at: datetime) -> Row:
    """An invitation as a row, instead of the one that the agent had."""
    values = {"workspace": workspace, "agent_id": agent_id, "token_hash": token_hash, "expires_at": expires_at}
    return Row(INVITATION, values)


def invitation_gone(workspace: int, agent_id: str) -> Gone:
    """What is deleted when a link was used."""
    return Gone(INVITATION, {"workspace": workspace, "agent_id": agent_id})
