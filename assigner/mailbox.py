"""Between an event loop and the dispatchers' threads: requests go over together, and their answers come back together.

Waking a thread for every request costs more than many requests do: two threads would take turns at the interpreter all
the time, and groups would stay small."""

import asyncio
from collections import deque
from typing import Any, TypeVar

from assigner.asking import Request, Waiting
from assigner.dispatcher import Dispatcher

Answer = TypeVar("Answer")


class Envelope:
    """Brings one answer from the dispatcher's thread to the request in the loop that waits for it."""

    __slots__ = ("_answer", "_mailbox")

    def __init__(self, mailbox: "Mailbox", answer: asyncio.Future[Any]) -> None:
        self._mailbox = mailbox
        self._answer = answer

    def set_result(self, result: Any, /) -> None:
        """The answer, after the commit."""
        self._mailbox.bring(self._answer, result, None)

    def set_exception(self, exception: BaseException, /) -> None:
        """Why it was refused, or could not be carried out."""
        self._mailbox.bring(self._answer, None, exception)


class Mailbox:
    """What one event loop asks of dispatchers. Its methods are called in that loop, but for `bring`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._to_send: dict[Dispatcher, list[Waiting]] = {}
        self._answered: deque[tuple[asyncio.Future[Any], Any, BaseException | None]] = deque()
        self._is_delivering = False

    async def ask(
        self, dispatcher: Dispatcher, request: Request[Answer], *, contact_ids: tuple[str, ...] = ()
    ) -> Answer:
        """Have a request carried out with all that are asked in this turn of the loop, and wait for its commit."""
        answer: asyncio.Future[Answer] = self._loop.create_future()
        if not self._to_send:
            self._loop.call_soon(self._send)
        self._to_send.setdefault(dispatcher, []).append(Waiting(request, contact_ids, Envelope(self, answer)))
        return await answer

    def bring(self, answer: asyncio.Future[Any], result: Any, failure: BaseException | None) -> None:
        """Let a request in the loop have its answer, or why there is none. Called in a dispatcher's thread."""
        self._answered.append((answer, result, failure))
        if not self._is_delivering and not self._loop.is_closed():
            self._is_delivering = True
            self._loop.call_soon_threadsafe(self._deliver)

    def _send(self) -> None:
        to_send, self._to_send = self._to_send, {}
        for dispatcher, requests in to_send.items():
            dispatcher.submit_all(requests)

    def _deliver(self) -> None:
        self._is_delivering = False  # first, so that an answer that comes meanwhile is called for again
        while self._answered:
            answer, result, failure = self._answered.popleft()
            if answer.done():
                continue  # who asked has gone
            if failure is not None:
                answer.set_exception(failure)
            else:
                answer.set_result(result)
