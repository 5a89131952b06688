"""Answering people: every page and form is a PageRoute, so what goes wrong is a page, and every answer is closed.

Closed means: scripts, styles and pictures come from here and nowhere else, nothing inline is carried out, and nobody
may frame the console."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from assigner.console.frame import outside_page
from assigner.console.language import N_
from assigner.console.looks import looks_of
from assigner.store.database import StoreUnavailable
from presence.errors import Conflict, Forbidden, Invalid, NotFound, Refused

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
STATUS: dict[type[Refused], int] = {Invalid: 422, NotFound: 404, Conflict: 409, Forbidden: 403}

Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route for people."""

    def get_route_handler(self) -> Handle:
        """What answers a request."""
        answer = super().get_route_handler()

        async def closed(request: Request) -> Response:
            try:
                response = await answer(request)
            except Exception as error:
                response = _gone_wrong(request, error)
            return _closed(response)

        return closed


def is_visit(request: Request) -> bool:
    """Whether a browser asks for a page, and not a program for an answer of the HTTP interface."""
    wants_page = "text/html" in request.headers.get("accept", "")
    return wants_page and request.method == "GET" and not request.url.path.startswith("/v1/")


def no_page(request: Request) -> Response:
    """What a visitor sees at an address where nothing is."""
    return _closed(_sorry(request, 404, "not_found", request.url.path))


def pages() -> APIRouter:
    """A router for the pages of one module."""
    return APIRouter(route_class=PageRoute, include_in_schema=False, default_response_class=Response)


def _closed(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _gone_wrong(request: Request, error: Exception) -> Response:
    match error:
        case Refused(code="signed_out"):
            url = request.url
            wanted = url.path + (f"?{url.query}" if url.query else "") if request.method == "GET" else "/"
            return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", status_code=303)
        case Refused():
            actor = getattr(request.state, "actor", None)
            if actor is not None and isinstance(error, Forbidden):
                request.app.state.doors.refused(actor, request)
            status = next((each for kind, each in STATUS.items() if isinstance(error, kind)), 422)
            return _sorry(request, status, error.code, error.message)
        case RequestValidationError():
            return _sorry(request, 422, "", N_("The address or the form of this request cannot be read."))
        case HTTPException():
            return _sorry(request, error.status_code, "", str(error.detail))
        case StoreUnavailable():
            return _sorry(request, 503, "store_unavailable", str(error))
        case _:
            log.error("%s %s failed", request.method, request.url.path, exc_info=error)
            return _sorry(request, 500, "", N_("This is a defect of the service; its log says more."))


def _sorry(request: Request, status: int, code: str, text: str) -> Response:
    return outside_page(looks_of(request), "sorry.html", status_code=status, code=code, text=text)
