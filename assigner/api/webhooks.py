"""Webhooks: where events are sent to, with which secrets, and what became of each event.

What a receiver is to do is in assigner/webhooks/README.md."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.paging import PAGE, Cursor, Limit, Page, cursor_at, page_of_ids, place_of
from assigner.api.preconditions import IfMatch
from assigner.api.schemas import Asked, Id
from assigner.product import Product
from assigner.service import deliveries, webhooks
from assigner.service.actor import Actor
from assigner.service.deliveries import Fate
from assigner.service.ids import new_id
from assigner.service.webhooks import webhook_of
from assigner.settings import Settings
from assigner.store.documents import to_plain
from assigner.store.load import LAST_ORDINAL
from assigner.store.webhooks import Format, Place, State, WebhookRecord, count_deliveries
from assigner.webhooks.address import Network, is_refused
from presence.errors import Invalid
from presence.wording import sentence

router = APIRouter(tags=["webhooks"], responses=documented(401, 403))

DAY = 86_400


class WebhookIn(Asked):
    """Where to send events to. In a PATCH what is left out stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"url": "https://shop.example.org/events", "types": ["contact.*"]}},
    )

    url: Annotated[str, StringConstraints(max_length=2000)]
    description: Annotated[str, StringConstraints(max_length=1000)] | None = None
    types: list[Annotated[str, StringConstraints(max_length=100)]] = Field(
        default_factory=list, max_length=100, description="contact.assigned, agent.*; none: all that are sent"
    )
    format: Format = Field(default=Format.EVENT, description="cloudevents: the structured mode of CloudEvents 1.0")
    active: bool = Field(default=True, strict=True, description="Made active again, it goes on where it stopped")


class NewWebhookIn(WebhookIn):
    """A webhook to make; with an id of the caller's own, or one that is made up."""

    id: Annotated[Id, StringConstraints(max_length=64, pattern=webhooks.ID)] | None = None


class WebhookPatch(WebhookIn):
    """What to change of a webhook."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"active": True}})

    url: Annotated[str, StringConstraints(max_length=2000)] = ""


class SecretOut(BaseModel):
    """When a secret was made, and until when messages are signed with it."""

    made_at: datetime
    until: datetime | None


class WebhookOut(BaseModel):
    """A webhook, without its secrets. `delivered_up_to` is the event up to which everything was taken, but for those
    that are tried again; `stopped_because` says why the service stopped sending."""

    id: str
    url: str
    description: str | None
    types: list[str]
    format: Format
    active: bool
    stopped_because: str | None
    created_at: datetime
    created_by: str
    version: int
    delivered_up_to: str | None
    last_taken_at: datetime | None
    retrying: int
    dead: int
    secrets: list[SecretOut]


class NewWebhookOut(WebhookOut):
    """A webhook that was just made; `secret` is never shown again."""

    secret: str


class RotateIn(Asked):
    """For how many seconds messages are signed with the old secret as well."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"overlap": DAY}})

    overlap: Annotated[int, Field(strict=True)] = DAY


class RotatedOut(BaseModel):
    """The new secret, never shown again, and until when the old one is good as well."""

    secret: str
    previous_until: datetime


class Only(BaseModel):
    """Which events are wanted: all, or those in a state."""

    state: State | None = None
    cursor: str | None = Field(default=None, description="`next_cursor` of the page before")
    limit: int = Field(default=PAGE, ge=1, le=1000, description="How many items one page holds")


class DeliveryOut(BaseModel):
    """What became of an event: `delivered`; `waiting`, not tried yet or behind another of its subject; `retrying` at
    `next_at`; or `dead`, which nobody tries again unless asked."""

    event: str
    at: datetime
    type: str
    subject: str
    state: Fate
    attempts: int | None
    next_at: datetime | None
    problem: str | None


@router.post("/v1/webhooks", status_code=201, responses=documented(409, 422, 503))
async def create(
    body: NewWebhookIn, request: Request, caller: Caller, product: ProductOf, response: Response
) -> NewWebhookOut:
    """Have events sent from now on. Keep the secret that is answered: it is not shown again."""
    check_host(_allowed(request), body.url)
    webhook_id = body.id or f"wh-{new_id(now=product.clock())}"
    asked = body.model_dump(exclude={"id"}, exclude_unset=True)
    ask = partial(webhooks.create_webhook, actor=caller, webhook_id=webhook_id, asked=asked)
    made = await product.ask(caller.workspace, ask)
    response.headers["Location"] = f"/v1/webhooks/{webhook_id}"
    return NewWebhookOut(**_told(made, {}), secret=made.secrets[-1].secret)


@router.get("/v1/webhooks", responses=documented(422))
def list_webhooks(caller: Caller, product: ProductOf, cursor: Cursor = None, limit: Limit = PAGE) -> Page[WebhookOut]:
    """All webhooks, by id, without their secrets."""
    caller.need(webhooks.MANAGES)
    with product.reading(caller.workspace) as workspace:
        known = dict(workspace.webhooks)
    ids, next_cursor = page_of_ids(known, cursor, limit)
    counts = _counts(product, caller.workspace)
    return Page(items=[WebhookOut(**_told(known[each], counts)) for each in ids], next_cursor=next_cursor)


@router.get("/v1/webhooks/{webhook_id}", responses=documented(404))
def get_webhook(webhook_id: str, caller: Caller, product: ProductOf) -> WebhookOut:
    """One webhook, without its secrets."""
    return WebhookOut(**_told(_find(product, caller, webhook_id), _counts(product, caller.workspace)))


@router.patch("/v1/webhooks/{webhook_id}", responses=documented(404, 412, 422, 503))
async def patch(webhook_id: str, body: WebhookPatch, request: Request, caller: Caller, version: IfMatch) -> WebhookOut:
    """Change a webhook. `active: true` lets one that was stopped go on where it stopped, at once."""
    product: Product = request.app.state.product
    asked = body.model_dump(exclude_unset=True)
    if "url" in asked:
        check_host(_allowed(request), body.url)
    ask = partial(webhooks.patch_webhook, actor=caller, webhook_id=webhook_id, changes=asked, expected=version)
    changed = await product.ask(caller.workspace, ask)
    return WebhookOut(**_told(changed, await asyncio.to_thread(_counts, product, caller.workspace)))


@router.delete("/v1/webhooks/{webhook_id}", status_code=204, responses=documented(404, 412, 503))
async def delete(webhook_id: str, caller: Caller, product: ProductOf, version: IfMatch) -> None:
    """Send nothing any more, and forget what was not taken."""
    ask = partial(webhooks.delete_webhook, actor=caller, webhook_id=webhook_id, expected=version)
    await product.ask(caller.workspace, ask)


@router.post("/v1/webhooks/{webhook_id}/rotate", responses=documented(404, 422, 503))
async def rotate(webhook_id: str, caller: Caller, product: ProductOf, body: RotateIn | None = None) -> RotatedOut:
    """Sign with a new secret from now on, and for a while with the old one as well."""
    overlap = (body or RotateIn()).overlap
    ask = partial(webhooks.rotate_secret, actor=caller, webhook_id=webhook_id, overlap=overlap)
    rotated = await product.ask(caller.workspace, ask)
    return RotatedOut(secret=rotated.secret, previous_until=rotated.previous_until)


@router.post("/v1/webhooks/{webhook_id}/test", status_code=202, response_class=Response, responses=documented(404, 503))
async def send_test(webhook_id: str, caller: Caller, product: ProductOf) -> None:
    """Send an event of type `webhook.test` to this webhook, whatever its types."""
    await product.ask(caller.workspace, partial(webhooks.send_test, actor=caller, webhook_id=webhook_id))


@router.get("/v1/webhooks/{webhook_id}/deliveries", responses=documented(404, 422, 503))
def list_deliveries(
    webhook_id: str, caller: Caller, product: ProductOf, only: Annotated[Only, Query()]
) -> Page[DeliveryOut]:
    """What became of the events, newest first; with `state` those that were not taken, oldest first.

    A page may hold fewer items than `limit` although more follow: go on until `next_cursor` is null."""
    webhook, place = _find(product, caller, webhook_id), place_of(only.cursor, Place)
    with product.database.reading() as connection:
        if only.state is None:
            page = deliveries.newest(connection, caller.workspace, webhook, before=place, limit=only.limit)
        else:
            key = caller.workspace, webhook_id
            page = deliveries.not_taken(connection, key, only.state, after=place, limit=only.limit)
    items = [DeliveryOut(**to_plain(each)) for each in page.items]
    return Page(items=items, next_cursor=None if page.next is None else cursor_at(page.next))


@router.post(
    "/v1/webhooks/{webhook_id}/redeliver", status_code=202, response_class=Response, responses=documented(404, 503)
)
async def redeliver_all(webhook_id: str, caller: Caller, product: ProductOf) -> None:
    """Try every event again now that was not taken, dead ones included."""
    await product.ask(caller.workspace, partial(webhooks.redeliver_all, actor=caller, webhook_id=webhook_id))


@router.post(
    "/v1/webhooks/{webhook_id}/deliveries/{event}/redeliver",
    status_code=202,
    response_class=Response,
    responses=documented(404, 422, 503),
)
async def redeliver(webhook_id: str, event: str, caller: Caller, product: ProductOf) -> None:
    """Send one event again, delivered, dead or not: with the same `webhook-id`, outside the order of its subject."""
    webhook = _find(product, caller, webhook_id)
    place, subject = await asyncio.to_thread(_sent, product, caller.workspace, webhook, event)
    ask = partial(webhooks.redeliver, actor=caller, webhook_id=webhook_id, place=place, subject=subject)
    await product.ask(caller.workspace, ask)


def check_host(allowed: tuple[Network, ...], url: str) -> None:
    """Raises Invalid for an address that could never be reached; names are looked up when something is sent."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return  # what is wrong with it is told when it is read
    if is_refused(host, allowed):
        message = sentence(
            "webhooks may not reach %(host)s: it is no public address; ASSIGNER_WEBHOOK_NETWORKS can allow its network",
            host=host,
        )
        raise Invalid("address_refused", message, field="url")


def _allowed(request: Request) -> tuple[Network, ...]:
    settings: Settings = request.app.state.settings
    return settings.webhook_networks


def _find(product: Product, caller: Actor, webhook_id: str) -> WebhookRecord:
    """A webhook. Raises Forbidden, NotFound."""
    caller.need(webhooks.MANAGES)
    with product.reading(caller.workspace) as workspace:
        return webhook_of(workspace, webhook_id)


def _sent(product: Product, workspace: int, webhook: WebhookRecord, event: str) -> tuple[Place, str]:
    with product.database.reading() as connection:
        return deliveries.sent(connection, workspace, webhook, event)


def _counts(product: Product, workspace: int) -> dict[tuple[str, str], int]:
    with product.database.reading() as connection:
        return count_deliveries(connection, workspace)


def _told(webhook: WebhookRecord, counts: dict[tuple[str, str], int]) -> dict[str, Any]:
    told: dict[str, Any] = to_plain(webhook.definition)
    has_begun = webhook.position > (webhook.begins, LAST_ORDINAL)
    return {
        **told,
        "id": webhook.id,
        "version": webhook.version,
        "delivered_up_to": f"{webhook.position[0]}.{webhook.position[1]}" if has_begun else None,
        "last_taken_at": webhook.taken_at,
        "retrying": counts.get((webhook.id, State.RETRYING), 0),
        "dead": counts.get((webhook.id, State.DEAD), 0),
        "secrets": [{"made_at": each.made_at, "until": each.until} for each in webhook.secrets],
    }
