"""How a process that serves for months collects garbage: what has grown old is looked at once in a while only.

Python's collector walks over everything there is whenever a quarter more has come; with a hundred thousand contacts in
memory that stops every request for a tenth of a second or more, again and again, and finds next to nothing, since what
a board holds is let go of without it."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

EVERY = 600.0
"""Seconds after which everything is looked at once more: garbage that grew old is let go of by then."""


@contextmanager
def old_garbage_waits(*, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Meanwhile a collection leaves out what an earlier one has found in use, but for one in ten minutes."""
    gc.collect()
    gc.freeze()
    looked_at = clock()

    def collecting(phase: str, about: dict[str, Any]) -> None:
        nonlocal looked_at
        if about["generation"] < 2:
            return
        if phase == "stop":
            gc.freeze()
        elif clock() - looked_at >= EVERY:
            looked_at = clock()
            gc.unfreeze()

    gc.callbacks.append(collecting)
    try:
        yield
    finally:
        gc.callbacks.remove(collecting)
        gc.unfreeze()
