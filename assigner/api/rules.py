"""The rule set: the document in force, its versions, and publishing another after lint has nothing against it.

Documents are YAML or JSON, as in files; the reader takes both."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.paging import PAGE, Cursor, Limit, Page, cursor_at, place_of
from assigner.api.preconditions import IfMatch
from assigner.product import Product
from assigner.service import rules
from assigner.service.actor import Actor
from assigner.service.rules import Published, read_draft
from assigner.store.rows import PublishedRules
from assigner.store.rule_versions import find_version, versions_before
from presence.errors import NotFound
from rules.findings import Finding, RulesInvalid
from rules.write import rules_document

YAML = "application/yaml"
EXAMPLE = "queues:\n  madrid:\n    offices: [madrid]\n    strategy: least_loaded\n"
DOCUMENTED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            YAML: {"schema": {"type": "string"}, "example": EXAMPLE},
            "application/json": {
                "schema": {"type": "object"},
                "example": {"queues": {"madrid": {"offices": ["madrid"], "strategy": "least_loaded"}}},
            },
        },
    }
}
Note = Annotated[str | None, Query(max_length=1000, description="Why, for those who look at the versions later")]

router = APIRouter(tags=["rules"])


class Linted(BaseModel):
    """What lint found; `ok` where nothing of it refuses the rule set."""

    ok: bool
    findings: list[Finding]


class VersionOut(BaseModel):
    """A published version."""

    version: int
    at: datetime
    by: str | None
    note: str | None
    content_hash: str


class VersionWithText(VersionOut):
    """A published version with what was written."""

    text: str


@router.get(
    "/v1/rules",
    responses={
        200: {"content": {YAML: {}, "application/json": {}}, "headers": {"ETag": {"schema": {"type": "string"}}}},
        **documented(401, 403),
    },
    response_class=JSONResponse,
    response_model=None,
)
def get_rules(request: Request, caller: Caller, product: ProductOf) -> Response:
    """The rule set in force: as it was written where Accept asks for YAML, else as JSON. ETag is its version."""
    with product.reading(caller.workspace) as workspace:
        text, rule_set, version = workspace.rules_text, workspace.floor.rule_set, workspace.floor.rule_set_version
    headers = {"ETag": f'"{version}"', "Vary": "Accept"}
    if "yaml" in request.headers.get("accept", ""):
        return Response(text or "{}\n", headers=headers, media_type=YAML)
    return JSONResponse(rules_document(rule_set), headers=headers)


@router.put("/v1/rules", openapi_extra=DOCUMENTED, responses=documented(401, 403, 412, 422, 503))
async def put_rules(
    request: Request, caller: Caller, product: ProductOf, version: IfMatch, note: Note = None
) -> Published:
    """Publish a rule set. One with errors is refused with all of them; warnings are answered."""
    draft = await asyncio.to_thread(read_draft, await request.body())
    return await product.ask(
        caller.workspace, partial(rules.publish, actor=caller, draft=draft, note=note, expected=version)
    )


@router.post("/v1/rules/lint", openapi_extra=DOCUMENTED, responses=documented(401, 403))
async def lint_rules(request: Request, caller: Caller, product: ProductOf) -> Linted:
    """What is wrong or doubtful in a rule set. Publishes nothing."""
    return await asyncio.to_thread(_lint, product, caller, await request.body())


@router.get("/v1/rules/versions", responses=documented(401, 403, 422))
def list_versions(caller: Caller, product: ProductOf, cursor: Cursor = None, limit: Limit = PAGE) -> Page[VersionOut]:
    """The published versions, the newest first."""
    with product.database.reading() as connection:
        found = versions_before(connection, caller.workspace, place_of(cursor, int), limit=limit + 1)
    shown = found[:limit]
    items = [_told(each) for each in shown]
    return Page(items=items, next_cursor=cursor_at(shown[-1].version) if len(found) > limit else None)


@router.get("/v1/rules/versions/{version}", responses=documented(401, 403, 404, 422))
def get_version(version: int, caller: Caller, product: ProductOf) -> VersionWithText:
    """One version, as it was written."""
    found = _version(product, caller, version)
    return VersionWithText(**_told(found).model_dump(), text=found.text)


@router.post("/v1/rules/versions/{version}/restore", responses=documented(401, 403, 404, 422, 503))
async def restore_version(version: int, caller: Caller, product: ProductOf, note: Note = None) -> Published:
    """Publish an older version again, under a new number. It is linted as if it were new."""
    found = await asyncio.to_thread(_version, product, caller, version)
    draft = await asyncio.to_thread(read_draft, found.text.encode())
    because = note or f"version {version} restored"
    return await product.ask(caller.workspace, partial(rules.publish, actor=caller, draft=draft, note=because))


def _lint(product: Product, caller: Actor, body: bytes) -> Linted:
    try:
        draft = read_draft(body)
    except RulesInvalid as refused:
        return Linted(ok=False, findings=list(refused.findings))
    with product.reading(caller.workspace) as workspace:
        findings = rules.lint_here(workspace, draft.parsed)
    return Linted(ok=not rules.errors_of(findings), findings=list(findings))


def _version(product: Product, caller: Actor, version: int) -> PublishedRules:
    with product.database.reading() as connection:
        found = find_version(connection, caller.workspace, version)
    if found is None:
        raise NotFound("not_found", f"version {version} was never published; GET /v1/rules/versions lists all")
    return found


def _told(found: PublishedRules) -> VersionOut:
    return VersionOut(version=found.version, at=found.at, by=found.by, note=found.note, content_hash=found.content_hash)
