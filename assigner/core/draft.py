"""A plan in the making: every decision is laid out on the floor at once, because those after it depend on it.

The draft knows how to take everything back, so that a plan which is not committed has never been. Used by `board`
only."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from assigner.core.apply import apply
from assigner.core.changes import Change, ContactAssigned, ContactOffered, StopEntered
from assigner.core.floor import Floor
from assigner.core.model import Assign, NextStop, Offer, OpenContact, Planned


class Draft:
    """The decisions of one instant, laid out on a floor."""

    def __init__(self, floor: Floor, *, now: datetime) -> None:
        self.now = now
        self.decisions: list[Planned] = []
        self.changes: list[Change] = []
        self._floor = floor
        self._undo: list[Callable[[], None]] = []

    def assign(self, decision: Assign) -> None:
        """Give the contact to the winner."""
        ranked = decision.ranked
        change = ContactAssigned(
            at=self.now,
            contact_id=decision.contact_id,
            agent_id=ranked.winner,
            queue=decision.queue,
            credits=ranked.credits,
        )
        self._undo.append(self._undo_assign(change))
        self._lay_out(decision, change)

    def offer(self, decision: Offer) -> None:
        """Ask the winner."""
        change = ContactOffered(
            at=self.now,
            contact_id=decision.contact_id,
            agent_id=decision.ranked.winner,
            queue=decision.queue,
            expires_at=decision.expires_at,
            credits=decision.ranked.credits,
        )
        self._undo.append(self._undo_offer(change))
        self._lay_out(decision, change)

    def enter(self, decision: NextStop) -> None:
        """Let the contact ask one more queue."""
        change = StopEntered(at=self.now, contact_id=decision.contact_id, queue=decision.queue, leaves=decision.leaves)
        self._undo.append(self._undo_waiting(self._floor.contacts[decision.contact_id]))
        self._lay_out(decision, change)

    def settle(self, contact: OpenContact) -> None:
        """The length of the queue has been looked at for a newcomer, who waits like the others from now on."""
        self._undo.append(self._undo_waiting(contact))
        self._floor.waiting.remove(contact.id)
        stops = tuple(replace(stop, new=False) for stop in contact.stops)
        self._floor.wait(replace(contact, stops=stops), now=self.now)

    def take_back(self) -> None:
        """Make the floor what it was before the draft."""
        for undo in reversed(self._undo):
            undo()
        self._floor.roster.openings += 1

    def _lay_out(self, decision: Planned, change: ContactAssigned | ContactOffered | StopEntered) -> None:
        apply(self._floor, change)
        self.decisions.append(decision)
        self.changes.append(change)

    def _undo_waiting(self, contact: OpenContact) -> Callable[[], None]:
        floor = self._floor

        def wait_as_before() -> None:
            if contact.id in floor.waiting:
                floor.waiting.remove(contact.id)
            floor.wait(contact, now=self.now)

        return wait_as_before

    def _undo_assign(self, change: ContactAssigned) -> Callable[[], None]:
        floor, contact = self._floor, self._floor.contacts[change.contact_id]
        seat = floor.roster.seats[change.agent_id]
        turn, position, given = seat.turn, seat.position, tuple(seat.given)
        saved_up = [
            (floor.roster.seats[agent_id], floor.roster.seats[agent_id].credit) for agent_id, _ in change.credits
        ]
        wait_as_before = self._undo_waiting(contact)

        def take_from_agent() -> None:
            for credited, credit in saved_up:
                credited.credit = credit
            floor.roster.unserve(seat, turn=turn, position=position)
            seat.given = deque(given)
            del seat.holds[change.contact_id]
            floor.count(contact, seat, queue=change.queue, by=-1, now=self.now)
            wait_as_before()

        return take_from_agent

    def _undo_offer(self, change: ContactOffered) -> Callable[[], None]:
        floor, contact = self._floor, self._floor.contacts[change.contact_id]
        wait_as_before = self._undo_waiting(contact)

        def take_from_agent() -> None:
            floor.release(floor.contacts[contact.id], at=self.now)
            wait_as_before()

        return take_from_agent
