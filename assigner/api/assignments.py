"""Waiting for a contact to be assigned: `Prefer: wait` holds an answer without asking again and again.

Who waits is told by the commit that assigns the contact, with the contact as it is then."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial

from assigner.product import Product
from assigner.service.hub import Event
from assigner.service.reading import open_record
from assigner.store.rows import ContactRecord

Expected = Future[ContactRecord | None]
ENDS_A_WAIT = frozenset({"contact.assigned", "contact.closed", "contact.abandoned"})


class Assignments:
    """Who waits for which contact: one listener to the events of each workspace, however many wait."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._lock = threading.Lock()
        self._listened_to: set[int] = set()
        self._expected: dict[tuple[int, str], list[Expected]] = {}

    @contextmanager
    def expected(self, workspace: int, contact_id: str) -> Iterator[Expected]:
        """A future that is done when the contact waits no longer, or the service stops; it holds the contact where
        somebody has it now. Enter before asking, so that nothing is missed."""
        key, future = (workspace, contact_id), Expected()
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
            expected = [each for key in keys for each in self._expected.get(key, ())]
        if not expected:
            return
        found = None if event is None else self._open_contact(workspace, event.entry.subject)
        for future in expected:
            if not future.done():
                future.set_result(found)

    def _open_contact(self, workspace: int, contact_id: str) -> ContactRecord | None:
        """Called by who commits, and so holds the workspace."""
        with self._product.reading(workspace) as known:
            return open_record(known, contact_id)
