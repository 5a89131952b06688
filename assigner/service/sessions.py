"""Sessions of agents, begun with a password or by a host application that speaks for its agents.

A session is a fact of presence: it begins with an input, is told of activity, and ends with a sign-out. A browser
shows its token, a host application the session's id."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assigner.service import presence
from assigner.service.actor import Actor, Permission
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from assigner.store.accounts import session_ended, sign_in_row, sign_ins_expired
from presence.effective import is_open
from presence.errors import Conflict, NotFound
from presence.model import Session, StatusReason

ENDED = "session.ended"
LONGEST_CLIENT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """A browser in which an agent signs in: the hash of its token, for how many seconds, what it calls itself, and the
    session of the same agent that it shows no token of any more."""

    token_hash: bytes
    lasts: int
    client: str | None = None
    instead_of: str | None = None


def begin(
    unit: Unit, actor: Actor, agent_id: str, session_id: str, *, expires_in: int | None = None
) -> tuple[str, Session]:
    """A host application signs in an agent; the session lasts until it is ended, or `expires_in` seconds.

    Raises NotFound, Conflict for an id that is in use, Forbidden for a deactivated agent."""
    actor.need(Permission.PRESENCE_WRITE)
    expires_at = None if expires_in is None else unit.now + timedelta(seconds=expires_in)
    return agent_id, _begin(unit, actor, agent_id, session_id, expires_at=expires_at)


def begin_in_browser(unit: Unit, agent_id: str, session_id: str, browser: Browser) -> tuple[str, Session]:
    """An agent who has shown who it is signs in; whoever shows the token is that agent from now on.

    Raises NotFound, Forbidden for a deactivated agent."""
    workspace = unit.workspace
    actor = actor_in_session(workspace, agent_id, session_id)
    session = _begin(unit, actor, agent_id, session_id, expires_at=unit.now + timedelta(seconds=browser.lasts))
    client = browser.client and browser.client[:LONGEST_CLIENT]
    unit.put(sign_ins_expired(workspace.number, now=unit.now))
    unit.put(sign_in_row(workspace.number, agent_id, session, token_hash=browser.token_hash, client=client))
    for each in open_sessions(workspace, agent_id, now=unit.now):
        if each.id == browser.instead_of:
            _end(unit, actor, agent_id, each.id, because=StatusReason.SIGNED_OUT)
    return agent_id, session


def actor_in_session(workspace: Workspace, agent_id: str, session_id: str) -> Actor:
    """An agent who asks in person. Raises NotFound."""
    return Actor(
        name=f"agent:{agent_id}",
        workspace=workspace.number,
        permissions=workspace.permissions_of(workspace.agent(agent_id).role),
        agent_id=agent_id,
        session_id=session_id,
    )


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
    """A session ends, in all its tabs (R16, R53): the caller's own, or with permission anybody's.

    Raises NotFound, Conflict `signed_out`."""
    need_own_or_others(actor, unit.workspace.sessions.get(session_id))
    agent_id, _ = open_session(unit.workspace, session_id, now=unit.now)
    _end(unit, actor, agent_id, session_id, because=_reason(actor, agent_id))


def end_all(unit: Unit, actor: Actor, agent_id: str, *, but: str | None = None) -> None:
    """All sessions of an agent end, on every device, but for one: the caller's own, or with permission anybody's.

    Raises NotFound."""
    need_own_or_others(actor, agent_id)
    because = StatusReason.SIGNED_OUT if actor.is_agent(agent_id) else StatusReason.REVOKED
    for session in open_sessions(unit.workspace, agent_id, now=unit.now):
        if session.id != but:
            _end(unit, actor, agent_id, session.id, because=because)


def revoke_all(unit: Unit, actor: Actor, agent_id: str) -> None:
    """All sessions of an agent end, for the agent may not come in any more. Raises NotFound."""
    for session in open_sessions(unit.workspace, agent_id, now=unit.now):
        _end(unit, actor, agent_id, session.id, because=StatusReason.REVOKED)


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
    if not actor.is_agent(workspace.sessions.get(session_id)):
        actor.need(Permission.PRESENCE_WRITE)
    return open_session(workspace, session_id, now=now)


def need_own_or_others(actor: Actor, agent_id: str | None) -> None:
    """Raises Forbidden for the sessions of somebody else: host applications and administrators see and end them."""
    if not actor.is_agent(agent_id) and not actor.may(Permission.PRESENCE_WRITE):
        actor.need(Permission.AGENTS_MANAGE)


def _reason(actor: Actor, agent_id: str) -> StatusReason:
    """Why a session ends: a person who ends somebody else's revokes it."""
    is_revoked = actor.agent_id is not None and actor.agent_id != agent_id
    return StatusReason.REVOKED if is_revoked else StatusReason.SIGNED_OUT


def _end(unit: Unit, actor: Actor, agent_id: str, session_id: str, *, because: StatusReason) -> None:
    unit.record(ENDED, session_id, by=actor.name, data={"agent_id": agent_id, "reason": because})
    presence.sign_out(unit, actor, agent_id, session_id, because=because)
    unit.workspace.held_inputs.pop((agent_id, session_id), None)
    for row in session_ended(unit.workspace.number, agent_id, session_id):
        unit.put(row)


def _begin(unit: Unit, actor: Actor, agent_id: str, session_id: str, *, expires_at: datetime | None) -> Session:
    workspace = unit.workspace
    workspace.agent(agent_id)
    if session_id in workspace.sessions:
        raise Conflict("conflict", f"session {session_id!r} exists already; sign in with a new id", field="id")
    presence.sign_in(unit, actor, agent_id, session_id, expires_at=expires_at)
    workspace.remember_session(session_id, agent_id)
    return next(session for session in workspace.facts(agent_id).sessions if session.id == session_id)
