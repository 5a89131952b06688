"""One running product: a database, and for each of its workspaces a dispatcher and the listeners to its events.

`serve` runs the dispatchers in threads; Workbench has no threads, there every request is carried out at once by the
caller (`inline`). Everything else is the same code."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from assigner.asking import Request
from assigner.dispatcher import Absorb, Dispatcher
from assigner.mailbox import Mailbox
from assigner.service.hub import Hub
from assigner.service.workspace import Workspace
from assigner.store.database import Database
from assigner.store.leases import Rights
from assigner.store.rows import Entry
from assigner.worker import Worker

Answer = TypeVar("Answer")
Committed = Callable[[int, int, list[Entry]], None]
"""Told of a commit: the workspace, the number, the lines it wrote."""


class Product:
    """All workspaces of one database. `clock` says what time it is; nothing else does.

    With `leases` it is one of several nodes, and decides only where it holds one. `committed` are told of every commit,
    whichever node made it, and `written` of those of this process, before they are answered."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime], inline: bool = False, leases: Rights | None = None
    ) -> None:
        self.database = database
        self.clock = clock
        self.inline = inline
        self.leases = leases
        self.committed: list[Committed] = []
        self.written: list[Committed] = []
        self._lock = threading.Lock()
        self._dispatchers: dict[int, Dispatcher] = {}
        self._hubs: dict[int, Hub] = {}
        self._mailboxes: dict[asyncio.AbstractEventLoop, Mailbox] = {}
        self._threads: list[threading.Thread] = []
        self._stop = threading.Event()
        self._worker = Worker(database.engine.url)

    def dispatcher(self, workspace: int) -> Dispatcher:
        """The dispatcher of a workspace, started when it is first asked for."""
        with self._lock:
            if workspace not in self._dispatchers:
                dispatcher = Dispatcher(self.database, workspace, clock=self.clock, leases=self.leases)
                dispatcher.committed.append(partial(self._tell, workspace))
                dispatcher.written.append(partial(self._tell_written, workspace))
                self._dispatchers[workspace] = dispatcher
                if not self.inline:
                    self._start(dispatcher)
            return self._dispatchers[workspace]

    def hub(self, workspace: int) -> Hub:
        """The live events of a workspace."""
        with self._lock:
            return self._hub(workspace)

    async def ask(self, workspace: int, request: Request[Answer], *, contact_ids: tuple[str, ...] = ()) -> Answer:
        """Have a request carried out, and wait for its commit. Raises Refused, StoreUnavailable."""
        if self.inline:
            return self.submit(workspace, request, contact_ids=contact_ids).result()
        mailbox = self._mailbox(asyncio.get_running_loop())
        return await mailbox.ask(self.dispatcher(workspace), request, contact_ids=contact_ids)

    def submit(self, workspace: int, request: Request[Answer], *, contact_ids: tuple[str, ...] = ()) -> Future[Answer]:
        """Have a request carried out; the future holds the answer after the commit."""
        dispatcher = self.dispatcher(workspace)
        answer = dispatcher.submit(request, contact_ids=contact_ids)
        if self.inline:
            while not answer.done():
                dispatcher.step()
        return answer

    def absorb(self, workspace: int, absorb: Absorb) -> bool:
        """Let something be noted that needs no commit of its own; where this is false, ask for it. Raises Refused."""
        return self.dispatcher(workspace).absorb(absorb)

    async def read_apart(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """Have something long read from the database, in a process of its own: `work(connection, *arguments)`.

        Raises what it raises, StoreUnavailable."""
        return self._read(work, *arguments) if self.inline else await self._worker.do(work, *arguments)

    def wait_for_reading(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """The same for a caller with a thread of its own, who waits."""
        return self._read(work, *arguments) if self.inline else self._worker.wait_for(work, *arguments)

    @contextmanager
    def reading(self, workspace: int) -> Iterator[Workspace]:
        """The workspace as the last commit left it, of whichever node; nothing is committed here meanwhile, so do not
        stay. Raises StoreUnavailable."""
        dispatcher = self.dispatcher(workspace)
        with dispatcher.lock:
            dispatcher.catch_up()
            yield dispatcher.workspace

    def decides(self, workspace: int) -> bool:
        """Whether this node is the one that decides for a workspace, and tells others of what happens there."""
        return self.leases is None or self.leases.is_held(workspace)

    def is_alive(self) -> bool:
        """Whether every dispatcher goes on."""
        return not self._stop.is_set() and all(thread.is_alive() for thread in self._threads)

    def workspaces(self) -> tuple[int, ...]:
        """The workspaces that somebody has asked for."""
        return tuple(self._dispatchers)

    def settle(self) -> None:
        """Carry out whatever is to be done at this instant, until nothing is left (Workbench)."""
        for dispatcher in tuple(self._dispatchers.values()):
            while dispatcher.step():
                pass

    def next_instant(self) -> datetime | None:
        """When there is something to do although nobody asks."""
        instants = (dispatcher.next_instant() for dispatcher in tuple(self._dispatchers.values()))
        return min((instant for instant in instants if instant is not None), default=None)

    def close_streams(self) -> None:
        """Tell everybody who listens to events that there will be no more."""
        for hub in tuple(self._hubs.values()):
            hub.close()

    def stop(self) -> None:
        """Close the streams, carry out what was asked, and end the threads."""
        self.close_streams()
        self._stop.set()
        for dispatcher in tuple(self._dispatchers.values()):
            dispatcher.wake()
        for thread in self._threads:
            thread.join()
        self._worker.stop()
        self.database.close()

    def _read(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        with self.database.reading() as connection:
            return work(connection, *arguments)

    def _mailbox(self, loop: asyncio.AbstractEventLoop) -> Mailbox:
        mailbox = self._mailboxes.get(loop)
        if mailbox is None:
            mailbox = self._mailboxes[loop] = Mailbox(loop)
        return mailbox

    def _hub(self, workspace: int) -> Hub:
        return self._hubs.setdefault(workspace, Hub())

    def _tell(self, workspace: int, change_no: int, entries: list[Entry]) -> None:
        for told in self.committed:
            told(workspace, change_no, entries)
        self.hub(workspace).publish(change_no, entries)

    def _tell_written(self, workspace: int, change_no: int, entries: list[Entry]) -> None:
        for told in self.written:
            told(workspace, change_no, entries)

    def _start(self, dispatcher: Dispatcher) -> None:
        thread = threading.Thread(target=dispatcher.run, args=(self._stop,), name="dispatcher", daemon=True)
        self._threads.append(thread)
        thread.start()
