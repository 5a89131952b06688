"""What every request and every answer must be, whatever they are about: limits, origins, and headers for browsers.

A browser sends its cookies with whatever a page asks it to send. So what changes something and is not signed by an
Authorization header must come from a page of this service (`Sec-Fetch-Site`, `Origin`). Answers tell browsers to run
nothing foreign, to show them in no frame, and to keep none of them."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assigner.api.errors import problem

LARGEST_BODY = 1_000_000
LARGEST = {"/v1/contacts/batch": 8_000_000}
"""How many bytes a body may have."""
LARGEST_HEADERS = 32_768
"""How many bytes the headers of a request may have together; browsers and proxies send a few thousand."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ANSWERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""The headers of every answer that does not say otherwise: a page, which loads its own scripts, has another policy."""
HTTPS_ONLY = "max-age=31536000"


class Safety:
    """Stands before the application. `public_url` is how browsers reach it, where that is not told by `Host`."""

    def __init__(self, app: ASGIApp, *, public_url: str | None = None) -> None:
        self._app = app
        self._origin = public_url
        https = {"Strict-Transport-Security": HTTPS_ONLY} if (public_url or "").startswith("https:") else {}
        self._answers = [(name.lower().encode(), value.encode()) for name, value in (ANSWERS | https).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name for name, _ in message["headers"]}
                added = [(name, value) for name, value in self._answers if name not in said]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            detail = "the address holds the character 0 (%00), which nothing is called by"
            await problem(422, "invalid", detail)(scope, receive, send_safely)
        elif sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
            refused = problem(431, "too_large", f"the headers are larger than {LARGEST_HEADERS} bytes; send less")
            await refused(scope, receive, send_safely)
        elif scope["method"] not in SAFE and self._is_foreign(Headers(scope=scope)):
            detail = "this was sent by a page of another site; ask from a page of this service, or with an API key"
            await problem(403, "foreign_origin", detail)(scope, receive, send_safely)
        else:
            await self._app(scope, counted(scope, receive), send_safely)

    def _is_foreign(self, headers: Headers) -> bool:
        """Whether a browser says that the request comes from a page of somebody else's. Programs say nothing."""
        if "authorization" in headers:
            return False
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            return site not in ("same-origin", "none")
        if origin is None:
            return False
        own = urlsplit(self._origin).netloc if self._origin is not None else headers.get("host")
        return urlsplit(origin).netloc != own


def counted(scope: Scope, receive: Receive) -> Receive:
    """What receives a body, and refuses to read more of it than its call allows."""
    limit, read = LARGEST.get(scope["path"], LARGEST_BODY), 0

    async def receive_counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise HTTPException(413, f"the body is larger than {limit} bytes; send less at once")
        return message

    return receive_counted
