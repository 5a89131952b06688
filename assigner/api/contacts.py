"""Contacts after they were taken in: reading them, changing what they ask for, and what people do with them by hand.

Each call is one function of `service.contacts`; it answers with the contact as that left it."""

import asyncio
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from assigner.api.bodies import described, read_body
from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.paging import PAGE, Cursor, Limit, Page, cursor_at, place_of
from assigner.api.preconditions import IfMatch
from assigner.api.schemas import (
    AssignIn,
    CloseIn,
    ContactOut,
    ContactPatch,
    OfferIn,
    ReturnIn,
    TransferIn,
    contact_out,
)
from assigner.asking import Request as AskedFor
from assigner.core.model import ContactState
from assigner.core.need import OrderKey
from assigner.product import Product
from assigner.service import contacts, offers
from assigner.service.actor import Actor, Permission
from assigner.service.asked import need_version
from assigner.service.reading import own_queues, waiting_after
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from assigner.sight import find_contact, read
from assigner.store.contact_pages import Wanted, contacts_after
from assigner.store.rows import ContactRecord, queue_of

router = APIRouter(tags=["contacts"], responses=documented(401, 403, 404, 422))
CHANGES = documented(409, 503)

Act = AskedFor[ContactRecord]


class Only(BaseModel):
    """Which contacts a list is to hold; what is left out does not matter."""

    state: ContactState | None = None
    queue: str | None = None
    office: str | None = None
    agent: str | None = Field(default=None, description="The id of who holds them, or held them last")


@router.get("/v1/contacts")
async def list_contacts(
    caller: Caller,
    product: ProductOf,
    only: Annotated[Only, Query()],
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Page[ContactOut]:
    """The contacts that the caller sees, in the order of arrival; `state=queued` in the order of serving."""
    wanted = Wanted(**only.model_dump())
    if only.state is ContactState.QUEUED:
        return await read(product, caller, partial(_waiting_page, caller, wanted, place_of(cursor, OrderKey), limit))
    wanted = await read(product, caller, partial(_visible, caller, wanted))
    return await asyncio.to_thread(_stored_page, product, caller, wanted, place_of(cursor, int), limit)


@router.get("/v1/contacts/{contact_id}")
async def get_contact(contact_id: str, caller: Caller, product: ProductOf) -> ContactOut:
    """One contact as it is now."""
    return contact_out(await find_contact(product, caller, contact_id))


@router.patch(
    "/v1/contacts/{contact_id}", openapi_extra=described(ContactPatch), responses={**CHANGES, **documented(412)}
)
async def amend(request: Request, contact_id: str, caller: Caller, product: ProductOf, version: IfMatch) -> ContactOut:
    """Change what a waiting contact asks for; the rules are applied to it again."""
    body = await read_body(request, ContactPatch)

    def amended(unit: Unit) -> ContactRecord:
        found = contacts.find(unit, contact_id)
        if found is not None:
            need_version(f"contact {contact_id!r}", found=found.version, expected=version)
        return contacts.amend(unit, caller, contact_id, body.changes())

    return await _done(product, caller, contact_id, amended)


@router.post("/v1/contacts/{contact_id}/assign", responses=CHANGES)
async def assign(contact_id: str, body: AssignIn, caller: Caller, product: ProductOf) -> ContactOut:
    """Give a waiting contact to an agent by hand; an agent may take one."""
    act = partial(contacts.assign, actor=caller, contact_id=contact_id, agent_id=body.agent_id)
    return await _done(product, caller, contact_id, act)


@router.post("/v1/contacts/{contact_id}/return", responses=CHANGES)
async def give_back(contact_id: str, caller: Caller, product: ProductOf, body: ReturnIn | None = None) -> ContactOut:
    """Let a held contact wait again, as old as it is."""
    told = body or ReturnIn()
    act = partial(
        contacts.give_back,
        actor=caller,
        contact_id=contact_id,
        reason=told.reason,
        exclude_agent=told.exclude_agent,
    )
    return await _done(product, caller, contact_id, act)


@router.post("/v1/contacts/{contact_id}/transfer", responses=CHANGES)
async def transfer(contact_id: str, body: TransferIn, caller: Caller, product: ProductOf) -> ContactOut:
    """Move a contact to an agent, into a queue or before an office; it stays as old as it is."""
    act: Act = partial(contacts.transfer, actor=caller, contact_id=contact_id, queue=body.queue, office=body.office)
    if body.agent_id is not None:
        act = partial(contacts.transfer_to_agent, actor=caller, contact_id=contact_id, agent_id=body.agent_id)
    return await _done(product, caller, contact_id, act)


@router.post("/v1/contacts/{contact_id}/close", responses=CHANGES)
async def close(contact_id: str, caller: Caller, product: ProductOf, body: CloseIn | None = None) -> ContactOut:
    """End a contact. Closing it again with the same outcome is harmless."""
    act = partial(contacts.close, actor=caller, contact_id=contact_id, outcome=body.outcome if body else None)
    return await _done(product, caller, contact_id, act)


@router.post("/v1/contacts/{contact_id}/abandon", responses=CHANGES)
async def abandon(contact_id: str, caller: Caller, product: ProductOf) -> ContactOut:
    """The customer of a waiting contact has given up."""
    return await _done(product, caller, contact_id, partial(contacts.abandon, actor=caller, contact_id=contact_id))


@router.post("/v1/contacts/{contact_id}/hold", responses=CHANGES)
async def hold(contact_id: str, caller: Caller, product: ProductOf) -> ContactOut:
    """Put a held contact on hold: it keeps its agent and frees capacity."""
    return await _done(product, caller, contact_id, partial(contacts.hold, actor=caller, contact_id=contact_id))


@router.post("/v1/contacts/{contact_id}/resume", responses=CHANGES)
async def resume(contact_id: str, caller: Caller, product: ProductOf) -> ContactOut:
    """Take a contact off hold."""
    return await _done(product, caller, contact_id, partial(contacts.resume, actor=caller, contact_id=contact_id))


@router.post("/v1/contacts/{contact_id}/accept", responses=CHANGES)
async def accept(contact_id: str, caller: Caller, product: ProductOf, body: OfferIn | None = None) -> ContactOut:
    """Take the contact that is offered to one; whoever is too late is told so (`no_offer`)."""
    agent_id = body.agent_id if body else None
    act = partial(offers.accept_offer, actor=caller, contact_id=contact_id, agent_id=agent_id)
    return await _done(product, caller, contact_id, act)


@router.post("/v1/contacts/{contact_id}/decline", responses=CHANGES)
async def decline(contact_id: str, caller: Caller, product: ProductOf, body: OfferIn | None = None) -> ContactOut:
    """Do not take the contact that is offered to one; it waits again, as old as it is, and others are asked."""
    agent_id = body.agent_id if body else None
    act = partial(offers.decline_offer, actor=caller, contact_id=contact_id, agent_id=agent_id)
    return await _done(product, caller, contact_id, act)


@router.post("/v1/contacts/{contact_id}/answered", responses=CHANGES)
async def answered(contact_id: str, caller: Caller, product: ProductOf) -> ContactOut:
    """The holder has answered the customer: where only what is unanswered comes back, this contact stays."""
    return await _done(product, caller, contact_id, partial(offers.note_answered, actor=caller, contact_id=contact_id))


async def _done(product: Product, caller: Actor, contact_id: str, act: Act) -> ContactOut:
    return contact_out(await product.ask(caller.workspace, act, contact_ids=(contact_id,)))


def _waiting_page(
    caller: Actor, wanted: Wanted, after: OrderKey | None, limit: int, workspace: Workspace
) -> Page[ContactOut]:
    found = ((place, each) for place, each in waiting_after(workspace, caller, after) if _is_wanted(each, wanted))
    rows = list(islice(found, limit + 1))
    more = cursor_at(rows[limit - 1][0]) if len(rows) > limit else None
    return Page(items=[contact_out(each) for _, each in rows[:limit]], next_cursor=more)


def _stored_page(product: Product, caller: Actor, wanted: Wanted, after: int | None, limit: int) -> Page[ContactOut]:
    with product.database.reading() as connection:
        rows = contacts_after(connection, caller.workspace, wanted, after=after or 0, limit=limit + 1)
    more = cursor_at(rows[limit - 1].place.number) if len(rows) > limit else None
    return Page(items=[contact_out(each) for each in rows[:limit]], next_cursor=more)


def _is_wanted(record: ContactRecord, wanted: Wanted) -> bool:
    place = record.place
    return (
        wanted.queue in (None, queue_of(place))
        and wanted.office in (None, place.contact.office)
        and wanted.agent in (None, place.agent_id)
    )


def _visible(caller: Actor, wanted: Wanted, workspace: Workspace) -> Wanted:
    if caller.may(Permission.CONTACTS_WRITE):
        return wanted
    queues = tuple(sorted(own_queues(workspace, caller.agent_id)))
    return replace(wanted, everything=False, visible_to=caller.agent_id, queues=queues)
