"""The contacts that wait, grouped by need and in order, with the instants at which time will change what they ask.

A group that nobody can take costs one question, however many wait in it, and is not asked about again before an agent's
situation has improved."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from sortedcontainers import SortedList

from assigner.core.filters import STANDING, Ask
from assigner.core.model import Wait
from assigner.core.need import Need, OrderKey
from assigner.core.roster import Roster

Place = tuple[OrderKey, str]
"""Where a contact stands: its key, and its id."""


class Group:
    """The contacts with one need, in order.

    `blocked_at` is the state of the roster's openings at which the first found nobody free, `hopeless_at` the state of
    its standing at which nobody was there at all: while that lasts, no agent who finishes a contact can help."""

    def __init__(self, need: Need, asks: tuple[Ask, ...]) -> None:
        self.need = need
        self.asks = asks
        self.places: SortedList[Place] = SortedList()
        self.blocked_at = -1
        self.hopeless_at = -1

    @property
    def first(self) -> Place:
        """The place of the contact that is first in order."""
        place: Place = self.places[0]
        return place

    def may_find_somebody(self, roster: Roster) -> bool:
        """Whether there is a contact whose situation has improved since nobody could take it."""
        return bool(self.places) and self.blocked_at != roster.openings and self.hopeless_at != roster.standing


class Waiting:
    """All contacts of a workspace that wait. A contact is in exactly one group; its timer wakes it when its need
    changes."""

    def __init__(self) -> None:
        self._groups: dict[Need, Group] = {}
        self._group_of: dict[str, tuple[Group, OrderKey]] = {}
        self._timer_of: dict[str, datetime] = {}
        self._timers: list[tuple[datetime, str]] = []
        self._lengths: Counter[str] = Counter()
        self._nobody_there: dict[str, set[Group]] = {}

    def __len__(self) -> int:
        return len(self._group_of)

    def __contains__(self, contact_id: str) -> bool:
        return contact_id in self._group_of

    def group(self, need: Need) -> Group | None:
        """The group of a need, if any contact has it."""
        return self._groups.get(need)

    def groups(self) -> Iterator[Group]:
        """All groups; each has at least one contact."""
        return iter(self._groups.values())

    def group_of(self, contact_id: str) -> Group:
        """The group that a waiting contact is in."""
        return self._group_of[contact_id][0]

    def add(self, place: Place, group: Group, *, timer: datetime | None) -> None:
        """Let a contact wait in a group; `timer` is the next instant at which its need changes by itself."""
        key, contact_id = place
        group = self._groups.setdefault(group.need, group)
        group.places.add(place)
        self._group_of[contact_id] = group, key
        self._count(group.need, 1)
        if timer is None:
            self._timer_of.pop(contact_id, None)
        elif self._timer_of.get(contact_id) != timer:
            self._timer_of[contact_id] = timer
            heapq.heappush(self._timers, (timer, contact_id))

    def remove(self, contact_id: str) -> Group:
        """The contact waits no longer, or no longer like this."""
        group, key = self._group_of.pop(contact_id)
        group.places.remove((key, contact_id))
        if not group.places:
            del self._groups[group.need]
            self._note_nobody_there(group, nobody_there=False)
        self._count(group.need, -1)
        return group

    def _count(self, need: Need, by: int) -> None:
        for stop in need.stops:
            if stop.queue not in need.new_to:
                self._lengths[stop.queue] += by

    def block(self, group: Group, roster: Roster, wait: Wait) -> None:
        """Nobody can take the first contact of a group, and so none of the others: do not ask again before something
        improves."""
        group.blocked_at = roster.openings
        if all(account.steps[-1].reason in STANDING for account in wait.accounts):
            group.hopeless_at = roster.standing
        self._note_nobody_there(group, nobody_there=wait.nobody_there)

    @property
    def nobody_there(self) -> Iterable[str]:
        """The queues where a contact waits for whom nobody is there, as far as it was asked."""
        return self._nobody_there.keys()

    def _note_nobody_there(self, group: Group, *, nobody_there: bool) -> None:
        queue = group.need.stops[0].queue if group.need.stops else ""
        groups = self._nobody_there.get(queue)
        if nobody_there:
            self._nobody_there.setdefault(queue, set()).add(group)
        elif groups is not None:
            groups.discard(group)
            if not groups:
                del self._nobody_there[queue]

    def length(self, queue: str) -> int:
        """How many contacts wait at a queue, without newcomers that have not been looked at."""
        return self._lengths[queue]

    def in_order(self) -> Iterator[str]:
        """All waiting contacts in the order of serving."""
        merged: Iterable[Place] = heapq.merge(*(group.places for group in self._groups.values()))
        return (contact_id for _, contact_id in merged)

    def to_ask(self, roster: Roster) -> Iterator[Group]:
        """The groups of which it is not known that nobody can take them."""
        return (group for group in self._groups.values() if group.may_find_somebody(roster))

    def due(self, *, now: datetime) -> Iterator[str]:
        """Take off the contacts whose timer has run out."""
        while self._timers and self._timers[0][0] <= now:
            timer, contact_id = heapq.heappop(self._timers)
            if self._timer_of.get(contact_id) == timer:
                del self._timer_of[contact_id]
                if contact_id in self._group_of:
                    yield contact_id

    def next_timer(self) -> datetime | None:
        """The next instant at which time changes what some contact asks."""
        while self._timers:
            timer, contact_id = self._timers[0]
            if self._timer_of.get(contact_id) == timer and contact_id in self._group_of:
                return timer
            heapq.heappop(self._timers)
            if self._timer_of.get(contact_id) == timer:
                del self._timer_of[contact_id]
        return None
