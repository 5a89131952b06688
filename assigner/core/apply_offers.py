"""What the changes of offers, wrap-up and coming back do to the floor; `apply` has the others, and the table of all.

An offer counts as load from the moment it is made; the turn, the flood limit and the credits move when it is
accepted."""

from dataclasses import replace
from datetime import timedelta

from assigner.core.alarms import AlarmCleared, AlarmRaised
from assigner.core.changes import (
    ContactAnswered,
    ContactOffered,
    ContactReturned,
    OfferAccepted,
    OfferEnd,
    OfferEnded,
    ReturnReason,
    WrapUpEnded,
)
from assigner.core.floor import Floor
from assigner.core.model import ContactState, OpenContact, PendingOffer, Source
from assigner.core.places import in_next_round, matched_again, open_contact, refused_by, wait_once_more
from assigner.core.terms import offer_terms

LOST_TWICE = 2
"""From the second time on that a contact comes back from the same absent agent, that counts as a refusal: all others
who are there come first, so it does not go to and fro between two agents while there is a third."""


def offer(floor: Floor, change: ContactOffered) -> None:
    """The engine asks an agent. A newcomer has been looked at then."""
    contact = open_contact(floor, change.contact_id, ContactOffered)
    seat = floor.seat(change.agent_id)
    shares = tuple((agent_id, credit - floor.seat(agent_id).credit) for agent_id, credit in change.credits)
    stops = tuple(replace(stop, new=False) for stop in contact.stops)
    asked = in_next_round(replace(contact, stops=stops), change.agent_id)
    pending = PendingOffer(expires_at=change.expires_at, shares=shares)
    floor.offer(asked, seat, queue=change.queue, offer=pending, now=change.at)


def accept(floor: Floor, change: OfferAccepted) -> None:
    """The agent takes it: an automatic assignment, made now."""
    contact = open_contact(floor, change.contact_id, OfferAccepted)
    assert contact.offer is not None, "what is offered is so for a time"
    assert contact.agent_id is not None, "what is offered is offered to somebody"
    seat = floor.seat(contact.agent_id)
    seat.missed = 0
    floor.release(contact, at=change.at)
    seat.note_given(at=change.at)
    for credited, share in contact.offer.shares:
        if credited in floor.roster.seats:
            floor.roster.seats[credited].credit += share
    floor.give(contact, seat, queue=contact.queue, source=Source.AUTOMATIC, at=change.at)
    floor.roster.serve(seat)


def end_offer(floor: Floor, change: OfferEnded) -> None:
    """The contact waits again in its old place. Who declined or missed it is not asked again for now."""
    contact = open_contact(floor, change.contact_id, OfferEnded)
    assert contact.agent_id is not None, "what is offered is offered to somebody"
    seat, agent_id = floor.seat(contact.agent_id), contact.agent_id
    floor.release(contact, at=change.at)
    free = replace(contact, state=ContactState.QUEUED, agent_id=None, queue=None, offer=None)
    if change.because is not OfferEnd.WITHDRAWN:
        seat.missed = seat.missed + 1 if change.because is OfferEnd.MISSED else 0
        terms = offer_terms(floor.queue_of(contact.queue or ""), floor.roster.settings)
        pause = timedelta(seconds=terms.decline_pause or 0)
        free = refused_by(free, agent_id, until=change.at + pause if pause else None)
    floor.wait(free, now=change.at)


def answer(floor: Floor, change: ContactAnswered) -> None:
    """The holder has answered the customer: not the next holder, though."""
    contact = open_contact(floor, change.contact_id, ContactAnswered)
    floor.contacts[contact.id] = replace(contact, answered_at=contact.answered_at or change.at)


def give_back(floor: Floor, change: ContactReturned) -> None:
    """A contact that was held waits again, as old as it is."""
    contact = open_contact(floor, change.contact_id, ContactReturned)
    asked = contact.contact
    if change.exclude_agent is not None:
        asked = replace(asked, exclude_agents=asked.exclude_agents | {change.exclude_agent})
    returned = matched_again(floor, replace(contact, contact=asked), change.matches)
    if change.because is ReturnReason.OFFLINE:
        returned = _without_absent(returned)
    pinned_to = contact.stops[0].queue if contact.pinned and contact.stops[0].queue in floor.queues else None
    wait_once_more(floor, returned, pinned_to=pinned_to, at=change.at)


def end_wrap_up(floor: Floor, change: WrapUpEnded) -> None:
    """The agent needs no more time."""
    seat = floor.seat(change.agent_id)
    seat.wrap_ups = ()
    floor.roster.refresh_room(seat, now=change.at)
    floor.roster.openings += 1


def raise_alarm(floor: Floor, change: AlarmRaised) -> None:
    """It was told that a queue needs a person's eye."""
    floor.watch.raised[change.queue] = change.because


def clear_alarm(floor: Floor, change: AlarmCleared) -> None:
    """It was told that it needs nobody's eye any more."""
    floor.watch.raised.pop(change.queue, None)


def _without_absent(contact: OpenContact) -> OpenContact:
    """The contact, which remembers from whom it came back."""
    assert contact.agent_id is not None, "what comes back was held"
    back = replace(contact, came_back=(*contact.came_back, contact.agent_id))
    if back.came_back.count(contact.agent_id) < LOST_TWICE:
        return back
    return refused_by(back, contact.agent_id, offered=False)
