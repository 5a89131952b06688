"""The floor: agents and contacts as they are at one instant, and the moves between them. It decides nothing.

`apply` translates every change into these moves, `board` adds the deciding. What time alone changes (office hours, the
flood limit, what a waiting contact asks) is brought up to date by `advance`, and is the same whenever that is
called."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from assigner.core.filters import NOWHERE, Ask
from assigner.core.model import ContactState, OpenContact, Source
from assigner.core.need import Need, need, order_key, timers
from assigner.core.roster import Roster
from assigner.core.seat import FLOODED, Seat
from assigner.core.waiting import Group, Waiting
from presence.errors import NotFound
from rules.hours import Opening, opening
from rules.model import EVERYBODY, Queue, RuleSet
from rules.organisation import Office

ASKS_KEPT = 4096
"""How many different needs are remembered with their counts."""


class Floor:
    """All that a workspace knows at one instant. `as_of` is the latest instant it was brought up to."""

    def __init__(self) -> None:
        self.as_of: datetime | None = None
        self.roster = Roster()
        self.waiting = Waiting()
        self.contacts: dict[str, OpenContact] = {}
        self.rule_set = RuleSet()
        self.rule_set_version = 0
        self.offices: dict[str, Office] = {}
        self.queues: Mapping[str, Queue] = {EVERYBODY: Queue(name=EVERYBODY)}
        self.last_holder: dict[str, str] = {}
        self.arrivals = 0
        self._asks: dict[Need, tuple[Ask, ...]] = {}
        self._hours: dict[str, Opening] = {}
        self._flood_ends: list[tuple[datetime, str]] = []
        self._hints: list[tuple[datetime, str]] = []

    def queue_of(self, name: str) -> Queue | None:
        """The queue of a name: written, of an office, or everybody's; None where there is none."""
        return self.queues.get(name)

    def seat(self, agent_id: str) -> Seat:
        """The seat of an agent. Raises NotFound."""
        try:
            return self.roster.seats[agent_id]
        except KeyError:
            raise NotFound("not_found", f"agent {agent_id!r} does not exist; add the agent first") from None

    def contact(self, contact_id: str) -> OpenContact:
        """A contact that is open. Raises NotFound."""
        try:
            return self.contacts[contact_id]
        except KeyError:
            raise NotFound("not_found", f"contact {contact_id!r} is not open: it never arrived, or has ended") from None

    def lay_out(self, rule_set: RuleSet) -> None:
        """Let the queues follow the rule set and the offices."""
        self.rule_set = rule_set
        self._asks.clear()
        names = (*rule_set.queues, *self.offices, EVERYBODY)
        offices = frozenset(self.offices)
        found = {name: rule_set.queue(name, offices=offices) for name in names}
        self.queues = {name: queue for name, queue in found.items() if queue is not None}
        self.roster.limited = {name: queue for name, queue in self.queues.items() if queue.capacity is not None}

    def wait(self, contact: OpenContact, *, now: datetime) -> None:
        """Let a contact wait as what it asks for at this instant demands."""
        self.contacts[contact.id] = contact
        asked = need(contact, self.queue_of, now=now)
        group = self.waiting.group(asked) or Group(asked, self._asks_for(asked))
        timer = min((instant for instant in timers(contact, self.queue_of) if instant > now), default=None)
        self.waiting.add((order_key(contact, self.queue_of), contact.id), group, timer=timer)

    def _asks_for(self, asked: Need) -> tuple[Ask, ...]:
        """What is asked at each stop, with the counts of the last contact who asked the same."""
        asks = self._asks.get(asked)
        if asks is None:
            if len(self._asks) >= ASKS_KEPT:
                self._asks.clear()
            asks = tuple(Ask(asked, stop, self.queues.get(stop.queue, NOWHERE)) for stop in asked.stops)
            self._asks[asked] = asks
        return asks

    def wait_again(self, contacts: Iterable[OpenContact], *, now: datetime) -> None:
        """Let all waiting contacts wait anew: what queues ask has changed, or time was set back."""
        self.waiting = Waiting()
        for contact in contacts:
            self.wait(contact, now=now)

    def give(self, contact: OpenContact, seat: Seat, *, queue: str | None, source: Source, at: datetime) -> None:
        """Let an agent hold a contact that waits or that nobody holds."""
        if contact.id in self.waiting:
            self.waiting.remove(contact.id)
        self.contacts[contact.id] = replace(
            contact,
            state=ContactState.ASSIGNED,
            agent_id=seat.agent.id,
            queue=queue,
            source=source,
            assigned_at=at,
            on_hold=False,
        )
        seat.held += 1
        self.count(contact, seat, queue=queue, by=1, now=at)

    def release(self, contact: OpenContact, *, at: datetime) -> None:
        """Let the holder of a contact hold it no longer."""
        if contact.agent_id is None:
            return
        seat = self.seat(contact.agent_id)
        seat.held -= 1
        seat.idle_since = at
        if not contact.on_hold:
            self.count(contact, seat, queue=contact.queue, by=-1, now=at)
        self.roster.openings += 1

    def count(self, contact: OpenContact, seat: Seat, *, queue: str | None, by: int, now: datetime) -> None:
        """Count a contact into or out of an agent's load."""
        seat.load += by
        seat.by_channel[contact.contact.channel] += by
        if queue is not None:
            seat.by_queue[queue] += by
        self.roster.refresh_room(seat, now=now)
        self._note_flood(seat)

    def forget(self, contact: OpenContact) -> None:
        """A contact has ended. Its customer's next contact can be brought to the same agent."""
        del self.contacts[contact.id]
        if contact.agent_id is not None and contact.contact.customer_id is not None:
            self.last_holder[contact.contact.customer_id] = contact.agent_id

    def hint(self, agent_id: str, instant: datetime) -> None:
        """Remember when time alone may change an agent's status."""
        heapq.heappush(self._hints, (instant, agent_id))

    def to_look_at(self, *, now: datetime) -> tuple[str, ...]:
        """The agents whose status time may have changed by now, each named once for each hint."""
        due: list[str] = []
        while self._hints and self._hints[0][0] <= now:
            hinted, agent_id = heapq.heappop(self._hints)
            seat = self.roster.seats.get(agent_id)
            if seat is not None and seat.look_again_at == hinted:
                due.append(agent_id)
        return tuple(due)

    def advance(self, *, now: datetime) -> None:
        """Let everything follow that time alone has changed since, forwards or (a clock that was set) back."""
        if self.as_of is not None and now < self.as_of:
            self._hours = {office_id: opening(office, now=now) for office_id, office in self.offices.items()}
            self.roster.refresh_all(now=now)
            self.note_flood_ends()
            self.wait_again([self.contacts[contact_id] for contact_id in self.waiting.in_order()], now=now)
        self.as_of = now
        self._advance_hours(now=now)
        while self._flood_ends and self._flood_ends[0][0] <= now:
            _, agent_id = heapq.heappop(self._flood_ends)
            if agent_id in self.roster.seats:
                self.roster.refresh_room(self.roster.seats[agent_id], now=now)
                self.roster.openings += 1
        for contact_id in tuple(self.waiting.due(now=now)):
            self.waiting.remove(contact_id)
            self.wait(self.contacts[contact_id], now=now)
        self.roster.arrange(now=now)

    def next_instant(self, *, now: datetime) -> datetime | None:
        """The next instant after now at which time alone changes something here, or may change a status."""
        return min((instant for instant in self._instants() if instant > now), default=None)

    def hours_until(self, offices: Iterable[str]) -> Iterator[datetime]:
        """When some offices open or close next."""
        hours = (self._hours[office] for office in offices if office in self._hours)
        return (each.until for each in hours if each.until is not None)

    def note_flood_ends(self) -> None:
        """Remember, for all agents whom the flood limit holds back, until when."""
        for seat in self.roster.seats.values():
            self._note_flood(seat)

    def set_hours(self, office: Office, *, now: datetime) -> None:
        """An office is new or has other hours."""
        self.offices[office.id] = office
        self._hours[office.id] = opening(office, now=now)
        self._advance_hours(now=now)

    def remove_office(self, office_id: str, *, now: datetime) -> None:
        """An office is gone."""
        del self.offices[office_id], self._hours[office_id]
        self._advance_hours(now=now)

    def _advance_hours(self, *, now: datetime) -> None:
        for office_id, hours in self._hours.items():
            if hours.until is not None and hours.until <= now:
                self._hours[office_id] = opening(self.offices[office_id], now=now)
        open_offices = frozenset(office_id for office_id, hours in self._hours.items() if hours.open)
        if open_offices != self.roster.open_offices:
            self.roster.open_offices = open_offices
            self.roster.changed()

    def _note_flood(self, seat: Seat) -> None:
        if FLOODED in seat.room and (until := seat.flooded_until()) is not None:
            heapq.heappush(self._flood_ends, (until, seat.agent.id))

    def _next_flood_end(self) -> datetime | None:
        while self._flood_ends:
            until, agent_id = self._flood_ends[0]
            seat = self.roster.seats.get(agent_id)
            if seat is not None and FLOODED in seat.room and seat.flooded_until() == until:
                return until
            heapq.heappop(self._flood_ends)
        return None

    def _instants(self) -> Iterator[datetime]:
        if timer := self.waiting.next_timer():
            yield timer
        if flood_end := self._next_flood_end():
            yield flood_end
        if self._hints:
            yield self._hints[0][0]
        yield from self.hours_until(self._hours)
