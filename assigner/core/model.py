"""Who gets it: the values that the core works with and the answers that it gives.

A contact that the board holds is an `OpenContact`; `decide` answers with `Assign`, `Offer`, `NextStop` or `Wait`, and a
`Plan` is everything decided at one instant. The changes that make the board what it is are in `changes`, the reasons in
`reasons`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assigner.core.alarms import AlarmChange
from assigner.core.changes import Change
from assigner.core.reasons import Reason
from presence.model import Status
from rules.match import Match
from rules.model import Contact


class ContactState(StrEnum):
    """Where a contact is in its life; it is in exactly one state at every moment (G1)."""

    QUEUED = "queued"
    OFFERED = "offered"
    ASSIGNED = "assigned"
    CLOSED = "closed"
    ABANDONED = "abandoned"


class Source(StrEnum):
    """Who made an assignment: the engine, or a person by hand."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A queue that a waiting contact asks: since when, and until when if it has left it.

    While it is `new` there, the length of the queue has not been looked at for it."""

    queue: str
    entered_at: datetime
    left_at: datetime | None = None
    new: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingOffer:
    """Until when the agent may accept, and what the acceptance adds to what agents have saved up, where weights
    count."""

    expires_at: datetime
    shares: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An agent did not take a contact that was `offered`, or lost it, in this `round` of asking; not before `until` is
    the agent asked again."""

    agent_id: str
    round: int
    until: datetime | None = None
    offered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenContact:
    """A contact that waits, is offered to an agent or held by one.

    `number` counts arrivals and settles every tie. `previous_holder` is the last holder of the customer's newest closed
    contact. `agent_id` and `queue`, the stop that gave it, stand for the offer or the assignment. A `pinned` contact
    was put into its first stop by hand. `refusals` are the last of each agent; `round` counts how often all who were
    there had refused. `came_back` names the agents from whom it came back because they were Offline, in order; what is
    `given_while_offline` stays with the agent until the next time."""

    contact: Contact
    number: int
    match: Match
    previous_holder: str | None = None
    state: ContactState = ContactState.QUEUED
    stops: tuple[Stop, ...] = ()
    pinned: bool = False
    agent_id: str | None = None
    queue: str | None = None
    source: Source | None = None
    assigned_at: datetime | None = None
    on_hold: bool = False
    offer: PendingOffer | None = None
    answered_at: datetime | None = None
    round: int = 0
    refusals: tuple[Refusal, ...] = ()
    came_back: tuple[str, ...] = ()
    given_while_offline: bool = False

    @property
    def id(self) -> str:
        """The contact's id."""
        return self.contact.id

    @property
    def waiting_in(self) -> tuple[Stop, ...]:
        """The stops that are asked now, in the order of entering."""
        return tuple(stop for stop in self.stops if stop.left_at is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one check did at one stop: how many agents it removed, by status where that is the reason, and how many were
    left."""

    reason: Reason
    removed: int
    left: int
    statuses: tuple[tuple[Status, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAccount:
    """What became of all agents at one stop, step by step. The first step tells how many are no members of the
    queue."""

    queue: str
    steps: tuple[Step, ...]

    @property
    def left(self) -> int:
        """How many candidates remained."""
        return self.steps[-1].left


class RankKey(StrEnum):
    """What decided between the candidates; `turn` is least recently served."""

    TURN = "turn"
    CREDIT = "credit"
    LOAD = "load"
    OCCUPANCY = "occupancy"
    IDLE_SINCE = "idle_since"
    PREFERRED = "preferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """The candidate that came first and the one that would have been next, with the values of the key that decided.

    `candidates` are the first of those who could have been given the contact, in order of turns, with their loads.
    `credits` is what each candidate has saved up afterwards, where weights decided."""

    key: RankKey
    winner: str
    winner_value: str
    runner_up: str | None = None
    runner_up_value: str | None = None
    candidates: tuple[tuple[str, int], ...] = ()
    credits: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """The contact goes to the winner, through this queue."""

    contact_id: str
    queue: str
    ranked: Ranked
    accounts: tuple[StopAccount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The contact is offered to the winner, through this queue, until `expires_at`."""

    contact_id: str
    queue: str
    ranked: Ranked
    accounts: tuple[StopAccount, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStop:
    """Nobody can take the contact where it waits, so one more queue is asked; `leaves` is the queue it leaves for
    it."""

    contact_id: str
    queue: str
    leaves: str | None
    accounts: tuple[StopAccount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """The contact waits, because of this. `nobody_there`: whoever frees capacity, there is nobody to take it."""

    contact_id: str
    because: Reason
    accounts: tuple[StopAccount, ...]
    nobody_there: bool = False


Decision = Assign | Offer | NextStop | Wait
Planned = Assign | Offer | NextStop
"""What a plan is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that is decided at `now`, as changes to commit whole or not at all, with their decisions in the same order.

    The plan stands as long as no change comes between and `valid_until`, the next instant at which time alone would
    change an answer, has not come (None: never). It is `complete` unless it was kept short and there is more to
    decide. `alarms` are those to raise and to clear once it is carried out."""

    now: datetime
    change_no: int
    valid_until: datetime | None
    decisions: tuple[Planned, ...]
    changes: tuple[Change, ...]
    complete: bool = True
    alarms: tuple[AlarmChange, ...] = ()
