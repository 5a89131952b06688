"""Offices: their hours and holidays, and everybody's availability in one of them at once.

Documents are shaped here and read in `service.offices`, by the same reader as organisation files."""

from functools import partial
from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.paging import PAGE, Cursor, Limit, Page, page_of_ids
from assigner.api.preconditions import IfMatch
from assigner.api.schemas import Asked
from assigner.service import offices, presence
from assigner.service.presence_rows import PresenceRow, rows_of_office

router = APIRouter(tags=["offices"])

Document = dict[str, Any]


class OfficeIn(Asked):
    """An office. Hours by weekday, ends exclusive; an absent day is closed, `hours: null` is always open."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "name": "Madrid",
                "time_zone": "Europe/Madrid",
                "hours": {"mon": ["09:00-13:00", "14:00-17:00"], "tue": ["09:00-17:00"]},
                "holidays": [{"date": "2026-12-24", "name": "Christmas Eve", "hours": ["09:00-12:00"]}],
            }
        },
    )

    id: str | None = Field(default=None, description="May stand here as it was read; the one in the path counts")
    name: str | None = None
    time_zone: str | None = Field(default=None, description="A name of the IANA database; default UTC")
    hours: dict[str, list[str]] | None = None
    holidays: list[dict[str, Any]] | dict[str, Any] | None = Field(
        default=None, description="Dates with hours of their own, or {calendar: ES, subdivision: MD}"
    )
    version: int | None = Field(default=None, description="May stand here as it was read; If-Match is what counts")


class AvailableIn(Asked):
    """Whether somebody is to be available."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"available": False}})

    available: bool = Field(strict=True)


@router.get("/v1/offices", responses=documented(401, 403, 422))
def list_offices(caller: Caller, product: ProductOf, cursor: Cursor = None, limit: Limit = PAGE) -> Page[Document]:
    """All offices, by id."""
    with product.reading(caller.workspace) as workspace:
        ids, next_cursor = page_of_ids(workspace.floor.offices, cursor, limit)
        return Page(items=[offices.office_document(workspace, each) for each in ids], next_cursor=next_cursor)


@router.get("/v1/offices/{office_id}", responses=documented(401, 403, 404))
def get_office(office_id: str, caller: Caller, product: ProductOf) -> Document:
    """One office."""
    with product.reading(caller.workspace) as workspace:
        return offices.office_document(workspace, office_id)


@router.put("/v1/offices/{office_id}", responses=documented(401, 403, 412, 422, 503))
async def put_office(office_id: str, body: OfficeIn, caller: Caller, product: ProductOf, version: IfMatch) -> Document:
    """An office comes to be, or changes."""
    asked = body.model_dump(exclude_unset=True, exclude={"id", "version"})
    return await product.ask(
        caller.workspace,
        partial(offices.put_office, actor=caller, office_id=office_id, asked=asked, expected=version),
    )


@router.delete("/v1/offices/{office_id}", status_code=204, responses=documented(401, 403, 404, 409, 412, 503))
async def delete_office(
    office_id: str, caller: Caller, product: ProductOf, version: IfMatch, reassign: bool = False
) -> None:
    """An office is gone. What is in use is refused, unless `reassign`: agents leave it, contacts wait elsewhere."""
    await product.ask(
        caller.workspace,
        partial(offices.delete_office, actor=caller, office_id=office_id, reassign=reassign, expected=version),
    )


@router.put("/v1/offices/{office_id}/availability", responses=documented(401, 403, 404, 422, 503))
async def set_availability(
    office_id: str, body: AvailableIn, caller: Caller, product: ProductOf
) -> dict[str, list[PresenceRow]]:
    """Everybody in an office at once, away or back; `true` undoes only what `false` did. Answers with their rows."""
    ask = partial(presence.set_office_available, actor=caller, office=office_id, available=body.available)
    await product.ask(caller.workspace, ask)
    with product.reading(caller.workspace) as workspace:
        return {"items": rows_of_office(workspace, office_id, now=product.clock())}
