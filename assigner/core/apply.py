"""What each change does to the floor: one small function for every kind, and a table that finds it.

Every function checks first and moves afterwards, so a change that is refused changes nothing. The life of a contact is
guarded by the table in `contact_states`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from assigner.core.changes import (
    AgentPut,
    AgentRemoved,
    Change,
    ContactAbandoned,
    ContactAmended,
    ContactArrived,
    ContactAssigned,
    ContactClosed,
    ContactHeld,
    ContactMoved,
    ContactResumed,
    ContactReturned,
    ContactTaken,
    CustomerForgotten,
    Matches,
    OfficePut,
    OfficeRemoved,
    PresenceChanged,
    RulesPublished,
    SettingsSaved,
    StopEntered,
)
from assigner.core.contact_states import next_state
from assigner.core.floor import Floor
from assigner.core.model import ContactState, OpenContact, Source, Stop
from presence.errors import Conflict, NotFound
from presence.model import Status
from rules.match import match
from rules.model import Contact


def apply(floor: Floor, change: Change) -> None:
    """Do to the floor what a change says. Raises Conflict or NotFound, and has then changed nothing."""
    APPLY[type(change)](floor, change)
    floor.as_of = change.at if floor.as_of is None else max(floor.as_of, change.at)


def put_office(floor: Floor, change: OfficePut) -> None:
    """The office's hours count from now on; its own queue exists."""
    floor.set_hours(change.office, now=change.at)
    _match_all_again(floor, change.matches, at=change.at)


def remove_office(floor: Floor, change: OfficeRemoved) -> None:
    """The office's own queue exists no longer."""
    if change.office_id not in floor.offices:
        raise NotFound("not_found", f"office {change.office_id!r} does not exist; nothing was removed")
    floor.remove_office(change.office_id, now=change.at)
    _match_all_again(floor, change.matches, at=change.at)


def put_agent(floor: Floor, change: AgentPut) -> None:
    """The agent can do other things; what the agent holds stays."""
    floor.roster.put(change.agent, now=change.at)


def remove_agent(floor: Floor, change: AgentRemoved) -> None:
    """The agent is gone, who must hold nothing."""
    seat = floor.seat(change.agent_id)
    if seat.held:
        raise Conflict("in_use", f"agent {change.agent_id!r} holds {seat.held} contacts; return or transfer them first")
    floor.roster.remove(change.agent_id)


def change_presence(floor: Floor, change: PresenceChanged) -> None:
    """Status and flags count from now on; who comes Online is idle since now."""
    seat = floor.seat(change.agent_id)
    if change.status is Status.ONLINE and seat.status is not Status.ONLINE:
        seat.idle_since = change.at
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
    _match_all_again(floor, change.matches, at=change.at)


def save_settings(floor: Floor, change: SettingsSaved) -> None:
    """Limits and the switch count from now on. A new flood limit counts what is given from now on."""
    floor.roster.settings = change.settings
    floor.roster.refresh_all(now=change.at)
    floor.note_flood_ends()


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
    matched = change.match or _match(floor, contact)
    arrived = OpenContact(contact=contact, number=floor.arrivals, match=matched, previous_holder=holder)
    floor.wait(_at_first_stop(arrived, at=change.at), now=change.at)


def amend(floor: Floor, change: ContactAmended) -> None:
    """A waiting contact asks for something else and is matched again; it is as old as before."""
    contact = _open(floor, change.contact.id, ContactAmended)
    amended = replace(change.contact, arrived_at=contact.contact.arrived_at)
    matched = replace(contact, contact=amended, match=change.match or _match(floor, amended))
    _wait_otherwise(floor, _stops_again(floor, matched, at=change.at), at=change.at)


def enter_stop(floor: Floor, change: StopEntered) -> None:
    """A waiting contact asks one more queue."""
    contact = _open(floor, change.contact_id, StopEntered)
    if any(stop.queue == change.queue for stop in contact.stops):
        raise Conflict("conflict", f"contact {contact.id!r} has entered queue {change.queue!r} already")
    stops = tuple(replace(stop, left_at=change.at) if stop.queue == change.leaves else stop for stop in contact.stops)
    entered = replace(contact, stops=(*stops, Stop(queue=change.queue, entered_at=change.at)))
    _wait_otherwise(floor, entered, at=change.at)


def assign(floor: Floor, change: ContactAssigned) -> None:
    """The engine's own assignment: it is the agent's turn, and counts against the flood limit."""
    contact = _open(floor, change.contact_id, ContactAssigned)
    seat = floor.seat(change.agent_id)
    seat.note_given(at=change.at)
    for agent_id, credit in change.credits:
        floor.seat(agent_id).credit = credit
    floor.give(contact, seat, queue=change.queue, source=Source.AUTOMATIC, at=change.at)
    floor.roster.serve(seat)


def take(floor: Floor, change: ContactTaken) -> None:
    """A person's assignment or transfer: neither turn nor flood limit."""
    contact = _open(floor, change.contact_id, ContactTaken)
    seat = floor.seat(change.agent_id)
    queue = contact.queue if contact.agent_id else next((stop.queue for stop in contact.waiting_in), None)
    floor.release(contact, at=change.at)
    floor.give(contact, seat, queue=queue, source=Source.MANUAL, at=change.at)


def move(floor: Floor, change: ContactMoved) -> None:
    """A person's choice of queue stays the first stop until that queue is removed."""
    contact = _open(floor, change.contact_id, ContactMoved)
    if change.queue is not None and floor.queue_of(change.queue) is None:
        raise NotFound("unknown_queue", f"queue {change.queue!r} does not exist; GET /v1/queues lists those that do")
    asked = contact.contact if change.office is None else replace(contact.contact, office=change.office)
    queue = change.queue if change.queue is not None else change.office
    moved = _matched(floor, replace(contact, contact=asked), change.matches)
    _wait_once_more(floor, moved, pinned_to=queue if queue in floor.queues else None, at=change.at)


def give_back(floor: Floor, change: ContactReturned) -> None:
    """A contact that was held waits again, as old as it is."""
    contact = _open(floor, change.contact_id, ContactReturned)
    asked = contact.contact
    if change.exclude_agent is not None:
        asked = replace(asked, exclude_agents=asked.exclude_agents | {change.exclude_agent})
    returned = _matched(floor, replace(contact, contact=asked), change.matches)
    pinned_to = contact.stops[0].queue if contact.pinned and contact.stops[0].queue in floor.queues else None
    _wait_once_more(floor, returned, pinned_to=pinned_to, at=change.at)


def hold(floor: Floor, change: ContactHeld) -> None:
    """On hold a contact keeps its agent and frees capacity."""
    _set_hold(floor, _open(floor, change.contact_id, ContactHeld), on_hold=True, at=change.at)


def resume(floor: Floor, change: ContactResumed) -> None:
    """Off hold it counts again, even above the limit."""
    _set_hold(floor, _open(floor, change.contact_id, ContactResumed), on_hold=False, at=change.at)


def close(floor: Floor, change: ContactClosed) -> None:
    """The contact is done and its agent free for another."""
    _end(floor, _open(floor, change.contact_id, ContactClosed), at=change.at)


def abandon(floor: Floor, change: ContactAbandoned) -> None:
    """The customer is gone."""
    _end(floor, _open(floor, change.contact_id, ContactAbandoned), at=change.at)


def _open(floor: Floor, contact_id: str, change: type[Any]) -> OpenContact:
    """The contact, which must be in a state in which this change is possible."""
    contact = floor.contact(contact_id)
    next_state(contact_id, contact.state, change)
    return contact


def _match(floor: Floor, contact: Contact) -> Any:
    return match(floor.rule_set, contact, offices=frozenset(floor.offices))


def _at_first_stop(contact: OpenContact, *, at: datetime) -> OpenContact:
    """The contact begins where its rule sends it; held back by a rule, it has no stop at all."""
    queue = contact.match.queue
    stops = () if contact.match.hold or queue is None else (Stop(queue=queue, entered_at=at),)
    return replace(contact, stops=stops, pinned=False)


def _stops_again(floor: Floor, matched: OpenContact, *, at: datetime) -> OpenContact:
    """Matched from the top: where the first stop is unchanged the stops stay as they are, else they start anew."""
    first = matched.stops[0].queue if matched.stops else None
    keeps = first in floor.queues if matched.pinned else first == matched.match.queue and not matched.match.hold
    return matched if keeps and matched.stops else _at_first_stop(matched, at=at)


def _matched(floor: Floor, contact: OpenContact, known: Matches | None) -> OpenContact:
    """The contact matched again, now or as it is known to have been."""
    matched = _match(floor, contact.contact) if known is None else known.get(contact.id, contact.match)
    return replace(contact, match=matched)


def _match_all_again(floor: Floor, known: Matches | None, *, at: datetime) -> None:
    in_order = [floor.contacts[contact_id] for contact_id in floor.waiting.in_order()]
    floor.lay_out(floor.rule_set)
    matched = [_matched(floor, _looked_at(floor, contact), known) for contact in in_order]
    floor.wait_again([_stops_again(floor, contact, at=at) for contact in matched], now=at)
    floor.roster.refresh_all(now=at)


def _looked_at(floor: Floor, contact: OpenContact) -> OpenContact:
    """The contact, new only where it still waits to be looked at: no rule set makes it a newcomer where it has
    waited."""
    new_to = floor.waiting.group_of(contact.id).need.new_to
    return replace(contact, stops=tuple(replace(stop, new=stop.queue in new_to) for stop in contact.stops))


def _wait_otherwise(floor: Floor, contact: OpenContact, *, at: datetime) -> None:
    floor.waiting.remove(contact.id)
    floor.wait(contact, now=at)


def _wait_once_more(floor: Floor, contact: OpenContact, *, pinned_to: str | None, at: datetime) -> None:
    """Let a contact wait from its first stop on, wherever it was."""
    if contact.id in floor.waiting:
        floor.waiting.remove(contact.id)
    floor.release(contact, at=at)
    free = replace(
        contact, state=ContactState.QUEUED, agent_id=None, queue=None, source=None, assigned_at=None, on_hold=False
    )
    placed = _at_first_stop(free, at=at)
    if pinned_to is not None:
        placed = replace(free, stops=(Stop(queue=pinned_to, entered_at=at),), pinned=True)
    floor.wait(placed, now=at)


def _set_hold(floor: Floor, contact: OpenContact, *, on_hold: bool, at: datetime) -> None:
    if contact.on_hold == on_hold or contact.agent_id is None:
        return
    floor.contacts[contact.id] = replace(contact, on_hold=on_hold)
    floor.count(contact, floor.seat(contact.agent_id), queue=contact.queue, by=-1 if on_hold else 1, now=at)
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
    ContactReturned: give_back,
    ContactHeld: hold,
    ContactResumed: resume,
    ContactClosed: close,
    ContactAbandoned: abandon,
}
"""Which function applies which kind of change; a test holds it against the union of all changes."""
