"""The arithmetic that figures are made of, wherever they are told: percentiles, and how evenly something is shared.

Replays and reports use the same words for the same figures because both reckon here."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """How evenly contacts per hour Online are shared: largest minus smallest, and the Jain index (1: evenly)."""

    max_minus_min: float | None
    jain: float | None


def percentile(ordered: Sequence[Value], percent: int) -> Value:
    """The smallest of the values that at least so many percent do not exceed (nearest rank)."""
    return ordered[ceil(len(ordered) * percent / 100) - 1]


def fairness(rates: Sequence[float]) -> Fairness:
    """How evenly rates are shared. Of no rates nothing is known, and of zeros alone there is no Jain index."""
    squares = sum(rate * rate for rate in rates)
    return Fairness(
        max_minus_min=max(rates) - min(rates) if rates else None,
        jain=sum(rates) ** 2 / (len(rates) * squares) if squares else None,
    )
