"""Who is there: the values that every answer about presence is made of.

`PresenceFacts` is what is stored of one agent, `PresencePolicy` what the supervisor asked for, and `Effective` the
answer of `presence.effective.effective`. All are frozen; `presence.inputs` makes new facts from old ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """What an agent is doing, as colleagues and the assignment see it (requirement R9)."""

    ONLINE = "online"
    BUSY = "busy"
    AWAY = "away"
    OFFLINE = "offline"


class StatusReason(StrEnum):
    """Why an agent has a status; the words of the status log (rule-set document, "Answers")."""

    CHOSEN = "chosen"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    EXPIRED = "expired"
    IDLE = "idle"
    LOST = "lost"
    RETURNED = "returned"
    OFFICE = "office"
    MISSED_OFFERS = "missed_offers"


class OnSignIn(StrEnum):
    """What a sign-in does to the choice: bring the earlier one back, or begin unavailable (R17, R39)."""

    RESTORE = "restore"
    UNAVAILABLE = "unavailable"


class OnReturn(StrEnum):
    """What renewed input does after a lapse: bring the choice back, or leave that to the agent (R18, R43)."""

    RESTORE = "restore"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresencePolicy:
    """The presence settings of a workspace. Periods are whole seconds; None means never."""

    preset: str | None = None
    away_after: int | None = None
    offline_after: int | None = None
    lease_after: int | None = None
    on_sign_in: OnSignIn = OnSignIn.RESTORE
    on_return: OnReturn = OnReturn.RESTORE
    selectable: tuple[Status, ...] = (Status.ONLINE, Status.BUSY)
    lock_office_away: bool = False
    saved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in of an agent on one device; all its tabs share it. `ended_because` is SIGNED_OUT or REVOKED."""

    id: str
    signed_in_at: datetime
    last_seen_at: datetime
    expires_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: StatusReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the reports from one session come to: the last input of its agent, and when the last of them came."""

    input_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFlag:
    """Whether an agent is switched on for one of the own offices (R45 to R50); ask `presence.offices.switched_on`.

    `set_by` names the administrator who moved the flag; None: the agent. `whole_office_away_by` names the administrator
    whose call for everyone in the office lies over the flag and keeps it off; undoing that call uncovers the flag."""

    office: str
    switched_on: bool
    set_at: datetime | None = None
    set_by: str | None = None
    whole_office_away_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleGap:
    """A stretch without input, long enough to have changed the status, that an input has ended."""

    after: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceFacts:
    """What is stored of one agent's presence. A status is never stored: it follows from these facts.

    `chosen` is the agent's own wish. `signed_in_at` is the sign-in that ended the last stretch with nobody there,
    `returned_at` the last time the status came back that no gap tells of: a connection found again, another policy.
    `gaps` lie between two inputs, in order, since the choice; under `on_return: restore` only the last matters.
    Of the sessions that have ended, only the one that closed last is kept."""

    chosen: Status = Status.ONLINE
    chosen_at: datetime | None = None
    chosen_because: StatusReason = StatusReason.CHOSEN
    last_input_at: datetime | None = None
    signed_in_at: datetime | None = None
    returned_at: datetime | None = None
    gaps: tuple[IdleGap, ...] = ()
    sessions: tuple[Session, ...] = ()
    offices: tuple[OfficeFlag, ...] = ()

    def flag(self, office: str) -> OfficeFlag | None:
        """The flag of one office, or None for an office that the agent does not belong to."""
        return next((flag for flag in self.offices if flag.office == office), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """The status of an agent at one instant, why, since when, and when time alone may change it next.

    `since` is the instant the status began, not the one at which somebody noticed; None for who never signed in.
    `next_change_at` is a hint for waking up, never needed for correctness."""

    status: Status
    reason: StatusReason
    since: datetime | None
    next_change_at: datetime | None


def latest(instants: Iterable[datetime | None]) -> datetime | None:
    """The latest of some instants, ignoring those that never were."""
    return max([instant for instant in instants if instant is not None], default=None)
