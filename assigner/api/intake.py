"""Taking contacts in: one, or many in one call. The hottest calls there are, so the body is read once and as it is.

Sending the same again is harmless: the same id with the same body answers with the contact as it is now."""

import asyncio
from datetime import datetime
from functools import partial
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assigner.api.assignments import Assignments, Expected
from assigner.api.bodies import described, read_body
from assigner.api.credentials import Caller, ProductOf, caller, product_of
from assigner.api.errors import documented
from assigner.api.preconditions import PREFER, wait_of
from assigner.api.schemas import Asked, ContactIn, ContactOut, contact_out
from assigner.core.model import ContactState
from assigner.product import Product
from assigner.service import contacts
from assigner.service.actor import Actor
from assigner.service.batch import Sent, accept_all
from assigner.service.contacts import Accepted
from assigner.service.ids import new_id
from assigner.sight import find_contact
from assigner.store.rows import ContactRecord
from presence.errors import Conflict

LARGEST_BATCH = 10_000

router = APIRouter(tags=["contacts"])


class BatchIn(Asked):
    """Contacts to take in together; each needs an id to be told apart when it is sent again."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"contacts": [{"id": "ticket-4711", "office": "madrid"}, {"id": "ticket-4712"}]}},
    )

    contacts: list[ContactIn] = Field(min_length=1, max_length=LARGEST_BATCH)


class BatchItem(BaseModel):
    """What became of one contact: `created`, `existing` or `conflict`; why, where it was refused."""

    id: str
    result: str
    contact: ContactOut | None = None
    detail: str | None = None


class BatchOut(BaseModel):
    """What became of each contact, in the order in which they were sent."""

    items: list[BatchItem]


@router.post(
    "/v1/contacts",
    openapi_extra={**described(ContactIn), "parameters": [PREFER]},
    status_code=201,
    response_model=ContactOut,
    responses={
        200: {"model": ContactOut, "description": "It was sent before; the contact as it is now"},
        **documented(401, 403, 409, 413, 422, 429, 503),
    },
)
async def take_in(request: Request) -> Response:
    """Take in one contact. Without `Prefer: wait=N` the answer says `queued`; the assignment follows as an event."""
    actor, product = await caller(request), await product_of(request)  # injecting them costs a third of the call
    wait = wait_of(request.headers.get("prefer"))
    body = await read_body(request, ContactIn)
    contact_id = body.id or new_id(now=product.clock())
    request.app.state.intake.take(actor)
    if wait is None:
        accepted = await _accept(product, actor, body, contact_id)
        return _answer(accepted.contact, created=accepted.created)
    assignments: Assignments = request.app.state.assignments
    with assignments.expected(actor.workspace, contact_id) as waits_no_longer:
        accepted = await _accept(product, actor, body, contact_id)
        contact = await _when_assigned(product, accepted.contact, waits_no_longer, wait)
    return _answer(
        contact or await find_contact(product, actor, contact_id), created=accepted.created, applied=f"wait={wait}"
    )


@router.post(
    "/v1/contacts/batch",
    openapi_extra=described(BatchIn),
    response_model=BatchOut,
    responses=documented(401, 403, 413, 422, 429, 503),
)
async def take_in_batch(request: Request, actor: Caller, product: ProductOf) -> Response:
    """Take in many contacts. Malformed ones refuse the whole batch and are named by their indexes."""
    batch = await read_body(request, BatchIn)
    request.app.state.intake.take(actor, len(batch.contacts))
    now = product.clock()
    sent = tuple(_sent(body, body.id or new_id(now=now), now) for body in batch.contacts)
    ids = tuple(contact.id for contact, _ in sent)
    accepted = await product.ask(
        actor.workspace, partial(accept_all, actor=actor, sent=sent), contact_ids=tuple(dict.fromkeys(ids))
    )
    items = [_item(contact_id, answer) for contact_id, answer in zip(ids, accepted, strict=True)]
    return Response(BatchOut(items=items).model_dump_json(), media_type="application/json")


async def _accept(product: Product, actor: Actor, body: ContactIn, contact_id: str) -> Accepted:
    contact, sent = _sent(body, contact_id, product.clock())
    request = partial(contacts.accept, actor=actor, contact=contact, sent=sent)
    return await product.ask(actor.workspace, request, contact_ids=(contact_id,))


def _sent(body: ContactIn, contact_id: str, now: datetime) -> Sent:
    return body.contact(contact_id, now=now), contacts.body_hash(body.model_dump(exclude={"id"}))


async def _when_assigned(
    product: Product, contact: ContactRecord, waits_no_longer: Expected, seconds: int
) -> ContactRecord | None:
    """Wait until the contact is assigned or the time is over; in Workbench, whose time stands still, only until nothing
    is left to do. The contact where it was assigned meanwhile; else it is to be looked up."""
    if product.inline:
        product.settle()
    elif contact.place.state is ContactState.QUEUED and not waits_no_longer.done():
        await asyncio.wait({asyncio.wrap_future(waits_no_longer)}, timeout=seconds)
    return waits_no_longer.result() if waits_no_longer.done() else None


def _answer(contact: ContactRecord, *, created: bool, applied: str | None = None) -> Response:
    headers = {"Preference-Applied": applied} if applied is not None else {}
    if created:
        headers["Location"] = f"/v1/contacts/{quote(contact.place.id, safe='')}"
    body = contact_out(contact).model_dump_json()
    return Response(body, 201 if created else 200, headers=headers, media_type="application/json")


def _item(contact_id: str, answer: Accepted | Conflict) -> BatchItem:
    if isinstance(answer, Conflict):
        return BatchItem(id=contact_id, result="conflict", detail=answer.message)
    result = "created" if answer.created else "existing"
    return BatchItem(id=contact_id, result=result, contact=contact_out(answer.contact))
