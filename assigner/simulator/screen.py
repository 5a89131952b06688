"""The picture of `assigner demo`: who is there, what waits and why, who got what and why, at one instant.

It only shows: everything is read from the floor, and the reasons are the sentences of the core."""

from collections import Counter, deque
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from assigner.core.changes import ContactAbandoned, ContactArrived, ContactClosed
from assigner.core.explain import explain_waiting
from assigner.core.floor import Floor
from assigner.core.model import Assign
from assigner.core.seat import Seat
from assigner.core.sentences import waiting_sentence
from assigner.simulator.story import clock_time, minutes, tell_decision
from assigner.simulator.workspace import Moment
from presence.labels import label
from presence.model import Status

COLOURS = {Status.ONLINE: "green", Status.BUSY: "red", Status.AWAY: "yellow", Status.OFFLINE: "bright_black"}
DOT, SQUARE = "●", "▪"
FRAMES_AND_HEADS = 9
"""Lines of the picture that are neither an agent nor a contact."""


class Screen:
    """Remembers what the picture tells of the past: the last assignments and the counts."""

    def __init__(self, floor: Floor, zone: ZoneInfo, *, height: int) -> None:
        self._floor = floor
        self._zone = zone
        members = Counter(seat.agent.offices[:1] for seat in floor.roster.seats.values() if seat.is_member)
        lines = max(height - FRAMES_AND_HEADS - max(members.values(), default=0), 4)
        self._waiting_lines = min(lines // 2, 8)
        self._assignments: deque[str] = deque(maxlen=min(lines - self._waiting_lines, 12))
        self._arrived = self._closed = self._gave_up = 0

    def note(self, moment: Moment) -> None:
        """Take in what happened at one moment."""
        clock = clock_time(moment.now, self._zone)
        for decision in moment.decisions:
            if isinstance(decision, Assign):
                self._assignments.append(f"{clock} {tell_decision(decision)}")
        for change in moment.changes:
            self._arrived += isinstance(change, ContactArrived)
            self._closed += isinstance(change, ContactClosed)
            self._gave_up += isinstance(change, ContactAbandoned)

    def picture(self, *, now: datetime) -> Group:
        """The whole screen as it is at an instant."""
        return Group(
            self._headline(now),
            Panel(self._agents(), title="Who is there", title_align="left"),
            Panel(self._waiting(now), title="What waits, and why", title_align="left"),
            Panel(self._last_assignments(), title="Who got what, and why", title_align="left"),
        )

    def _headline(self, now: datetime) -> Text:
        waiting = len(self._floor.waiting)
        handled = self._arrived - self._closed - self._gave_up - waiting
        local = now.astimezone(self._zone)
        return Text.assemble(
            (f" {local:%A %H:%M} ", "bold reverse"),
            f"  {self._arrived} contacts: {waiting} waiting, {handled} handled, {self._closed} done,",
            f" {self._gave_up} gave up",
            no_wrap=True,
            overflow="ellipsis",
        )

    def _agents(self) -> Table:
        """Everybody who takes contacts, office by office, with a dot for each contact held."""
        grid = Table.grid(expand=True)
        seats = [seat for seat in self._floor.roster.seats.values() if seat.is_member]
        columns = {name: [seat for seat in seats if seat.agent.offices[:1] == (name,)] for name in self._floor.offices}
        for name in columns:
            grid.add_column(self._floor.offices[name].name or name, ratio=1, no_wrap=True)
        grid.show_header = True
        for number in range(max(map(len, columns.values()), default=0)):
            grid.add_row(*(_agent(members[number]) if number < len(members) else "" for members in columns.values()))
        return grid

    def _waiting(self, now: datetime) -> Text:
        lines = []
        more = len(self._floor.waiting) - self._waiting_lines
        shown = self._waiting_lines - 1 if more > 0 else self._waiting_lines
        for contact_id in islice(self._floor.waiting.in_order(), shown):
            why = explain_waiting(self._floor, contact_id, now=now)
            age = minutes(now - self._floor.contacts[contact_id].contact.arrived_at)
            lines.append(f"{contact_id} {age:>6}  {waiting_sentence(why)}")
        if more > 0:
            lines.append(f"and {more + 1} more")
        return _lines(lines, self._waiting_lines)

    def _last_assignments(self) -> Text:
        return _lines([*reversed(self._assignments)], self._assignments.maxlen or 0)


def _agent(seat: Seat) -> Text:
    """A coloured dot, the name, and the word: the colour alone tells nothing to who cannot see it."""
    colour = COLOURS[seat.status]
    return Text.assemble(
        (f"{DOT} ", colour),
        f"{seat.agent.id:<9}",
        (f"{label(seat.status, language='en'):<8}", colour),
        SQUARE * seat.held,
    )


def _lines(lines: list[str], height: int) -> Text:
    """Lines that are cut, not wrapped, and always fill the same height, so that the picture stands still."""
    return Text("\n".join([*lines, *[""] * (height - len(lines))]), no_wrap=True, overflow="ellipsis")
