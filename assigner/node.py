"""One of several nodes on a PostgreSQL database: it shows that it goes on, takes its share of the workspaces to decide
for, and wakes the others.

Any node takes any request; which of them decides for a workspace makes no difference to anybody."""

import logging
import threading
import time
from collections.abc import Callable

from assigner.product import Product
from assigner.store.database import StoreUnavailable
from assigner.store.leases import NAME, SEEN_WITHIN, Leases, Pooled
from assigner.store.rows import Entry
from assigner.store.wake_ups import Bell, listen

log = logging.getLogger(__name__)

BEAT = 0.2
"""Seconds between two looks at who decides for what."""
SHOWN_EVERY = SEEN_WITHIN / 3
RINGS_EVERY = 0.002
"""Seconds between two wake-ups: what was committed in between is told together."""
LONGEST_PAUSE = 2.0
"""Seconds after which a connection that broke is tried again, at most."""
EVERYBODY = {0: 0}
"""The wake-up that has every node look at who decides for what."""


class Node:
    """The threads that one node has beside its dispatchers. `product` has the leases of this node."""

    def __init__(self, product: Product, leases: Leases) -> None:
        self._product = product
        self._leases = leases
        self._url = product.database.engine.url.render_as_string(hide_password=False)
        self._name = f"{NAME}{leases.node_id}"
        self._bell = Bell(self._url, self._name)
        self._changed: dict[int, int] = {}
        self._lock = threading.Lock()
        self._rung, self._beat_now = threading.Event(), threading.Event()
        self._decides_no_more, self._stop = threading.Event(), threading.Event()
        self._keeping = self._thread(self._keep, self._decides_no_more)
        self._threads = [self._keeping, *(self._thread(work, self._stop) for work in (self._wake, self._listen))]
        product.written.append(self._note_written)

    def start(self) -> None:
        """Take what is to be had, and go on with it in threads. Raises StoreUnavailable, Pooled."""
        self._look(show=True)
        for thread in self._threads:
            thread.start()

    def hand_over(self) -> None:
        """Decide for nothing any more, and let other nodes do so at once. Requests are still taken."""
        self._decides_no_more.set()
        self._beat_now.set()
        self._keeping.join()
        try:
            self._leases.give_up()
        except StoreUnavailable as unavailable:
            log.warning("the other nodes will find out by themselves that this one has stopped: %s", unavailable)
        with self._lock:
            self._changed |= EVERYBODY
        self._rung.set()

    def stop(self) -> None:
        """Hand over, and end. The product has stopped, so nothing is written any more."""
        self.hand_over()
        self._stop.set()
        self._rung.set()
        for thread in self._threads:
            thread.join()
        self._bell.close()

    def _keep(self) -> None:
        shown_at = 0.0
        while not self._decides_no_more.is_set():
            show = time.monotonic() - shown_at >= SHOWN_EVERY
            self._look(show=show)
            shown_at = time.monotonic() if show else shown_at
            self._beat_now.wait(timeout=BEAT)
            self._beat_now.clear()

    def _look(self, *, show: bool) -> None:
        """Look at who decides for what. What this node has come to decide for is looked at anew."""
        before = set(self._leases.held)
        known = self._leases.beat(show=show)
        for number in known:
            self._product.dispatcher(number)
        for number in set(self._leases.held) - before:
            log.info("this node decides for workspace %s now", number)
            self._product.dispatcher(number).wake()

    def _wake(self) -> None:
        while not self._stop.is_set() or self._changed:
            self._rung.wait()
            self._rung.clear()
            with self._lock:
                changed, self._changed = self._changed, {}
            if changed:
                self._bell.ring(changed)
                self._stop.wait(timeout=RINGS_EVERY)

    def _listen(self) -> None:
        listen(self._url, self._name, self._hear, self._stop)

    def _hear(self, workspace: int, change_no: int) -> None:
        if workspace:
            self._product.dispatcher(workspace).hear(change_no)
            return
        self._beat_now.set()
        for number in self._product.workspaces():
            self._product.dispatcher(number).wake()

    def _note_written(self, workspace: int, change_no: int, _entries: list[Entry]) -> None:
        with self._lock:
            self._changed[workspace] = change_no
        self._rung.set()

    def _thread(self, work: Callable[[], None], until: threading.Event) -> threading.Thread:
        name = work.__name__.strip("_")
        return threading.Thread(target=self._again_and_again, args=(work, until), name=name, daemon=True)

    def _again_and_again(self, work: Callable[[], None], until: threading.Event) -> None:
        """Do something until it is to end; a connection that breaks is tried again, at longer and longer pauses."""
        pause = 0.05
        while not until.is_set():
            began = time.monotonic()
            try:
                work()
            except (StoreUnavailable, Pooled) as broken:
                if time.monotonic() - began > LONGEST_PAUSE:
                    pause = 0.05
                log.warning("%s; trying again in %s s", broken, pause)
                self._product.database.drop_idle()
                until.wait(timeout=pause)
                pause = min(2 * pause, LONGEST_PAUSE)
