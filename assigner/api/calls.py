"""Every request has an id, which its answer names, so that a caller's log, ours and the audit can be laid side by side;
and operators are told of every answer.

A caller that sends `X-Request-Id` finds its own again."""

import re
from time import perf_counter
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assigner.logs import REQUEST, Level, is_told, tell
from assigner.service.request_id import CURRENT, Call, request_id

HEADER = "X-Request-Id"
OFTEN = re.compile(r"POST .*(/contacts|/activity)|GET /(healthz|readyz|metrics)")
"""Calls that come all the time: while they succeed, only `debug` tells of them."""
SECRET = re.compile(r"(?<=/invitation/)[^/]+")
"""What of a path opens a door."""
REFUSED, FAILED = 400, 500


class Calls:
    """Gives every request an id, for all that is done for it, and tells how it was answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and put its id into the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        call = Call(request_id(Headers(scope=scope).get(HEADER)))
        CURRENT.set(call)
        begun, status = perf_counter(), FAILED

        async def with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = call.id
            await send(message)

        try:
            await self._app(scope, receive, with_id)
        finally:
            _tell(scope, call, status, perf_counter() - begun)


def _tell(scope: Scope, call: Call, status: int, seconds: float) -> None:
    """One line for one answer: by whom it was asked for, not with what. The path is told as it was sent, since what it
    means may hold ends of lines."""
    method, sent = scope["method"], scope.get("raw_path", b"").decode("ascii", "backslashreplace")
    level = _level(f"{method} {sent}", status)
    if not is_told(level):
        return
    actor: Any = scope.get("state", {}).get("actor")
    tell(
        level,
        REQUEST,
        request_id=call.id,
        method=method,
        path=SECRET.sub("...", sent),
        status=status,
        ms=round(seconds * 1e3, 1),
        workspace=actor.workspace if actor is not None else None,
        by=actor.name if actor is not None else None,
        change_no=call.change_no,
    )


def _level(asked: str, status: int) -> Level:
    if status >= FAILED:
        return Level.ERROR if status == FAILED else Level.WARNING
    return Level.DEBUG if status < REFUSED and OFTEN.fullmatch(asked) else Level.INFO
