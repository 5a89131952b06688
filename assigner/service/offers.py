"""What agents answer: to an offer, yes or no; about a contact, that the customer was answered; that wrap-up is over.

An agent speaks for oneself; a host application, with permission for all contacts, for the agent that it names."""

from assigner.core.changes import ContactAnswered, OfferAccepted, OfferEnd, OfferEnded, WrapUpEnded
from assigner.core.model import ContactState, OpenContact, Source
from assigner.service.actor import Actor, Permission
from assigner.service.contacts import open_contact, record_of
from assigner.service.unit import Unit
from assigner.store.rows import ContactRecord
from presence.errors import Conflict
from presence.wording import sentence


def accept_offer(unit: Unit, actor: Actor, contact_id: str, *, agent_id: str | None = None) -> ContactRecord:
    """The agent takes what is offered. Accepting again what one holds is harmless. Raises Conflict `no_offer`."""
    contact = open_contact(unit, contact_id)
    agent_id = _speaks_for(actor, contact, agent_id)
    if contact.state is ContactState.ASSIGNED and contact.agent_id == agent_id:
        return record_of(unit, contact_id)
    _need_offer(contact, agent_id)
    told = {"agent_id": agent_id, "queue": contact.queue, "source": Source.AUTOMATIC, "accepted": True}
    change = OfferAccepted(at=unit.now, contact_id=contact_id)
    unit.record("contact.assigned", contact_id, by=actor.name, data=told, change=change)
    return record_of(unit, contact_id)


def decline_offer(unit: Unit, actor: Actor, contact_id: str, *, agent_id: str | None = None) -> ContactRecord:
    """The agent does not take what is offered; it waits again in its old place. Raises Conflict `no_offer`."""
    contact = open_contact(unit, contact_id)
    agent_id = _speaks_for(actor, contact, agent_id)
    _need_offer(contact, agent_id)
    told = {"agent_id": agent_id, "queue": contact.queue, "reason": OfferEnd.DECLINED}
    change = OfferEnded(at=unit.now, contact_id=contact_id, because=OfferEnd.DECLINED)
    unit.record("contact.returned", contact_id, by=actor.name, data=told, change=change)
    return record_of(unit, contact_id)


def note_answered(unit: Unit, actor: Actor, contact_id: str) -> ContactRecord:
    """The holder has answered the customer for the first time. Raises Conflict where nobody holds the contact."""
    contact = open_contact(unit, contact_id)
    if not (contact.state is ContactState.ASSIGNED and actor.is_agent(contact.agent_id)):
        actor.need(Permission.CONTACTS_WRITE)
    if contact.state is not ContactState.ASSIGNED:
        raise Conflict(
            "conflict",
            sentence(
                "contact %(contact_id)r is %(state)s: nobody holds it, so nobody answered",
                contact_id=contact_id,
                state=contact.state,
            ),
        )
    if contact.answered_at is None:
        told = {"agent_id": contact.agent_id, "queue": contact.queue}
        change = ContactAnswered(at=unit.now, contact_id=contact_id)
        unit.record("contact.answered", contact_id, by=actor.name, data=told, change=change)
    return record_of(unit, contact_id)


def end_wrap_up(unit: Unit, actor: Actor, agent_id: str) -> None:
    """The agent needs no more time: at once there is room again. Raises NotFound, Forbidden."""
    if not actor.is_agent(agent_id) and not actor.may(Permission.PRESENCE_WRITE):
        actor.need(Permission.AVAILABILITY_MANAGE)
    unit.workspace.agent(agent_id)
    seat = unit.workspace.floor.seat(agent_id)
    if seat.wrapping_up_until(now=unit.now) is not None:
        change = WrapUpEnded(at=unit.now, agent_id=agent_id)
        unit.record("agent.wrap_up", agent_id, by=actor.name, data={"until": unit.now}, change=change)


def _speaks_for(actor: Actor, contact: OpenContact, agent_id: str | None) -> str | None:
    """Whose answer it is. Raises Forbidden for that of somebody else without permission."""
    if actor.agent_id is not None and agent_id in (None, actor.agent_id):
        return actor.agent_id
    actor.need(Permission.CONTACTS_WRITE)
    return contact.agent_id if agent_id is None else agent_id


def _need_offer(contact: OpenContact, agent_id: str | None) -> None:
    if contact.state is ContactState.OFFERED and contact.agent_id == agent_id:
        return
    to = "" if agent_id is None else f" to {agent_id!r}"
    raise Conflict("no_offer", f"contact {contact.id!r} is not offered{to}: it is {contact.state}; nothing was changed")
