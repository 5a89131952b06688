"""What a check of `assigner doctor` has found: a state, a sentence, and what to do where something is amiss."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it stands: well, not as one may want it, or wrong."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check has found."""

    about: str
    state: State
    told: str
    advice: str | None = None


def fine(about: str, told: str) -> Finding:
    """All is well."""
    return Finding(about=about, state=State.OK, told=told)


def warned(about: str, told: str, advice: str) -> Finding:
    """It works, but somebody should know."""
    return Finding(about=about, state=State.WARNING, told=told, advice=advice)


def failed(about: str, told: str, advice: str) -> Finding:
    """It does not work, or is not true."""
    return Finding(about=about, state=State.FAILED, told=told, advice=advice)
