"""Where a contact waits: matched by the rules, at its first stop, and in its old place when it comes back.

The pieces from which `apply` and `apply_offers` are made; nothing here is a change of its own."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from assigner.core.changes import Matches
from assigner.core.contact_states import next_state
from assigner.core.floor import Floor
from assigner.core.model import ContactState, OpenContact, Refusal, Stop
from rules.match import Match, match
from rules.model import Contact


def open_contact(floor: Floor, contact_id: str, change: type[Any]) -> OpenContact:
    """The contact, which must be in a state in which this change is possible."""
    contact = floor.contact(contact_id)
    next_state(contact_id, contact.state, change)
    return contact


def match_now(floor: Floor, contact: Contact) -> Match:
    """What the rules in force say of a contact."""
    return match(floor.rule_set, contact, offices=frozenset(floor.offices))


def at_first_stop(contact: OpenContact, *, at: datetime) -> OpenContact:
    """The contact begins where its rule sends it; held back by a rule, it has no stop at all."""
    queue = contact.match.queue
    stops = () if contact.match.hold or queue is None else (Stop(queue=queue, entered_at=at),)
    return replace(contact, stops=stops, pinned=False)


def stops_again(floor: Floor, matched: OpenContact, *, at: datetime) -> OpenContact:
    """Matched from the top: where the first stop is unchanged the stops stay as they are, else they start anew."""
    first = matched.stops[0].queue if matched.stops else None
    keeps = first in floor.queues if matched.pinned else first == matched.match.queue and not matched.match.hold
    return matched if keeps and matched.stops else at_first_stop(matched, at=at)


def matched_again(floor: Floor, contact: OpenContact, known: Matches | None) -> OpenContact:
    """The contact matched again, now or as it is known to have been."""
    matched = match_now(floor, contact.contact) if known is None else known.get(contact.id, contact.match)
    return replace(contact, match=matched)


def match_all_again(floor: Floor, known: Matches | None, *, at: datetime) -> None:
    """The rules or the queues are others. What is offered is matched again as well, and may be taken back for it."""
    in_order = [floor.contacts[contact_id] for contact_id in floor.waiting.in_order()]
    floor.lay_out(floor.rule_set)
    for contact_id in floor.unsettled.offered:
        offered = matched_again(floor, floor.contacts[contact_id], known)
        stay_offered(floor, stops_again(floor, offered, at=at), at=at)
    matched = [matched_again(floor, _looked_at(floor, contact), known) for contact in in_order]
    floor.wait_again([stops_again(floor, contact, at=at) for contact in matched], now=at)
    floor.roster.refresh_all(now=at)
    floor.unsettled.note_graces(at=at)
    floor.unsettled.doubt_all()


def _looked_at(floor: Floor, contact: OpenContact) -> OpenContact:
    """The contact, new only where it still waits to be looked at: no rule set makes it a newcomer where it has
    waited."""
    new_to = floor.waiting.group_of(contact.id).need.new_to
    return replace(contact, stops=tuple(replace(stop, new=stop.queue in new_to) for stop in contact.stops))


def stay_offered(floor: Floor, contact: OpenContact, *, at: datetime) -> None:
    """A contact that is offered asks for something else; whether the offer may stand is in doubt."""
    floor.contacts[contact.id] = contact
    floor.expect(contact, now=at)
    floor.look_again(contact, now=at)
    floor.unsettled.doubt((contact.id,))


def in_next_round(contact: OpenContact, agent_id: str) -> OpenContact:
    """The contact as it goes to an agent. Somebody who refused it is asked again only when all had: that begins a new
    round."""
    again = any(each.agent_id == agent_id and each.round == contact.round for each in contact.refusals)
    return replace(contact, round=contact.round + 1) if again else contact


def refused_by(
    contact: OpenContact, agent_id: str, *, until: datetime | None = None, offered: bool = True
) -> OpenContact:
    """The contact with one more agent who is not to be asked again in this round, nor before `until`."""
    others = tuple(each for each in contact.refusals if each.agent_id != agent_id)
    refusal = Refusal(agent_id=agent_id, round=contact.round, until=until, offered=offered)
    return replace(contact, refusals=(*others, refusal))


def wait_otherwise(floor: Floor, contact: OpenContact, *, at: datetime) -> None:
    """A waiting contact asks for something else."""
    floor.waiting.remove(contact.id)
    floor.wait(contact, now=at)


def wait_once_more(floor: Floor, contact: OpenContact, *, pinned_to: str | None, at: datetime) -> None:
    """Let a contact wait from its first stop on, wherever it was."""
    if contact.id in floor.waiting:
        floor.waiting.remove(contact.id)
    floor.release(contact, at=at)
    free = replace(
        contact,
        state=ContactState.QUEUED,
        agent_id=None,
        queue=None,
        source=None,
        assigned_at=None,
        on_hold=False,
        offer=None,
        answered_at=None,
    )
    placed = at_first_stop(free, at=at)
    if pinned_to is not None:
        placed = replace(free, stops=(Stop(queue=pinned_to, entered_at=at),), pinned=True)
    floor.wait(placed, now=at)
