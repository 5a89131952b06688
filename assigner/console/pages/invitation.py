"""The page behind a link to choose a password: a plain form, for somebody who cannot sign in yet."""

from fastapi import Request, Response

from assigner.console.doors import Doors
from assigner.console.forms import fields_of
from assigner.console.frame import outside_page
from assigner.console.language import N_
from assigner.console.looks import looks_of
from assigner.console.route import pages
from presence.errors import Invalid, NotFound

router = pages()
OVER = N_("This link counts no more; ask an administrator for another.")
DIFFER = N_("The two passwords differ.")
LENGTH = N_("A password has 8 to 1000 characters.")


@router.get("/invitation/{token}")
async def show(request: Request, token: str) -> Response:
    """The form."""
    doors: Doors = request.app.state.doors
    try:
        await doors.invited(token)
    except NotFound:
        return _page(request, 404, trouble=OVER)
    return _page(request, 200, asks=True)


@router.post("/invitation/{token}")
async def choose(request: Request, token: str) -> Response:
    """A password was chosen."""
    doors: Doors = request.app.state.doors
    fields = await fields_of(request, ("password", "again"))
    if fields["password"] != fields["again"]:
        return _page(request, 422, trouble=DIFFER, asks=True)
    try:
        await doors.choose_password(token, fields["password"])
    except NotFound:
        return _page(request, 404, trouble=OVER)
    except Invalid:
        return _page(request, 422, trouble=LENGTH, asks=True)
    return _page(request, 200)


def _page(request: Request, status: int, *, trouble: str = "", asks: bool = False) -> Response:
    """The form where it `asks`; without it and without trouble, that the password was saved."""
    return outside_page(looks_of(request), "invitation.html", status_code=status, trouble=trouble, asks=asks)
