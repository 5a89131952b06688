"""What a caller may see of the contacts in memory: which there are, and which are whose.

An agent sees the own contacts and those that wait in the own queues; who may write contacts sees all."""

from collections.abc import Iterator

from assigner.core.filters import members_of
from assigner.core.model import ContactState, OpenContact
from assigner.core.need import OrderKey, order_key
from assigner.service.actor import Actor, Permission
from assigner.service.workspace import Workspace
from assigner.store.rows import ContactRecord
from presence.errors import Forbidden, NotFound


def open_record(workspace: Workspace, contact_id: str) -> ContactRecord | None:
    """An open contact as it is; None for one that never arrived or has ended."""
    contact = workspace.floor.contacts.get(contact_id)
    if contact is None:
        return None
    note = workspace.notes[contact_id]
    return ContactRecord(place=contact, version=note.version, body_hash=note.body_hash)


def own_queues(workspace: Workspace, agent_id: str | None) -> frozenset[str]:
    """The queues that an agent is a member of."""
    floor = workspace.floor
    agent = floor.roster.bit(agent_id) if agent_id is not None else 0
    return frozenset(name for name, queue in floor.queues.items() if members_of(floor.roster, queue) & agent)


def visible_queues(workspace: Workspace, actor: Actor) -> frozenset[str]:
    """The queues that the caller sees: all for who may write contacts, else the own ones."""
    if actor.may(Permission.CONTACTS_WRITE):
        return frozenset(workspace.floor.queues)
    return own_queues(workspace, actor.agent_id)


def need_sight(workspace: Workspace, actor: Actor, contact: OpenContact) -> None:
    """Raises Forbidden where the caller may not see a contact."""
    if not _sees(actor, contact, own_queues(workspace, actor.agent_id)):
        raise Forbidden("forbidden", f"contact {contact.id!r} is not yours; ask a supervisor")


def no_such_contact(contact_id: str) -> NotFound:
    """The refusal for an id that no contact of this workspace has."""
    return NotFound("not_found", f"contact {contact_id!r} does not exist; GET /v1/contacts lists those there are")


def waiting_after(
    workspace: Workspace, actor: Actor, after: OrderKey | None
) -> Iterator[tuple[OrderKey, ContactRecord]]:
    """The waiting contacts that the caller sees, in the order of serving, behind a place in it."""
    floor, queues = workspace.floor, own_queues(workspace, actor.agent_id)
    for contact_id in floor.waiting.in_order():
        contact = floor.contacts[contact_id]
        place = order_key(contact, floor.queue_of)
        if (after is None or place > after) and _sees(actor, contact, queues):
            note = workspace.notes[contact_id]
            yield place, ContactRecord(place=contact, version=note.version, body_hash=note.body_hash)


def _sees(actor: Actor, contact: OpenContact, queues: frozenset[str]) -> bool:
    if actor.may(Permission.CONTACTS_WRITE) or actor.is_agent(contact.agent_id):
        return True
    waits = contact.state is ContactState.QUEUED and actor.may(Permission.CONTACTS_TAKE)
    return waits and any(stop.queue in queues for stop in contact.waiting_in)
