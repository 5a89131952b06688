"""The keys of programs, for who may manage them.

A secret is shown once, when the key is made: it is not stored, so nobody can show it again."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.paging import Page
from assigner.api.schemas import TEN_YEARS, Asked, Word
from assigner.product import Product
from assigner.service.keys import create_key, delete_key, new_key
from assigner.store.credentials import StoredKey, keys_of
from presence.errors import NotFound

router = APIRouter(tags=["keys"], responses=documented(401, 403))


class KeyIn(Asked):
    """A key to make: what it is for, and either the role whose permissions it has or permissions of its own. With
    `expires_in` (seconds) it ends by itself."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "chat", "role": "supervisor"}})

    name: Word
    role: str | None = None
    permissions: list[str] | None = None
    expires_in: int | None = Field(default=None, ge=1, le=TEN_YEARS, strict=True)


class KeyOut(BaseModel):
    """A key, without its secret. When it was last used is noted every ten minutes, not at every call."""

    id: str
    name: str
    role: str | None
    permissions: list[str] | None
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    last_used_at: datetime | None


class NewKeyOut(KeyOut):
    """A key that was just made; `key` is what goes behind `Authorization: Bearer`, and is never shown again."""

    key: str


@router.post("/v1/api-keys", status_code=201, responses=documented(422, 503))
async def create(body: KeyIn, caller: Caller, product: ProductOf, response: Response) -> NewKeyOut:
    """Make a key. Keep what it answers: the secret is not stored."""
    permissions = None if body.permissions is None else tuple(body.permissions)
    key = new_key(name=body.name, role=body.role, permissions=permissions, expires_in=body.expires_in)
    await product.ask(caller.workspace, partial(create_key, actor=caller, key=key))
    made = next(each for each in await _keys(product, caller.workspace) if each.id == key.id)
    response.headers["Location"] = f"/v1/api-keys/{key.id}"
    return NewKeyOut(**_told(made), key=key.shown)


@router.get("/v1/api-keys")
async def list_keys(caller: Caller, product: ProductOf) -> Page[KeyOut]:
    """All keys, the oldest first, without their secrets."""
    return Page(items=[KeyOut(**_told(key)) for key in await _keys(product, caller.workspace)])


@router.delete("/v1/api-keys/{key_id}", status_code=204, responses=documented(404, 503))
async def delete(key_id: str, caller: Caller, product: ProductOf) -> None:
    """Delete a key; whoever shows it from now on is refused."""
    if all(key.id != key_id for key in await _keys(product, caller.workspace)):
        raise NotFound("not_found", f"key {key_id!r} does not exist; GET /v1/api-keys lists all")
    await product.ask(caller.workspace, partial(delete_key, actor=caller, key_id=key_id))


async def _keys(product: Product, workspace: int) -> tuple[StoredKey, ...]:
    def reading() -> tuple[StoredKey, ...]:
        with product.database.reading() as connection:
            return keys_of(connection, workspace)

    return await asyncio.to_thread(reading)


def _told(key: StoredKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "role": key.role,
        "permissions": None if key.permissions is None else list(key.permissions),
        "created_at": key.created_at,
        "created_by": key.created_by,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
    }
