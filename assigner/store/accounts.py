"""Who can sign in with what: passwords, the tokens of sessions, and what goes when an agent or an office goes.

Tokens and passwords are stored as hashes only."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from assigner.store import tables
from assigner.store.rows import table_of
from assigner.store.to_write import Gone, Outdated, Row, Writing
from presence.model import Session

AGENT, INPUT = table_of(tables.Agent), table_of(tables.Input)
PASSWORD, SIGN_IN, INVITATION = table_of(tables.Password), table_of(tables.SignIn), table_of(tables.Invitation)


class StoredAccount(NamedTuple):
    """An agent who can sign in with a password."""

    workspace: int
    agent_id: str
    password_hash: str


def find_accounts(connection: Connection, email: str) -> list[StoredAccount]:
    """The agents with an email, of whichever workspace: the password tells which one is meant."""
    own = (PASSWORD.c.workspace == AGENT.c.workspace) & (PASSWORD.c.agent_id == AGENT.c.id)
    query = select(AGENT.c.workspace, AGENT.c.id, PASSWORD.c.password_hash).join(PASSWORD, own)
    found = connection.execute(query.where(AGENT.c.email == email).order_by(AGENT.c.workspace))
    return [StoredAccount(*row) for row in found]


def password_row(workspace: int, agent_id: str, password_hash: str) -> Row:
    """The password of an agent as a row."""
    return Row(PASSWORD, {"workspace": workspace, "agent_id": agent_id, "password_hash": password_hash})


def sign_in_row(
    workspace: int, agent_id: str, session: Session, *, token_hash: bytes, client: str | None = None
) -> Row:
    """The token of a session as a row; `client` is what the browser calls itself."""
    values = {
        "token_hash": token_hash,
        "workspace": workspace,
        "session_id": session.id,
        "agent_id": agent_id,
        "expires_at": session.expires_at,
        "client": client,
    }
    return Row(SIGN_IN, values)


def session_ended(workspace: int, agent_id: str, session_id: str) -> tuple[Writing, ...]:
    """The token of a session is worth nothing any more, and its last input stands in the agent's facts."""
    session = {"workspace": workspace, "agent_id": agent_id, "session_id": session_id}
    return Gone(SIGN_IN, session), Gone(INPUT, session)


def sign_ins_expired(workspace: int, *, now: datetime) -> Outdated:
    """The tokens of sessions that nobody ended and that time has."""
    return Outdated(SIGN_IN, {"workspace": workspace}, "expires_at", now)


def agent_gone(workspace: int, agent_id: str) -> tuple[Writing, ...]:
    """What is deleted with an agent. The log and the contacts that have ended keep the id."""
    own = {"workspace": workspace, "agent_id": agent_id}
    belongings = (Gone(table, own) for table in (PASSWORD, SIGN_IN, INVITATION, INPUT))
    return Gone(AGENT, {"workspace": workspace, "id": agent_id}), *belongings


def office_gone(workspace: int, office_id: str) -> Gone:
    """What is deleted with an office."""
    return Gone(table_of(tables.Office), {"workspace": workspace, "id": office_id})
