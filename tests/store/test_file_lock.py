"""One process for one database file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assigner.store.file_lock import AlreadyServed, FileLock

HOLD = """
import sys
from assigner.store.file_lock import FileLock
lock = FileLock(sys.argv[1])
lock.take()
print("taken", flush=True)
sys.stdin.read()
"""


def a_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'assigner.db'}"


def test_a_second_holder_is_refused_with_the_process_of_the_first(tmp_path: Path) -> None:
    first, second = FileLock(a_url(tmp_path)), FileLock(a_url(tmp_path))
    first.take()

    with pytest.raises(AlreadyServed, match=rf"assigner\.db is served already, by process {os.getpid()};"):
        second.take()
    first.let_go()


def test_who_lets_go_makes_room(tmp_path: Path) -> None:
    first, second = FileLock(a_url(tmp_path)), FileLock(a_url(tmp_path))
    first.take()
    first.let_go()

    second.take()

    assert (tmp_path / "assigner.db.lock").read_text() == f"{os.getpid()}\n"
    second.let_go()


def test_a_killed_holder_makes_room(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, a_url(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "taken\n"
        with pytest.raises(AlreadyServed, match=f"by process {holder.pid};"):
            FileLock(a_url(tmp_path)).take()
        holder.kill()
        holder.wait()

    lock = FileLock(a_url(tmp_path))
    lock.take()
    lock.let_go()


def test_a_database_in_memory_needs_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for lock in (FileLock("sqlite://"), FileLock("sqlite:///:memory:")):
        lock.take()

    assert list(tmp_path.iterdir()) == []
