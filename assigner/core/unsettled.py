"""What is pending on the floor: offers nobody has answered yet, and agents from whom contacts may come back.

Kept up by the moves of `floor`, read by `lapses`, which says what has become of them. Timers are only remembered here;
whether one still counts is read off the contact or the agent when it comes up."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from assigner.core.changes import OfflineReturns
from assigner.core.filters import ADMITTED
from assigner.core.model import OpenContact
from assigner.core.need import QueueOf
from assigner.core.roster import Roster
from assigner.core.seat import Seat
from presence.model import Status

Timer = tuple[datetime, str]
"""When something is due, and the contact or the agent whom it concerns."""


class Unsettled:
    """`offered` are all contacts that are; some are in doubt, for their agent may be eligible no more. `leavers` may
    hold contacts although they were deactivated."""

    def __init__(self, contacts: Mapping[str, OpenContact], roster: Roster, queue_of: QueueOf) -> None:
        self.offered: dict[str, None] = {}
        self._in_doubt: list[tuple[int, str]] = []
        self.leavers: dict[str, None] = {}
        self._contacts = contacts
        self._roster = roster
        self._queue_of = queue_of
        self._expiries: list[Timer] = []
        self._graces: list[Timer] = []
        self._look_of: dict[str, datetime] = {}
        self._looks: list[Timer] = []

    def add_offer(self, contact_id: str, *, until: datetime) -> None:
        """A contact is offered."""
        self.offered[contact_id] = None
        heapq.heappush(self._expiries, (until, contact_id))

    def end_offer(self, contact_id: str) -> None:
        """It is offered no more, whatever became of it."""
        del self.offered[contact_id]
        self._look_of.pop(contact_id, None)

    def doubt(self, contact_ids: Iterable[str]) -> None:
        """What made an agent eligible for these offers may hold no longer."""
        for contact_id in contact_ids:
            heapq.heappush(self._in_doubt, (-self._contacts[contact_id].number, contact_id))

    def next_in_doubt(self) -> OpenContact | None:
        """Take off the next that is in doubt. The latest come first: where one of several must go, the oldest stays."""
        while self._in_doubt:
            _, contact_id = heapq.heappop(self._in_doubt)
            if contact_id in self.offered:
                return self._contacts[contact_id]
        return None

    def look_again(self, contact_id: str, at: datetime | None) -> None:
        """At this instant what an offered contact asks for changes next by itself; None: never."""
        if at is None:
            self._look_of.pop(contact_id, None)
        elif self._look_of.get(contact_id) != at:
            self._look_of[contact_id] = at
            heapq.heappush(self._looks, (at, contact_id))

    def due(self, *, now: datetime) -> Iterator[OpenContact]:
        """Take off the offered contacts that may ask for something else by now."""
        while (look := self._next_look()) is not None and look[0] <= now:
            del self._look_of[look[1]]
            yield self._contacts[look[1]]

    def doubt_all(self) -> None:
        """What held for every offer may hold no longer."""
        if self.offered:
            self.doubt(self.offered)

    def next_expiry(self) -> Timer | None:
        """The contact whose offer runs out next, and when."""
        while self._expiries:
            expires_at, contact_id = self._expiries[0]
            contact = self._contacts.get(contact_id)
            if contact is not None and contact.offer is not None and contact.offer.expires_at == expires_at:
                return expires_at, contact_id
            heapq.heappop(self._expiries)
        return None

    def note_grace(self, seat: Seat, *, at: datetime) -> None:
        """Remember when the contacts of an agent who is Offline come back: not before the instant `at` which that was
        settled."""
        rule = self._roster.settings.on_offline
        if seat.offline_since is not None and seat.holds and rule.contacts is not OfflineReturns.NONE:
            due = max(at, seat.offline_since + timedelta(seconds=rule.grace))
            heapq.heappush(self._graces, (due, seat.agent.id))

    def note_graces(self, *, at: datetime) -> None:
        """Remember it for all agents: the settings are others."""
        self._graces.clear()
        for seat in self._roster.seats.values():
            self.note_grace(seat, at=at)

    def next_grace(self) -> Timer | None:
        """The agent whose contacts come back next, and when."""
        grace = timedelta(seconds=self._roster.settings.on_offline.grace)
        while self._graces:
            due, agent_id = self._graces[0]
            seat = self._roster.seats.get(agent_id)
            since = seat.offline_since if seat is not None else None
            if seat is not None and since is not None and since + grace <= due and any(self.to_come_back(seat)):
                return due, agent_id
            heapq.heappop(self._graces)
        return None

    def to_come_back(self, seat: Seat) -> Iterator[OpenContact]:
        """What the agent held when becoming Offline and the settings take back. What a person gave afterwards stays,
        and so does what came through a queue that admits Offline."""
        only_unanswered = self._roster.settings.on_offline.contacts is OfflineReturns.UNANSWERED
        for contact in map(self._contacts.__getitem__, seat.holds):
            queue = self._queue_of(contact.queue or "")
            admits = queue is not None and Status.OFFLINE in ADMITTED[queue.takes]
            is_settled = only_unanswered and contact.answered_at is not None
            if not (admits or is_settled or _given_later(contact, seat)):
                yield contact

    def instants(self) -> Iterator[datetime]:
        """When the next timers run out."""
        timers = (self.next_expiry(), self.next_grace(), self._next_look())
        return (timer[0] for timer in timers if timer is not None)

    def _next_look(self) -> Timer | None:
        while self._looks and self._look_of.get(self._looks[0][1]) != self._looks[0][0]:
            heapq.heappop(self._looks)
        return self._looks[0] if self._looks else None


def _given_later(contact: OpenContact, seat: Seat) -> bool:
    """Whether a person gave the contact to an agent who was Offline already."""
    if contact.assigned_at is None or seat.offline_since is None:
        return False
    return contact.given_while_offline and contact.assigned_at >= seat.offline_since
