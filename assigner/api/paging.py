"""Lists page by page: `{items, next_cursor}`. A cursor says behind what the next page begins, and nothing else."""

import base64
from collections.abc import Iterable
from heapq import nsmallest
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from fastapi import Query
from pydantic import BaseModel

from presence.errors import Invalid

Item = TypeVar("Item")
PAGE = 100

Limit = Annotated[int, Query(ge=1, le=1000, description="How many items one page holds")]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before")]


class Page(BaseModel, Generic[Item]):
    """A part of a list; `next_cursor` is null on the last page."""

    items: list[Item]
    next_cursor: str | None = None


def cursor_at(place: Any) -> str:
    """The cursor behind a place: any value that JSON can hold."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def place_of(cursor: str | None, kind: Any) -> Any:
    """The place of a cursor, a value of this kind; None for the first page.

    Raises Invalid for a cursor that this list never gave."""
    if cursor is None:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=kind)
    except (ValueError, msgspec.MsgspecError):
        raise Invalid("invalid", "the cursor is not one of this list; begin without one", field="cursor") from None


def page_of_ids(ids: Iterable[str], cursor: str | None, limit: int) -> tuple[list[str], str | None]:
    """The ids behind a cursor in their order, at most `limit`, and the cursor of the next page."""
    after = place_of(cursor, str)
    found = nsmallest(limit + 1, (each for each in ids if after is None or each > after))
    return found[:limit], cursor_at(found[limit - 1]) if len(found) > limit else None
