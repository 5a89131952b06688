"""The first page of the console: who is online, and what waits and why.

Three files beside this one, served as they are. The page is a client like any other: it signs in, reads and listens
over the same calls. It loads nothing from elsewhere, and its headers forbid it to."""

from importlib.resources import files

from fastapi import APIRouter, Response

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

router = APIRouter(include_in_schema=False)


@router.get("/")
def page() -> Response:
    """The page itself; what it shows, it asks for."""
    return _file("page.html", "text/html")


@router.get("/console/page.js")
def script() -> Response:
    """What the page does."""
    return _file("page.js", "text/javascript")


@router.get("/console/page.css")
def style() -> Response:
    """What the page looks like."""
    return _file("page.css", "text/css")


@router.get("/console/icon.svg")
def icon() -> Response:
    """The dot in the tab of the browser."""
    return _file("icon.svg", "image/svg+xml")


def _file(name: str, media_type: str) -> Response:
    return Response((files("assigner.console") / name).read_bytes(), media_type=media_type, headers=HEADERS)
