"""Reading on behalf of a caller: off the event loop, under the lock of the workspace, and only what the caller may see.

Open contacts are read from memory, those that have ended from the store."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from assigner.product import Product
from assigner.service.actor import Actor
from assigner.service.reading import need_sight, no_such_contact, open_record
from assigner.service.workspace import Workspace
from assigner.store.load import find_contacts
from assigner.store.rows import ContactRecord

Answer = TypeVar("Answer")


async def read(product: Product, actor: Actor, ask: Callable[[Workspace], Answer]) -> Answer:
    """What something says of the caller's workspace, as the last commit left it."""

    def reading() -> Answer:
        with product.reading(actor.workspace) as workspace:
            return ask(workspace)

    return await asyncio.to_thread(reading)


async def find_contact(product: Product, actor: Actor, contact_id: str) -> ContactRecord:
    """A contact that the caller may see. Raises NotFound, Forbidden."""

    return await asyncio.to_thread(visible_contact, product, actor, contact_id)


def visible_contact(product: Product, actor: Actor, contact_id: str) -> ContactRecord:
    """The same, for who is off the event loop already."""
    with product.reading(actor.workspace) as workspace:
        found = open_record(workspace, contact_id)
        if found is None:
            with product.database.reading() as connection:
                found = find_contacts(connection, actor.workspace, [contact_id]).get(contact_id)
        if found is None:
            raise no_such_contact(contact_id)
        need_sight(workspace, actor, found.place)
        return found
