"""The parts of `assigner bench` with their sizes: which figures each measures, on which databases.

What is the same on every database is measured once; the rest on each, in databases that are made for it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assigner.benchmarks.databases import Place, PostgresqlServer, SqliteFolder, postgresql_server, sqlite_folder
from assigner.benchmarks.decisions import blocked_cost, decision_cost
from assigner.benchmarks.growth import growth
from assigner.benchmarks.killed import exactly_once
from assigner.benchmarks.measure import Figure
from assigner.benchmarks.memory import memory
from assigner.benchmarks.postgresql import Backlogs, claim_rates
from assigner.benchmarks.served import http_rates
from assigner.benchmarks.soak import soak
from assigner.benchmarks.statuses import status_cost
from assigner.benchmarks.store import drain_rate, input_cost
from assigner.benchmarks.takeover import takeover
from assigner.commands.bench import On, Part
from assigner.store.private_server import NoServer

FIGURES = {
    Part.STORE: ("P1", "P2", "P3", "P11"),
    Part.HTTP: ("P5", "P6", "P7", "P11"),
    Part.NODES: ("P9", "P10"),
    Part.MEMORY: ("P13",),
    Part.SOAK: ("soak",),
    Part.GROWTH: ("growth",),
}
"""What is not measured where there is no PostgreSQL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured: a hundredth where `share` is 100."""

    share: int
    rounds: int
    minutes: float
    closed: int

    def __call__(self, full: int) -> int:
        """So many of what are so many in full."""
        return full // self.share


def measure(parts: Sequence[Part], only: On | None, sizes: Sizes, *, tell: Callable[[str], None]) -> Iterator[Figure]:
    """The figures of some parts, on each database or on one; `tell` is told what is being measured.

    Where there is no PostgreSQL, rows without figures say so."""
    for part in parts:
        if part is Part.CORE:
            tell("measuring core")
            yield from _core(sizes)
        if only is not On.POSTGRESQL and part in ON_SQLITE:
            tell(f"measuring {part} on SQLite")
            with sqlite_folder() as folder:
                yield from ON_SQLITE[part](folder, sizes)
        if only is not On.SQLITE and part in ON_POSTGRESQL:
            tell(f"measuring {part} on PostgreSQL")
            try:
                with postgresql_server() as server:
                    yield from ON_POSTGRESQL[part](server, sizes)
            except NoServer as missing:
                for name in FIGURES[part]:
                    yield Figure(name=name, on="PostgreSQL", what="not measured", remark=str(missing))


def _core(sizes: Sizes) -> list[Figure]:
    contacts, rounds = sizes(2_000), sizes.rounds
    return [
        *decision_cost(sizes=(sizes(1_000), sizes(10_000), sizes(100_000)), contacts=contacts, rounds=rounds),
        *blocked_cost(agents=1_000, blocked=sizes(100_000), needs=20, contacts=contacts, rounds=rounds),
        *blocked_cost(agents=1_000, blocked=sizes(100_000), needs=200, contacts=contacts, rounds=rounds),
        *status_cost(agents=sizes(100_000), rounds=rounds),
    ]


def _store_on_sqlite(place: SqliteFolder, sizes: Sizes) -> list[Figure]:
    return [
        *drain_rate(agents=sizes(1_000), contacts=sizes(30_000), single=sizes(5_000), rounds=sizes.rounds),
        *input_cost(place, agents=sizes(20_000), rounds=sizes.rounds),
    ]


def _store_on_postgresql(place: PostgresqlServer, sizes: Sizes) -> list[Figure]:
    backlogs = Backlogs(place, contacts=sizes(30_000), seconds=3 if sizes.share == 1 else 1)
    return [
        *claim_rates(backlogs, few=sizes(1_000), many=sizes(10_000), rounds=sizes.rounds),
        *input_cost(place, agents=sizes(20_000), rounds=sizes.rounds),
    ]


def _http(place: Place, sizes: Sizes) -> list[Figure]:
    return http_rates(place, agents=sizes(1_000), requests=sizes(5_000), seconds=3 / sizes.share, rounds=sizes.rounds)


def _nodes(place: PostgresqlServer, sizes: Sizes) -> list[Figure]:
    return [
        *takeover(place, agents=sizes(10_000), waiting=sizes(100_000), rounds=sizes.rounds),
        *exactly_once(place, agents=100, nodes=3 if sizes.share == 1 else 2, strikes=10 if sizes.share == 1 else 1),
    ]


def _memory(place: Place, sizes: Sizes) -> list[Figure]:
    return memory(place, agents=sizes(10_000), contacts=sizes(100_000))


def _soak(place: Place, sizes: Sizes) -> list[Figure]:
    return soak(place, agents=sizes(1_000), full_seconds=20 / sizes.share, seconds=60 * sizes.minutes / sizes.share)


def _growth(place: PostgresqlServer, sizes: Sizes) -> list[Figure]:
    return growth(place, closed=sizes(sizes.closed), rounds=sizes.rounds)


ON_SQLITE: dict[Part, Callable[[SqliteFolder, Sizes], list[Figure]]] = {
    Part.STORE: _store_on_sqlite,
    Part.HTTP: _http,
    Part.MEMORY: _memory,
    Part.SOAK: _soak,
}
ON_POSTGRESQL: dict[Part, Callable[[PostgresqlServer, Sizes], list[Figure]]] = {
    Part.STORE: _store_on_postgresql,
    Part.HTTP: _http,
    Part.NODES: _nodes,
    Part.MEMORY: _memory,
    Part.SOAK: _soak,
    Part.GROWTH: _growth,
}
