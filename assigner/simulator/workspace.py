"""One workspace on a virtual clock: the board, the facts of every agent's presence, and what is still to happen.

Say in any order what happens and when (`sign_in`, `arrive`, `close`, ...), then walk through `moments`. No rule is
written here: the board decides, `presence` says who is there, and a recorded day, a preview and a test all use this."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from assigner.core.board import Board
from assigner.core.changes import (
    AgentPut,
    AssignmentSettings,
    Change,
    ContactAbandoned,
    ContactArrived,
    ContactClosed,
    OfferAccepted,
    OfferEnd,
    OfficePut,
    PresenceChanged,
    RulesPublished,
    SettingsSaved,
)
from assigner.core.model import ContactState, Planned
from assigner.core.terms import offer_terms
from presence import inputs
from presence.effective import effective, is_open
from presence.model import PresenceFacts, PresencePolicy, Status
from presence.offices import switched_on, toggle_own
from rules.model import Contact, RuleSet
from rules.organisation import Organisation


class Due(IntEnum):
    """The order of what falls due at one instant. Timers come before the arrivals, the one decision after all."""

    CLOSING = 1
    SETTING = 2
    ABANDONMENT = 3
    ARRIVAL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """All that happened at one instant, in order; the changes that were decided come last."""

    now: datetime
    changes: tuple[Change, ...]
    decisions: tuple[Planned, ...]


Happening = Callable[[], Change | None]
"""What happens when its instant has come: the change that follows from it, or None where nothing changes."""


class Workspace:
    """Agents, offices and contacts on a clock that moves only from one moment to the next.

    What falls due because of a decision, at the same instant, makes a further moment of that instant."""

    def __init__(
        self,
        organisation: Organisation,
        *,
        now: datetime,
        rule_set: RuleSet | None = None,
        settings: AssignmentSettings | None = None,
        policy: PresencePolicy | None = None,
    ) -> None:
        self.now = now
        self.board = Board()
        self.facts: dict[str, PresenceFacts] = {}
        self._policy = policy or PresencePolicy()
        self._heap: list[tuple[datetime, Due, int, Happening]] = []
        self._scheduled = 0
        changes: list[Change] = [SettingsSaved(at=now, settings=settings or AssignmentSettings())]
        changes += (OfficePut(at=now, office=office) for office in organisation.offices.values())
        changes += (AgentPut(at=now, agent=agent) for agent in organisation.agents.values())
        changes += (RulesPublished(at=now, rule_set=rule_set or RuleSet(), version=1),)
        self.board.apply(changes)
        for agent in organisation.agents.values():
            self.facts[agent.id] = inputs.offices_joined(PresenceFacts(), self._policy, agent.offices, now=now)
            self._look_at(agent.id)
        self._next_instant = self.board.next_instant(now=now)

    def sign_in(self, agent_id: str, *, at: datetime) -> None:
        """The agent signs in, which is an input."""
        session_id = f"{agent_id} {at.isoformat()}"
        self._change_facts(agent_id, lambda facts: inputs.sign_in(facts, self._policy, session_id, now=at), at=at)

    def sign_out(self, agent_id: str, *, at: datetime) -> None:
        """The agent signs out everywhere."""

        def end_all(facts: PresenceFacts) -> PresenceFacts:
            for session in facts.sessions:
                facts = inputs.sign_out(facts, session.id, now=at)
            return facts

        self._change_facts(agent_id, end_all, at=at)

    def activity(self, agent_id: str, *, at: datetime) -> None:
        """The agent types or clicks. Somebody who is signed out does that elsewhere."""

        def act(facts: PresenceFacts) -> PresenceFacts:
            for session in facts.sessions:
                if is_open(session, now=at):
                    facts = inputs.activity(facts, self._policy, session.id, 0, now=at)
            return facts

        self._change_facts(agent_id, act, at=at)

    def choose(self, agent_id: str, status: Status, *, at: datetime) -> None:
        """The agent chooses a status."""
        self._change_facts(agent_id, lambda facts: inputs.choose(facts, self._policy, status, now=at), at=at)

    def switch(self, agent_id: str, office: str, *, on: bool, at: datetime) -> None:
        """The agent becomes available or away for one own office."""
        self._change_facts(agent_id, lambda facts: toggle_own(facts, self._policy, office, on, now=at), at=at)

    def change(self, change: Change) -> None:
        """Rules, settings or hours change, or a person moves a contact by hand."""
        self._schedule(change.at, Due.SETTING, lambda: self._apply(change))

    def arrive(self, contact: Contact) -> None:
        """A contact comes in, at its `arrived_at`."""
        change = ContactArrived(at=contact.arrived_at, contact=contact)
        self._schedule(change.at, Due.ARRIVAL, lambda: self._apply(change))

    def close(self, contact_id: str, *, at: datetime, given_at: datetime | None = None) -> None:
        """The holder of a contact is done with it: whoever it is, or only who was given it then."""
        change = ContactClosed(at=at, contact_id=contact_id)

        def end() -> Change | None:
            contact = self.board.floor.contacts.get(contact_id)
            is_there = given_at is None or (contact is not None and contact.assigned_at == given_at)
            return self._apply(change) if is_there else None

        self._schedule(at, Due.CLOSING, end)

    def accept(self, contact_id: str, agent_id: str, *, at: datetime) -> None:
        """The agent takes what is offered, if it is offered to the agent still."""
        change = OfferAccepted(at=at, contact_id=contact_id)

        def take() -> Change | None:
            contact = self.board.floor.contacts.get(contact_id)
            is_asked = contact is not None and contact.offer is not None and contact.agent_id == agent_id
            return self._apply(change) if is_asked else None

        self._schedule(at, Due.SETTING, take)

    def abandon(self, contact_id: str, *, at: datetime) -> None:
        """The customer gives up, if the contact still waits then."""
        change = ContactAbandoned(at=at, contact_id=contact_id)

        def give_up() -> Change | None:
            contact = self.board.floor.contacts.get(contact_id)
            waits = contact is not None and contact.state is not ContactState.ASSIGNED
            return self._apply(change) if waits else None

        self._schedule(at, Due.ABANDONMENT, give_up)

    @property
    def is_over(self) -> bool:
        """Whether nothing is scheduled any more."""
        return not self._heap

    def moments(self, *, until: datetime | None = None) -> Iterator[Moment]:
        """Live from moment to moment, up to and including `until`, or else as long as something is scheduled,
        offered or about to come back.

        More may be scheduled between moments, for the instant of the moment or later. Time that changes an answer
        (a lapse of presence, an office that opens, an overflow) makes a moment as well."""
        while (now := self._next_moment(until)) is not None:
            self.now = now
            yield self._live(now)

    def _live(self, now: datetime) -> Moment:
        happened = [*self._happen(through=Due.ABANDONMENT)]
        happened += [self._look_at(agent_id) for agent_id in self.board.agents_to_look_at(now=now)]
        happened += self._let_lapse()
        happened += self._happen(through=Due.ARRIVAL)
        changes = [change for change in happened if change is not None]
        plan = self.board.decide(now=now)
        self.board.apply(plan.changes)
        self.board.apply(plan.alarms)
        self._next_instant = plan.valid_until
        return Moment(now=now, changes=(*changes, *plan.changes, *plan.alarms), decisions=plan.decisions)

    def _next_moment(self, until: datetime | None) -> datetime | None:
        pending = any(True for _ in self.board.floor.unsettled.instants())
        if not self._heap and not pending and until is None:
            return None
        coming = [self._heap[0][0]] if self._heap else []
        if self._next_instant is not None:
            coming.append(self._next_instant)
        now = min(coming, default=None)
        return now if now is None or until is None or now <= until else None

    def _happen(self, *, through: Due) -> Iterator[Change | None]:
        while self._heap and self._heap[0][0] == self.now and self._heap[0][1] <= through:
            *_, happening = heapq.heappop(self._heap)
            yield happening()

    def _let_lapse(self) -> Iterator[Change | None]:
        """Offers that run out or may stand no more, contacts that come back; who missed too many offers is set Away."""
        while (lapse := self.board.next_lapse(now=self.now)) is not None:
            contact = self.board.floor.contacts[lapse.contact_id]
            yield self._apply(lapse)
            if lapse.because is OfferEnd.MISSED and contact.agent_id is not None:
                floor = self.board.floor
                terms = offer_terms(floor.queue_of(contact.queue or ""), floor.roster.settings)
                if terms.missed_limit is not None and floor.seat(contact.agent_id).missed >= terms.missed_limit:
                    facts = self.facts[contact.agent_id]
                    self.facts[contact.agent_id] = inputs.missed_offers(facts, self._policy, now=self.now)
                    yield self._look_at(contact.agent_id)

    def _look_at(self, agent_id: str) -> Change | None:
        """Let the board know what an agent's facts say now, where that is news."""
        facts, seat = self.facts[agent_id], self.board.floor.seat(agent_id)
        there = effective(facts, self._policy, now=self.now)
        own = frozenset(office for office in seat.agent.offices if switched_on(facts, self._policy, office))
        if (there.status, own, there.next_change_at) == (seat.status, seat.switched_on, seat.look_again_at):
            return None
        return self._apply(
            PresenceChanged(
                at=self.now,
                agent_id=agent_id,
                status=there.status,
                switched_on=own,
                look_again_at=there.next_change_at,
            )
        )

    def _apply(self, change: Change) -> Change:
        self.board.apply([change])
        return change

    def _change_facts(self, agent_id: str, new: Callable[[PresenceFacts], PresenceFacts], *, at: datetime) -> None:
        """Let an input make new facts at its instant. Raises NotFound for an agent who does not exist."""
        self.board.floor.seat(agent_id)

        def happen() -> Change | None:
            self.facts[agent_id] = new(self.facts[agent_id])
            return self._look_at(agent_id)

        self._schedule(at, Due.SETTING, happen)

    def _schedule(self, at: datetime, due: Due, happening: Happening) -> None:
        if at < self.now:
            raise ValueError(f"{at.isoformat()} is past, it is {self.now.isoformat()}: schedule for now or later")
        self._scheduled += 1
        heapq.heappush(self._heap, (at, due, self._scheduled, happening))
