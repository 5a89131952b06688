"""One process for one SQLite file: a lock on a file beside the database, with the number of who holds it.

The operating system lets go of it when the holder ends, however that comes about, so nobody has to clean up."""

import fcntl
import os
from pathlib import Path

from sqlalchemy import make_url


class AlreadyServed(Exception):
    """Another process serves this database file."""


class FileLock:
    """The right to be the only process that works on a database file. A database elsewhere needs none."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        is_file = address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")
        self._path = Path(f"{address.database}.lock") if is_file else None
        self._file: int | None = None

    def take(self) -> None:
        """Take the lock. Raises AlreadyServed, which names the process that holds it."""
        if self._path is None:
            return
        opened = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(opened, 32).decode().strip() or "unknown"
            os.close(opened)
            raise AlreadyServed(
                f"{self._path.with_suffix('')} is served already, by process {holder}; "
                "stop that one first, or give this one another --database"
            ) from None
        os.ftruncate(opened, 0)
        os.write(opened, f"{os.getpid()}\n".encode())
        self._file = opened

    def holder(self) -> str | None:
        """The process that holds the lock; None where nobody does."""
        if self._path is None or not self._path.exists():
            return None
        with self._path.open("rb") as opened:
            try:
                fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return opened.read(32).decode().strip() or "unknown"
        return None

    def let_go(self) -> None:
        """Let another process have it. The file stays, since deleting it could take it from under a newcomer."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
