"""How figures are taken and shown: cases in turn within one run, medians, and ratios beside their goals.

Absolute times drift with the machine; the ratio of two cases measured in turn does not. Where one process works on its
own, processor time is counted, so that other work on the machine disturbs as little as possible; where disks and
sockets take part, it is the time that passes."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from rich.console import Console
from rich.table import Table

MEGABYTE = 1 << 20

Case = Callable[[], float]
"""Runs one round and returns what it measured: the seconds of one unit, or how many were done in a second."""


class Unit(StrEnum):
    """What a figure counts."""

    SECONDS = "s"
    RATE = "/s"
    MEGABYTES = "MB"
    BUFFERS = "buffers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table: what was measured, of one case or of two, and the goal.

    The goal is for the ratio of both cases; where there is one case only, for that."""

    name: str
    what: str
    case: float
    other: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    unit: Unit = Unit.SECONDS
    writes: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the other case this one is."""
        return self.case / self.other if self.other else None

    @property
    def goal(self) -> str:
        """The goal as it is shown; empty where there is none."""
        bound, sign = (self.at_most, "<=") if self.at_most is not None else (self.at_least, ">=")
        if bound is None:
            return ""
        return f"{sign} {bound:g}" if self.other else f"{sign} {_shown(bound, self.unit)}"

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        found = self.ratio or self.case
        if self.at_most is not None:
            return found <= self.at_most
        return None if self.at_least is None else found >= self.at_least


def in_turn(cases: Mapping[str, Case], *, rounds: int) -> dict[str, float]:
    """The median of every case over some rounds; in each round all cases run, one after the other."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            times[name].append(case())
    return {name: median(taken) for name, taken in times.items()}


@contextmanager
def without_old_garbage() -> Iterator[None]:
    """Keep the collector from walking again and again over what is there already, as the server does after its
    start."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def per_second(work: Callable[[], object], *, units: int) -> float:
    """How many units of some work are done in a second that passes."""
    begun = time.perf_counter()
    work()
    return units / (time.perf_counter() - begun)


def seconds_per_unit(work: Callable[[], object], *, units: int) -> float:
    """The processor time of one unit of some work."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) / units


def show(figures: list[Figure], console: Console) -> None:
    """Print the table."""
    table = Table(title="Benchmarks: medians, cases measured in turn", title_justify="left")
    for heading in ("", "what", "this", "other", "ratio", "goal", "reached", "written"):
        table.add_column(heading, justify="right" if heading in ("this", "other", "ratio", "goal") else "left")
    for figure in figures:
        table.add_row(
            figure.name,
            figure.what,
            _shown(figure.case, figure.unit),
            "" if figure.other is None else _shown(figure.other, figure.unit),
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            figure.goal,
            {True: "yes", False: "NO", None: ""}[figure.reached],
            figure.writes,
        )
    console.print(table)


def _shown(value: float, unit: Unit) -> str:
    if unit is not Unit.SECONDS:
        return f"{value:,.0f}{unit}" if unit is Unit.RATE else f"{value:,.0f} {unit}"
    if value >= 1:
        return f"{value:.2f} s"
    if value >= 1e-3:
        return f"{value * 1e3:.2f} ms"
    return f"{value * 1e6:.2f} µs"
