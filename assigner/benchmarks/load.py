"""Load on a server of this machine: some connections at once, on each one request after the other.

Plain asyncio sockets and ready-made requests, so that little of the machine is spent on asking."""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit

LONGEST = 120
"""Seconds after which a load is given up."""
ENOUGH = 64
"""Connections, where no request is to wait for a free one."""


class Refused(Exception):
    """A request was answered, but not with success."""


def post(path: str, body: Mapping[str, Any], *, key: str, **headers: str) -> bytes:
    """A request, ready to be sent."""
    content = json.dumps(body).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {key}"]
    lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def answered_per_second(address: str, requests: Sequence[bytes], *, connections: int) -> float:
    """How many requests are answered in a second. Raises Refused for the first that is."""
    return asyncio.run(asyncio.wait_for(_load(address, requests, connections), timeout=LONGEST))


def slowest_answer(address: str, requests: Sequence[bytes], *, pace: float) -> float:
    """The 99th percentile of the seconds to an answer, where so many requests a second come whatever the answers do.

    Raises Refused."""
    return quantiles(asyncio.run(asyncio.wait_for(_paced(address, requests, pace), timeout=LONGEST)), n=100)[98]


def turns(*, pace: float | None) -> Iterator[float]:
    """When each of many is due from now on: evenly, so many a second, or at once."""
    begun = time.perf_counter()
    return (begun if pace is None else begun + number / pace for number in count())


class Connection:
    """One connection, on which one request follows the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, address: str) -> "Connection":
        """Connect to a server."""
        parts = urlsplit(address)
        return cls(*await asyncio.open_connection(parts.hostname, parts.port))

    async def ask(self, request: bytes) -> None:
        """Send a request and wait for its answer. Raises Refused."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await self._reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 20"):
            raise Refused(body.decode())

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


async def _load(address: str, requests: Sequence[bytes], connections: int) -> float:
    opened = [await Connection.open(address) for _ in range(connections)]
    remaining = iter(requests)
    begun = time.perf_counter()
    await asyncio.gather(*(_ask(connection, remaining) for connection in opened))
    taken = time.perf_counter() - begun
    for connection in opened:
        connection.close()
    return len(requests) / taken


async def _ask(connection: Connection, remaining: Iterator[bytes]) -> None:
    for request in remaining:
        await connection.ask(request)


async def _paced(address: str, requests: Sequence[bytes], pace: float) -> list[float]:
    opened = [await Connection.open(address) for _ in range(ENOUGH)]
    free, taken = asyncio.Queue[Connection](), list[float]()
    for connection in opened:
        free.put_nowait(connection)

    async def ask(request: bytes) -> None:
        begun = time.perf_counter()
        connection = await free.get()
        await connection.ask(request)
        taken.append(time.perf_counter() - begun)
        free.put_nowait(connection)

    async with asyncio.TaskGroup() as asked:
        for request, due in zip(requests, turns(pace=pace), strict=False):
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            asked.create_task(ask(request))
    for connection in opened:
        connection.close()
    return taken
