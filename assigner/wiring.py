"""The outside world: the only place that knows what time it is on the wall, and that can wait for it to pass.

Everything else is told: the core takes `now`, the simulator has a clock of its own, and a command that shows something
at the speed of a film is given a `Pace`."""

import time
from datetime import UTC, datetime


class Pace:
    """Frames at an even pace, however long each takes to draw."""

    def __init__(self, *, frames_per_second: float) -> None:
        self._between = 1 / frames_per_second
        self._next = time.monotonic()

    def wait(self) -> None:
        """Sleep until the next frame is due. A frame that is late already does not make the ones after it hurry."""
        self._next = max(self._next + self._between, time.monotonic())
        time.sleep(self._next - time.monotonic() if self._next > time.monotonic() else 0)


def wall_clock() -> datetime:
    """What time it is, in UTC."""
    return datetime.now(UTC)
