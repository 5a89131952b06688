"""The roles in the settings: what somebody with each may do, and roles of one's own, made of permissions (R24).

What a role may do counts from the next request of whoever has it."""

import asyncio
from functools import partial
from typing import Any

from fastapi import Request, Response

from assigner.console.filled import Filled, filled_in
from assigner.console.forms import save
from assigner.console.frame import Frame, frame_of
from assigner.console.language import N_
from assigner.console.notices import Notice
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.service import roles
from assigner.service.actor import Permission
from assigner.service.unit import Unit
from assigner.store.credentials import keys_of
from presence.errors import Refused
from presence.wording import sentence

router = pages()

LIST, ONE = "/settings/roles", "/settings/roles/one"
WITHOUT_ID = sentence("a role needs a name, which stays for good; give one such as trainer")
SAVED = Notice(code="", text=N_("The role is saved; it counts at once for whoever has it."))
GONE = Notice(code="", text=N_("The role is deleted."))


@router.get(LIST)
def roles_page(visit: Visiting) -> Response:
    """All roles, the built-in ones first, with how many agents and keys have each."""
    _need_sight(visit)
    with visit.reading() as workspace:
        frame = frame_of(visit, workspace)
        listed = [roles.role_document(workspace, role) for role in roles.roles_of(workspace)]
        held = [record.role for record in workspace.agents.values()]
    keys = _roles_of_keys(visit)
    counted = [{**each, "agents": held.count(each["id"]), "keys": keys.count(each["id"])} for each in listed]
    return frame.page("settings/roles.html", listed=counted, permission_count=len(Permission))


@router.get(ONE)
def role_page(visit: Visiting, id: str = "") -> Response:  # noqa: A002 - as the address says it
    """One role; without an id, a new one."""
    _need_sight(visit)
    frame, document = _read(visit, id)
    return frame.page("settings/role.html", filled=_filled(document), **_beside(visit, document))


@router.post(ONE)
async def save_role(request: Request, visit: Visiting, id: str = "") -> Response:  # noqa: A002
    """A role comes to be, or may do something else."""
    visit.actor.need(Permission.ROLES_MANAGE)
    filled = await filled_in(request)
    frame, document = _read(visit, id)

    def ask(unit: Unit) -> object:
        role, permissions = id or filled.needed("id", WITHOUT_ID), filled.many("permissions")
        return roles.put_role(unit, visit.actor, role, permissions, expected=filled.whole("version"))

    def again(refused: Refused) -> Response:
        return frame.again("settings/role.html", refused, filled=filled, **_beside(visit, document))

    return await save(visit, ask, back=LIST, done=SAVED, again=again)


@router.post(f"{ONE}/delete")
async def delete_role(visit: Visiting, id: str) -> Response:  # noqa: A002
    """The role is gone; one that somebody has stays."""
    visit.actor.need(Permission.ROLES_MANAGE)
    keys = await asyncio.to_thread(_roles_of_keys, visit)
    frame, document = _read(visit, id)
    ask = partial(roles.delete_role, actor=visit.actor, role=id, keys=keys.count(id))

    def again(refused: Refused) -> Response:
        return frame.again("settings/role.html", refused, filled=_filled(document), **_beside(visit, document))

    return await save(visit, ask, back=LIST, done=GONE, again=again)


def _need_sight(visit: Visit) -> None:
    """Who gives roles to agents sees what they are, as who makes them does. Raises Forbidden."""
    if not visit.actor.may(Permission.AGENTS_MANAGE):
        visit.actor.need(Permission.ROLES_MANAGE)


def _read(visit: Visit, role: str) -> tuple[Frame, dict[str, Any]]:
    """A role, or one that is not there yet. Raises NotFound."""
    new = {"id": "", "permissions": [], "built_in": False, "version": 0}
    with visit.reading() as workspace:
        return frame_of(visit, workspace), roles.role_document(workspace, role) if role else new


def _filled(document: dict[str, Any]) -> Filled:
    return Filled(fields={"version": (str(document["version"]),), "permissions": tuple(document["permissions"])})


def _beside(visit: Visit, document: dict[str, Any]) -> dict[str, Any]:
    """What stands on the page beside what is ticked: nobody changes a role that may do more than oneself."""
    is_own = visit.may(Permission.ROLES_MANAGE) and not document["built_in"]
    beyond = set(document["permissions"]) - visit.actor.permissions
    return {"role": document["id"], "built_in": document["built_in"], "changes": is_own and not beyond}


def _roles_of_keys(visit: Visit) -> list[str | None]:
    with visit.stored() as connection:
        return [key.role for key in keys_of(connection, visit.actor.workspace)]
