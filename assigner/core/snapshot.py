"""A board as values, to store and to begin again from: what the list of changes has come to.

A board that was restored gives the same next decisions as the one it was taken from, whatever positions, masks and
groups they had. What follows from other things (loads, queues, timers) is not kept, but worked out anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assigner.core.alarms import AlarmReason
from assigner.core.board import Board
from assigner.core.changes import AssignmentSettings
from assigner.core.floor import Floor
from assigner.core.model import ContactState, OpenContact
from assigner.core.seat import Seat, WrapUp
from presence.model import Status
from rules.model import RuleSet
from rules.organisation import Agent, Office


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRecord:
    """What a board remembers of one agent: `added` and `turn` are the place in the turn order, `given` the flood
    window, `missed` the offers missed in a row."""

    agent: Agent
    added: int
    turn: int = 0
    credit: int = 0
    status: Status = Status.OFFLINE
    switched_on: frozenset[str] = frozenset()
    look_again_at: datetime | None = None
    idle_since: datetime | None = None
    given: tuple[datetime, ...] = ()
    offline_since: datetime | None = None
    missed: int = 0
    wrap_ups: tuple[WrapUp, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that a board remembers. `last_holder` is who held the newest closed contact of a customer."""

    change_no: int
    arrivals: int
    turns: int
    rule_set: RuleSet
    rule_set_version: int
    settings: AssignmentSettings
    offices: tuple[Office, ...]
    seats: tuple[SeatRecord, ...]
    contacts: tuple[OpenContact, ...]
    last_holder: Mapping[str, str]
    alarms: Mapping[str, AlarmReason] = field(default_factory=dict)


def seat_record(seat: Seat) -> SeatRecord:
    """What is to be remembered of one agent."""
    return SeatRecord(
        agent=seat.agent,
        added=seat.added,
        turn=seat.turn,
        credit=seat.credit,
        status=seat.status,
        switched_on=seat.switched_on,
        look_again_at=seat.look_again_at,
        idle_since=seat.idle_since,
        given=tuple(seat.given),
        offline_since=seat.offline_since,
        missed=seat.missed,
        wrap_ups=seat.wrap_ups,
    )


def snapshot(board: Board) -> Snapshot:
    """The board as values."""
    floor = board.floor
    return Snapshot(
        change_no=board.change_no,
        arrivals=floor.arrivals,
        turns=floor.roster.turns,
        rule_set=floor.rule_set,
        rule_set_version=floor.rule_set_version,
        settings=floor.roster.settings,
        offices=tuple(floor.offices.values()),
        seats=tuple(seat_record(seat) for seat in floor.roster.seats.values()),
        contacts=tuple(floor.contacts.values()),
        last_holder=dict(floor.last_holder),
        alarms=dict(floor.watch.raised),
    )


def restore(remembered: Snapshot, *, now: datetime) -> Board:
    """A board that goes on where the other stopped."""
    board = Board()
    board.change_no = remembered.change_no
    floor = board.floor
    floor.arrivals, floor.roster.turns = remembered.arrivals, remembered.turns
    floor.roster.settings = remembered.settings
    floor.last_holder = dict(remembered.last_holder)
    floor.watch.raised = dict(remembered.alarms)
    floor.rule_set_version = remembered.rule_set_version
    for office in remembered.offices:
        floor.set_hours(office, now=now)
    floor.lay_out(remembered.rule_set)
    for record in sorted(remembered.seats, key=lambda record: record.added):
        _restore_seat(floor, record, now=now)
    for contact in sorted(remembered.contacts, key=lambda contact: contact.number):
        _restore_contact(floor, contact, now=now)
    floor.roster.refresh_all(now=now)
    floor.note_room_ends()
    for seat in floor.roster.seats.values():
        if seat.offline_since is not None:
            floor.unsettled.note_grace(seat, at=seat.offline_since)
    floor.unsettled.doubt_all()
    return board


def _restore_seat(floor: Floor, record: SeatRecord, *, now: datetime) -> None:
    seat = floor.roster.put(record.agent, now=now)
    seat.added = floor.roster.added = record.added
    seat.turn, seat.credit, seat.status = record.turn, record.credit, record.status
    seat.switched_on, seat.look_again_at, seat.idle_since = record.switched_on, record.look_again_at, record.idle_since
    seat.given.extend(record.given)
    seat.offline_since, seat.missed, seat.wrap_ups = record.offline_since, record.missed, record.wrap_ups
    if record.look_again_at is not None:
        floor.hint(record.agent.id, record.look_again_at)


def _restore_contact(floor: Floor, contact: OpenContact, *, now: datetime) -> None:
    if contact.state is ContactState.QUEUED:
        floor.wait(contact, now=now)
        return
    seat = floor.seat(contact.agent_id or "")
    if contact.offer is not None:
        floor.offer(contact, seat, queue=contact.queue or "", offer=contact.offer, now=now)
        floor.expect(contact, now=now)
    else:
        floor.contacts[contact.id] = contact
        seat.holds[contact.id] = None
        if not contact.on_hold:
            floor.count(contact, seat, queue=contact.queue, by=1, now=now)
