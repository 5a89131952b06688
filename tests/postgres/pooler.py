"""The smallest pooler in transaction mode: clients take turns on a few sessions, a transaction each.

It reads of the protocol only where messages begin, and in which state a session is when it is ready."""

import select
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.postgres.entrance import Entrance, in_folder

READY, IDLE, FAREWELL = b"Z", b"I", b"X"
LETTERS_OF_STARTUP = 8


class TransactionPooler:
    """Listens on a socket in a folder, in front of the server whose socket is given."""

    def __init__(self, folder: Path, server: str) -> None:
        self._server = server
        self._idle: list[socket.socket] = []
        self._greeting = b""
        self._entrance = Entrance(in_folder(folder), self._serve)

    def close(self) -> None:
        """Let nobody in any more."""
        self._entrance.close()
        for session in self._idle:
            session.close()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(ConnectionError):
            self._take_turns(client)

    def _take_turns(self, client: socket.socket) -> None:
        startup = startup_of(client)
        if not self._idle:
            self._idle.append(self._open(startup))
        client.sendall(self._greeting)
        while (first := message_of(client))[:1] != FAREWELL:
            session = self._idle.pop() if self._idle else self._open(startup)
            session.sendall(first)
            try:
                while (last := _pass_on(client, session)) is None:
                    pass
            except ConnectionError:
                session.close()
                raise
            self._idle.append(session)  # before the client knows: its next transaction may get another
            client.sendall(last)

    def _open(self, startup: bytes) -> socket.socket:
        session = socket.socket(socket.AF_UNIX)
        session.connect(self._server)
        session.sendall(startup)
        greeting = b""
        while True:
            message = message_of(session)
            greeting += message
            if message[:1] == READY:
                break
        self._greeting = self._greeting or greeting
        return session


def startup_of(client: socket.socket) -> bytes:
    """What a client begins with; encryption, if it asks for that first, there is none."""
    while True:
        head = _exactly(client, LETTERS_OF_STARTUP)
        length, code = struct.unpack("!II", head)
        if length != LETTERS_OF_STARTUP:
            return head + _exactly(client, length - LETTERS_OF_STARTUP)
        assert code, "nobody cancels"
        client.sendall(b"N")


def _pass_on(client: socket.socket, session: socket.socket) -> bytes | None:
    """Pass on what either side says; but return what the server says at the end of a transaction."""
    speaking, _, _ = select.select([client, session], [], [])
    if client in speaking:
        session.sendall(message_of(client))
        return None
    message = message_of(session)
    if message[:1] == READY and message[-1:] == IDLE:
        return message
    client.sendall(message)
    return None


def message_of(side: socket.socket) -> bytes:
    head = _exactly(side, 5)
    return head + _exactly(side, struct.unpack("!I", head[1:])[0] - 4)


def _exactly(side: socket.socket, count: int) -> bytes:
    read = b""
    while len(read) < count:
        more = side.recv(count - len(read))
        if not more:
            raise ConnectionResetError("one side has gone")
        read += more
    return read


@contextmanager
def pooled(folder: Path, url: str, server: str) -> Iterator[str]:
    """The URL of a database behind the pooler; `server` is the path of the server's socket."""
    pooler = TransactionPooler(folder, server)
    head, _, _ = url.partition("?")
    try:
        yield f"{head}?host={folder}&sslmode=disable&gssencmode=disable"
    finally:
        pooler.close()
