"""What can be asked about agents: who they are, what they can do, where they belong, and with what they sign in.

An agent is written over HTTP as in an organisation file, with email and role beside it. Who is there follows from the
facts of presence: an agent who joins an office gets a flag for it, and one who is deactivated is signed out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assigner.core.changes import (
    AgentPut,
    AgentRemoved,
    ContactReturned,
    OfferEnd,
    OfferEnded,
    ReturnReason,
)
from assigner.core.snapshot import seat_record
from assigner.service.actor import Actor, Permission
from assigner.service.asked import InUse, need_version, read_asked
from assigner.service.log import edited
from assigner.service.presence import JOINED, change_facts
from assigner.service.roles import check_role
from assigner.service.sessions import end_all, revoke_all
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from assigner.store.accounts import agent_gone, password_row
from assigner.store.rows import AgentRecord
from presence import inputs
from presence.errors import Conflict, Invalid
from presence.model import PresenceFacts, PresencePolicy
from presence.wording import sentence
from rules.entry import Entry
from rules.organisation import Agent, Capacity
from rules.parse_organisation import read_agent

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1000
MANAGES = Permission.AGENTS_MANAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is asked for an agent."""

    agent: Agent
    role: str
    email: str | None


def put_agent(
    unit: Unit, actor: Actor, agent_id: str, asked: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """An agent comes to be, or becomes another. `expected` is the version that the caller has read.

    Raises Invalid, with `unknown_office` for an office that does not exist, Conflict for an email in use, Forbidden for
    the account of somebody who may do, or is to do, more than the caller."""
    actor.need(MANAGES)
    known = unit.workspace.agents.get(agent_id)
    need_version(f"agent {agent_id!r}", found=known.version if known else 0, expected=expected)
    account = check_agent(unit.workspace, agent_id, asked, offices=unit.workspace.floor.offices)
    need_reach(unit.workspace, actor, account)
    save_agent(unit, actor, account)
    return agent_document(unit.workspace, agent_id)


def check_agent(workspace: Workspace, agent_id: str, asked: Mapping[str, Any], *, offices: Collection[str]) -> Account:
    """What is asked for an agent, who may belong to these offices. Raises what `put_agent` raises."""
    role, email = read_asked({name: asked.get(name) or None for name in ("role", "email")}, _read_account)
    email = _read_email(workspace, agent_id, email)
    check_role(workspace, role, code="unknown_value")
    fields = {name: value for name, value in asked.items() if name not in ("role", "email")}
    if fields.get("takes_contacts") is None:
        fields["takes_contacts"] = not any(each.endswith(".manage") for each in workspace.permissions_of(role))
    agent = read_asked(fields, lambda entry: read_agent(entry, agent_id, offices))
    return Account(agent=replace(agent, offices=tuple(dict.fromkeys(agent.offices))), role=role, email=email)


def save_agent(unit: Unit, actor: Actor, account: Account) -> None:
    """An agent comes to be, or becomes another, after `check_agent` and `need_reach`."""
    known = unit.workspace.agents.get(account.agent.id)
    if known is None or account != account_of(known):
        _save(unit, actor, account)


def patch_agent(
    unit: Unit, actor: Actor, agent_id: str, changes: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change some fields of an agent; the others stay. Raises NotFound, and what `put_agent` raises."""
    actor.need(MANAGES)
    there = agent_document(unit.workspace, agent_id)
    fields = {name: value for name, value in there.items() if name not in ("id", "version")}
    return put_agent(unit, actor, agent_id, {**fields, **changes}, expected=expected)


def delete_agent(
    unit: Unit, actor: Actor, agent_id: str, *, reassign: bool = False, expected: int | None = None
) -> None:
    """An agent is gone. With `reassign` the contacts that the agent holds wait again first, as old as they are.

    Raises NotFound, and InUse where the agent holds contacts."""
    actor.need(MANAGES)
    workspace = unit.workspace
    need_version(f"agent {agent_id!r}", found=workspace.agent(agent_id).version, expected=expected)
    actor.need_as_much(workspace.permissions_of(workspace.agent(agent_id).role))
    seat = workspace.floor.seat(agent_id)
    held = tuple(seat.holds)
    if held and not reassign:
        message = sentence(
            "agent %(agent_id)r holds %(count)s contacts; ?reassign=true returns them to their queues first",
            agent_id=agent_id,
            count=len(held),
        )
        raise InUse(message, {"contacts": len(held)})
    account = edited(document_of_account(account_of(workspace.agent(agent_id))), None)
    leaving: list[OfferEnded | ContactReturned] = [
        *(OfferEnded(at=unit.now, contact_id=each, because=OfferEnd.WITHDRAWN) for each in seat.offers),
        *(ContactReturned(at=unit.now, contact_id=each, because=ReturnReason.AGENT_REMOVED) for each in held),
    ]
    for back in leaving:
        told = {"agent_id": agent_id, "queue": workspace.floor.contact(back.contact_id).queue, "reason": back.because}
        unit.record("contact.returned", back.contact_id, by=actor.name, data=told, change=back)
    change = AgentRemoved(at=unit.now, agent_id=agent_id)
    unit.record("agent.removed", agent_id, by=actor.name, data=account, change=change)
    email = workspace.agents.pop(agent_id).email
    if email is not None:
        del workspace.emails[email]
    for key in [key for key in workspace.held_inputs if key[0] == agent_id]:
        del workspace.held_inputs[key]
    for row in agent_gone(workspace.number, agent_id):
        unit.put(row)


def set_password(unit: Unit, actor: Actor, agent_id: str, password_hash: str) -> None:
    """An agent signs in with another password from now on: one's own, or with permission somebody's. All other sessions
    of the agent end.

    Raises NotFound, Forbidden for somebody who may do more than the caller."""
    need_own_or_manage(actor, agent_id)
    agent = unit.workspace.agent(agent_id)
    if not actor.is_agent(agent_id):
        actor.need_as_much(unit.workspace.permissions_of(agent.role))
    unit.put(password_row(unit.workspace.number, agent_id, password_hash))
    unit.record("agent.changed", agent_id, by=actor.name, data={"changed": ["password"]})
    end_all(unit, actor, agent_id, but=actor.session_id)


def need_own_or_manage(actor: Actor, agent_id: str) -> None:
    """Raises Forbidden for somebody else's password without permission."""
    if not actor.is_agent(agent_id):
        actor.need(MANAGES)


def check_password(password: str) -> None:
    """Raises Invalid `out_of_range` for a password that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        message = sentence(
            "a password has %(shortest)s to %(longest)s characters, not %(given)s",
            shortest=SHORTEST_PASSWORD,
            longest=LONGEST_PASSWORD,
            given=len(password),
        )
        raise Invalid("out_of_range", message, field="password")


def leave_office(unit: Unit, actor: Actor, agent_id: str, office_id: str) -> None:
    """The agent belongs to an office no more."""
    account = account_of(unit.workspace.agent(agent_id))
    offices = tuple(office for office in account.agent.offices if office != office_id)
    _save(unit, actor, replace(account, agent=replace(account.agent, offices=offices)))


def agent_document(workspace: Workspace, agent_id: str) -> dict[str, Any]:
    """An agent as it is told, in the form in which it can be sent again. Raises NotFound."""
    record = workspace.agent(agent_id)
    return {"id": agent_id, **document_of_account(account_of(record)), "version": record.version}


def document_of_account(account: Account) -> dict[str, Any]:
    """What is asked for an agent, in the form in which it can be sent."""
    return {**document_of_agent(account.agent), "email": account.email, "role": account.role}


def document_of_agent(agent: Agent) -> dict[str, Any]:
    """What makes somebody an agent, in the form in which it can be sent."""
    return {
        "name": agent.name or agent.id,
        "takes_contacts": agent.takes_contacts,
        "offices": list(agent.offices),
        "skills": dict(agent.skills),
        "capacity": _capacity_document(agent.capacity),
        "weight": agent.weight,
        "active": agent.active,
        "wrap_up": agent.wrap_up,
    }


def _capacity_document(capacity: Capacity | None) -> Any:
    if capacity is None or not capacity.channels:
        return None if capacity is None else capacity.total
    return {"total": capacity.total, "channels": dict(capacity.channels)}


def account_of(record: AgentRecord) -> Account:
    """What was asked for an agent who is there."""
    return Account(agent=record.seat.agent, role=record.role, email=record.email)


def _read_account(entry: Entry) -> tuple[str, str | None]:
    """Role and email as texts; what is empty counts as left out."""
    fields = entry.fields("role", "email")
    return fields.read("role", Entry.text, "agent"), fields.read("email", Entry.text, None)


def _read_email(workspace: Workspace, agent_id: str, email: str | None) -> str | None:
    """The email in lower case: people write it either way. Raises Invalid, and Conflict where it is in use."""
    if email is None or not email.strip():
        return None
    email = email.strip().lower()
    if "@" not in email or len(email) > 254:
        raise Invalid(
            "unknown_value",
            sentence("%(email)r is no email address; it is written name@host", email=email),
            field="email",
        )
    owner = workspace.emails.get(email, agent_id)
    if owner != agent_id:
        raise Conflict(
            "conflict",
            sentence("agent %(owner)r has the email %(email)r already; use another", owner=owner, email=email),
            field="email",
        )
    return email


def need_reach(workspace: Workspace, actor: Actor, account: Account) -> None:
    """Raises Forbidden where the way in of somebody is to change who may do more than the caller, before or after."""
    known = workspace.agents.get(account.agent.id)
    if known is None:
        actor.need_as_much(workspace.permissions_of(account.role))
    elif (known.role, known.email, known.seat.agent.active) != (account.role, account.email, account.agent.active):
        actor.need_as_much(workspace.permissions_of(account.role) | workspace.permissions_of(known.role))


def _save(unit: Unit, actor: Actor, account: Account) -> None:
    """Let the board and the facts of presence follow what an agent is now."""
    agent, workspace = account.agent, unit.workspace
    known = workspace.agents.get(agent.id)
    before = None if known is None else document_of_account(account_of(known))
    told = {"role": account.role, "active": agent.active, "offices": agent.offices}
    told |= edited(before, document_of_account(account))
    change = AgentPut(at=unit.now, agent=agent)
    unit.record("agent.changed", agent.id, by=actor.name, data=told, change=change)
    if known is not None and known.email is not None:
        del workspace.emails[known.email]
    if account.email is not None:
        workspace.emails[account.email] = agent.id
    workspace.agents[agent.id] = AgentRecord(
        seat=seat_record(workspace.floor.seat(agent.id)),
        facts=known.facts if known else PresenceFacts(),
        role=account.role,
        email=account.email,
        version=unit.change_no,
    )
    policy = workspace.policy
    change_facts(
        unit,
        agent.id,
        lambda facts: _at_own_offices(facts, policy, agent, now=unit.now),
        by=actor.name,
        told=JOINED,
    )
    if not agent.active:
        revoke_all(unit, actor, agent.id)


def _at_own_offices(facts: PresenceFacts, policy: PresencePolicy, agent: Agent, *, now: datetime) -> PresenceFacts:
    """Flags for the own offices and no others."""
    left = [flag.office for flag in facts.offices if flag.office not in agent.offices]
    facts = inputs.offices_left(facts, left) if left else facts
    return inputs.offices_joined(facts, policy, agent.offices, now=now)
