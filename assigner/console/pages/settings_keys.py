"""The keys of programs: made for a role, shown once, deleted when they are no longer needed.

Only a hash is stored, so the answer to making a key is the one page that has its secret."""

from functools import partial
from typing import Any

from fastapi import Request, Response

from assigner.console.filled import Filled, filled_in
from assigner.console.forms import do
from assigner.console.frame import frame_of
from assigner.console.language import N_
from assigner.console.notices import Notice
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.service.actor import ROLES, Permission
from assigner.service.keys import NewKey, create_key, delete_key, new_key
from assigner.store.credentials import keys_of
from presence.errors import Invalid, Refused

router = pages()

PAGE = "/settings/keys"
GONE = Notice(code="", text=N_("The key is deleted; whoever shows it from now on is refused."))


@router.get(PAGE)
def keys_page(visit: Visiting) -> Response:
    """All keys, without their secrets."""
    visit.actor.need(Permission.KEYS_MANAGE)
    return _page(visit)


@router.post(PAGE)
async def make_key(request: Request, visit: Visiting) -> Response:
    """Make a key. The answer is the page itself, for the secret is in no other answer and is kept nowhere."""
    filled = await filled_in(request)
    key = new_key(name=filled.text("name"), role=filled.text("role"))
    try:
        if not key.name:
            raise Invalid("invalid", "a key needs a name that says what it is for", field="name")
        await visit.ask(partial(create_key, actor=visit.actor, key=key))
    except Refused as refused:
        if refused.code in ("signed_out", "forbidden"):
            raise
        return _page(visit, refused=refused, filled=filled)
    return _page(visit, made=key)


@router.post(f"{PAGE}/delete")
async def remove_key(request: Request, visit: Visiting) -> Response:
    """Delete a key."""
    key_id = (await filled_in(request)).text("key")
    return await do(visit, partial(delete_key, actor=visit.actor, key_id=key_id), back=PAGE, done=GONE)


def _page(
    visit: Visit, *, made: NewKey | None = None, refused: Refused | None = None, filled: Filled | None = None
) -> Response:
    with visit.reading() as workspace:
        frame = frame_of(visit, workspace)
    with visit.stored() as connection:
        keys = keys_of(connection, visit.actor.workspace)
    values: dict[str, Any] = {"keys": keys, "made": made, "roles": tuple(ROLES), "filled": filled or Filled()}
    if refused is not None:
        return frame.again("settings/keys.html", refused, **values)
    return frame.page("settings/keys.html", **values)
