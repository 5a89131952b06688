"""What became of every contact, and when every agent was Online, noted moment by moment.

Figures and charts are made from this alone, so a replay and the record it came from are measured in the same way."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from assigner.core.changes import (
    ContactAbandoned,
    ContactArrived,
    ContactAssigned,
    ContactClosed,
    ContactOffered,
    ContactReturned,
    OfferAccepted,
    PresenceChanged,
)
from assigner.simulator.record import RecordedContact
from assigner.simulator.workspace import Moment
from presence.model import Status

Span = tuple[datetime, datetime]
"""From and until before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One contact: it waited until it was given to an agent, or until the customer gave up, or it is unfinished. Where
    it came back, what counts is the agent who was given it last.

    `given_at` and `agent` belong together, except that a record may not know the agent."""

    contact_id: str
    arrived_at: datetime
    given_at: datetime | None = None
    agent: str | None = None
    abandoned_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How it went: all outcomes in order of arrival, when each agent was Online, and when it was over."""

    outcomes: tuple[Outcome, ...]
    online: Mapping[str, tuple[Span, ...]]
    end: datetime


class Ledger:
    """Takes notes during a replay; nothing is ever forgotten."""

    def __init__(self) -> None:
        self._outcomes: dict[str, Outcome] = {}
        self._asked: dict[str, str] = {}
        self._online: dict[str, list[Span]] = defaultdict(list)
        self._online_since: dict[str, datetime] = {}

    def note(self, moment: Moment) -> None:
        """Write down what happened at one moment; moments come in order."""
        for change in moment.changes:
            match change:
                case ContactArrived(at=at, contact=contact):
                    self._outcomes[contact.id] = Outcome(contact_id=contact.id, arrived_at=at)
                case ContactAssigned(at=at, contact_id=contact_id, agent_id=agent_id):
                    self._outcomes[contact_id] = replace(self._outcomes[contact_id], given_at=at, agent=agent_id)
                case ContactOffered(contact_id=contact_id, agent_id=agent_id):
                    self._asked[contact_id] = agent_id
                case OfferAccepted(at=at, contact_id=contact_id):
                    agent_id = self._asked[contact_id]
                    self._outcomes[contact_id] = replace(self._outcomes[contact_id], given_at=at, agent=agent_id)
                case ContactReturned(contact_id=contact_id):
                    self._outcomes[contact_id] = replace(self._outcomes[contact_id], given_at=None, agent=None)
                case ContactAbandoned(at=at, contact_id=contact_id):
                    self._outcomes[contact_id] = replace(self._outcomes[contact_id], abandoned_at=at)
                case ContactClosed(at=at, contact_id=contact_id):
                    self._outcomes[contact_id] = replace(self._outcomes[contact_id], closed_at=at)
                case PresenceChanged():
                    self._note_presence(change)

    def course(self, *, end: datetime) -> Course:
        """How it went until `end`."""
        online = {agent_id: list(spans) for agent_id, spans in self._online.items()}
        for agent_id, since in self._online_since.items():
            online.setdefault(agent_id, []).append((since, end))
        spans = {agent_id: tuple(each) for agent_id, each in sorted(online.items())}
        return Course(outcomes=tuple(self._outcomes.values()), online=spans, end=end)

    def _note_presence(self, change: PresenceChanged) -> None:
        if change.status is Status.ONLINE:
            self._online_since.setdefault(change.agent_id, change.at)
        elif change.agent_id in self._online_since:
            since = self._online_since.pop(change.agent_id)
            if since < change.at:
                self._online[change.agent_id].append((since, change.at))


def recorded_course(contacts: Iterable[RecordedContact], replayed: Course) -> Course:
    """How it went at the time, with the agents Online when they are in the replay: a record does not know better."""
    outcomes = tuple(_recorded_outcome(recorded) for recorded in contacts)
    ends = (recorded.closed_at or recorded.arrived_at for recorded in outcomes)
    return Course(outcomes=outcomes, online=replayed.online, end=max(ends, default=replayed.end))


def _recorded_outcome(recorded: RecordedContact) -> Outcome:
    outcome = Outcome(contact_id=recorded.contact.id, arrived_at=recorded.contact.arrived_at)
    if not recorded.answered:
        return replace(outcome, abandoned_at=recorded.waited_until)
    return replace(outcome, given_at=recorded.waited_until, agent=recorded.agent, closed_at=recorded.ended_at)
