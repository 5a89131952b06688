"""The floor: agents and contacts as they are at one instant, and the moves between them. It decides nothing.

`apply` translates every change into these moves, `board` adds the deciding. What time alone changes (office hours, the
flood limit, wrap-ups, what a waiting contact asks) is brought up to date by `advance`, and is the same whenever that is
called."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from assigner.core.filters import NOWHERE, Ask
from assigner.core.model import ContactState, OpenContact, PendingOffer, Source
from assigner.core.need import Need, need, order_key, timers
from assigner.core.roster import Roster
from assigner.core.seat import FLOODED, Seat, WrapUp
from assigner.core.unsettled import Unsettled
from assigner.core.waiting import Group, Waiting
from assigner.core.watch import Watch
from presence.errors import NotFound
from presence.model import Status
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
        self.watch = Watch()
        self.contacts: dict[str, OpenContact] = {}
        self.unsettled = Unsettled(self.contacts, self.roster, self.queue_of)
        self.rule_set = RuleSet()
        self.rule_set_version = 0
        self.offices: dict[str, Office] = {}
        self.queues: Mapping[str, Queue] = {EVERYBODY: Queue(name=EVERYBODY)}
        self.last_holder: dict[str, str] = {}
        self.arrivals = 0
        self._asks: dict[Need, tuple[Ask, ...]] = {}
        self._hours: dict[str, Opening] = {}
        self._room_ends: list[tuple[datetime, str]] = []
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
        group = self.waiting.group(asked) or Group(asked, self.asks_for(asked))
        timer = min((instant for instant in timers(contact, self.queue_of) if instant > now), default=None)
        self.waiting.add((order_key(contact, self.queue_of), contact.id), group, timer=timer)
        self.expect(contact, now=now)

    def expect(self, contact: OpenContact, *, now: datetime) -> None:
        """Let the watch know until when somebody should hold a contact."""
        stop = next((stop for stop in contact.stops if stop.left_at is None), None)
        queue = self.queues.get(stop.queue) if stop is not None else None
        if queue is not None and queue.target is not None:
            by = contact.contact.arrived_at + timedelta(seconds=queue.target)
            self.watch.expect(contact.id, queue.name, by=by, now=now)
        else:
            self.watch.forget(contact.id)

    def asks_for(self, asked: Need) -> tuple[Ask, ...]:
        """What is asked at each stop, with the counts of the last contact who asked the same."""
        asks = self._asks.get(asked)
        if asks is None:
            if len(self._asks) >= ASKS_KEPT:
                self._asks.clear()
            asks = tuple(Ask(asked, stop, self.queues.get(stop.queue, NOWHERE)) for stop in asked.stops)
            for ask in asks:
                ask.beside = asks
            self._asks[asked] = asks
        return asks

    def asks_of(self, contact: OpenContact, *, now: datetime) -> tuple[Ask, ...]:
        """What is asked for one contact, whether it waits or is offered."""
        if contact.id in self.waiting:
            return self.waiting.group_of(contact.id).asks
        return self.asks_for(need(contact, self.queue_of, now=now))

    def wait_again(self, contacts: Iterable[OpenContact], *, now: datetime) -> None:
        """Let all waiting contacts wait anew: what queues ask has changed, or time was set back."""
        self.waiting = Waiting()
        for contact in contacts:
            self.wait(contact, now=now)

    def give(self, contact: OpenContact, seat: Seat, *, queue: str | None, source: Source, at: datetime) -> None:
        """Let an agent hold a contact that waits or that nobody holds."""
        if contact.id in self.waiting:
            self.waiting.remove(contact.id)
        self.watch.forget(contact.id)
        self.contacts[contact.id] = replace(
            contact,
            state=ContactState.ASSIGNED,
            agent_id=seat.agent.id,
            queue=queue,
            source=source,
            assigned_at=at,
            on_hold=False,
            offer=None,
            answered_at=None,
            given_while_offline=seat.status is Status.OFFLINE,
        )
        seat.holds[contact.id] = None
        self.count(contact, seat, queue=queue, by=1, now=at)

    def offer(self, contact: OpenContact, seat: Seat, *, queue: str, offer: PendingOffer, now: datetime) -> None:
        """Let an agent be asked about a waiting contact."""
        if contact.id in self.waiting:
            self.waiting.remove(contact.id)
        self.contacts[contact.id] = replace(
            contact, state=ContactState.OFFERED, agent_id=seat.agent.id, queue=queue, offer=offer
        )
        seat.offers[contact.id] = offer.expires_at
        self.unsettled.add_offer(contact.id, until=offer.expires_at)
        self.look_again(contact, now=now)
        self.count(contact, seat, queue=queue, by=1, now=now)

    def look_again(self, contact: OpenContact, *, now: datetime) -> None:
        """What an offered contact asks for may change while the offer is pending."""
        coming = (each for each in timers(contact, self.queue_of) if each > now)
        self.unsettled.look_again(contact.id, min(coming, default=None))

    def release(self, contact: OpenContact, *, at: datetime) -> None:
        """Let the holder of a contact hold it no longer, or the agent it is offered to be asked no longer."""
        if contact.agent_id is None:
            return
        seat = self.seat(contact.agent_id)
        if contact.state is ContactState.OFFERED:
            del seat.offers[contact.id]
            self.unsettled.end_offer(contact.id)
        else:
            del seat.holds[contact.id]
            seat.idle_since = at
        if not contact.on_hold:
            self.count(contact, seat, queue=contact.queue, by=-1, now=at)
        self.roster.openings += 1

    @contextmanager
    def without(self, contact: OpenContact, *, now: datetime) -> Iterator[None]:
        """The floor as if a contact were not offered, to ask whether it might be."""
        seat = self.seat(contact.agent_id or "")
        expires_at = seat.offers.pop(contact.id)
        self.count(contact, seat, queue=contact.queue, by=-1, now=now)
        yield
        seat.offers[contact.id] = expires_at
        self.count(contact, seat, queue=contact.queue, by=1, now=now)

    def count(self, contact: OpenContact, seat: Seat, *, queue: str | None, by: int, now: datetime) -> None:
        """Count a contact into or out of an agent's load."""
        seat.load += by
        seat.by_channel[contact.contact.channel] += by
        if queue is not None:
            seat.by_queue[queue] += by
        self.roster.refresh_room(seat, now=now)
        self._note_room_end(seat)

    def wrap_up(self, seat: Seat, closed: WrapUp, *, at: datetime) -> None:
        """Let an agent's capacity stay held after a close."""
        seat.wrap_up(closed, at=at)
        self.roster.refresh_room(seat, now=at)
        self._note_room_end(seat)

    def forget(self, contact: OpenContact) -> None:
        """A contact has ended. Its customer's next contact can be brought to the same agent."""
        del self.contacts[contact.id]
        self.watch.forget(contact.id)
        holder = contact.agent_id if contact.state is ContactState.ASSIGNED else None
        if holder is not None and contact.contact.customer_id is not None:
            self.last_holder[contact.contact.customer_id] = holder

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
            self.note_room_ends()
            self.watch.begin_again(now=now)
            self.unsettled.doubt_all()
            for contact_id in self.unsettled.offered:
                self.look_again(self.contacts[contact_id], now=now)
            self.wait_again([self.contacts[contact_id] for contact_id in self.waiting.in_order()], now=now)
        self.as_of = now
        self._advance_hours(now=now)
        while self._room_ends and self._room_ends[0][0] <= now:
            _, agent_id = heapq.heappop(self._room_ends)
            if agent_id in self.roster.seats:
                self.roster.refresh_room(self.roster.seats[agent_id], now=now)
                self._note_room_end(self.roster.seats[agent_id], after=now)
                self.roster.openings += 1
        self.watch.advance(now=now)
        for contact in tuple(self.unsettled.due(now=now)):
            self.unsettled.doubt((contact.id,))
            self.look_again(contact, now=now)
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

    def note_room_ends(self) -> None:
        """Remember, for all agents whom the flood limit or a wrap-up holds back, until when."""
        for seat in self.roster.seats.values():
            self._note_room_end(seat)

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
            self.unsettled.doubt_all()

    def _note_room_end(self, seat: Seat, *, after: datetime | None = None) -> None:
        """Remember when time makes room for an agent next. While offers keep the agent at the flood limit, their end
        does, not time: an instant that is past is not noted again."""
        until = seat.eases_at() if seat.wrapping_up or FLOODED in seat.room else None
        if until is not None and (after is None or until > after):
            heapq.heappush(self._room_ends, (until, seat.agent.id))

    def _next_room_end(self) -> datetime | None:
        while self._room_ends:
            until, agent_id = self._room_ends[0]
            seat = self.roster.seats.get(agent_id)
            if seat is not None and seat.eases_at() == until:
                return until
            heapq.heappop(self._room_ends)
        return None

    def _instants(self) -> Iterator[datetime]:
        if timer := self.waiting.next_timer():
            yield timer
        if room_end := self._next_room_end():
            yield room_end
        yield from self.unsettled.instants()
        if late := self.watch.next_instant():
            yield late
        if self._hints:
            yield self._hints[0][0]
        yield from self.hours_until(self._hours)
