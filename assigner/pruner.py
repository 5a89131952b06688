"""Keeping a served database from growing for ever: what has ended long enough ago is deleted, a little at a time.

A thread of its own looks every few minutes. It rests after each slice for as long as the slice took, so that commits
come through in between; what takes long to read is read by a process that gives way."""

import logging
import threading
from datetime import timedelta
from time import monotonic

from assigner.product import Product
from assigner.service.retention import begin_later, later_start, sweep_once
from assigner.store.pruning import Bounds

EVERY_SECONDS = 300.0
SHORTEST_REST = 0.05
ONE_PIECE = Bounds()

log = logging.getLogger(__name__)


class Pruner:
    """Prunes all workspaces of a product, as its thread does `every` so many seconds where this node decides; does
    nothing where everything is kept for good."""

    def __init__(
        self, product: Product, *, keep_days: int | None, bounds: Bounds = ONE_PIECE, every: float = EVERY_SECONDS
    ) -> None:
        self._product = product
        self._bounds = bounds
        self._every = every
        self._keep = None if keep_days is None else timedelta(days=keep_days)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pruner", daemon=True)

    def start(self) -> None:
        """Begin to look, in a thread."""
        if self._keep is not None:
            self._thread.start()

    def stop(self) -> None:
        """Do not begin another slice. The one that is being deleted is committed or not, as with a kill."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def step(self, workspace: int) -> bool:
        """One piece of work: delete a slice, or move the start of the log. False where nothing is left to do."""
        if self._keep is None:
            return False
        if sweep_once(self._product.database, workspace, self._bounds):
            return True
        before = self._product.clock() - self._keep
        later = self._product.wait_for_reading(later_start, workspace, before, self._bounds)
        return later is not None and begin_later(self._product.database, workspace, later)

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            for workspace in self._product.workspaces():
                try:
                    if self._product.dispatcher(workspace).decides:  # one node is enough
                        self._prune(workspace)
                except Exception:
                    log.exception("workspace %s could not be pruned; trying again in %s s", workspace, self._every)

    def _prune(self, workspace: int) -> None:
        while not self._stop.is_set():
            begun = monotonic()
            if not self.step(workspace):
                return
            self._stop.wait(max(SHORTEST_REST, monotonic() - begun))
