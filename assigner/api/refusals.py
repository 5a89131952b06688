"""Attempts at what somebody may not do, for the audit: counted here, and written together a moment later.

An attempt costs no commit of its own, so whoever keeps trying cannot keep the service busy with it. A kill may lose the
attempts of the last second; they have changed nothing."""

import asyncio
import logging
import threading
from collections import defaultdict
from concurrent.futures import Future
from dataclasses import replace
from functools import partial

from fastapi import Request

from assigner.product import Product
from assigner.service.actor import Actor
from assigner.service.audit import note_attempts
from assigner.service.request_id import current_id
from assigner.store.audit import Attempts, RefusedPlace

WRITTEN_AFTER = 1.0
"""Seconds for which attempts are held."""
HELD = 1000
"""How many different attempts of a workspace are held; what is tried beyond is told as `SEVERAL` of that person."""
SEVERAL = "several calls"
LONGEST_PATH = 300

log = logging.getLogger(__name__)


class Refusals:
    """What was refused in the last moment, by workspace."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._lock = threading.Lock()
        self._held: defaultdict[int, dict[RefusedPlace, Attempts]] = defaultdict(dict)

    def note(self, actor: Actor, request: Request) -> None:
        """Somebody was refused something. Called in an event loop; it waits for nothing."""
        route = request.scope.get("route")
        now, call = self._product.clock(), f"{request.method} {getattr(route, 'path', request.url.path)}"
        attempt = Attempts(
            minute=now.replace(second=0, microsecond=0),
            by=actor.name,
            call=call,
            count=1,
            last_at=now,
            path=request.url.path[:LONGEST_PATH],
            request_id=current_id(),
        )
        with self._lock:
            is_first = not self._held
            held = self._held[actor.workspace]
            if len(held) >= HELD and attempt.key not in held:
                attempt = replace(attempt, call=SEVERAL)
            known = held.get(attempt.key)
            held[attempt.key] = attempt if known is None else replace(attempt, count=known.count + 1)
        if self._product.inline:
            self.write()
        elif is_first:
            asyncio.get_running_loop().call_later(WRITTEN_AFTER, self.write)

    def write(self) -> None:
        """Have what is held written with the next commit."""
        with self._lock:
            taken, self._held = self._held, defaultdict(dict)
        for workspace, held in taken.items():
            request = partial(note_attempts, attempts=tuple(held.values()))
            self._product.submit(workspace, request).add_done_callback(_complain)


def _complain(written: Future[None]) -> None:
    if (failure := written.exception()) is not None:
        log.warning("attempts that were refused could not be written: %s", failure)
