"""The keys of programs: made for a role, shown once, deleted when they are no longer needed.

Only a hash is stored, so the answer to making a key is the one page that has its secret."""

from functools import partial
from typing import Any

from fastapi import Request, Response

from assigner.console.filled import Filled, filled_in
from assigner.console.forms import do, show_once
from assigner.console.frame import frame_of
from assigner.console.language import N_
from assigner.console.notices import Notice
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.service.actor import Permission
from assigner.service.keys import NewKey, create_key, delete_key, new_key
from assigner.service.people import person
from assigner.service.roles import roles_of
from assigner.service.unit import Unit
from assigner.store.credentials import keys_of
from presence.errors import Invalid, Refused
from presence.wording import sentence

router = pages()

PAGE = "/settings/keys"
DAY, LONGEST = 86_400, 3650
"""Seconds, and how many days a key that ends lasts at most."""
GONE = Notice(code="", text=N_("The key is deleted; whoever shows it from now on is refused."))


@router.get(PAGE)
def keys_page(visit: Visiting) -> Response:
    """All keys, without their secrets."""
    visit.actor.need(Permission.KEYS_MANAGE)
    return _page(visit)


@router.post(PAGE)
async def make_key(request: Request, visit: Visiting) -> Response:
    """Make a key. The answer is the page itself, for the secret is in no other answer and is kept nowhere."""
    visit.actor.need(Permission.KEYS_MANAGE)
    filled = await filled_in(request)

    def ask(unit: Unit) -> NewKey:
        key = _asked(filled)
        create_key(unit, visit.actor, key)
        return key

    def again(refused: Refused) -> Response:
        return _page(visit, refused=refused, filled=filled)

    return await show_once(visit, ask, shown=lambda key: _page(visit, made=key), again=again)


@router.post(f"{PAGE}/delete")
async def remove_key(request: Request, visit: Visiting) -> Response:
    """Delete a key."""
    key_id = (await filled_in(request)).text("key")
    return await do(visit, partial(delete_key, actor=visit.actor, key_id=key_id), back=PAGE, done=GONE)


def _asked(filled: Filled) -> NewKey:
    """The key that the form asks for: with a role, or with permissions of its own. Raises Invalid."""
    name = filled.needed("name", sentence("a key needs a name that says what it is for"))
    role, days = filled.text("role"), filled.whole("days")
    if days is not None and not 1 <= days <= LONGEST:
        message = sentence("a key ends after 1 to %(most)s days, or never", most=LONGEST)
        raise Invalid("out_of_range", message, field="days")
    permissions = None if role else filled.many("permissions")
    return new_key(name=name, role=role or None, permissions=permissions, expires_in=days and days * DAY)


def _page(
    visit: Visit, *, made: NewKey | None = None, refused: Refused | None = None, filled: Filled | None = None
) -> Response:
    with visit.stored() as connection:
        keys = keys_of(connection, visit.actor.workspace)
    with visit.reading() as workspace:
        frame, roles = frame_of(visit, workspace), roles_of(workspace)
        makers = {key.created_by: person(workspace, key.created_by) or key.created_by for key in keys}
    values: dict[str, Any] = {
        "keys": keys,
        "makers": makers,
        "made": made,
        "roles": roles,
        "filled": filled or Filled(),
    }
    if refused is not None:
        return frame.again("settings/keys.html", refused, **values)
    return frame.page("settings/keys.html", **values)
