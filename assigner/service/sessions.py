"""Sessions of agents, begun with a password or by a host application that speaks for its agents.

A session is a fact of presence: it begins with an input, is told of activity, and ends with a sign-out. A browser
shows its token, a host application the session's id."""

from datetime import datetime, timedelta

from assigner.service import presence
from assigner.service.actor import ROLES, Actor, Permission
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from assigner.store.accounts import session_ended, sign_in_row
from presence.effective import is_open
from presence.errors import Conflict, NotFound
from presence.model import Session

PASSWORD_SESSION = timedelta(days=30)
"""How long a sign-in with a password lasts, whatever the agent does."""


def begin(
    unit: Unit, actor: Actor, agent_id: str, session_id: str, *, expires_in: int | None = None
) -> tuple[str, Session]:
    """A host application signs in an agent; the session lasts until it is ended, or `expires_in` seconds.

    Raises NotFound, Conflict for an id that is in use, Forbidden for a deactivated agent."""
    actor.need(Permission.PRESENCE_WRITE)
    expires_at = None if expires_in is None else unit.now + timedelta(seconds=expires_in)
    return agent_id, _begin(unit, actor, agent_id, session_id, expires_at=expires_at)


def begin_with_password(unit: Unit, agent_id: str, session_id: str, *, token_hash: bytes) -> tuple[str, Session]:
    """An agent whose password was right signs in; whoever shows the token is that agent from now on.

    Raises NotFound, Forbidden for a deactivated agent."""
    number, record = unit.workspace.number, unit.workspace.agent(agent_id)
    actor = Actor(
        name=f"agent:{agent_id}",
        workspace=number,
        permissions=ROLES[record.role],
        agent_id=agent_id,
        session_id=session_id,
    )
    session = _begin(unit, actor, agent_id, session_id, expires_at=unit.now + PASSWORD_SESSION)
    unit.put(sign_in_row(number, agent_id, session, token_hash=token_hash))
    return agent_id, session


def report_activity(unit: Unit, actor: Actor, session_id: str, *, age_ms: int) -> bool:
    """Input in a session, so many milliseconds ago. Whether it changed the agent's status.

    Raises NotFound, Conflict `signed_out`."""
    agent_id, _ = _own_open(unit.workspace, actor, session_id, now=unit.now)
    return presence.report_activity(unit, actor, agent_id, session_id, age_ms=age_ms)


def absorb_activity(workspace: Workspace, now: datetime, *, actor: Actor, session_id: str, age_ms: int) -> bool:
    """The same, where it changes nothing but instants; false where it is to be reported.

    Raises NotFound, Conflict `signed_out`."""
    agent_id, _ = _own_open(workspace, actor, session_id, now=now)
    return presence.absorb_activity(workspace, agent_id, session_id, age_ms=age_ms, now=now)


def end(unit: Unit, actor: Actor, session_id: str) -> None:
    """A session ends, in all its tabs (R16, R53). Raises NotFound, Conflict `signed_out`."""
    agent_id, _ = _own_open(unit.workspace, actor, session_id, now=unit.now)
    presence.sign_out(unit, actor, agent_id, session_id)
    unit.workspace.held_inputs.pop((agent_id, session_id), None)
    for row in session_ended(unit.workspace.number, agent_id, session_id):
        unit.put(row)


def open_sessions(workspace: Workspace, agent_id: str, *, now: datetime) -> tuple[Session, ...]:
    """The sessions of an agent that go on, the oldest first. Raises NotFound."""
    return tuple(session for session in workspace.facts(agent_id).sessions if is_open(session, now=now))


def open_session(workspace: Workspace, session_id: str, *, now: datetime) -> tuple[str, Session]:
    """A session that goes on, with its agent. Raises NotFound, Conflict `signed_out` for one that has ended."""
    agent_id = workspace.sessions.get(session_id)
    if agent_id is None:
        raise NotFound("not_found", f"session {session_id!r} does not exist; POST /v1/agents/ID/sessions begins one")
    if agent_id in workspace.agents:
        for session in open_sessions(workspace, agent_id, now=now):
            if session.id == session_id:
                return agent_id, session
    raise Conflict("signed_out", f"session {session_id!r} has ended; sign in again")


def _own_open(workspace: Workspace, actor: Actor, session_id: str, *, now: datetime) -> tuple[str, Session]:
    """A session of the caller's own, or with permission any, that goes on."""
    if actor.session_id != session_id:
        actor.need(Permission.PRESENCE_WRITE)
    return open_session(workspace, session_id, now=now)


def _begin(unit: Unit, actor: Actor, agent_id: str, session_id: str, *, expires_at: datetime | None) -> Session:
    workspace = unit.workspace
    workspace.agent(agent_id)
    if session_id in workspace.sessions:
        raise Conflict("conflict", f"session {session_id!r} exists already; sign in with a new id", field="id")
    presence.sign_in(unit, actor, agent_id, session_id, expires_at=expires_at)
    workspace.sessions[session_id] = agent_id
    return next(session for session in workspace.facts(agent_id).sessions if session.id == session_id)
