"""A server and its hot standby, as in production: the standby can be read, follows, and leads when it is promoted."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from assigner.store.private_server import PrivateServer, find_binaries
from tests.lacking import lacks

GIVE_UP_AFTER = 30


@contextmanager
def leading_and_following() -> Iterator[tuple[PrivateServer, PrivateServer]]:
    """Two servers; the second follows the first."""
    folder = Path(tempfile.mkdtemp(prefix="assigner-standby-"))
    leading = PrivateServer()
    leading.start()
    following = PrivateServer(data=_copied(leading, folder))
    following.start()
    try:
        yield leading, following
    finally:
        following.stop()
        leading.stop()
        shutil.rmtree(folder, ignore_errors=True)


def let_lead(leading: PrivateServer, following: PrivateServer) -> None:
    """The leading server dies, all of it having arrived at the other, which leads from now on."""
    with psycopg.connect(leading.url(), autocommit=True) as connection:
        (written,) = connection.execute("SELECT pg_current_wal_flush_lsn()::text").fetchone() or ("",)
    with psycopg.connect(following.url(), autocommit=True) as connection:
        give_up_at = time.monotonic() + GIVE_UP_AFTER
        while connection.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", (written,)).fetchone() != (True,):
            assert time.monotonic() < give_up_at, "the standby does not follow"
            time.sleep(0.05)
        leading.stop()
        assert connection.execute("SELECT pg_promote()").fetchone() == (True,)


def _copied(leading: PrivateServer, folder: Path) -> Path:
    """A copy of a server's data that follows it, in the hands of who may run a server."""
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    program = find_binaries() / "pg_basebackup"
    if not program.exists():
        lacks("postgres", "this PostgreSQL has no pg_basebackup")
    command: list[str | Path] = [program, "-d", leading.url(), "-D", folder / "data", "-R", "-c", "fast"]
    subprocess.run(command, check=True, cwd=folder, capture_output=True, **as_user)
    return folder / "data"
