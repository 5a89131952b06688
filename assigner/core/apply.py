"""What each change does to the floor: one small function for every kind, and a table that finds it.

Every function checks first and moves afterwards, so a change that is refused changes nothing. The life of a contact is
guarded by the table in `contact_states`; offers and coming back are in `apply_offers`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from assigner.core import apply_offers
from assigner.core.alarms import AlarmCleared, AlarmRaised
from assigner.core.changes import (
    AgentPut,
    AgentRemoved,
    Change,
    ContactAbandoned,
    ContactAmended,
    ContactAnswered,
    ContactArrived,
    ContactAssigned,
    ContactClosed,
    ContactHeld,
    ContactMoved,
    ContactOffered,
    ContactResumed,
    ContactReturned,
    ContactTaken,
    CustomerForgotten,
    OfferAccepted,
    OfferEnded,
    OfficePut,
    OfficeRemoved,
    PresenceChanged,
    RulesPublished,
    SettingsSaved,
    StopEntered,
    WrapUpEnded,
)
from assigner.core.floor import Floor
from assigner.core.model import ContactState, OpenContact, Source, Stop
from assigner.core.places import (
    at_first_stop,
    in_next_round,
    match_all_again,
    match_now,
    matched_again,
    open_contact,
    stay_offered,
    stops_again,
    wait_once_more,
    wait_otherwise,
)
from assigner.core.seat import WrapUp
from assigner.core.terms import wrap_up_seconds
from presence.errors import Conflict, NotFound
from presence.model import Status


def apply(floor: Floor, change: Change) -> None:
    """Do to the floor what a change says. Raises Conflict or NotFound, and has then changed nothing."""
    APPLY[type(change)](floor, change)
    floor.as_of = change.at if floor.as_of is None else max(floor.as_of, change.at)


def put_office(floor: Floor, change: OfficePut) -> None:
    """The office's hours count from now on; its own queue exists."""
    floor.set_hours(change.office, now=change.at)
    match_all_again(floor, change.matches, at=change.at)


def remove_office(floor: Floor, change: OfficeRemoved) -> None:
    """The office's own queue exists no longer."""
    if change.office_id not in floor.offices:
        raise NotFound("not_found", f"office {change.office_id!r} does not exist; nothing was removed")
    floor.remove_office(change.office_id, now=change.at)
    match_all_again(floor, change.matches, at=change.at)


def put_agent(floor: Floor, change: AgentPut) -> None:
    """The agent can do other things; what the agent holds stays, unless the agent is deactivated."""
    seat = floor.roster.put(change.agent, now=change.at)
    floor.unsettled.doubt(seat.offers)
    if seat.holds and not change.agent.active:
        floor.unsettled.leavers[change.agent.id] = None


def remove_agent(floor: Floor, change: AgentRemoved) -> None:
    """The agent is gone, who must hold nothing."""
    seat = floor.seat(change.agent_id)
    if seat.holds or seat.offers:
        count = seat.held + len(seat.offers)
        raise Conflict("in_use", f"agent {change.agent_id!r} holds {count} contacts; return or transfer them first")
    floor.roster.remove(change.agent_id)


def change_presence(floor: Floor, change: PresenceChanged) -> None:
    """Status and flags count from now on; who comes Online is idle since now, and has missed nothing yet."""
    seat = floor.seat(change.agent_id)
    if change.status is Status.ONLINE and seat.status is not Status.ONLINE:
        seat.idle_since = change.at
        seat.missed = 0
    if change.status is not Status.OFFLINE:
        seat.offline_since = None
    elif seat.status is not Status.OFFLINE:
        seat.offline_since = change.at
        floor.unsettled.note_grace(seat, at=change.at)
    floor.unsettled.doubt(seat.offers)
    seat.status = change.status
    seat.switched_on = change.switched_on & frozenset(seat.agent.offices)
    seat.look_again_at = change.look_again_at
    if change.look_again_at is not None:
        floor.hint(change.agent_id, change.look_again_at)
    floor.roster.refresh(seat, now=change.at)


def publish_rules(floor: Floor, change: RulesPublished) -> None:
    """Waiting contacts are matched again by the new version."""
    floor.rule_set = change.rule_set
    floor.rule_set_version = change.version
    match_all_again(floor, change.matches, at=change.at)


def save_settings(floor: Floor, change: SettingsSaved) -> None:
    """Limits and the switch count from now on. A new flood limit counts what is given from now on."""
    floor.roster.settings = change.settings
    floor.roster.refresh_all(now=change.at)
    floor.note_room_ends()
    floor.unsettled.note_graces(at=change.at)
    floor.unsettled.doubt_all()


def forget_customer(floor: Floor, change: CustomerForgotten) -> None:
    """The next contact of the customer is like a first one."""
    floor.last_holder.pop(change.customer_id, None)
    floor.rule_set = change.rule_set or floor.rule_set


def arrive(floor: Floor, change: ContactArrived) -> None:
    """The contact is matched and waits in the queue that its rule names."""
    contact = change.contact
    if contact.id in floor.contacts:
        raise Conflict("conflict", f"contact {contact.id!r} has arrived already; send a new contact with a new id")
    floor.arrivals += 1
    holder = change.previous_holder
    if change.match is None and contact.customer_id is not None:
        holder = floor.last_holder.get(contact.customer_id)
    matched = change.match or match_now(floor, contact)
    arrived = OpenContact(contact=contact, number=floor.arrivals, match=matched, previous_holder=holder)
    floor.wait(at_first_stop(arrived, at=change.at), now=change.at)


def amend(floor: Floor, change: ContactAmended) -> None:
    """A contact that waits or is offered asks for something else and is matched again; it is as old as before."""
    contact = open_contact(floor, change.contact.id, ContactAmended)
    amended = replace(change.contact, arrived_at=contact.contact.arrived_at)
    matched = replace(contact, contact=amended, match=change.match or match_now(floor, amended))
    place = stops_again(floor, matched, at=change.at)
    if contact.state is ContactState.OFFERED:
        seat = floor.seat(contact.agent_id or "")
        floor.count(contact, seat, queue=contact.queue, by=-1, now=change.at)
        floor.count(place, seat, queue=contact.queue, by=1, now=change.at)
        floor.roster.openings += 1
        stay_offered(floor, place, at=change.at)
        floor.unsettled.doubt(seat.offers)
    else:
        wait_otherwise(floor, place, at=change.at)


def enter_stop(floor: Floor, change: StopEntered) -> None:
    """A waiting contact asks one more queue."""
    contact = open_contact(floor, change.contact_id, StopEntered)
    if any(stop.queue == change.queue for stop in contact.stops):
        raise Conflict("conflict", f"contact {contact.id!r} has entered queue {change.queue!r} already")
    stops = tuple(replace(stop, left_at=change.at) if stop.queue == change.leaves else stop for stop in contact.stops)
    entered = replace(contact, stops=(*stops, Stop(queue=change.queue, entered_at=change.at)))
    wait_otherwise(floor, entered, at=change.at)


def assign(floor: Floor, change: ContactAssigned) -> None:
    """The engine's own assignment: it is the agent's turn, and counts against the flood limit."""
    contact = open_contact(floor, change.contact_id, ContactAssigned)
    seat = floor.seat(change.agent_id)
    seat.note_given(at=change.at)
    for agent_id, credit in change.credits:
        floor.seat(agent_id).credit = credit
    given = in_next_round(contact, change.agent_id) if contact.refusals else contact
    floor.give(given, seat, queue=change.queue, source=Source.AUTOMATIC, at=change.at)
    floor.roster.serve(seat)


def take(floor: Floor, change: ContactTaken) -> None:
    """A person's assignment or transfer: neither turn nor flood limit."""
    contact = open_contact(floor, change.contact_id, ContactTaken)
    seat = floor.seat(change.agent_id)
    queue = contact.queue if contact.agent_id else next((stop.queue for stop in contact.waiting_in), None)
    floor.release(contact, at=change.at)
    floor.give(contact, seat, queue=queue, source=Source.MANUAL, at=change.at)
    floor.unsettled.doubt(seat.offers)


def move(floor: Floor, change: ContactMoved) -> None:
    """A person's choice of queue stays the first stop until that queue is removed."""
    contact = open_contact(floor, change.contact_id, ContactMoved)
    if change.queue is not None and floor.queue_of(change.queue) is None:
        raise NotFound("unknown_queue", f"queue {change.queue!r} does not exist; GET /v1/queues lists those that do")
    asked = contact.contact if change.office is None else replace(contact.contact, office=change.office)
    queue = change.queue if change.queue is not None else change.office
    moved = matched_again(floor, replace(contact, contact=asked), change.matches)
    wait_once_more(floor, moved, pinned_to=queue if queue in floor.queues else None, at=change.at)


def hold(floor: Floor, change: ContactHeld) -> None:
    """On hold a contact keeps its agent and frees capacity."""
    _set_hold(floor, open_contact(floor, change.contact_id, ContactHeld), on_hold=True, at=change.at)


def resume(floor: Floor, change: ContactResumed) -> None:
    """Off hold it counts again, even above the limit."""
    _set_hold(floor, open_contact(floor, change.contact_id, ContactResumed), on_hold=False, at=change.at)


def close(floor: Floor, change: ContactClosed) -> None:
    """The contact is done and its agent free for another, at once or after wrap-up."""
    contact = open_contact(floor, change.contact_id, ContactClosed)
    if contact.state is ContactState.ASSIGNED and contact.agent_id is not None:
        seat, queue = floor.seat(contact.agent_id), contact.queue
        seconds = wrap_up_seconds(seat.agent, floor.queue_of(queue or ""), floor.roster.settings)
        if seconds:
            until = change.at + timedelta(seconds=seconds)
            floor.wrap_up(seat, WrapUp(until=until, channel=contact.contact.channel, queue=queue), at=change.at)
            floor.unsettled.doubt(seat.offers)
    _end(floor, contact, at=change.at)


def abandon(floor: Floor, change: ContactAbandoned) -> None:
    """The customer is gone."""
    _end(floor, open_contact(floor, change.contact_id, ContactAbandoned), at=change.at)


def _set_hold(floor: Floor, contact: OpenContact, *, on_hold: bool, at: datetime) -> None:
    if contact.on_hold == on_hold or contact.agent_id is None:
        return
    floor.contacts[contact.id] = replace(contact, on_hold=on_hold)
    seat = floor.seat(contact.agent_id)
    floor.count(contact, seat, queue=contact.queue, by=-1 if on_hold else 1, now=at)
    floor.unsettled.doubt(seat.offers)
    floor.roster.openings += 1


def _end(floor: Floor, contact: OpenContact, *, at: datetime) -> None:
    if contact.id in floor.waiting:
        floor.waiting.remove(contact.id)
    floor.release(contact, at=at)
    floor.forget(contact)


APPLY: dict[type[Change], Callable[[Floor, Any], None]] = {
    OfficePut: put_office,
    OfficeRemoved: remove_office,
    AgentPut: put_agent,
    AgentRemoved: remove_agent,
    PresenceChanged: change_presence,
    RulesPublished: publish_rules,
    SettingsSaved: save_settings,
    CustomerForgotten: forget_customer,
    ContactArrived: arrive,
    ContactAmended: amend,
    StopEntered: enter_stop,
    ContactAssigned: assign,
    ContactTaken: take,
    ContactMoved: move,
    ContactOffered: apply_offers.offer,
    OfferAccepted: apply_offers.accept,
    OfferEnded: apply_offers.end_offer,
    ContactAnswered: apply_offers.answer,
    ContactReturned: apply_offers.give_back,
    WrapUpEnded: apply_offers.end_wrap_up,
    AlarmRaised: apply_offers.raise_alarm,
    AlarmCleared: apply_offers.clear_alarm,
    ContactHeld: hold,
    ContactResumed: resume,
    ContactClosed: close,
    ContactAbandoned: abandon,
}
"""Which function applies which kind of change; a test holds it against the union of all changes."""
