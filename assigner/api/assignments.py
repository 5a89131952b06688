"""Waiting for a contact to be assigned: `Prefer: wait` holds an answer without asking again and again."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial

from assigner.product import Product
from assigner.service.hub import Event

ENDS_A_WAIT = frozenset({"contact.assigned", "contact.closed", "contact.abandoned"})


class Assignments:
    """Who waits for which contact: one listener to the events of each workspace, however many wait."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._lock = threading.Lock()
        self._listened_to: set[int] = set()
        self._expected: dict[tuple[int, str], list[Future[None]]] = {}

    @contextmanager
    def expected(self, workspace: int, contact_id: str) -> Iterator[Future[None]]:
        """A future that is done when the contact waits no longer, or the service stops. Enter before asking, so that
        nothing is missed."""
        key, future = (workspace, contact_id), Future[None]()
        with self._lock:
            if workspace not in self._listened_to:
                self._listened_to.add(workspace)
                self._product.hub(workspace).listen(partial(self._happened, workspace))
            self._expected.setdefault(key, []).append(future)
        try:
            yield future
        finally:
            with self._lock:
                self._expected[key].remove(future)
                if not self._expected[key]:
                    del self._expected[key]

    def _happened(self, workspace: int, event: Event | None) -> None:
        if not self._expected or (event is not None and event.entry.kind not in ENDS_A_WAIT):
            return
        with self._lock:
            keys = tuple(self._expected) if event is None else ((workspace, event.entry.subject),)
            for future in (each for key in keys for each in self._expected.get(key, ())):
                if not future.done():
                    future.set_result(None)
