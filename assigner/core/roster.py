"""The agents of a workspace as bit positions: every fact that a check asks about is one integer with a bit per agent.

The order of the bits is the order of turns: an agent who is given a contact moves to the end, so the lowest bit of any
set of candidates is the one least recently served. Masks follow the tags of the seats; `seat` says which tags an agent
has."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice

from assigner.core.changes import AssignmentSettings
from assigner.core.seat import Kind, Seat, Tag
from rules.model import Queue
from rules.organisation import Agent

WORD = 64
NEAR = (1 << 256) - 1
"""Where the first of many candidates stand close together."""


def lowest(mask: int) -> int:
    """The position of the lowest bit of a mask that is not zero.

    `mask & -mask` would say the same, but negating a long integer costs ten times the rest of a decision."""
    return (mask ^ (mask - 1)).bit_length() - 1


def positions(mask: int) -> Iterator[int]:
    """The positions of all bits of a mask, in order of turns."""
    words = memoryview(mask.to_bytes((mask.bit_length() + WORD - 1) // WORD * 8, "little")).cast("Q")
    for index, word in enumerate(words):
        while word:
            low = word & -word
            yield index * WORD + low.bit_length() - 1
            word ^= low


def first_positions(mask: int, count: int) -> list[int]:
    """The positions of the lowest bits of a mask that is not zero, so many at most.

    They mostly stand close together, and then only a short piece of a long mask is walked through."""
    start = lowest(mask)
    rest = mask >> start
    near = rest & NEAR
    enough = near if near.bit_count() >= count else rest
    return [start + position for position in islice(positions(enough), count)]


class Roster:
    """All agents of one workspace. Masks are read with `mask`, and only ever changed here.

    `standing` counts the changes of anything that holds whatever agents hold; `openings` counts the changes after which
    somebody may be a candidate who was none. A contact that found nobody need not ask again until `openings` moves."""

    def __init__(self) -> None:
        self.seats: dict[str, Seat] = {}
        self.settings = AssignmentSettings()
        self.limited: dict[str, Queue] = {}
        self.open_offices: frozenset[str] = frozenset()
        self.standing = 0
        self.openings = 0
        self.turns = 0
        self._masks: dict[Tag, int] = {}
        self._levels: dict[str, set[int]] = defaultdict(set)
        self._loads: set[int] = set()
        self._at: list[Seat | None] = []
        self.added = 0
        self._in_order = True

    def __len__(self) -> int:
        return len(self.seats)

    def mask(self, kind: Kind, name: str = "", level: int = 0) -> int:
        """The agents for whom something holds: a status, an office they belong to, a load ..."""
        return self._masks.get((kind, name, level), 0)

    def able(self, skill: str, level: int) -> int:
        """The agents who have a skill at this level or higher."""
        able = 0
        for reached in self._levels.get(skill, ()):
            if reached >= level:
                able |= self.mask(Kind.SKILL, skill, reached)
        return able

    def loads(self) -> list[int]:
        """Every load that some agent has, the lowest first."""
        return sorted(self._loads)

    def bit(self, agent_id: str) -> int:
        """The agent as a mask of one; nobody for an unknown id."""
        seat = self.seats.get(agent_id)
        return 1 << seat.position if seat else 0

    def agent_at(self, position: int) -> str:
        """The agent at a position that a mask names."""
        return self._seat_at(position).agent.id

    def agents(self, mask: int) -> Iterator[str]:
        """The agents of a mask, in order of turns."""
        return map(self.agent_at, positions(mask))

    def first(self, mask: int, count: int) -> tuple[tuple[str, int], ...]:
        """The first agents of a mask in order of turns, with their loads."""
        seats = [self._seat_at(position) for position in first_positions(mask, count)]
        return tuple([(seat.agent.id, seat.load) for seat in seats])

    def put(self, agent: Agent, *, now: datetime) -> Seat:
        """Add an agent, or change what an agent is. Who was never served comes before all who were."""
        seat = self.seats.get(agent.id)
        if seat is None:
            self.added += 1
            seat = self.seats[agent.id] = Seat(agent, added=self.added, settings=self.settings)
            self._in_order = False
        else:
            seat.agent = agent
            seat.switched_on &= frozenset(agent.offices)
            self.refresh(seat, now=now)
        return seat

    def remove(self, agent_id: str) -> None:
        """Take an agent out."""
        seat = self.seats.pop(agent_id)
        if self._in_order:
            self._flip(seat, seat.standing | seat.room)
            self._at[seat.position] = None
        self.changed()

    def changed(self) -> None:
        """Something that is not an assignment changed: who found nobody may ask again."""
        self.standing += 1
        self.openings += 1

    def refresh(self, seat: Seat, *, now: datetime) -> None:
        """Let the masks follow everything that may have changed about one agent."""
        standing = frozenset(seat.standing_tags())
        self._flip(seat, seat.standing ^ standing)
        seat.standing = standing
        self.refresh_room(seat, now=now)
        self.changed()

    def refresh_room(self, seat: Seat, *, now: datetime) -> None:
        """Let the masks follow what one agent holds."""
        room = frozenset(seat.room_tags(self.limited, now=now))
        self._flip(seat, seat.room ^ room)
        seat.room = room

    def refresh_all(self, *, now: datetime) -> None:
        """Let the masks follow a change that concerns everybody: settings, queues, a clock that was set back."""
        for seat in self.seats.values():
            seat.settings = self.settings
        self._in_order = False
        self.arrange(now=now)

    def serve(self, seat: Seat) -> None:
        """The agent was given a contact and goes to the end of the turn order."""
        self.turns += 1
        seat.turn = self.turns
        if self._in_order:
            self._move(seat, len(self._at))
            self._at.append(seat)

    def unserve(self, seat: Seat, *, turn: int, position: int) -> None:
        """Undo the latest `serve`."""
        self.turns -= 1
        seat.turn = turn
        self._move(seat, position)
        self._at[position] = seat
        self._at.pop()

    def arrange(self, *, now: datetime) -> None:
        """Give every agent a position in order of turns, where tags are out of date or holes outnumber the agents."""
        if self._in_order and len(self._at) <= 2 * len(self.seats) + WORD:
            return
        in_order = sorted(self.seats.values(), key=lambda seat: (seat.turn, seat.added))
        if not self._in_order:
            for seat in in_order:
                seat.standing = frozenset(seat.standing_tags())
                seat.room = frozenset(seat.room_tags(self.limited, now=now))
            self._in_order = True
            self.changed()
        self._at = [*in_order]
        rows: dict[Tag, bytearray] = defaultdict(lambda: bytearray(len(in_order) // 8 + 1))
        for position, seat in enumerate(in_order):
            seat.position = position
            byte, bit = position >> 3, 1 << (position & 7)
            for tag in chain(seat.standing, seat.room):
                rows[tag][byte] |= bit
        self._masks = {tag: int.from_bytes(row, "little") for tag, row in rows.items()}
        self._loads.clear()
        for tag in self._masks:
            self._note(tag)

    def _seat_at(self, position: int) -> Seat:
        seat = self._at[position]
        if seat is None:
            raise LookupError(f"position {position} is empty: a mask and the seats disagree")
        return seat

    def _move(self, seat: Seat, position: int) -> None:
        flip = 1 << seat.position | 1 << position
        masks = self._masks
        for tag in chain(seat.standing, seat.room):
            masks[tag] ^= flip
        self._at[seat.position] = None
        seat.position = position

    def _flip(self, seat: Seat, tags: frozenset[Tag]) -> None:
        """Turn tags of one agent on that were off, and off that were on."""
        if not self._in_order:
            return
        bit = 1 << seat.position
        for tag in tags:
            mask = self._masks.get(tag, 0) ^ bit
            if mask:
                self._masks[tag] = mask
            else:
                del self._masks[tag]
            self._note(tag)

    def _note(self, tag: Tag) -> None:
        """Keep up with the levels that there are, of skills and of load."""
        kind, name, level = tag
        if kind is Kind.SKILL:
            self._levels[name].add(level)
        elif kind is Kind.LOAD and tag in self._masks:
            self._loads.add(level)
        elif kind is Kind.LOAD:
            self._loads.discard(level)
