"""A way to PostgreSQL by TCP that can be cut as a cable is: what is sent is not acknowledged, and nobody is told.

Every socket of a process is acknowledged for by its kernel, whether the process reads or not. A filter that drops all
(SO_ATTACH_FILTER, socket(7)) makes the kernel fall silent, and needs no rights."""

import ctypes
import select
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import make_url

from tests.postgres.entrance import Entrance

ATTACH_FILTER, DETACH_FILTER = 26, 27
DROP_ALL = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))  # BPF_RET | BPF_K: keep 0 bytes
PROGRAM = struct.pack("HL", 1, ctypes.addressof(DROP_ALL))


class BlackHole:
    """Listens on a port, in front of the server whose socket is given."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._opened: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._entrance = Entrance(self._listening, self._pass_on)

    def swallow(self) -> None:
        """From now on nothing arrives, neither on what is connected nor from who wants to connect."""
        for each in (self._listening, *self._opened):
            with suppress(OSError):
                each.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, PROGRAM)

    def heal(self) -> None:
        """Let new connections through; what was connected stays cut."""
        self._opened = []
        self._listening.setsockopt(socket.SOL_SOCKET, DETACH_FILTER, 0)

    def close(self) -> None:
        """Let nobody in any more."""
        self._entrance.close()

    def _pass_on(self, client: socket.socket) -> None:
        self._opened.append(client)
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(self._server)
            other = {client: server, server: client}
            while True:
                for side in select.select([client, server], [], [])[0]:
                    said = side.recv(1 << 16)
                    if not said and side is client:
                        return
                    if not said:  # the server has hung up, but nothing of that comes through
                        select.select([client], [], [])
                        return
                    other[side].sendall(said)


@contextmanager
def black_hole(url: str) -> Iterator[tuple[BlackHole, str]]:
    """A way to a database, and the URL that leads there by it."""
    hole = BlackHole(f"{make_url(url).query['host']}/.s.PGSQL.5432")
    try:
        yield hole, f"postgresql://postgres@127.0.0.1:{hole.port}/{make_url(url).database}?sslmode=disable"
    finally:
        hole.close()
