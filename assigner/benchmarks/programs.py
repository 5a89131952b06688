"""Servers in processes of their own: started, killed and begun again.

Each says where it serves; what else it says is kept in case it fails."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from urllib.parse import urlsplit

ASSIGNER = (sys.executable, "-c", "from assigner.cli import main; main()")


class Program:
    """One server that can be killed and begun again, at the same address. `begin` and `await_start` are apart, so that
    several can start at once."""

    def __init__(self, *command: str) -> None:
        self.address = ""
        self._command = command
        self._process: subprocess.Popen[str] | None = None
        self._said = TemporaryFile("w+")  # noqa: SIM115 - it is closed with the program

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process is not None
        return self._process.pid

    def begin(self) -> None:
        """Start; `await_start` says when it listens."""
        port = ("--port", str(urlsplit(self.address).port)) if self.address else ()
        self._process = subprocess.Popen([*self._command, *port], stdout=subprocess.PIPE, stderr=self._said, text=True)

    def await_start(self) -> None:
        """Return when it listens. Raises RuntimeError with what it said instead."""
        assert self._process is not None
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        address = next((word for word in said.split() if word.startswith("http://")), None)
        if address is None:
            self._said.seek(0)
            raise RuntimeError(f"{' '.join(self._command)} did not start; it said: {said}{self._said.read()[-2000:]}")
        self.address = address

    def kill(self) -> None:
        """kill -9; returns when the process is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()

    def close(self) -> None:
        """End everything of it."""
        self.kill()
        self._said.close()


def serving(database: str) -> Program:
    """`assigner serve` on a database, at any free port."""
    return Program(*ASSIGNER, "serve", "--database", database, "--port", "0")


@contextmanager
def running(*programs: Program) -> Iterator[None]:
    """Programs that run meanwhile; all of them start at once."""
    try:
        for each in programs:
            each.begin()
        for each in programs:
            each.await_start()
        yield
    finally:
        for each in programs:
            each.close()
