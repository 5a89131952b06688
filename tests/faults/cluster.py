"""Several real nodes on one real PostgreSQL, each behind a proxy that can be cut, and what can befall them."""

import select
import signal
import socket
import subprocess
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

import httpx2
import psycopg

from assigner.store.private_server import PrivateServer
from tests.faults.served import ASSIGNER, a_key
from tests.postgres.entrance import Entrance, in_folder

HELD = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
STARTS_WITHIN = 60


class Proxy:
    """Passes on what clients and a server say to each other; while it is cut nothing gets through, and nobody is
    told."""

    def __init__(self, folder: Path, server: str) -> None:
        folder.mkdir()
        self.folder = folder
        self._server = server
        self._is_whole = threading.Event()
        self._is_whole.set()
        self._opened: list[socket.socket] = []
        self._entrance = Entrance(in_folder(folder), self._pass_on)

    def cut(self) -> None:
        """Let nothing through any more."""
        self._is_whole.clear()

    def heal(self) -> None:
        """Let new connections through; what was open is broken."""
        opened, self._opened = self._opened, []
        for each in opened:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._is_whole.set()

    def lead_to(self, server: str) -> None:
        """Let new connections through to another server, and break what was open."""
        self._server = server
        self.heal()

    def close(self) -> None:
        """Let nobody in any more."""
        self._entrance.close()
        self.heal()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            self._is_whole.wait()
            server.connect(self._server)
            self._opened += [client, server]
            other = {client: server, server: client}
            while True:
                for side in select.select([client, server], [], [])[0]:
                    said = side.recv(1 << 16)
                    self._is_whole.wait()
                    if not said:
                        return
                    other[side].sendall(said)


class ServedNode:
    """One `assigner serve`, and the proxy between it and the database."""

    def __init__(self, number: int, folder: Path, server: str) -> None:
        self.number = number
        self.proxy = Proxy(folder / f"proxy{number}", server)
        self.address = ""
        self._log = (folder / f"node{number}.log").open("ab")
        self._process: subprocess.Popen[str] | None = None

    def begin(self) -> None:
        """Start; `await_start` says when it listens."""
        url = f"postgresql://postgres@/postgres?host={self.proxy.folder}"
        port = self.address.rpartition(":")[2] or "0"
        command = [*ASSIGNER, "serve", "--database", url, "--port", port]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._log, text=True)

    def await_start(self) -> None:
        """Return when it listens."""
        assert self._process is not None
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert said.startswith("assigner serves http://"), Path(self._log.name).read_text()[-2000:]
        self.address = said.split()[2]

    def send(self, sign: signal.Signals) -> None:
        """Send the process a signal."""
        assert self._process is not None
        self._process.send_signal(sign)

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def decides(self, headers: dict[str, str]) -> bool:
        """Whether this node says that it decides."""
        with suppress(httpx2.TransportError):
            told = httpx2.get(f"{self.address}/metrics", headers=headers, timeout=2).text
            return 'assigner_lock_held{workspace="1"} 1.0' in told
        return False

    def close(self) -> None:
        """End everything of it."""
        self.kill()
        self.proxy.close()
        self._log.close()


class Cluster:
    """A database with everything switched on that makes it durable, and so many nodes."""

    def __init__(self, folder: Path, nodes: int) -> None:
        self._closing = ExitStack()
        self.server = PrivateServer()
        self.server.start()
        self._closing.callback(self.server.stop)
        self.headers = {"authorization": f"Bearer {a_key(self.server.url())}"}
        self.nodes: list[ServedNode] = []
        for number in range(nodes):
            self.nodes.append(ServedNode(number, folder, self.server.socket))
            self.nodes[-1].begin()
            self._closing.callback(self.nodes[-1].close)
        for node in self.nodes:
            node.await_start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def addresses(self) -> list[str]:
        """Where the nodes listen."""
        return [node.address for node in self.nodes]

    def deciding(self) -> ServedNode:
        """The node that decides. Fails where none comes to."""
        give_up_at = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < give_up_at:
            for node in self.nodes:
                if node.decides(self.headers):
                    return node
            time.sleep(0.05)
        raise AssertionError("no node decides")

    def end_backend(self) -> None:
        """End the session of the database that holds the lock."""
        with psycopg.connect(self.server.url(), autocommit=True) as connection:
            connection.execute(f"SELECT pg_terminate_backend(pid) FROM ({HELD}) AS held")
