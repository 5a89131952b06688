"""How soon another node assigns contacts, after the one that decided was killed (P9).

Two real nodes, many agents who all hold what they can, and a long queue: contacts are closed through both at an even
pace, and each that ends lets the next one be given out. The node that decides is killed under this load, again and
again; what is measured is the time until the other node's first assignment is in the database."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from statistics import median

import psycopg

from assigner.benchmarks.databases import PostgresqlServer
from assigner.benchmarks.load import Connection, post, turns
from assigner.benchmarks.measure import Figure, shown
from assigner.benchmarks.prepared import prepare
from assigner.benchmarks.programs import Program, running, serving

ENDED_PER_SECOND = 50
"""How many contacts are closed through each node."""
BEFORE = 1.0
"""Seconds of work before a node is killed."""
WITHIN = 30
"""Seconds after which nobody is expected to take over any more."""
GAVE = """
SELECT epoch, EXISTS (
    SELECT FROM change
    WHERE change.workspace = number AND change.change_no = workspace.change_no AND kind = 'contact.assigned'
) FROM workspace"""
"""How often another node came to decide, and whether what was committed last gave a contact to somebody."""


class Queue:
    """A database with a long queue, and what its two nodes are asked and observed."""

    def __init__(self, place: PostgresqlServer, *, agents: int, waiting: int) -> None:
        url = place.new("queue")
        self._key = prepare(url, agents=agents, contacts=agents + waiting, capacity=1)
        self._watching = psycopg.connect(place.url("queue"), autocommit=True)
        self._oldest = (f"waiting-{number}" for number in count())
        self.nodes = [serving(url), serving(url)]

    async def takeover(self) -> float:
        """Kill the node that decides, under load: the seconds until the other one has given somebody a contact."""
        dying, heir = self.nodes
        lost, load = (asyncio.create_task(self._end_contacts(node)) for node in (dying, heir))
        await asyncio.sleep(BEFORE)
        lost.cancel()
        epoch = self._observe()[0]
        began = time.perf_counter()
        dying.kill()
        while (observed := self._observe())[0] == epoch or not observed[1]:
            if load.done():
                load.result()
            if time.perf_counter() - began > WITHIN:
                raise RuntimeError(f"no other node has given anybody a contact within {WITHIN} s")
            await asyncio.sleep(0.002)
        taken = time.perf_counter() - began
        load.cancel()
        self.nodes = [heir, dying]
        return taken

    def close(self) -> None:
        """Stop watching."""
        self._watching.close()

    async def _end_contacts(self, node: Program) -> None:
        """Close contacts at an even pace, which makes room for others."""
        with closing(await Connection.open(node.address)) as connection:
            for due, contact_id in zip(turns(pace=ENDED_PER_SECOND), self._oldest, strict=False):
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                await connection.ask(post(f"/v1/contacts/{contact_id}/close", {"outcome": "solved"}, key=self._key))

    def _observe(self) -> tuple[int, bool]:
        row = self._watching.execute(GAVE).fetchone()
        assert row is not None
        return row[0], row[1]


def takeover(place: PostgresqlServer, *, agents: int, waiting: int, rounds: int) -> list[Figure]:
    """P9: from kill -9 of the node that decides to the next durable assignment."""
    with closing(Queue(place, agents=agents, waiting=waiting)) as queue:
        first, second = queue.nodes
        with running(first), running(second):  # in this order: the first one decides
            taken = list(_takeovers(queue, rounds))
    what = f"kill -9 of the deciding node to the next durable assignment, {waiting:,} queued, {agents:,} agents"
    remark = f"the longest of {rounds}: {shown(max(taken))}"
    return [Figure(name="P9", on=place.name, what=what, case=median(taken), at_most=1.0, remark=remark)]


def _takeovers(queue: Queue, rounds: int) -> Iterator[float]:
    for number in range(rounds):
        if number:
            queue.nodes[1].begin()
            queue.nodes[1].await_start()
        yield asyncio.run(queue.takeover())
