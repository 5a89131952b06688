"""What figures were measured on: the machine, how busy it was, and the versions.

Without it nobody else can read them; what a system does not tell is left out."""

import os
import platform
import sqlite3
import subprocess
from pathlib import Path

from assigner.store.private_server import NoServer, find_binaries

GIGABYTE = 1 << 30


def machine() -> tuple[str, ...]:
    """The machine and what else runs on it, and the versions."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, {_memory()}{platform.system()} {platform.release()}{_load()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} (synchronous=FULL), {_postgresql()}",
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / GIGABYTE:.0f} GiB, "
    except (OSError, ValueError, AttributeError):  # not every system tells
        return ""


def _load() -> str:
    """How many processes wanted to run in the last minute: with more than none the machine was not quiet."""
    try:
        return f", load before the start {os.getloadavg()[0]:.1f}"
    except (OSError, AttributeError):
        return ""


def _postgresql() -> str:
    try:
        program = find_binaries() / "postgres"
    except NoServer:
        return "no PostgreSQL"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return f"PostgreSQL {said.split()[2]} (fsync and synchronous_commit on)"
