"""Bringing roles, offices and agents in and out: files with many of them at once, and everything that is stored.

A file is read here, off the deciding loop; `service.imports` checks and takes over what it says."""

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from assigner.api.credentials import Caller, ProductOf
from assigner.api.csv_lines import csv_line
from assigner.api.errors import documented
from assigner.product import Product
from assigner.service.actor import Permission
from assigner.service.imports.files import read_file
from assigner.service.imports.organisation import organisation_document, table_of
from assigner.service.imports.sent import Contents, Kind
from assigner.service.imports.take_over import Imported, rehearse, take_over
from assigner.sight import read
from assigner.store.documents import to_document
from assigner.store.export import rows_of
from presence.errors import Invalid

CSV, JSON, YAML = "text/csv", "application/json", "application/yaml"
LINES = "application/x-ndjson"
EXAMPLE = "id,name,email,offices,skills,capacity\nana,Ana,ana@example.com,madrid,es:3 en,3\n"
DOCUMENTED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            CSV: {"schema": {"type": "string"}, "example": EXAMPLE},
            JSON: {"schema": {"type": "object"}, "example": {"ana": {"name": "Ana", "capacity": 3}}},
            YAML: {"schema": {"type": "string"}, "example": "ana: {name: Ana, capacity: 3}\n"},
        },
    }
}

router = APIRouter(tags=["import and export"])


@router.post("/v1/import/{contents}", openapi_extra=DOCUMENTED, responses=documented(401, 403, 413, 422, 503))
async def import_file(
    contents: Contents,
    request: Request,
    caller: Caller,
    product: ProductOf,
    dry_run: Annotated[bool, Query(description="Only tell what would change")] = False,
) -> Imported:
    """Import roles, offices and agents, all or nothing: CSV, or a JSON or YAML object by id; `organisation` holds all.

    Whoever exists keeps what the file does not name, nobody is deleted. With errors nothing is imported, and `findings`
    tells every one of them with line and column."""
    read_all = partial(read_file, await request.body(), contents, is_csv=_is_csv(request))
    items = await asyncio.to_thread(read_all)
    if dry_run:
        return await read(product, caller, partial(rehearse, actor=caller, items=items))
    return await product.ask(caller.workspace, partial(take_over, actor=caller, items=items))


@router.get(
    "/v1/export/{contents}",
    response_model=None,
    responses={200: {"content": {CSV: {}, JSON: {}}}, **documented(401, 403, 422)},
)
async def export_file(
    contents: Contents,
    request: Request,
    caller: Caller,
    product: ProductOf,
    format: Annotated[str | None, Query(pattern="^(json|csv)$", description="Else as Accept says, else json")] = None,  # noqa: A002
) -> Response:
    """Roles, offices and agents in the form in which they can be imported again. Passwords are not among it, and roles
    only for those who may change them."""
    caller.need(Permission.ROLES_MANAGE if contents is Contents.ROLES else Permission.PRESENCE_READ)
    document = await read(product, caller, organisation_document)
    if not caller.may(Permission.ROLES_MANAGE):
        del document["roles"]
    wanted = format or ("csv" if CSV in request.headers.get("accept", "") else "json")
    if wanted == "json":
        told = document if contents is Contents.ORGANISATION else document[contents]
        return Response(msgspec.json.encode(told), media_type=JSON)
    if contents is Contents.ORGANISATION:
        raise Invalid("unknown_value", "an organisation is no table; export roles, offices and agents", field="format")
    lines = map(csv_line, table_of(document, Kind(contents.removesuffix("s"))))
    headers = {"Content-Disposition": f'attachment; filename="{contents}.csv"'}
    return Response("".join(lines), headers=headers, media_type=CSV)


@router.get(
    "/v1/export",
    response_class=StreamingResponse,
    responses={200: {"content": {LINES: {}}}, **documented(401, 403)},
)
def export_workspace(caller: Caller, product: ProductOf) -> Response:
    """Everything stored of the workspace at one moment, a JSON object per line: settings, agents, contacts with their
    attributes, the whole log. Passwords, sessions and keys are left out."""
    caller.need(Permission.WORKSPACE_EXPORT)
    headers = {"Content-Disposition": 'attachment; filename="workspace.jsonl"'}
    return StreamingResponse(_lines(product, caller.workspace), headers=headers, media_type=LINES)


def _is_csv(request: Request) -> bool:
    return CSV in request.headers.get("content-type", "")


def _lines(product: Product, workspace: int) -> Iterator[bytes]:
    with product.database.reading() as connection:
        for row in rows_of(connection, workspace):
            yield to_document(row) + b"\n"
