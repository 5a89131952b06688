"""A real `assigner serve` in a process of its own, to be killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

ASSIGNER = (sys.executable, "-c", "from assigner.cli import main; main()")


def run(*arguments: str, given: str = "", code: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command of the command line to its end, where `code` is a folder with another version, of that."""
    command = [*ASSIGNER, *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False, cwd=code)


def a_key(database: Path | str) -> str:
    made = run("admin", "key", "create", "--database", str(database))
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


@contextmanager
def served(
    database: Path | str, code: Path | None = None, /, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its address, with some variables set, of the version in the folder `code` where one is given. It
    is killed on leaving, if it is still there."""
    command = [*ASSIGNER, "serve", "--database", str(database), "--port", "0"]
    variables = {**os.environ, **environment}
    # a pipe that nobody reads is full after some hundred requests, and holds up the next: what it tells goes to a file
    with (
        TemporaryFile("w+") as told,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=told, text=True, env=variables, cwd=code) as process,
    ):
        try:
            yield process, address_of(process, told)
        finally:
            process.kill()


def address_of(process: subprocess.Popen[str], told: IO[str] | None = None) -> str:
    """Where a process serves, once it says so; `told` is what it tells operators."""
    assert process.stdout is not None
    said = process.stdout.readline()
    if not said.startswith("assigner serves http://"):
        process.wait()
        if told is not None:
            told.seek(0)
            said += told.read()
        raise AssertionError(said)
    return said.split()[2]
