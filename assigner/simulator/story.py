"""A moment in sentences, for people who watch: who came, what was given to whom and why, what waits and why.

Used by the log of `assigner demo`; the sentences about decisions are those of the core."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assigner.core.changes import ContactAbandoned, ContactArrived, PresenceChanged
from assigner.core.explain import explain_waiting
from assigner.core.floor import Floor
from assigner.core.model import Assign, NextStop, Offer, Planned
from assigner.core.sentences import assigned_sentence, waiting_sentence
from assigner.simulator.workspace import Moment
from presence.labels import label
from presence.model import Status


def tell(moment: Moment, floor: Floor, zone: ZoneInfo) -> Iterator[str]:
    """One line for everything worth telling at a moment; `floor` is the floor right after it."""
    clock = clock_time(moment.now, zone)
    for change in moment.changes:
        match change:
            case PresenceChanged():
                yield f"{clock} {_tell_presence(change, floor)}"
            case ContactAbandoned(contact_id=contact_id):
                yield f"{clock} {contact_id} gave up"
    for decision in moment.decisions:
        yield f"{clock} {tell_decision(decision)}"
    for change in moment.changes:
        if isinstance(change, ContactArrived) and change.contact.id in floor.waiting:
            why = explain_waiting(floor, change.contact.id, now=moment.now)
            yield f"{clock} {change.contact.id} waits: {waiting_sentence(why)}"


def _tell_presence(change: PresenceChanged, floor: Floor) -> str:
    status = f"{change.agent_id} is {label(change.status, language='en')}"
    away = [office for office in floor.seat(change.agent_id).agent.offices if office not in change.switched_on]
    return f"{status}, away for {' and '.join(away)}" if away and change.status is Status.ONLINE else status


def tell_decision(decision: Planned) -> str:
    """Who got a contact and why, or which queue it asks as well."""
    match decision:
        case Assign(contact_id=contact_id, queue=queue, ranked=ranked):
            return f"{contact_id} ({queue}) -> {assigned_sentence(ranked)}"
        case Offer(contact_id=contact_id, queue=queue, ranked=ranked):
            return f"{contact_id} ({queue}) is offered: {assigned_sentence(ranked)}"
        case NextStop(contact_id=contact_id, queue=queue):
            return f"{contact_id} asks {queue} as well"


def clock_time(instant: datetime, zone: ZoneInfo) -> str:
    """The time of day on a clock in that zone."""
    return f"{instant.astimezone(zone):%H:%M:%S}"


def minutes(period: timedelta) -> str:
    """A period as minutes and seconds."""
    whole = int(period.total_seconds())
    return f"{whole // 60}:{whole % 60:02}"
