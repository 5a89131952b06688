"""`assigner bench`: figures and ratios of this machine, beside the goals.

Each part of the product has its own benchmarks, which are imported when they are asked for; their sizes stand here."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assigner.benchmarks.measure import Figure


class Part(StrEnum):
    """What can be measured on its own."""

    CORE = "core"
    STORE = "store"
    POSTGRESQL = "postgresql"
    HTTP = "http"
    MEMORY = "memory"
    SOAK = "soak"
    GROWTH = "growth"


BY_DEFAULT = (Part.CORE, Part.STORE, Part.POSTGRESQL, Part.HTTP, Part.MEMORY)
"""What is measured unless named: a soak, and growth, take many minutes of their own."""


def bench(
    names: Annotated[
        list[Part] | None,
        typer.Argument(
            metavar="[NAME]...", help="core, store, postgresql, http, memory (these unless named), soak, growth."
        ),
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds per figure; the median counts.")] = 5,
    minutes: Annotated[float, typer.Option(min=0.1, help="How long a soak lasts.")] = 10,
    closed: Annotated[
        int, typer.Option(min=100, help="How many contacts have ended, for growth: 1 KB or more of disk for each.")
    ] = 10_000_000,
    quick: Annotated[
        bool, typer.Option("--quick", help="A hundredth of the size: shows that it runs, not how fast.")
    ] = False,
) -> None:
    """Measure decisions, the store, HTTP calls and memory, and print ratios beside their goals.

    Takes about five minutes. Only this machine is asked: servers listen on 127.0.0.1, databases are temporary.

    \b
    Examples:
      assigner bench --rounds 9
      assigner bench store http
      assigner bench soak --minutes 20
      assigner bench growth --closed 1000000
    """
    from rich.console import Console

    from assigner.benchmarks.measure import show

    measured: dict[Part, Callable[[int, int], list[Figure]]] = {
        Part.CORE: _core,
        Part.STORE: _store,
        Part.POSTGRESQL: _postgresql,
        Part.HTTP: _http,
        Part.MEMORY: _memory,
        Part.SOAK: partial(_soak, minutes),
        Part.GROWTH: partial(_growth, closed),
    }
    share = 100 if quick else 1
    show([figure for part in names or BY_DEFAULT for figure in measured[part](share, rounds)], Console())


def _core(share: int, rounds: int) -> "list[Figure]":
    from assigner.benchmarks.decisions import blocked_cost, decision_cost
    from assigner.benchmarks.statuses import status_cost

    return [
        *decision_cost(
            sizes=(1_000 // share, 10_000 // share, 100_000 // share), contacts=2_000 // share, rounds=rounds
        ),
        *blocked_cost(agents=1_000, blocked=100_000 // share, needs=20, contacts=2_000 // share, rounds=rounds),
        *blocked_cost(agents=1_000, blocked=100_000 // share, needs=200, contacts=2_000 // share, rounds=rounds),
        *status_cost(agents=100_000 // share, rounds=rounds),
    ]


def _store(share: int, rounds: int) -> "list[Figure]":
    from assigner.benchmarks.store import drain_rate, input_cost

    return [
        *drain_rate(agents=1_000 // share, contacts=30_000 // share, single=5_000 // share, rounds=rounds),
        *input_cost(agents=20_000 // share, rounds=rounds),
    ]


def _postgresql(share: int, rounds: int) -> "list[Figure]":
    from assigner.benchmarks.postgresql import claim_rates

    sizes = {"few": 1_000 // share, "many": 10_000 // share, "contacts": 30_000 // share}
    return claim_rates(**sizes, seconds=1 if share > 1 else 3, rounds=rounds)


def _http(share: int, rounds: int) -> "list[Figure]":
    from assigner.benchmarks.served import http_rates

    return http_rates(agents=1_000 // share, requests=5_000 // share, rounds=rounds)


def _memory(share: int, _rounds: int) -> "list[Figure]":
    from assigner.benchmarks.memory import memory

    return memory(agents=10_000 // share, contacts=100_000 // share)


def _soak(minutes: float, share: int, _rounds: int) -> "list[Figure]":
    from assigner.benchmarks.soak import soak

    return soak(agents=1_000 // share, full_seconds=20 / share, seconds=60 * minutes / share)


def _growth(closed: int, share: int, rounds: int) -> "list[Figure]":
    from assigner.benchmarks.growth import growth

    return growth(closed=closed // share, rounds=rounds)
