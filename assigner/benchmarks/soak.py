"""Whether a serving node stays as it is under steady work: memory, after many minutes at half of what it can do.

Every contact is sent, assigned and closed over HTTP. How fast that goes at most is measured first; then half as many a
second come at an even pace, and the system is asked for the memory of the process all the while."""

import asyncio
import time
from functools import partial
from itertools import count
from statistics import fmean

from assigner.benchmarks.databases import Place
from assigner.benchmarks.load import Connection, post, turns
from assigner.benchmarks.measure import MEGABYTE, Figure, Unit
from assigner.benchmarks.memory import IS_TOLD, NOT_TOLD, memory_of
from assigner.benchmarks.prepared import prepare
from assigner.benchmarks.programs import Program, running, serving

CONNECTIONS = 32
CUSTOMERS = 10_000
"""So many customers come back again and again; the last holder of each is remembered."""
LOOKS = 200
"""How often the memory is looked at in a run."""


def soak(place: Place, *, agents: int, full_seconds: float, seconds: float) -> list[Figure]:
    """Memory in the last quarter of a run beside the second: it has warmed up by then, and must not grow any more."""
    if not IS_TOLD:
        return [Figure(name="soak", on=place.name, what="memory under steady work", remark=NOT_TOLD)]
    database = place.new("soak")
    key = prepare(database, agents=agents)
    node = serving(database)
    with running(node):
        contacts = partial(_contact, key, count())
        full = asyncio.run(_load(node, contacts, seconds=full_seconds, pace=None))[0]
        held, memory = asyncio.run(_load(node, contacts, seconds=seconds, pace=full / 2))
    quarter = max(1, len(memory) // 4)
    early, late = fmean(memory[quarter : 2 * quarter]), fmean(memory[-quarter:])
    minutes = f"{seconds / 60:g} min"
    figure = partial(Figure, name="soak", on=place.name)
    return [
        figure(what="contacts assigned and closed, all that can be", case=full, unit=Unit.RATE),
        figure(what=f"the same over {minutes} at half the pace", case=held, other=full, unit=Unit.RATE),
        figure(
            what=f"memory, last quarter of {minutes} ÷ second quarter",
            case=late / MEGABYTE,
            other=early / MEGABYTE,
            at_most=1.05,
            unit=Unit.MEGABYTES,
        ),
    ]


def _contact(key: str, numbers: "count[int]") -> tuple[bytes, bytes]:
    """What sends one more contact and has it assigned, and what closes it."""
    number = next(numbers)
    body = {"id": f"soak-{number}", "channel": "chat", "customer_id": f"customer-{number % CUSTOMERS}"}
    arrive = post("/v1/contacts", body, key=key, Prefer="wait=10")
    return arrive, post(f"/v1/contacts/soak-{number}/close", {"outcome": "solved"}, key=key)


async def _load(
    node: Program, contacts: partial[tuple[bytes, bytes]], *, seconds: float, pace: float | None
) -> tuple[float, list[int]]:
    """Contacts done in a second, at an even pace or as many as go; and the memory meanwhile, in bytes."""
    ends_at = time.perf_counter() + seconds
    due_at = turns(pace=pace)
    done = [0]

    async def work() -> None:
        connection = await Connection.open(node.address)
        while (due := next(due_at)) < ends_at and time.perf_counter() < ends_at:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            for request in contacts():
                await connection.ask(request)
            done[0] += 1
        connection.close()

    memory = asyncio.create_task(_watch(node.pid, ends_at, every=seconds / LOOKS))
    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return done[0] / (time.perf_counter() - begun), await memory


async def _watch(process: int, ends_at: float, *, every: float) -> list[int]:
    seen: list[int] = []
    while time.perf_counter() < ends_at:
        seen.append(memory_of(process, "VmRSS"))
        await asyncio.sleep(every)
    return seen
