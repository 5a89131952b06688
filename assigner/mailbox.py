"""Between an event loop and the dispatchers' threads: requests go over together, and their answers come back together.

Waking a thread for every request costs more than many requests do: two threads would take turns at the interpreter all
the time, and groups would stay small."""

import asyncio
from collections import deque
from concurrent.futures import Future
from typing import Any, TypeVar

from assigner.dispatcher import Dispatcher, Request, Waiting

Answer = TypeVar("Answer")


class Mailbox:
    """What one event loop asks of dispatchers. Its methods are called in that loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._to_send: dict[Dispatcher, list[Waiting]] = {}
        self._answered: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._is_delivering = False

    async def ask(
        self, dispatcher: Dispatcher, request: Request[Answer], *, contact_ids: tuple[str, ...] = ()
    ) -> Answer:
        """Have a request carried out with all that are asked in this turn of the loop, and wait for its commit."""
        waiting, answer = Waiting(request, contact_ids), self._loop.create_future()
        waiting.answer.add_done_callback(lambda done: self._answer(answer, done))
        if not self._to_send:
            self._loop.call_soon(self._send)
        self._to_send.setdefault(dispatcher, []).append(waiting)
        found: Answer = await answer
        return found

    def _send(self) -> None:
        to_send, self._to_send = self._to_send, {}
        for dispatcher, requests in to_send.items():
            dispatcher.submit_all(requests)

    def _answer(self, answer: asyncio.Future[Any], done: Future[Any]) -> None:
        """Called in the dispatcher's thread."""
        self._answered.append((answer, done))
        if not self._is_delivering and not self._loop.is_closed():
            self._is_delivering = True
            self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._is_delivering = False  # first, so that an answer that comes meanwhile is called for again
        while self._answered:
            answer, done = self._answered.popleft()
            if answer.done():
                continue  # who asked has gone
            failure = done.exception()
            if failure is not None:
                answer.set_exception(failure)
            else:
                answer.set_result(done.result())
