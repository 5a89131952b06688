"""One workspace in memory: apply what happened, decide what happens now, say when to look again.

Pure: the same changes and the same instants give the same decisions. The dispatcher drives a board from the database,
the simulator drives it from a record; there is no second implementation of any rule."""

import heapq
from collections.abc import Sequence
from datetime import datetime

from assigner.core.apply import apply
from assigner.core.changes import Change
from assigner.core.decide import decide
from assigner.core.draft import Draft
from assigner.core.floor import Floor
from assigner.core.lapses import Lapse, next_lapse
from assigner.core.model import Assign, NextStop, Offer, Plan, Wait
from assigner.core.waiting import Group, Place


class Board:
    """The floor of one workspace and the decisions on it.

    `decide` lays its plan out on the floor. The plan counts when its changes are applied; any other change, or another
    look at the floor, takes it back first, as if it had never been."""

    def __init__(self) -> None:
        self.change_no = 0
        self._floor = Floor()
        self._draft: Draft | None = None

    @property
    def floor(self) -> Floor:
        """The floor as the applied changes left it."""
        if self._draft is not None:
            self._draft.take_back()
            self._draft = None
        return self._floor

    def apply(self, changes: Sequence[Change], *, change_no: int | None = None) -> None:
        """Apply the changes of one commit, in order; `change_no` is its number, by default the next.

        Raises Conflict or NotFound for a change that is not possible; those before it in the commit stand."""
        if self._draft is not None and self._draft.changes == list(changes):
            self._draft = None
        else:
            floor = self.floor
            for change in changes:
                apply(floor, change)
        self.change_no = self.change_no + 1 if change_no is None else change_no

    def decide(self, *, now: datetime, at_most: int | None = None) -> Plan:
        """All that is to happen at this instant: assignments, offers and further stops, in the order of serving.

        Once a complete plan is applied, no agent passes all checks for a contact that still waits (G4). With `at_most`
        so many decisions a plan may be incomplete; the rest is decided after it."""
        floor = self.floor
        floor.advance(now=now)
        draft = Draft(floor, now=now)
        heads = _Heads(floor)
        while (group := heads.next_group()) is not None:
            if len(draft.decisions) == at_most:
                break
            contact = floor.contacts[group.first[1]]
            decision = decide(contact, floor.waiting, floor.roster, queue_of=floor.queue_of, now=now)
            match decision:
                case Assign():
                    draft.assign(decision)
                case Offer():
                    draft.offer(decision)
                case NextStop():
                    draft.enter(decision)
                    heads.add(floor.waiting.group_of(contact.id))
                case Wait() if group.need.new_to:
                    draft.settle(contact)
                    floor.waiting.block(floor.waiting.group_of(contact.id), floor.roster, decision)
                case Wait():
                    floor.waiting.block(group, floor.roster, decision)
            heads.add(group)
        self._draft = draft
        return Plan(
            now=now,
            change_no=self.change_no,
            valid_until=floor.next_instant(now=now),
            decisions=tuple(draft.decisions),
            changes=tuple(draft.changes),
            complete=group is None,
            alarms=tuple(floor.watch.news(floor.waiting.nobody_there, now=now)) if group is None else (),
        )

    def next_lapse(self, *, now: datetime) -> Lapse | None:
        """What has become true by now without anybody's doing: apply it, and ask again, before deciding."""
        floor = self.floor
        floor.advance(now=now)
        return next_lapse(floor, now=now)

    def agents_to_look_at(self, *, now: datetime) -> tuple[str, ...]:
        """The agents whose status time may have changed by now: read their facts again and apply what follows."""
        return self.floor.to_look_at(now=now)

    def next_instant(self, *, now: datetime) -> datetime | None:
        """The next instant after now at which time alone may change an answer; None: only a change can."""
        return self.floor.next_instant(now=now)


class _Heads:
    """The groups whose first contact is to be decided on, so that contacts come up in the order of serving."""

    def __init__(self, floor: Floor) -> None:
        self._roster = floor.roster
        self._heap: list[tuple[Place, int, Group]] = []
        self._pushed = 0
        for group in floor.waiting.to_ask(self._roster):
            self.add(group)

    def add(self, group: Group) -> None:
        """Let the first contact of a group come up, where there is one and it is not known to find nobody."""
        if group.may_find_somebody(self._roster):
            self._pushed += 1
            heapq.heappush(self._heap, (group.first, self._pushed, group))

    def next_group(self) -> Group | None:
        """The group whose first contact is next in order."""
        while self._heap:
            place, _, group = heapq.heappop(self._heap)
            if group.may_find_somebody(self._roster) and group.first == place:
                return group
        return None
