"""The changes that tell of alarms: that what waits in a queue needs a person's eye, and that it does no longer.

`watch` finds out which there are; `changes` has all the others."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlarmReason(StrEnum):
    """Why a queue needs a person's eye: nobody there could take what waits, or it has waited for too long."""

    NOBODY_THERE = "nobody_there"
    TARGET_MISSED = "target_missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised:
    """What waits in a queue needs a person's eye."""

    at: datetime
    queue: str
    because: AlarmReason


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmCleared:
    """What waits in a queue, if anything, needs nobody's eye any more."""

    at: datetime
    queue: str


AlarmChange = AlarmRaised | AlarmCleared
