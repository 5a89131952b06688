"""What clients remember of a run: each call with when it was asked and answered, each event, and how it ended.

One JSON document a line, so that the checker can be run on a file of them by itself."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assigner.wiring import wall_clock


class Call:
    """One call that is being made. `status` is the answer's; None: nobody knows what became of it."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.status: int | None = None


class History:
    """The lines of one run, in the order in which they ended."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def note(self, **told: Any) -> None:
        """Add a line."""
        with self._lock:
            self.lines.append(told)

    @contextmanager
    def call(self, name: str, **told: Any) -> Iterator[Call]:
        """Remember a call, also one that broke off."""
        call = Call({"call": name, **told, "asked": wall_clock().isoformat()})
        try:
            yield call
        finally:
            answered = wall_clock().isoformat() if call.status is not None else None
            self.note(**call.told, answered=answered, status=call.status)

    def write(self, file: Path) -> None:
        """Keep the history for the checker."""
        file.write_text("".join(f"{json.dumps(line)}\n" for line in self.lines))
