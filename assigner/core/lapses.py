"""What follows without anybody's doing: offers that lapse or may not stand any more, and contacts that come back.

`next_lapse` says what is next, as a change that whoever meets it applies before anything else happens. All of it
follows from what is known, so a restart forgets none, and meeting it late changes nothing but when it is told."""

from collections.abc import Iterator
from datetime import datetime

from assigner.core.changes import ContactReturned, OfferEnd, OfferEnded, ReturnReason
from assigner.core.filters import may_have
from assigner.core.floor import Floor
from assigner.core.model import OpenContact
from assigner.core.need import need
from assigner.core.seat import Seat

Lapse = OfferEnded | ContactReturned


def next_lapse(floor: Floor, *, now: datetime) -> Lapse | None:
    """The next that has become true by now; None where there is no more.

    First what follows from the last change, then the timers in their order, those of offers before those of agents."""
    return _withdrawn(floor, now=now) or _left_by_leavers(floor, now=now) or _timed(floor, now=now)


def _withdrawn(floor: Floor, *, now: datetime) -> Lapse | None:
    """An offer to an agent who may not have the contact any more: Busy, away, gone, or full by a person's hand."""
    while (contact := floor.unsettled.next_in_doubt()) is not None:
        if not _stands(floor, contact, now=now):
            return OfferEnded(at=now, contact_id=contact.id, because=OfferEnd.WITHDRAWN)
    return None


def _stands(floor: Floor, contact: OpenContact, *, now: datetime) -> bool:
    """Whether the agent might still be offered the contact, were it not offered already."""
    if not floor.roster.settings.enabled or contact.agent_id is None:
        return False
    asks = {ask.stop.queue: ask for ask in floor.asks_for(need(contact, floor.queue_of, now=now))}
    ask = asks.get(contact.queue or "")
    if ask is None:
        return False
    with floor.without(contact, now=now):
        return may_have(floor.roster, ask, contact.agent_id)


def _left_by_leavers(floor: Floor, *, now: datetime) -> Lapse | None:
    """What a deactivated agent still holds comes back at once."""
    while floor.unsettled.leavers:
        agent_id = next(iter(floor.unsettled.leavers))
        seat = floor.roster.seats.get(agent_id)
        if seat is not None and seat.holds and not seat.agent.active:
            first = min(_held(floor, seat), key=lambda contact: contact.number)
            return ContactReturned(at=now, contact_id=first.id, because=ReturnReason.DEACTIVATED)
        del floor.unsettled.leavers[agent_id]
    return None


def _timed(floor: Floor, *, now: datetime) -> Lapse | None:
    """An offer that has run out, or a contact whose agent has been Offline for too long: whichever was due first."""
    offer, grace = floor.unsettled.next_expiry(), floor.unsettled.next_grace()
    if grace is not None and grace[0] <= now and (offer is None or grace[0] < offer[0]):
        due, agent_id = grace
        back = min(floor.unsettled.to_come_back(floor.seat(agent_id)), key=lambda contact: contact.number)
        return ContactReturned(at=due, contact_id=back.id, because=ReturnReason.OFFLINE)
    if offer is not None and offer[0] <= now:
        return OfferEnded(at=offer[0], contact_id=offer[1], because=OfferEnd.MISSED)
    return None


def _held(floor: Floor, seat: Seat) -> Iterator[OpenContact]:
    return (floor.contacts[contact_id] for contact_id in seat.holds)
