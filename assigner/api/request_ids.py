"""Every answer says which request it is for, so that a caller's log, ours and the audit can be laid side by side.

A caller that sends `X-Request-Id` finds its own again."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assigner.service.request_id import CURRENT, request_id

HEADER = "X-Request-Id"


class RequestIds:
    """Gives every request an id, for all that is done for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and put its id into the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        current = request_id(Headers(scope=scope).get(HEADER))
        CURRENT.set(current)

        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = current
            await send(message)

        await self._app(scope, receive, with_id)
