"""Taking in many contacts as one request: all of them well formed, or none is looked at."""

from collections.abc import Sequence

from assigner.service.actor import Actor, Permission
from assigner.service.contacts import Accepted, accept, check_names, find
from assigner.service.unit import Unit
from presence.errors import Conflict, Invalid
from rules.model import Contact

Sent = tuple[Contact, bytes]
"""A contact, and the hash of what was sent."""


class MalformedBatch(Invalid):
    """Some contacts of a batch make no sense; `errors` tells each with its place. None was taken in."""

    def __init__(self, errors: Sequence[tuple[str, Invalid]]) -> None:
        field, first = errors[0]
        super().__init__(first.code, f"{field}: {first.message}; no contact of the batch was taken in", field=field)
        self.errors = [{"field": place, "message": error.message} for place, error in errors]


def accept_all(unit: Unit, actor: Actor, sent: Sequence[Sent]) -> tuple[Accepted | Conflict, ...]:
    """Take in contacts in order; a Conflict stands for one whose id was sent before with another body.

    Raises MalformedBatch for names that do not exist."""
    actor.need(Permission.CONTACTS_WRITE)
    errors = [error for index, (contact, _) in enumerate(sent) for error in _errors(unit, index, contact)]
    if errors:
        raise MalformedBatch(errors)
    return tuple(_accept(unit, actor, contact, sent_hash) for contact, sent_hash in sent)


def _accept(unit: Unit, actor: Actor, contact: Contact, sent: bytes) -> Accepted | Conflict:
    try:
        return accept(unit, actor, contact, sent=sent)
    except Conflict as conflict:
        return conflict


def _errors(unit: Unit, index: int, contact: Contact) -> list[tuple[str, Invalid]]:
    if find(unit, contact.id) is not None:
        return []
    try:
        check_names(unit, contact)
    except Invalid as invalid:
        return [(f"contacts.{index}.{invalid.field}", invalid)]
    return []
