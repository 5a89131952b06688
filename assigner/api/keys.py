"""The keys of programs, for who may manage them.

A secret is shown once, when the key is made: it is not stored, so nobody can show it again."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.schemas import Asked, Word
from assigner.product import Product
from assigner.service.actor import Permission
from assigner.service.keys import create_key, delete_key, new_key
from assigner.store.credentials import StoredKey, keys_of
from presence.errors import NotFound

router = APIRouter(tags=["keys"], responses=documented(401, 403))


class KeyIn(Asked):
    """A key to make: what it is for, and the role whose permissions it has."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "chat", "role": "supervisor"}})

    name: Word
    role: str


class KeyOut(BaseModel):
    """A key, without its secret."""

    id: str
    name: str
    role: str
    created_at: datetime
    created_by: str | None


class NewKeyOut(KeyOut):
    """A key that was just made; `key` is what goes behind `Authorization: Bearer`, and is never shown again."""

    key: str


class KeysOut(BaseModel):
    """All keys, the oldest first."""

    items: list[KeyOut]


@router.post("/v1/api-keys", status_code=201, responses=documented(422, 503))
async def create(body: KeyIn, caller: Caller, product: ProductOf, response: Response) -> NewKeyOut:
    """Make a key. Keep what it answers: the secret is not stored."""
    key = new_key(name=body.name, role=body.role)
    await product.ask(caller.workspace, partial(create_key, actor=caller, key=key))
    made = next(each for each in await _keys(product, caller.workspace) if each.id == key.id)
    response.headers["Location"] = f"/v1/api-keys/{key.id}"
    return NewKeyOut(**_told(made), key=key.shown)


@router.get("/v1/api-keys")
async def list_keys(caller: Caller, product: ProductOf) -> KeysOut:
    """All keys, without their secrets."""
    caller.need(Permission.KEYS_MANAGE)
    return KeysOut(items=[KeyOut(**_told(key)) for key in await _keys(product, caller.workspace)])


@router.delete("/v1/api-keys/{key_id}", status_code=204, responses=documented(404, 503))
async def delete(key_id: str, caller: Caller, product: ProductOf) -> None:
    """Delete a key; whoever shows it from now on is refused."""
    caller.need(Permission.KEYS_MANAGE)
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
        "created_at": key.created_at,
        "created_by": key.created_by,
    }
