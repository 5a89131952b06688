"""The audit: who changed what, and who was refused what; page by page, or whole as JSON lines or CSV.

It needs the permission `audit.read`, and tells only of the caller's own workspace."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

import msgspec
from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from assigner.api.credentials import Caller, ProductOf
from assigner.api.csv_lines import MEDIA_TYPE, csv_line
from assigner.api.errors import documented
from assigner.api.paging import PAGE, Page, cursor_at, place_of
from assigner.product import Product
from assigner.service import audit
from assigner.service.actor import Permission
from assigner.service.audit import Asked, audit_page
from assigner.store.audit import Wanted

router = APIRouter(tags=["audit"])

JSON_LINES = "application/x-ndjson"
COLUMNS = ("at", "by", "action", "subject", "outcome", "count", "request_id", "before", "after")
EXPORTED_AT_ONCE = 1000


class Form(StrEnum):
    """How the audit is written."""

    JSON = "json"
    JSON_LINES = "jsonl"
    CSV = "csv"


FORMS = {JSON_LINES: Form.JSON_LINES, "application/jsonl": Form.JSON_LINES, "text/csv": Form.CSV}
"""The forms that `Accept` can ask for."""


class Outcome(StrEnum):
    """Whether somebody did something, or was refused."""

    DONE = audit.DONE
    REFUSED = audit.REFUSED


class Places(NamedTuple):
    """What a cursor of the audit holds."""

    line: tuple[int, int] | None
    attempt: tuple[datetime, str, str] | None


class Only(BaseModel):
    """Which items are wanted; what is left out does not matter."""

    actor: str | None = Field(default=None, description="Who, as `by` says it: agent:ana, key:5f0c")
    action: str | None = Field(default=None, description="The type of the event or the call; `contact.*` for all such")
    subject: str | None = Field(default=None, description="The id of what was changed, or the path that was refused")
    since: AwareDatetime | None = None
    until: AwareDatetime | None = Field(default=None, description="Exclusive")
    outcome: Outcome | None = None
    format: Form | None = Field(default=None, description="Instead of `Accept`; in jsonl and csv all pages at once")
    cursor: str | None = Field(default=None, description="`next_cursor` of the page before")
    limit: int = Field(default=PAGE, ge=1, le=1000, description="How many items one page holds")

    def asked(self) -> Asked:
        """What is asked of the audit. Raises Invalid for a cursor that it never gave."""
        places = place_of(self.cursor, Places)
        return Asked(
            wanted=Wanted(**self.model_dump(include={"actor", "action", "subject", "since", "until"})),
            outcome=self.outcome,
            cursor=audit.Cursor() if places is None else audit.Cursor(**places._asdict()),
            limit=self.limit,
        )


class ItemOut(BaseModel):
    """One thing that somebody did, or was refused `count` times within a minute.

    `before` and `after` hold what differs; both are null where the change is a secret, as with a password."""

    at: datetime
    by: str
    action: str
    subject: str
    outcome: Outcome
    count: int
    request_id: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@router.get(
    "/v1/audit",
    response_model=Page[ItemOut],
    responses={
        200: {"content": {JSON_LINES: {"schema": {"type": "string"}}, "text/csv": {"schema": {"type": "string"}}}},
        **documented(401, 403, 422, 503),
    },
)
async def read_audit(
    caller: Caller,
    product: ProductOf,
    only: Annotated[Only, Query()],
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """Every change by a person or a key, and every refused attempt, newest first. What the engine does by itself is in
    the history of each contact.

    A page may hold fewer items than `limit` although more follow: go on until `next_cursor` is null."""
    caller.need(Permission.AUDIT_READ)
    asked = only.asked()
    form = only.format or _accepted(accept)
    if form is Form.JSON:
        return await asyncio.to_thread(_one_page, product, caller.workspace, asked)
    media_type = MEDIA_TYPE if form is Form.CSV else JSON_LINES
    lines = _csv if form is Form.CSV else _json_lines
    items = _all(product, caller.workspace, replace(asked, limit=EXPORTED_AT_ONCE))
    return StreamingResponse(lines(items), media_type=media_type, headers={"Cache-Control": "no-store"})


def _accepted(accept: str) -> Form:
    """The form that comes first in `Accept` among those there are; JSON where there is none."""
    kinds = (kind.partition(";")[0].strip().lower() for kind in accept.split(","))
    return next((FORMS.get(kind, Form.JSON) for kind in kinds if kind in (*FORMS, "application/json")), Form.JSON)


def _read(product: Product, workspace: int, asked: Asked) -> audit.Page:
    with product.database.reading() as connection:
        return audit_page(connection, workspace, asked)


def _one_page(product: Product, workspace: int, asked: Asked) -> Response:
    page = _read(product, workspace, asked)
    more = None if page.next is None else cursor_at(Places(page.next.line, page.next.attempt))
    return Response(msgspec.json.encode({"items": page.items, "next_cursor": more}), media_type="application/json")


def _all(product: Product, workspace: int, asked: Asked) -> Iterator[audit.Item]:
    """Every item from the cursor on; each page is read for itself, so a slow reader holds nothing."""
    while True:
        page = _read(product, workspace, asked)
        yield from page.items
        if page.next is None:
            return
        asked = replace(asked, cursor=page.next)


def _json_lines(items: Iterator[audit.Item]) -> Iterator[bytes]:
    return (msgspec.json.encode(item) + b"\n" for item in items)


def _csv(items: Iterator[audit.Item]) -> Iterator[str]:
    yield csv_line(COLUMNS)
    for item in items:
        told = msgspec.to_builtins(item)
        yield csv_line(_cell(told[column]) for column in COLUMNS)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else str(value)
