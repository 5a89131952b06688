"""The life of a contact as a table: which change is possible in which state, and where it leads.

A pair that is not in the table is refused with `Conflict` and changes nothing."""

from assigner.core.changes import (
    ContactAbandoned,
    ContactAmended,
    ContactAssigned,
    ContactChange,
    ContactClosed,
    ContactHeld,
    ContactMoved,
    ContactResumed,
    ContactReturned,
    ContactTaken,
    StopEntered,
)
from assigner.core.model import ContactState
from presence.errors import Conflict

QUEUED, ASSIGNED, CLOSED, ABANDONED = (
    ContactState.QUEUED,
    ContactState.ASSIGNED,
    ContactState.CLOSED,
    ContactState.ABANDONED,
)

NEXT_STATE: dict[tuple[ContactState, type[ContactChange]], ContactState] = {
    (QUEUED, ContactAmended): QUEUED,
    (QUEUED, StopEntered): QUEUED,
    (QUEUED, ContactMoved): QUEUED,
    (QUEUED, ContactAssigned): ASSIGNED,
    (QUEUED, ContactTaken): ASSIGNED,
    (QUEUED, ContactClosed): CLOSED,
    (QUEUED, ContactAbandoned): ABANDONED,
    (ASSIGNED, ContactTaken): ASSIGNED,
    (ASSIGNED, ContactMoved): QUEUED,
    (ASSIGNED, ContactReturned): QUEUED,
    (ASSIGNED, ContactHeld): ASSIGNED,
    (ASSIGNED, ContactResumed): ASSIGNED,
    (ASSIGNED, ContactClosed): CLOSED,
}


def next_state(contact_id: str, state: ContactState, change: type[ContactChange]) -> ContactState:
    """The state after a change. Raises Conflict where the change is not possible in this state."""
    try:
        return NEXT_STATE[state, change]
    except KeyError:
        raise Conflict(
            "conflict", f"contact {contact_id!r} is {state}: {change.__name__} is not possible; read the contact again"
        ) from None
