"""How figures are taken and shown: cases in turn within one run, medians, and ratios beside their goals.

Absolute times drift with the machine; the ratio of two cases measured in turn does not. Processor time is counted, so
that other work on the machine disturbs as little as possible."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

Case = Callable[[], float]
"""Runs one round and returns the processor time of one unit, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table: what was measured, how long each of two cases took (seconds per unit), and the goal.

    Without a second case there is no ratio, and the goal is a sentence."""

    name: str
    what: str
    case: float
    other: float | None = None
    at_most: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the other case this one takes."""
        return self.case / self.other if self.other else None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        return None if self.ratio is None or self.at_most is None else self.ratio <= self.at_most


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


def seconds_per_unit(work: Callable[[], object], *, units: int) -> float:
    """The processor time of one unit of some work."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) / units


def show(figures: list[Figure], console: Console) -> None:
    """Print the table."""
    table = Table(title="Benchmarks: medians of processor time, cases measured in turn", title_justify="left")
    for heading in ("", "what", "this", "other", "ratio", "goal", "reached"):
        table.add_column(heading, justify="left" if heading in ("", "what", "reached") else "right")
    for figure in figures:
        table.add_row(
            figure.name,
            figure.what,
            _duration(figure.case),
            "" if figure.other is None else _duration(figure.other),
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            "" if figure.at_most is None else f"<= {figure.at_most:g}",
            {True: "yes", False: "NO", None: ""}[figure.reached],
        )
    console.print(table)


def _duration(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    if seconds >= 1e-3:
        return f"{seconds * 1e3:.2f} ms"
    return f"{seconds * 1e6:.2f} µs"
