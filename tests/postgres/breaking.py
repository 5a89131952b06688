"""A proxy that lets one thing go wrong between a node and PostgreSQL, at the commit of a change and nowhere else."""

import select
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path

from sqlalchemy import make_url

from tests.postgres.entrance import Entrance, in_folder
from tests.postgres.pooler import message_of, startup_of

FULL = b"DO $$ BEGIN RAISE disk_full USING MESSAGE = 'could not extend file: No space left on device'; END $$"


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


FAILING = _message(b"P", b"\x00" + FULL + b"\x00\x00\x00") + _message(b"B", b"\x00" * 8)
"""What the server is told instead of what it should write into the log."""


class Trouble(StrEnum):
    """What goes wrong."""

    LOST_BEFORE_COMMIT = "the connection is lost before the server hears COMMIT"
    LOST_AFTER_COMMIT = "the connection is lost before the server's answer to COMMIT arrives"
    DISK_FULL = "the disk is full, as long as that is not mended"


class BreakingProxy:
    """Listens on a socket in a folder, in front of the server whose socket is given."""

    def __init__(self, folder: Path, server: str) -> None:
        self.trouble: Trouble | None = None
        self._server = server
        self._entrance = Entrance(in_folder(folder), self._serve)

    def close(self) -> None:
        """Let nobody in any more."""
        self._entrance.close()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as session, suppress(OSError):
            session.connect(self._server)
            session.sendall(startup_of(client))
            inserts = set[bytes]()
            changes = False
            while True:
                speaking, _, _ = select.select([client, session], [], [])
                if session in speaking:
                    client.sendall(message_of(session))
                if client in speaking:
                    said = message_of(client)
                    inserting = _is_insert(said, inserts)
                    changes = changes or inserting
                    spoiled = self.trouble is Trouble.DISK_FULL and inserting
                    session.sendall(FAILING if spoiled else self._passed(said, changes=changes, session=session))
                    changes = changes and b"COMMIT" not in said

    def _passed(self, said: bytes, *, changes: bool, session: socket.socket) -> bytes:
        """What the server is told. Raises ConnectionResetError where the connection is lost."""
        trouble = self.trouble
        if trouble in (Trouble.LOST_BEFORE_COMMIT, Trouble.LOST_AFTER_COMMIT) and changes and b"COMMIT" in said:
            self.trouble = None
            if trouble is Trouble.LOST_AFTER_COMMIT:
                session.sendall(said)
                message_of(session)
            raise ConnectionResetError(trouble)
        return said


def _is_insert(said: bytes, inserts: set[bytes]) -> bool:
    """Whether a message executes an insertion into the log; `inserts` are the statements known to do that, by name."""
    kind, _, body = said[:1], said[1:5], said[5:]
    if kind == b"P":
        name, _, rest = body.partition(b"\x00")
        (inserts.add if b"INSERT INTO change " in rest else inserts.discard)(name)
    return kind == b"B" and body.split(b"\x00", 2)[1] in inserts


@contextmanager
def breaking(folder: Path, url: str) -> Iterator[tuple[BreakingProxy, str]]:
    """A proxy in front of a database, and the URL behind it."""
    proxy = BreakingProxy(folder, f"{make_url(url).query['host']}/.s.PGSQL.5432")
    try:
        yield proxy, f"{url.partition('?')[0]}?host={folder}&gssencmode=disable"
    finally:
        proxy.close()
