"""What can be asked about contacts: take one in, give it out by hand, hold it, return it, end it.

Every function checks first and records afterwards. What the engine does by itself (assignments, further stops) follows
in the same commit, from the board."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assigner.core.changes import (
    ContactAbandoned,
    ContactAmended,
    ContactArrived,
    ContactClosed,
    ContactHeld,
    ContactMoved,
    ContactResumed,
    ContactReturned,
    ContactTaken,
    OnResumeFull,
    ReturnReason,
)
from assigner.core.filters import failures
from assigner.core.model import ContactState, OpenContact
from assigner.service.actor import Actor, Permission
from assigner.service.unit import Unit
from assigner.store.documents import to_canonical
from assigner.store.rows import ContactRecord, queue_of
from presence.errors import Conflict, Forbidden, Invalid, NotFound, did_you_mean
from presence.wording import sentence
from rules.match import match
from rules.model import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What became of a contact that was sent: whether it is new, and how it stands now."""

    created: bool
    contact: ContactRecord


def body_hash(body: Mapping[str, Any]) -> bytes:
    """What two requests to take in the same contact must have in common."""
    return hashlib.sha256(to_canonical(body)).digest()[:16]


def accept(unit: Unit, actor: Actor, contact: Contact, *, sent: bytes) -> Accepted:
    """Take in a contact. `sent` is the hash of what was sent: the same again changes nothing, something else is
    refused.

    Raises Invalid for an office or agent that does not exist, Conflict for an id that was sent with another body."""
    actor.need(Permission.CONTACTS_WRITE)
    known = find(unit, contact.id)
    if known is not None:
        if known.body_hash == sent:
            return Accepted(created=False, contact=known)
        raise Conflict(
            "conflict", f"contact {contact.id!r} was sent before with another body; send a new contact with a new id"
        )
    check_names(unit, contact)
    floor = unit.workspace.floor
    asked = replace(contact, arrived_at=unit.now)
    matched = match(floor.rule_set, asked, offices=frozenset(floor.offices))
    holder = None if asked.customer_id is None else floor.last_holder.get(asked.customer_id)
    change = ContactArrived(at=unit.now, contact=asked, match=matched, previous_holder=holder)
    unit.record(
        "contact.queued",
        contact.id,
        by=actor.name,
        data={"queue": matched.queue, "rule": matched.rule, "channel": asked.channel, "office": asked.office},
        change=change,
    )
    unit.workspace.notes[contact.id].body_hash = sent
    return Accepted(created=True, contact=record_of(unit, contact.id))


def amend(unit: Unit, actor: Actor, contact_id: str, changes: Mapping[str, Any]) -> ContactRecord:
    """Change what a waiting contact asks for: priority, skills, attributes, language. It is matched again."""
    actor.need(Permission.CONTACTS_WRITE)
    contact = open_contact(unit, contact_id)
    if contact.state is ContactState.ASSIGNED:
        raise Conflict("already_assigned", f"contact {contact_id!r} waits no longer: only a waiting one can be amended")
    amended = replace(contact.contact, **changes)
    check_names(unit, amended)
    floor = unit.workspace.floor
    matched = match(floor.rule_set, amended, offices=frozenset(floor.offices))
    change = ContactAmended(at=unit.now, contact=amended, match=matched)
    told = {"queue": matched.queue, "rule": matched.rule, "amended": sorted(changes)}
    unit.record("contact.moved", contact_id, by=actor.name, data=told, change=change)
    return record_of(unit, contact_id)


def assign(unit: Unit, actor: Actor, contact_id: str, agent_id: str) -> ContactRecord:
    """Give a waiting contact to an agent by hand; to oneself with less permission. Limits may be exceeded, and it says
    so.

    Raises Conflict `already_assigned` for a contact that somebody else holds, `takes_no_contacts` for that agent."""
    contact = open_contact(unit, contact_id)
    if contact.state is ContactState.ASSIGNED:
        _may_see(actor, contact)
        if contact.agent_id == agent_id:
            return record_of(unit, contact_id)
        raise Conflict(
            "already_assigned", f"contact {contact_id!r} is held by {contact.agent_id!r}; move it with /transfer"
        )
    if not (actor.is_agent(agent_id) and actor.may(Permission.CONTACTS_TAKE)):
        actor.need(Permission.CONTACTS_ASSIGN)
    return _give(unit, actor, contact, agent_id)


def transfer_to_agent(unit: Unit, actor: Actor, contact_id: str, agent_id: str) -> ContactRecord:
    """Move a contact to an agent by hand; it is as old as before."""
    contact = open_contact(unit, contact_id)
    _own_or_assign(actor, contact)
    is_holder = contact.state is ContactState.ASSIGNED and contact.agent_id == agent_id
    return record_of(unit, contact_id) if is_holder else _give(unit, actor, contact, agent_id)


def transfer(
    unit: Unit, actor: Actor, contact_id: str, *, queue: str | None = None, office: str | None = None
) -> ContactRecord:
    """Move a contact into a queue, or before an office, where it waits as old as it is."""
    contact = open_contact(unit, contact_id)
    _own_or_assign(actor, contact)
    if queue is not None and unit.workspace.floor.queue_of(queue) is None:
        raise Invalid(
            "unknown_queue",
            sentence("queue %(queue)r does not exist; GET /v1/queues lists all", queue=queue),
            field="queue",
        )
    if office is not None:
        _check_office(unit, office)
    change = ContactMoved(at=unit.now, contact_id=contact_id, queue=queue, office=office)
    told = {"queue": queue, "office": office, "from": contact.agent_id}
    unit.record("contact.moved", contact_id, by=actor.name, data=told, change=change)
    return record_of(unit, contact_id)


def give_back(
    unit: Unit, actor: Actor, contact_id: str, *, reason: str | None = None, exclude_agent: str | None = None
) -> ContactRecord:
    """Let a held contact wait again, as old as it is."""
    contact = _held(unit, actor, contact_id)
    if exclude_agent is not None:
        _check_agent(unit, exclude_agent, field="exclude_agent")
    change = ContactReturned(at=unit.now, contact_id=contact_id, exclude_agent=exclude_agent)
    told = {"agent_id": contact.agent_id, "reason": reason, "exclude_agent": exclude_agent}
    unit.record("contact.returned", contact_id, by=actor.name, data=told, change=change)
    return record_of(unit, contact_id)


def hold(unit: Unit, actor: Actor, contact_id: str) -> ContactRecord:
    """Put a held contact on hold: it frees capacity and keeps its agent."""
    contact = _held(unit, actor, contact_id)
    if not contact.on_hold:
        change = ContactHeld(at=unit.now, contact_id=contact_id)
        unit.record("contact.held", contact_id, by=actor.name, data={"agent_id": contact.agent_id}, change=change)
    return record_of(unit, contact_id)


def resume(unit: Unit, actor: Actor, contact_id: str) -> ContactRecord:
    """Take a contact off hold; where its holder is full, the settings say whether it stays or waits again."""
    contact = _held(unit, actor, contact_id)
    if not contact.on_hold or contact.agent_id is None:
        return record_of(unit, contact_id)
    floor, told = unit.workspace.floor, {"agent_id": contact.agent_id}
    seat = floor.seat(contact.agent_id)
    is_full = seat.capacity is not None and seat.load >= seat.capacity
    if is_full and floor.roster.settings.on_resume_full is OnResumeFull.RETURN:
        back = ContactReturned(at=unit.now, contact_id=contact_id, because=ReturnReason.RESUME_FULL)
        unit.record("contact.returned", contact_id, by=actor.name, data={**told, "reason": back.because}, change=back)
    else:
        change = ContactResumed(at=unit.now, contact_id=contact_id)
        unit.record("contact.resumed", contact_id, by=actor.name, data=told, change=change)
    return record_of(unit, contact_id)


def close(unit: Unit, actor: Actor, contact_id: str, *, outcome: str | None = None) -> ContactRecord:
    """End a contact. Closing it again with the same outcome changes nothing, with another it is refused."""
    ended = unit.ended(contact_id)
    if ended is not None and contact_id not in unit.workspace.floor.contacts:
        _may_see(actor, ended.place)
        if ended.place.state is ContactState.CLOSED and ended.outcome == outcome:
            return ended
        raise Conflict("already_closed", f"contact {contact_id!r} has ended: {ended.place.state}; nothing was changed")
    contact = open_contact(unit, contact_id)
    if not _holds(actor, contact):
        actor.need(Permission.CONTACTS_WRITE)
    return _end(unit, actor, contact, ContactState.CLOSED, outcome=outcome)


def abandon(unit: Unit, actor: Actor, contact_id: str) -> ContactRecord:
    """The customer of a waiting contact has given up."""
    actor.need(Permission.CONTACTS_WRITE)
    ended = unit.ended(contact_id)
    if ended is not None and contact_id not in unit.workspace.floor.contacts:
        if ended.place.state is ContactState.ABANDONED:
            return ended
        raise Conflict("already_closed", f"contact {contact_id!r} has ended: {ended.place.state}; nothing was changed")
    contact = open_contact(unit, contact_id)
    if contact.state is ContactState.ASSIGNED:
        raise Conflict("already_assigned", f"contact {contact_id!r} is held by {contact.agent_id!r}; close it instead")
    return _end(unit, actor, contact, ContactState.ABANDONED, outcome=None)


def find(unit: Unit, contact_id: str) -> ContactRecord | None:
    """A contact as it is, open or ended."""
    return record_of(unit, contact_id) if contact_id in unit.workspace.floor.contacts else unit.ended(contact_id)


def record_of(unit: Unit, contact_id: str) -> ContactRecord:
    """An open contact as it is."""
    note = unit.workspace.notes[contact_id]
    contact = unit.workspace.floor.contacts[contact_id]
    return ContactRecord(place=contact, version=note.version, body_hash=note.body_hash)


def open_contact(unit: Unit, contact_id: str) -> OpenContact:
    """A contact that is open. Raises NotFound, and Conflict for one that has ended."""
    contact = unit.workspace.floor.contacts.get(contact_id)
    if contact is not None:
        return contact
    ended = unit.ended(contact_id)
    if ended is not None:
        raise Conflict("already_closed", f"contact {contact_id!r} has ended: {ended.place.state}; nothing was changed")
    raise NotFound("not_found", f"contact {contact_id!r} does not exist; GET /v1/contacts lists those there are")


def _give(unit: Unit, actor: Actor, contact: OpenContact, agent_id: str) -> ContactRecord:
    _check_agent(unit, agent_id)
    floor = unit.workspace.floor
    if not floor.seat(agent_id).is_member:
        raise Conflict("takes_no_contacts", f"agent {agent_id!r} takes no contacts; choose another agent")
    overrode: tuple[str, ...] = ()
    floor.advance(now=unit.now)
    if contact.state is not ContactState.ASSIGNED:
        asks = floor.asks_of(contact, now=unit.now)
        overrode = tuple(failures(floor.roster, asks[0], agent_id)) if asks else ()
    change = ContactTaken(at=unit.now, contact_id=contact.id, agent_id=agent_id)
    queue = contact.queue or next((stop.queue for stop in contact.waiting_in), None)
    told = {"agent_id": agent_id, "queue": queue, "source": "manual", "overrode": overrode, "from": contact.agent_id}
    unit.record("contact.assigned", contact.id, by=actor.name, data=told, change=change)
    return record_of(unit, contact.id)


def _end(unit: Unit, actor: Actor, contact: OpenContact, state: ContactState, *, outcome: str | None) -> ContactRecord:
    queue = queue_of(contact)
    if contact.state is ContactState.OFFERED:
        contact = replace(contact, agent_id=None, offer=None)
    unit.end(contact, state=state, by=actor.name, outcome=outcome)
    if state is ContactState.CLOSED:
        told = {"agent_id": contact.agent_id, "queue": queue, "outcome": outcome}
        change = ContactClosed(at=unit.now, contact_id=contact.id)
        unit.record("contact.closed", contact.id, by=actor.name, data=told, change=change)
    else:
        gone = ContactAbandoned(at=unit.now, contact_id=contact.id)
        unit.record("contact.abandoned", contact.id, by=actor.name, data={"queue": queue}, change=gone)
    ended = unit.ended(contact.id)
    assert ended is not None, "it was ended two lines above"
    return ended


def _held(unit: Unit, actor: Actor, contact_id: str) -> OpenContact:
    """A contact that an agent holds, of the caller's own or with permission for all."""
    contact = open_contact(unit, contact_id)
    if not _holds(actor, contact):
        actor.need(Permission.CONTACTS_WRITE)
    if contact.state is not ContactState.ASSIGNED:
        raise Conflict(
            "conflict",
            sentence(
                "contact %(contact_id)r is %(state)s: nobody holds it", contact_id=contact_id, state=contact.state
            ),
        )
    return contact


def _holds(actor: Actor, contact: OpenContact) -> bool:
    """Whether a contact is the caller's own: an offer does not make it so."""
    return contact.state is ContactState.ASSIGNED and actor.is_agent(contact.agent_id)


def _own_or_assign(actor: Actor, contact: OpenContact) -> None:
    if not _holds(actor, contact):
        actor.need(Permission.CONTACTS_ASSIGN)


def _may_see(actor: Actor, contact: OpenContact) -> None:
    if not actor.is_agent(contact.agent_id) and not actor.may(Permission.CONTACTS_WRITE):
        raise Forbidden("forbidden", f"contact {contact.id!r} is not yours; ask a supervisor")


def check_names(unit: Unit, contact: Contact) -> None:
    """Raises Invalid for an office or an agent that a contact names and that does not exist."""
    if contact.office is not None:
        _check_office(unit, contact.office)
    if contact.preferred_agent_id is not None:
        _check_agent(unit, contact.preferred_agent_id, field="preferred_agent_id")
    for agent_id in sorted(contact.exclude_agents):
        _check_agent(unit, agent_id, field="exclude_agents")


def _check_office(unit: Unit, office: str) -> None:
    known = unit.workspace.floor.offices
    if office not in known:
        hint = did_you_mean(office, known)
        raise Invalid(
            "unknown_office",
            sentence("office %(office)r does not exist%(hint)s; GET /v1/offices lists all", office=office, hint=hint),
            field="office",
        )


def _check_agent(unit: Unit, agent_id: str, *, field: str = "agent_id") -> None:
    known = unit.workspace.agents
    if agent_id not in known:
        hint = did_you_mean(agent_id, known)
        raise Invalid(
            "unknown_agent",
            sentence(
                "agent %(agent_id)r does not exist%(hint)s; GET /v1/agents lists all", agent_id=agent_id, hint=hint
            ),
            field=field,
        )
