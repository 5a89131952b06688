"""What the disk does while something is measured: who waits for what is durable waits for it.

A disk that stands still for a tenth of a second now and then decides the slowest of a hundred answers, whatever the
product does."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryFile
from threading import Event, Thread

from assigner.benchmarks.measure import shown

BLOCK = bytes(8192)
PAUSE = 0.02
"""Seconds between two blocks: often enough to meet what lasts, and little work for the disk."""


@contextmanager
def watched_disk() -> Iterator[list[float]]:
    """Meanwhile one small block after the other is written and made durable; gives the seconds that each has taken."""
    taken: list[float] = []
    done = Event()

    def watch() -> None:
        with TemporaryFile(buffering=0) as file:
            while not taken or not done.wait(PAUSE):
                file.seek(0)
                file.write(BLOCK)
                begun = time.perf_counter()
                os.fsync(file.fileno())
                taken.append(time.perf_counter() - begun)

    watching = Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield taken
    finally:
        done.set()
        watching.join()


def described(taken: list[float]) -> str:
    """What a watched disk did, in words."""
    if not taken:
        return "the disk could not be watched"
    ordered = sorted(taken)
    slow = ordered[len(ordered) * 99 // 100]
    return f"one block on the disk: median {shown(median(ordered))}, p99 {shown(slow)}, at most {shown(ordered[-1])}"
