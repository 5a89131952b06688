"""Load on a server of this machine: some connections at once, on each one request after the other.

Plain asyncio sockets and ready-made requests, so that little of the machine is spent on asking."""

import asyncio
import json
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

LONGEST = 120
"""Seconds after which a load is given up."""


def post(path: str, body: Mapping[str, Any], *, key: str, **headers: str) -> bytes:
    """A request, ready to be sent."""
    content = json.dumps(body).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {key}"]
    lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def answered_per_second(address: str, requests: Sequence[bytes], *, connections: int) -> float:
    """How many requests are answered in a second. Raises RuntimeError for the first that is refused."""
    return asyncio.run(asyncio.wait_for(_load(address, requests, connections), timeout=LONGEST))


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
        """Send a request and wait for its answer. Raises RuntimeError where it is refused."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await self._reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 20"):
            raise RuntimeError(f"a request was refused: {body.decode()}")

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


@contextmanager
def running(*command: str) -> Iterator[tuple[str, int]]:
    """A server in a process of its own, which says where it serves: its address, and the number of the process."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            address = next((word for word in said.split() if word.startswith("http://")), None)
            if address is None:
                raise RuntimeError(f"{command[0]} did not start; it said: {said!r}")
            yield address, process.pid
        finally:
            process.kill()
