"""Whether every contact is given out exactly once, and evenly, while nodes are killed at random (P10).

Producers send each contact until some node has accepted it; nodes are killed and begun again all the while. This is
short: `./dev bench faults` does it for long, lets more go wrong, and checks whatever the clients remember."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import closing
from itertools import count

import psycopg

from assigner.benchmarks.databases import PostgresqlServer
from assigner.benchmarks.load import Connection, Refused, post, turns
from assigner.benchmarks.measure import Figure, Unit
from assigner.benchmarks.prepared import prepare
from assigner.benchmarks.programs import Program, running, serving

PRODUCERS = 16
CONTACTS_EACH = 25.0
"""How many contacts a producer sends in a second, at most."""
PEACE = (0.5, 2.0)
"""Seconds between the time when all nodes serve and the next strike, at least and at most."""
PATIENCE = 60
"""Seconds after which something asked is given up, or what still waits counts as lost."""
GONE = (OSError, EOFError, Refused)
"""What a client sees of a node that dies, or that has lost its database connection."""
GIVEN = "SELECT subject FROM change WHERE kind = 'contact.assigned'"
HELD = "SELECT count(*) FROM contact WHERE state = 'assigned' GROUP BY agent_id"
WAITING = "SELECT count(*) FROM contact WHERE state = 'queued'"


class Producer:
    """Sends to one node as long as that answers, then to another."""

    def __init__(self, nodes: Sequence[Program]) -> None:
        self._nodes = nodes
        self._connection: Connection | None = None

    async def send(self, request: bytes) -> None:
        """Send a request until it is accepted. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    if self._connection is None:
                        self._connection = await Connection.open(random.choice(self._nodes).address)
                    await self._connection.ask(request)
                    return
                except GONE:
                    self.close()
                    await asyncio.sleep(0.05)

    def close(self) -> None:
        """Hang up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class Chaos:
    """Some nodes on one database, those who send contacts, and somebody who kills nodes."""

    def __init__(self, place: PostgresqlServer, *, agents: int, nodes: int) -> None:
        self._place = place
        self._key = prepare(place.new("killed"), agents=agents)
        self.nodes = [serving(place.url("killed")) for _ in range(nodes)]
        self.accepted: list[str] = []
        self.killed = 0
        self._stop = asyncio.Event()

    async def run(self, *, strikes: int) -> None:
        """Send contacts while some nodes or all of them are killed, so many times; then wait until all is given out."""
        async with asyncio.TaskGroup() as everybody:
            for each in range(PRODUCERS):
                everybody.create_task(self._produce(f"producer-{each}"))
            for _ in range(strikes):
                await asyncio.sleep(random.uniform(*PEACE))
                await self._strike()
            await asyncio.sleep(max(PEACE))
            self._stop.set()
        give_up_at = time.perf_counter() + PATIENCE
        while self._place.count(WAITING, "killed") and time.perf_counter() < give_up_at:
            await asyncio.sleep(0.1)

    async def _strike(self) -> None:
        struck = random.sample(self.nodes, k=random.randint(1, len(self.nodes)))
        self.killed += len(struck)
        for node in struck:
            node.kill()
            node.begin()
        for node in struck:
            await asyncio.to_thread(node.await_start)

    async def _produce(self, name: str) -> None:
        with closing(Producer(self.nodes)) as producer:
            for number, due in zip(count(), turns(pace=CONTACTS_EACH), strict=False):
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                if self._stop.is_set():
                    return
                contact_id = f"{name}-{number}"
                await producer.send(post("/v1/contacts", {"id": contact_id, "channel": "chat"}, key=self._key))
                self.accepted.append(contact_id)


def exactly_once(place: PostgresqlServer, *, agents: int, nodes: int, strikes: int) -> list[Figure]:
    """P10: contacts given out beside those that were sent, and the most that an agent holds beside the least."""
    chaos = Chaos(place, agents=agents, nodes=nodes)
    with running(*chaos.nodes):
        asyncio.run(chaos.run(strikes=strikes))
    with psycopg.connect(place.url("killed")) as connection:
        given = [str(subject) for (subject,) in connection.execute(GIVEN)]
        held = [int(each) for (each,) in connection.execute(HELD)]
    loads = [*held, *[0] * (agents - len(held))]
    lost, twice = len({*chaos.accepted} - {*given}), len(given) - len({*given})
    what = f"{nodes} nodes killed {chaos.killed} times, {PRODUCERS} producers"
    return [
        Figure(
            name="P10",
            on=place.name,
            what=f"assignments ÷ distinct contacts, {what}",
            case=len(given),
            other=len(chaos.accepted),
            exactly=1,
            unit=Unit.COUNT,
            remark=f"{lost} lost, {twice} twice; for long: ./dev bench faults",
        ),
        Figure(
            name="P10",
            on=place.name,
            what=f"most - least that one of {agents} equal agents holds, the same run",
            case=max(loads) - min(loads),
            at_most=1,
            unit=Unit.COUNT,
        ),
    ]
