"""THE STORY: what happens now to one waiting contact. Everything else in this package serves these few lines.

A contact was matched to a queue when it arrived (`rules.match`). Here it is filtered and ranked, stop by stop: it goes
to an agent, at once or as an offer, or on to one more queue, or it waits; each answer carries its account."""

from datetime import datetime, timedelta

from assigner.core.filters import Found, candidates
from assigner.core.model import Assign, Decision, NextStop, Offer, OpenContact, Stop, StopAccount, Wait
from assigner.core.need import QueueOf, overflow_steps
from assigner.core.ranking import rank
from assigner.core.reasons import Reason
from assigner.core.roster import Roster
from assigner.core.terms import offer_terms
from assigner.core.waiting import Group, Waiting
from rules.model import Overflow, OverflowWhen


def decide(contact: OpenContact, waiting: Waiting, roster: Roster, *, queue_of: QueueOf, now: datetime) -> Decision:
    """Assign or offer the first contact of a group, or send it to one more queue, or let it wait."""
    group = waiting.group_of(contact.id)
    if not roster.settings.enabled:
        return Wait(contact_id=contact.id, because=Reason.ASSIGNMENT_DISABLED, accounts=())
    if not group.asks:
        return Wait(contact_id=contact.id, because=Reason.HELD_BY_RULE, accounts=())

    tried: list[Found] = []
    for ask in group.asks:
        found = candidates(roster, ask)
        tried.append(found)
        if found.left:
            ranked = rank(roster, found.left, ask.queue.strategy, preferred=found.preferred)
            assign = Assign(contact_id=contact.id, queue=ask.queue.name, ranked=ranked, accounts=_accounts(tried))
            timeout = offer_terms(ask.queue, roster.settings).timeout
            return assign if timeout is None else _offered(assign, until=now + timedelta(seconds=timeout))

    outcome = {ask.stop.queue: found for ask, found in zip(group.asks, tried, strict=True)}
    for stop, step in overflow_steps(contact, queue_of):
        if _overflows(step, stop, outcome[stop.queue], length=_length(group, waiting, stop), now=now):
            leaves = stop.queue if step.leave else None
            return NextStop(contact_id=contact.id, queue=step.to, leaves=leaves, accounts=_accounts(tried))

    return Wait(
        contact_id=contact.id,
        because=tried[0].account.steps[-1].reason,
        accounts=_accounts(tried),
        nobody_there=not any(found.anybody_there for found in tried),
    )


def _offered(assign: Assign, *, until: datetime) -> Offer:
    """The same choice, but the agent is asked first."""
    return Offer(
        contact_id=assign.contact_id,
        queue=assign.queue,
        ranked=assign.ranked,
        accounts=assign.accounts,
        expires_at=until,
    )


def _overflows(step: Overflow, stop: Stop, found: Found, *, length: int, now: datetime) -> bool:
    """Whether the time has come for an overflow step of a stop that has no candidate."""
    match step.when:
        case OverflowWhen.CLOSED:
            return found.closed
        case OverflowWhen.NOBODY_THERE:
            return not found.anybody_there
        case OverflowWhen.LONGER_THAN:
            return step.length is not None and length > step.length
        case OverflowWhen.AFTER:
            return step.after is not None and now >= stop.entered_at + timedelta(seconds=step.after)


def _length(group: Group, waiting: Waiting, stop: Stop) -> int:
    """The length of a queue as a newcomer finds it, itself included. Only newcomers are asked: for the others it is
    0."""
    return waiting.length(stop.queue) + 1 if stop.queue in group.need.new_to else 0


def _accounts(tried: list[Found]) -> tuple[StopAccount, ...]:
    return tuple(found.account for found in tried)
