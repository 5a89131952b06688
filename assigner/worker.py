"""Long reading, done in a process of its own: decisions and answers never wait for it.

The process is started when there is something to do for the first time, gives way to this one, and ends with it,
however this one ends. Only one piece of work is done at a time."""

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from sqlalchemy import URL

from assigner.store.database import Database, StoreUnavailable

Answer = TypeVar("Answer")
GIVES_WAY = 10
"""How much less urgent the process is than this one, as `nice` counts."""


class Worker:
    """Reads one database in a process of its own."""

    def __init__(self, url: URL) -> None:
        self._url = url.render_as_string(hide_password=False)
        self._turn = ThreadPoolExecutor(max_workers=1, thread_name_prefix="worker")
        self._process: BaseProcess | None = None
        self._pipe: Pipe | None = None

    async def do(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """What `work` answers, called with a connection and these arguments; all of it must be picklable.

        Raises what it raises, and StoreUnavailable where the process dies over it."""
        return await asyncio.get_running_loop().run_in_executor(self._turn, self._do, work, arguments)

    def wait_for(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """The same for a caller with a thread of its own, who waits."""
        return self._turn.submit(self._do, work, arguments).result()

    @property
    def process_id(self) -> int | None:
        """The id of the process; None before there was anything to do."""
        return None if self._process is None else self._process.pid

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._turn.shutdown(wait=False, cancel_futures=True)
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def _do(self, work: Callable[..., Answer], arguments: tuple[Any, ...]) -> Answer:
        pipe = self._pipe or self._started()
        try:
            pipe.send((work, arguments))
            answer, error = pipe.recv()
        except (EOFError, OSError):
            self._pipe = None
            raise StoreUnavailable("the process that reads for reports has died") from None
        if error is not None:
            raise error
        found: Answer = answer
        return found

    def _started(self) -> Pipe:
        context = get_context("spawn")  # a fork would copy threads in the middle of what they do
        here, there = context.Pipe()
        self._process = context.Process(target=_read, args=(there, self._url), name="assigner reports", daemon=True)
        self._process.start()
        there.close()
        self._pipe = here
        return here


def _read(pipe: Pipe, url: str) -> None:
    """The life of the process: until the other end of the pipe is closed, which a process that dies does too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it says when it ends
    os.nice(GIVES_WAY)
    database = Database(url)
    while True:
        try:
            work, arguments = pipe.recv()
            pipe.send(_outcome(database, work, arguments))
        except (EOFError, OSError):
            break
    database.close()


def _outcome(database: Database, work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, Exception | None]:
    try:
        with database.reading() as connection:
            return work(connection, *arguments), None
    except Exception as error:
        return None, error
