"""`assigner bench`: figures and ratios of this machine, beside the goals."""

from typing import Annotated

import typer


def bench(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds per figure; the median counts.")] = 5,
    quick: Annotated[
        bool, typer.Option("--quick", help="A hundredth of the size: shows that it runs, not how fast.")
    ] = False,
) -> None:
    """Measure decisions and statuses, and print ratios beside their goals.

    Takes about two minutes. Example: assigner bench --rounds 9"""
    from rich.console import Console

    from assigner.benchmarks.decisions import blocked_cost, decision_cost
    from assigner.benchmarks.measure import show
    from assigner.benchmarks.statuses import status_cost

    share = 100 if quick else 1
    figures = [
        *decision_cost(
            sizes=(1_000 // share, 10_000 // share, 100_000 // share), contacts=2_000 // share, rounds=rounds
        ),
        *blocked_cost(agents=1_000, blocked=100_000 // share, needs=20, contacts=2_000 // share, rounds=rounds),
        *blocked_cost(agents=1_000, blocked=100_000 // share, needs=200, contacts=2_000 // share, rounds=rounds),
        *status_cost(agents=100_000 // share, rounds=rounds),
    ]
    show(figures, Console())
