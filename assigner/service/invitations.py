"""Links with which agents choose a password: made by an administrator, used once, and not for long.

Only a hash of what stands in the link is stored."""

from datetime import datetime, timedelta

from assigner.service.actor import Actor, Permission
from assigner.service.agents import set_password
from assigner.service.unit import Unit
from assigner.store.invitations import StoredInvitation, invitation_gone, invitation_row
from presence.errors import Conflict, NotFound
from presence.wording import sentence

CREATED = "invitation.created"
LASTS = timedelta(days=3)
"""How long a link counts: over a weekend, and not until it is found in an old mail."""


def invite(unit: Unit, actor: Actor, agent_id: str, *, token_hash: bytes) -> datetime:
    """Whoever has the link may choose the agent's password, once. Returns until when.

    Raises NotFound, Conflict for an agent who could not sign in, Forbidden for one who may do more than the caller."""
    actor.need(Permission.AGENTS_MANAGE)
    workspace = unit.workspace
    agent = workspace.agent(agent_id)
    actor.need_as_much(workspace.permissions_of(agent.role))
    if not agent.seat.agent.active:
        raise Conflict(
            "conflict", sentence("agent %(agent_id)r is deactivated; activate the agent first", agent_id=agent_id)
        )
    if agent.email is None:
        raise Conflict(
            "conflict", sentence("agent %(agent_id)r has no email to sign in with; write one first", agent_id=agent_id)
        )
    expires_at = unit.now + LASTS
    workspace.links[agent_id] = token_hash
    unit.put(invitation_row(workspace.number, agent_id, token_hash=token_hash, expires_at=expires_at))
    unit.record(CREATED, agent_id, by=actor.name, data={"expires_at": expires_at})
    return expires_at


def accept(unit: Unit, *, invitation: StoredInvitation, password_hash: str) -> None:
    """The agent signs in with this password from now on; the link counts no more.

    Raises NotFound for a link that was used meanwhile."""
    workspace, agent_id = unit.workspace, invitation.agent_id
    if workspace.links.get(agent_id) != invitation.token_hash or agent_id not in workspace.agents:
        raise NotFound("not_found", "this link counts no more; ask an administrator for another")
    del workspace.links[agent_id]
    permissions = workspace.permissions_of(workspace.agent(agent_id).role)
    oneself = Actor(name=f"agent:{agent_id}", workspace=workspace.number, permissions=permissions, agent_id=agent_id)
    set_password(unit, oneself, agent_id, password_hash)
    unit.put(invitation_gone(workspace.number, agent_id))
