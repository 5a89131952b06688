"""`assigner bench`: figures and ratios of this machine, beside the goals.

What is measured, and how large, stands in `bench_run`, which is imported when it is asked for."""

from enum import StrEnum
from typing import Annotated

import typer


class Part(StrEnum):
    """What can be measured on its own."""

    CORE = "core"
    STORE = "store"
    HTTP = "http"
    NODES = "nodes"
    MEMORY = "memory"
    SOAK = "soak"
    GROWTH = "growth"


class On(StrEnum):
    """The databases that the product runs on."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


BY_DEFAULT = (Part.CORE, Part.STORE, Part.HTTP, Part.NODES, Part.MEMORY)
"""What is measured unless named: a soak, and growth, take many minutes of their own."""


def bench(
    names: Annotated[
        list[Part] | None,
        typer.Argument(
            metavar="[NAME]...", help="core, store, http, nodes, memory (these unless named), soak, growth."
        ),
    ] = None,
    database: Annotated[On | None, typer.Option(help="Only on this one; else on both, one after the other.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds per figure; the median counts.")] = 5,
    minutes: Annotated[float, typer.Option(min=0.1, help="How long a soak lasts, on each database.")] = 20,
    closed: Annotated[
        int, typer.Option(min=100, help="How many contacts have ended, for growth: 1 KB or more of disk for each.")
    ] = 10_000_000,
    quick: Annotated[
        bool, typer.Option("--quick", help="A hundredth of the size: shows that it runs, not how fast.")
    ] = False,
) -> None:
    """Measure decisions, both databases, HTTP calls, nodes that are killed and memory, beside their goals.

    Takes about ten minutes, and a machine with nothing else to do. Only this machine is asked: servers listen on
    127.0.0.1, databases are temporary. PostgreSQL is started for it, and measured beside pgbench.

    \b
    Examples:
      assigner bench
      assigner bench store http --database postgresql
      assigner bench soak --minutes 20
      assigner bench growth --closed 1000000
    """
    from rich.console import Console

    from assigner.benchmarks.machine import machine
    from assigner.benchmarks.measure import Figure, show
    from assigner.commands.bench_run import Sizes, measure

    if database is On.SQLITE and names and {*names} <= {Part.NODES, Part.GROWTH}:
        raise typer.BadParameter(f"{' and '.join(names)}: measured on PostgreSQL only", param_hint="--database")
    table = Console()
    if not table.is_terminal:
        table.width = max(table.width, 200)
    measured_on = machine()
    sizes = Sizes(share=100 if quick else 1, rounds=rounds, minutes=minutes, closed=closed)
    figures: list[Figure] = []
    try:
        with Console(stderr=True).status("") as status:
            figures.extend(measure(names or BY_DEFAULT, database, sizes, tell=status.update))
    finally:
        show(figures, table, measured_on=measured_on)
