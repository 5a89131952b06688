"""Who is there, as people and host applications change it: sign-ins, inputs, statuses, toggles.

Every request makes new facts with the functions of `presence`, and `change_facts` tells the board what follows from
them. A status is never set: it is read off the facts, and logged when it is news."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from assigner.core.changes import PresenceChanged
from assigner.service.actor import Actor, Permission
from assigner.service.unit import ENGINE, Unit
from assigner.service.workspace import Workspace
from presence import inputs, offices
from presence.effective import effective
from presence.errors import Forbidden, Invalid, NotFound, Refused, did_you_mean
from presence.model import PresenceFacts, PresencePolicy, Status, StatusReason

NewFacts = Callable[[PresenceFacts], PresenceFacts]
NOTHING: Mapping[str, Any] = MappingProxyType({})
TOGGLED: Mapping[str, Any] = MappingProxyType({"reason": StatusReason.OFFICE})
JOINED: Mapping[str, Any] = MappingProxyType({"reason": StatusReason.OFFICE, "joined": True})
"""What is told of a flag that was moved by itself, and of one that came with an office that the agent joined."""


def change_facts(unit: Unit, agent_id: str, new: NewFacts, *, by: str, told: Mapping[str, Any] = NOTHING) -> None:
    """Let the facts of an agent change, and log status and flags where they do; flags with what is `told` of them."""
    record = unit.workspace.agent(agent_id)
    facts = new(record.facts)
    if facts == record.facts:
        return
    unit.workspace.agents[agent_id] = replace(record, facts=facts)
    unit.touch_agent(agent_id)
    tell_board(unit, agent_id, by=by, at=unit.now, told=told)


def sign_in(unit: Unit, actor: Actor, agent_id: str, session_id: str, *, expires_at: datetime | None = None) -> None:
    """A session begins. Raises NotFound, Conflict for an id that is in use, Forbidden for a deactivated agent."""
    if not unit.workspace.agent(agent_id).seat.agent.active:
        raise Forbidden("forbidden", f"agent {agent_id!r} is deactivated; an administrator can activate the agent")
    policy = unit.workspace.policy
    change_facts(
        unit,
        agent_id,
        lambda facts: inputs.sign_in(facts, policy, session_id, now=unit.now, expires_at=expires_at),
        by=actor.name,
    )


def sign_out(
    unit: Unit, actor: Actor, agent_id: str, session_id: str, *, because: StatusReason = StatusReason.SIGNED_OUT
) -> None:
    """A session ends, with all its tabs."""
    change_facts(
        unit, agent_id, lambda facts: inputs.sign_out(facts, session_id, now=unit.now, because=because), by=actor.name
    )


def report_activity(unit: Unit, actor: Actor, agent_id: str, session_id: str, *, age_ms: int) -> bool:
    """Input in a session, so many milliseconds ago. Whether it changed the status."""
    if absorb_activity(unit.workspace, agent_id, session_id, age_ms=age_ms, now=unit.now):
        return False
    policy, was = unit.workspace.policy, unit.workspace.floor.seat(agent_id).status
    change_facts(
        unit, agent_id, lambda facts: inputs.activity(facts, policy, session_id, age_ms, now=unit.now), by=actor.name
    )
    return unit.workspace.floor.seat(agent_id).status is not was


def report_late_inputs(unit: Unit) -> None:
    """Inputs that were held while another node changed their agents: they count as if they came only now."""
    late, unit.workspace.late_inputs = unit.workspace.late_inputs, {}
    for (agent_id, session_id), report in late.items():
        age_ms = max(0, (unit.now - report.input_at) // inputs.MILLISECOND)
        actor = Actor(name=f"agent:{agent_id}", workspace=unit.workspace.number, permissions=frozenset())
        try:
            report_activity(unit, actor, agent_id, session_id, age_ms=age_ms)
        except Refused:
            continue  # the agent, or the session, has gone


def absorb_activity(workspace: Workspace, agent_id: str, session_id: str, *, age_ms: int, now: datetime) -> bool:
    """Take note of input that changes nothing but instants; it is written with that of the same second. False where
    there is more to it, and then nothing was done."""
    record, seat = workspace.agent(agent_id), workspace.floor.seat(agent_id)
    if seat.look_again_at is not None and seat.look_again_at <= now:
        return False  # a lapse is to be logged before the fact it follows from is overwritten
    facts = inputs.activity(record.facts, workspace.policy, session_id, age_ms, now=now)
    narrow = replace(facts, last_input_at=record.facts.last_input_at, sessions=record.facts.sessions)
    there = effective(facts, workspace.policy, now=now)
    if narrow != record.facts or there.status is not seat.status:
        return False
    workspace.agents[agent_id] = replace(record, facts=facts)
    is_news = facts.last_input_at != record.facts.last_input_at or workspace.policy.lease_after is not None
    if is_news and facts.last_input_at is not None:
        workspace.hold_input(agent_id, session_id, at=facts.last_input_at, now=now)
    seat.look_again_at = there.next_change_at
    if there.next_change_at is not None:
        workspace.floor.hint(agent_id, there.next_change_at)
    return True


def set_away(unit: Unit, agent_id: str, *, at: datetime) -> None:
    """Who has missed too many offers is Away from that instant on, until the agent chooses again."""
    record = unit.workspace.agent(agent_id)
    facts = inputs.missed_offers(record.facts, unit.workspace.policy, now=at)
    unit.workspace.agents[agent_id] = replace(record, facts=facts)
    unit.touch_agent(agent_id)
    tell_board(unit, agent_id, by=ENGINE, at=at)


def follow_policy(unit: Unit, old: PresencePolicy, *, by: str) -> None:
    """Let everybody's facts and status follow the policy that has just come into force (R35, R36)."""
    workspace = unit.workspace
    for agent_id, record in tuple(workspace.agents.items()):
        facts = inputs.policy_saved(record.facts, old, workspace.policy, now=unit.now)
        workspace.agents[agent_id] = replace(record, facts=facts)
        tell_board(unit, agent_id, by=by, at=unit.now)


def choose_status(unit: Unit, actor: Actor, agent_id: str, status: str) -> None:
    """An agent chooses a status, or somebody who may chooses it for the agent (R10, R14)."""
    choose = inputs.choose if _speaks_for(actor, agent_id) else inputs.choose_for
    policy, wanted = unit.workspace.policy, _status(status, unit.workspace.policy)
    change_facts(unit, agent_id, lambda facts: choose(facts, policy, wanted, now=unit.now), by=actor.name)


def set_available(unit: Unit, actor: Actor, agent_id: str, *, available: bool) -> None:
    """Global availability: true chooses Online and every own office, false chooses Away and none (R41, R46)."""
    change = offices.set_global if _speaks_for(actor, agent_id) else offices.set_global_for
    policy = unit.workspace.policy
    change_facts(unit, agent_id, lambda facts: change(facts, policy, available, now=unit.now), by=actor.name)


def set_available_for_office(unit: Unit, actor: Actor, agent_id: str, office: str, *, available: bool) -> None:
    """Availability for one office: an agent's own toggle, or an administrator's (R45, R48, R49). A host application
    whose key may do no more speaks for the agent."""
    policy, now = unit.workspace.policy, unit.now
    _speaks_for(actor, agent_id)

    def toggle(facts: PresenceFacts) -> PresenceFacts:
        if actor.is_agent(agent_id) or not actor.may(Permission.AVAILABILITY_MANAGE):
            return offices.toggle_own(facts, policy, office, available, now=now)
        return offices.set_by_administrator(facts, office, available, by=actor.name, now=now)

    change_facts(unit, agent_id, toggle, by=actor.name, told=TOGGLED)


def set_office_available(unit: Unit, actor: Actor, office: str, *, available: bool) -> None:
    """Everybody in an office at once; true undoes only what the same call set (R50)."""
    actor.need(Permission.AVAILABILITY_MANAGE)
    known = unit.workspace.floor.offices
    if office not in known:
        hint = did_you_mean(office, known)
        raise NotFound("not_found", f"office {office!r} does not exist{hint}; GET /v1/offices lists all")
    for agent_id, record in tuple(unit.workspace.agents.items()):
        if record.facts.flag(office) is not None:
            change_facts(
                unit,
                agent_id,
                lambda facts: offices.set_for_everyone(facts, office, available, by=actor.name),
                by=actor.name,
                told=TOGGLED,
            )


def _speaks_for(actor: Actor, agent_id: str) -> bool:
    """Whether what the caller does is the agent's own doing: in person, or through a host application. Raises Forbidden
    for anybody else without permission."""
    if actor.is_agent(agent_id) or (actor.agent_id is None and actor.may(Permission.PRESENCE_WRITE)):
        return True
    actor.need(Permission.AVAILABILITY_MANAGE)
    return False


def _status(name: str, policy: PresencePolicy) -> Status:
    """The status of a name; whether it may be chosen is asked later."""
    try:
        return Status(name)
    except ValueError:
        hint = did_you_mean(name, policy.selectable) or f"; choose one of: {', '.join(policy.selectable)}"
        raise Invalid("status_not_selectable", f'there is no status "{name}"{hint}', field="status") from None


def _switched_on(unit: Unit, agent_id: str) -> frozenset[str]:
    facts, policy = unit.workspace.facts(agent_id), unit.workspace.policy
    own = unit.workspace.floor.seat(agent_id).agent.offices
    return frozenset(office for office in own if offices.switched_on(facts, policy, office))


def tell_board(unit: Unit, agent_id: str, *, by: str, at: datetime, told: Mapping[str, Any] = NOTHING) -> None:
    """Log what the facts say of an agent at an instant, where it is news, and let the board know."""
    seat = unit.workspace.floor.seat(agent_id)
    there = effective(unit.workspace.facts(agent_id), unit.workspace.policy, now=at)
    on, was_on = _switched_on(unit, agent_id), seat.switched_on
    change = PresenceChanged(
        at=at, agent_id=agent_id, status=there.status, switched_on=on, look_again_at=there.next_change_at
    )
    is_news = there.status is not seat.status
    if is_news:
        told = {"status": there.status, "reason": there.reason, "was": seat.status}
        unit.record("agent.status", agent_id, by=by, data=told, change=change)
    for office in sorted(on ^ was_on):
        flag = {"office": office, "available": office in on, "status": there.status, "reason": there.reason, **told}
        unit.record("agent.availability", agent_id, by=by, data=flag, change=None if is_news else change)
    if not is_news and on == was_on:
        unit.tell(change)
        unit.touch_quietly(agent_id)
