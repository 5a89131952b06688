"""Roles: the three built-in ones, and sets of permissions that a workspace makes for itself.

A role that changes counts for whoever has it from the next request on."""

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.paging import PAGE, Cursor, Limit, Page, page_of_ids
from assigner.api.preconditions import IfMatch
from assigner.api.schemas import Asked
from assigner.product import Product
from assigner.service import roles
from assigner.service.actor import Permission
from assigner.store.credentials import keys_of

router = APIRouter(tags=["roles"], responses=documented(401, 403))


class RoleIn(Asked):
    """What somebody with the role may do: any set of permissions."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"permissions": ["presence.read", "presence.manage"]}}
    )

    permissions: list[str] = Field(description=f"Any of: {', '.join(Permission)}")


class RoleOut(BaseModel):
    """A role and what somebody with it may do. A role that is built in cannot be changed."""

    id: str
    permissions: list[str]
    built_in: bool
    version: int


RoleId = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]


@router.get("/v1/roles", responses=documented(422))
def list_roles(caller: Caller, product: ProductOf, cursor: Cursor = None, limit: Limit = PAGE) -> Page[RoleOut]:
    """All roles, by id."""
    with product.reading(caller.workspace) as workspace:
        ids, next_cursor = page_of_ids(roles.roles_of(workspace), cursor, limit)
        found = [RoleOut(**roles.role_document(workspace, each)) for each in ids]
    return Page(items=found, next_cursor=next_cursor)


@router.get("/v1/roles/{role_id}", responses=documented(404))
def get_role(role_id: str, caller: Caller, product: ProductOf) -> RoleOut:
    """One role."""
    with product.reading(caller.workspace) as workspace:
        return RoleOut(**roles.role_document(workspace, role_id))


@router.put("/v1/roles/{role_id}", responses=documented(409, 412, 422, 503))
async def put_role(role_id: RoleId, body: RoleIn, caller: Caller, product: ProductOf, version: IfMatch) -> RoleOut:
    """A role comes to be, or may do something else from now on, whoever has it. No more than the caller may."""
    ask = partial(roles.put_role, actor=caller, role=role_id, asked=body.permissions, expected=version)
    return RoleOut(**await product.ask(caller.workspace, ask))


@router.delete("/v1/roles/{role_id}", status_code=204, responses=documented(404, 409, 412, 422, 503))
async def delete_role(role_id: str, caller: Caller, product: ProductOf, version: IfMatch) -> None:
    """A role is gone. One that agents or keys have is refused."""
    keys = await asyncio.to_thread(_keys_with, product, caller.workspace, role_id)
    ask = partial(roles.delete_role, actor=caller, role=role_id, keys=keys, expected=version)
    await product.ask(caller.workspace, ask)


def _keys_with(product: Product, workspace: int, role_id: str) -> int:
    with product.database.reading() as connection:
        return sum(key.role == role_id for key in keys_of(connection, workspace))
