"""A board and the reference that live through the same, and are compared after every step.

Whoever drives them says what happens; the clock is theirs. A happening names its contact by a number, which finds one
of the contacts to which it can happen."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from assigner.core import changes as happened
from assigner.core.board import Board
from assigner.core.contact_states import NEXT_STATE
from assigner.core.model import Assign, ContactState, NextStop, Offer, OpenContact, Plan, Stop
from presence.errors import Refused as BoardRefused
from tests.core.builders import MORNING
from tests.core.happenings import Happening, TimePasses
from tests.core.reference import Reference, change_of
from tests.core.reference_checks import Refused
from tests.core.reference_ranking import load_of

Decision = Assign | Offer | NextStop
Moment = tuple[datetime, list[happened.Change]]
NOTHING = TimePasses(seconds=0)


class Twins:
    """The board and its reference at one instant. `done` is what people did, without what both refused."""

    def __init__(self, world: Iterable[happened.Change]) -> None:
        self.now = MORNING
        self.board = Board()
        self.reference = Reference()
        self.done: list[happened.Change] = []
        self.plan = self.board.decide(now=self.now)
        for change in world:
            self.let(change)

    def live(self, happening: Happening) -> Plan:
        """Let something happen, then decide, and hold the two against each other."""
        self.let(happening)
        return self.settle()

    def let(self, happening: Happening) -> None:
        """Let something happen, or be refused by both."""
        if isinstance(happening, TimePasses):
            self.pass_time(happening.seconds)
            self.let_lapse()
            return
        change = self.aimed(happening)
        if self.is_idle(change):
            return
        possible = self.board_lets(change)
        assert possible == self.reference_lets(change), f"the board says {possible}, the reference not: {change}"
        if possible:
            self.done.append(change)
            self.let_lapse()

    def let_lapse(self) -> None:
        """Let everything become true that follows without anybody's doing; both must find the same."""
        while (lapse := self.board.next_lapse(now=self.now)) is not None:
            expected = self.reference.next_lapse(self.now)
            assert lapse == expected, f"the board says {lapse}, the reference {expected}"
            self.board.apply([lapse])
            self.reference.apply(lapse)
        missed = self.reference.next_lapse(self.now)
        assert missed is None, f"the board does not say {missed}"

    def board_lets(self, change: happened.Change) -> bool:
        """Let it happen on the board, unless that refuses."""
        try:
            self.board.apply([change])
        except BoardRefused:
            return False
        return True

    def reference_lets(self, change: happened.Change) -> bool:
        """Let it happen in the reference, unless that refuses."""
        try:
            self.reference.apply(change)
        except Refused:
            return False
        return True

    def pass_time(self, seconds: float | None) -> None:
        """Move the clock; None: to the next instant that matters, if any."""
        if seconds is not None:
            self.now += timedelta(seconds=seconds)
        else:
            self.now = self.board.next_instant(now=self.now) or self.now

    def settle(self, *, drop: bool = False) -> Plan:
        """Decide with both and carry the plan out; `drop`: look at the floor in between, which takes the draft back."""
        plan = self.board.decide(now=self.now)
        if drop:
            self.check_same_state()
        expected = self.reference.settle(self.now)
        assert [without_values(each) for each in plan.decisions] == expected
        assert list(plan.changes) == [change_of(each, self.now) for each in expected]
        self.board.apply(plan.changes)
        assert list(plan.alarms) == self.reference.alarms(self.now)
        self.board.apply(plan.alarms)
        for alarm in plan.alarms:
            self.reference.apply(alarm)
        self.check_same_state()
        return plan

    def decide(self) -> Iterator[Decision]:
        """Decide with the board alone; every decision comes before it happens in the reference, which only follows."""
        self.plan = plan = self.board.decide(now=self.now)
        for decision, change in zip(plan.decisions, plan.changes, strict=True):
            yield decision
            self.reference.apply(change)
        self.board.apply(plan.changes)

    def check_same_state(self) -> None:
        """Contacts, their order, and what agents hold are the same."""
        floor, reference = self.board.floor, self.reference
        assert list(floor.waiting.in_order()) == [each.id for each in reference.in_order()]
        assert {each.id: seen(each) for each in floor.contacts.values()} == {
            each.id: (each.state, places(each.stops), each.holder, each.queue, each.on_hold)
            for each in reference.requests.values()
        }
        board_agents = {
            seat.agent.id: (seat.held, len(seat.offers), seat.load, seat.missed, seat.status)
            for seat in floor.roster.seats.values()
        }
        assert board_agents == {
            person.agent.id: (
                len(reference.held(person)),
                len(reference.offers(person)),
                load_of(reference, person, self.now),
                person.missed,
                person.status,
            )
            for person in reference.people.values()
        }

    def aimed(self, change: Any) -> Any:
        """The change at this instant, about a contact to which it can happen, where there is one."""
        if isinstance(change, happened.ContactArrived):
            arrived_at = self.now + (change.contact.arrived_at - MORNING)
            name = f"c{len(self.reference.arrivals) + 1}"
            return replace(change, at=self.now, contact=replace(change.contact, id=name, arrived_at=arrived_at))
        if isinstance(change, happened.ContactAmended):
            return replace(
                change, at=self.now, contact=replace(change.contact, id=self.target(change, change.contact.id))
            )
        if hasattr(change, "contact_id"):
            return replace(change, at=self.now, contact_id=self.target(change, change.contact_id))
        return replace(change, at=self.now)

    def target(self, change: Any, number: str) -> str:
        """The contact that a number finds: one in a fitting state, else any, else none."""
        fitting = [each.id for each in self.reference.requests.values() if (each.state, type(change)) in NEXT_STATE]
        contacts = fitting or list(self.reference.requests) or ["nobody"]
        return contacts[int(number) % len(contacts)]

    def is_idle(self, change: happened.Change) -> bool:
        """Whether a contact is to be given to its holder or to who is deactivated, which whoever asks leaves out."""
        if not isinstance(change, happened.ContactTaken):
            return False
        request, person = self.reference.requests.get(change.contact_id), self.reference.people.get(change.agent_id)
        held = request is not None and request.state is ContactState.ASSIGNED and request.holder == change.agent_id
        return held or (person is not None and not person.agent.active)


def decisions(world: Iterable[happened.Change], history: Iterable[Happening]) -> Iterator[tuple[Twins, Decision]]:
    """Every decision that the board makes in a history, with the twins as they are just before it happens."""
    twins = Twins(world)
    for happening in (NOTHING, *history):
        twins.let(happening)
        for decision in twins.decide():
            yield twins, decision


def moments(world: Iterable[happened.Change], history: Iterable[Happening]) -> Iterator[Twins]:
    """The twins after every step of a history, once the board has decided and its plan was carried out."""
    twins = Twins(world)
    for happening in (NOTHING, *history):
        twins.let(happening)
        for _ in twins.decide():
            pass
        yield twins


def recorded(world: Iterable[happened.Change], history: Iterable[Happening]) -> list[Moment]:
    """A history as instants with what was done at each, so that any board can live through exactly that."""
    record: list[Moment] = []
    done = 0
    for twins in moments(world, history):
        record.append((twins.now, twins.done[done:]))
        done = len(twins.done)
    return record


def state(board: Board) -> dict[str, Any]:
    """All that a board knows and that a later decision may depend on."""
    floor = board.floor
    seats = floor.roster.seats.values()
    return {
        "contacts": dict(floor.contacts),
        "waiting": list(floor.waiting.in_order()),
        "turns": [seat.agent.id for seat in sorted(seats, key=lambda seat: (seat.turn, seat.added))],
        "agents": {seat.agent.id: known_of(seat) for seat in seats},
        "last holders": dict(floor.last_holder),
        "alarms": dict(floor.watch.raised),
    }


def known_of(seat: Any) -> tuple[Any, ...]:
    """What is known of one agent."""
    counts = {name: count for name, count in (*seat.by_channel.items(), *seat.by_queue.items()) if count}
    standing = (seat.agent, seat.status, seat.switched_on, seat.idle_since)
    timers = (seat.offline_since, dict(seat.offers), seat.missed, seat.wrap_ups)
    return *standing, *timers, seat.held, seat.load, counts, list(seat.given), seat.credit


def places(stops: Iterable[Stop]) -> list[tuple[str, datetime, datetime | None]]:
    """The queues that were entered, with the instants; what the board notes beside them is its own business."""
    return [(stop.queue, stop.entered_at, stop.left_at) for stop in stops]


def seen(contact: OpenContact) -> tuple[Any, ...]:
    """What is compared of a contact."""
    return contact.state, way(contact.stops), contact.agent_id, contact.queue, contact.on_hold


def way(stops: Iterable[Stop]) -> list[tuple[Any, ...]]:
    """The stops of a contact, without what the board remembers of having looked at them."""
    return [(stop.queue, stop.entered_at, stop.left_at) for stop in stops]


def without_values(decision: Decision) -> Decision:
    """A decision without the values of the key that decided, which the reference does not know."""
    if isinstance(decision, NextStop):
        return decision
    return replace(decision, ranked=replace(decision.ranked, winner_value="", runner_up_value=None))
