"""The life of a contact as a table: which change is possible in which state, and where it leads.

A pair that is not in the table is refused with `Conflict` and changes nothing. The picture in the README of the core is
drawn from this table by `diagram`."""

from assigner.core.changes import (
    ContactAbandoned,
    ContactAmended,
    ContactAnswered,
    ContactArrived,
    ContactAssigned,
    ContactChange,
    ContactClosed,
    ContactHeld,
    ContactMoved,
    ContactOffered,
    ContactResumed,
    ContactReturned,
    ContactTaken,
    OfferAccepted,
    OfferEnded,
    StopEntered,
)
from assigner.core.model import ContactState
from presence.errors import Conflict

QUEUED, OFFERED, ASSIGNED, CLOSED, ABANDONED = (
    ContactState.QUEUED,
    ContactState.OFFERED,
    ContactState.ASSIGNED,
    ContactState.CLOSED,
    ContactState.ABANDONED,
)

NEXT_STATE: dict[tuple[ContactState, type[ContactChange]], ContactState] = {
    (QUEUED, ContactAmended): QUEUED,
    (QUEUED, StopEntered): QUEUED,
    (QUEUED, ContactMoved): QUEUED,
    (QUEUED, ContactOffered): OFFERED,
    (QUEUED, ContactAssigned): ASSIGNED,
    (QUEUED, ContactTaken): ASSIGNED,
    (QUEUED, ContactClosed): CLOSED,
    (QUEUED, ContactAbandoned): ABANDONED,
    (OFFERED, ContactAmended): OFFERED,
    (OFFERED, OfferEnded): QUEUED,
    (OFFERED, ContactMoved): QUEUED,
    (OFFERED, OfferAccepted): ASSIGNED,
    (OFFERED, ContactTaken): ASSIGNED,
    (OFFERED, ContactClosed): CLOSED,
    (OFFERED, ContactAbandoned): ABANDONED,
    (ASSIGNED, ContactAnswered): ASSIGNED,
    (ASSIGNED, ContactHeld): ASSIGNED,
    (ASSIGNED, ContactResumed): ASSIGNED,
    (ASSIGNED, ContactTaken): ASSIGNED,
    (ASSIGNED, ContactMoved): QUEUED,
    (ASSIGNED, ContactReturned): QUEUED,
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


def diagram() -> str:
    """The table as a picture, in the language of Mermaid: an arrow for every two states with the changes along it."""
    arrows: dict[tuple[ContactState, ContactState], list[str]] = {}
    for (before, change), after in NEXT_STATE.items():
        arrows.setdefault((before, after), []).append(change.__name__)
    lines = [f"    {before} --> {after}: {', '.join(names)}" for (before, after), names in arrows.items()]
    ends = [f"    {state} --> [*]" for state in (CLOSED, ABANDONED)]
    return "\n".join(("stateDiagram-v2", f"    [*] --> {QUEUED}: {ContactArrived.__name__}", *lines, *ends))
