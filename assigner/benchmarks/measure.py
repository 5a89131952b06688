"""How figures are taken and shown: cases in turn within one run, medians, and ratios beside their goals.

Absolute times drift with the machine; the ratio of two cases measured in turn does not. Where one process works on its
own, processor time is counted, so that other work on the machine disturbs as little as possible; where disks and
sockets take part, it is the time that passes."""

import time
from collections.abc import Callable, Mapping, Sequence
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
    COUNT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table: what was measured, on which database, of one case or of two, and the goal.

    The goal is for the ratio of both cases; where there is one case only, for that. Without a case nothing was
    measured, and the remark says why; else it says what is written for each unit, and whatever else matters."""

    name: str
    what: str
    on: str = ""
    case: float | None = None
    other: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    exactly: float | None = None
    unit: Unit = Unit.SECONDS
    remark: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the other case this one is."""
        return self.case / self.other if self.case is not None and self.other else None

    @property
    def goal(self) -> str:
        """The goal as it is shown; empty where there is none."""
        goals = (("<=", self.at_most), (">=", self.at_least), ("=", self.exactly))
        return next((f"{sign} {self._bound(bound)}" for sign, bound in goals if bound is not None), "")

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none, or nothing was measured."""
        found = self.case if self.ratio is None else self.ratio
        if found is None:
            return None
        if self.at_most is not None:
            return found <= self.at_most
        if self.at_least is not None:
            return found >= self.at_least
        return None if self.exactly is None else found == self.exactly

    def _bound(self, bound: float) -> str:
        return shown(bound, self.unit) if self.other is None else f"{bound:g}"


def in_turn(cases: Mapping[str, Case], *, rounds: int) -> dict[str, float]:
    """The median of every case over some rounds; in each round all cases run, one after the other."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            times[name].append(case())
    return {name: median(taken) for name, taken in times.items()}


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


def show(figures: list[Figure], console: Console, *, measured_on: Sequence[str]) -> None:
    """Print the table, in the order of the goals, and below it what it was measured on."""
    title = "Benchmarks: medians of cases measured in turn; the ratio is this ÷ other"
    table = Table(title=title, caption="\n".join(measured_on), title_justify="left", caption_justify="left")
    for heading in ("", "on", "what", "this", "other", "ratio", "goal", "reached", "written, and remarks"):
        right = heading in ("this", "other", "ratio", "goal")
        table.add_column(heading, justify="right" if right else "left", no_wrap=right)
    for figure in sorted(figures, key=_place):
        table.add_row(
            figure.name,
            figure.on,
            figure.what,
            "" if figure.case is None else shown(figure.case, figure.unit),
            "" if figure.other is None else shown(figure.other, figure.unit),
            "" if figure.ratio is None else f"{figure.ratio:.{3 if figure.exactly else 2}f}",
            figure.goal,
            {True: "yes", False: "NO", None: ""}[figure.reached],
            figure.remark,
        )
    console.print(table)


def _place(figure: Figure) -> tuple[bool, int]:
    """P2 comes before P11, and what has no goal comes last."""
    number = figure.name.removeprefix("P")
    return (False, int(number)) if number.isdecimal() else (True, 0)


def shown(value: float, unit: Unit = Unit.SECONDS) -> str:
    """A value with its unit."""
    if unit is Unit.BUFFERS:
        return f"{value:,.1f} {unit}"
    if unit is not Unit.SECONDS:
        return f"{value:,.0f}{unit}" if unit in (Unit.RATE, Unit.COUNT) else f"{value:,.0f} {unit}"
    if value >= 1:
        return f"{value:.2f} s"
    if value >= 1e-3:
        return f"{value * 1e3:.2f} ms"
    return f"{value * 1e6:.2f} µs"
