"""Sessions: signing in with a password, and host applications that speak for their agents.

Reports of activity say how long ago the last input was. One that changed a status is answered 200, after its commit;
any other 202."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assigner.api.bodies import described, read_body
from assigner.api.credentials import Caller, ProductOf, caller, cookie_name, is_https, product_of
from assigner.api.errors import documented
from assigner.api.paging import Page
from assigner.api.schemas import TEN_YEARS, Asked, Id
from assigner.api.tabs import Tabs
from assigner.product import Product
from assigner.service import sessions
from assigner.service.actor import Actor
from assigner.service.ids import new_id
from assigner.store.credentials import clients_of
from presence.errors import NotFound
from presence.model import Session

router = APIRouter(tags=["sessions"])


class SessionIn(Asked):
    """A session that a host application begins. Without `expires_in` (seconds) it lasts until it is ended."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"id": "web-ana-1", "expires_in": 28800}})

    id: Id | None = None
    expires_in: int | None = Field(default=None, ge=1, le=TEN_YEARS, strict=True)


class ActivityIn(Asked):
    """How many milliseconds ago the agent last gave input, in whichever tab."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"age_ms": 1500, "tab_id": "t1"}})

    age_ms: int = Field(strict=True)
    tab_id: str | None = Field(default=None, max_length=200)


class SessionOut(BaseModel):
    """A session that goes on."""

    id: str
    agent_id: str
    signed_in_at: datetime
    last_seen_at: datetime
    expires_at: datetime | None


class ListedSession(SessionOut):
    """A session that goes on. `client` is what its browser calls itself, null for a host application's; `current` is
    the one in which this was asked."""

    client: str | None
    current: bool


class CurrentSession(SessionOut):
    """The caller's own session, with what the agent may do."""

    name: str
    role: str
    permissions: list[str]


class ActivityOut(BaseModel):
    """Whether a report changed the agent's status; where it named its tab, how many tabs the agent has open (R52)."""

    status_changed: bool
    open_tabs: int | None = None


REPORT: dict[str, Any] = {
    "openapi_extra": described(ActivityIn),
    "status_code": 202,
    "response_model": ActivityOut,
    "responses": {
        200: {"model": ActivityOut, "description": "It changed the agent's status"},
        **documented(401, 403, 404, 422, 503),
    },
}


@router.get("/v1/sessions", responses=documented(401, 404))
async def list_own(caller: Caller, product: ProductOf) -> Page[ListedSession]:
    """The caller's own sessions that go on, on all devices, the oldest first."""
    if caller.agent_id is None:
        raise NotFound("not_found", "an API key has no sessions; ask for those of an agent: /v1/agents/ID/sessions")
    return await asyncio.to_thread(_listed, product, caller, caller.agent_id)


@router.get("/v1/sessions/current", responses=documented(401, 404))
def get_current(caller: Caller, product: ProductOf) -> CurrentSession:
    """The caller's own session."""
    session_id = _own(caller)
    with product.reading(caller.workspace) as workspace:
        agent_id, session = sessions.open_session(workspace, session_id, now=product.clock())
        record = workspace.agent(agent_id)
    name = record.seat.agent.name or agent_id
    return CurrentSession(
        **session_told(agent_id, session), name=name, role=record.role, permissions=sorted(caller.permissions)
    )


@router.delete("/v1/sessions/current", status_code=204, responses=documented(401, 404, 503))
async def sign_out(request: Request, response: Response, caller: Caller, product: ProductOf) -> None:
    """Sign out, in all tabs of this browser."""
    await product.ask(caller.workspace, partial(sessions.end, actor=caller, session_id=_own(caller)))
    response.delete_cookie(cookie_name(request), path="/", secure=is_https(request))


@router.post("/v1/sessions/current/activity", **REPORT)
async def report_own_activity(request: Request) -> Response:
    """Say how long ago the last input was. Closing or switching tabs and reconnecting are no input."""
    actor = await caller(request)
    return await _report(request, actor, _own(actor))


@router.post("/v1/agents/{agent_id}/sessions", status_code=201, responses=documented(401, 403, 404, 409, 422, 503))
async def begin(agent_id: str, caller: Caller, product: ProductOf, body: SessionIn | None = None) -> SessionOut:
    """A host application signs in one of its agents."""
    asked = body or SessionIn()
    session_id = asked.id or new_id(now=product.clock())
    ask = partial(sessions.begin, actor=caller, agent_id=agent_id, session_id=session_id, expires_in=asked.expires_in)
    return SessionOut(**session_told(*await product.ask(caller.workspace, ask)))


@router.get("/v1/agents/{agent_id}/sessions", responses=documented(401, 403, 404))
async def list_sessions(agent_id: str, caller: Caller, product: ProductOf) -> Page[ListedSession]:
    """The sessions of an agent that go on, the oldest first."""
    sessions.need_own_or_others(caller, agent_id)
    return await asyncio.to_thread(_listed, product, caller, agent_id)


@router.delete("/v1/agents/{agent_id}/sessions", status_code=204, responses=documented(401, 403, 404, 503))
async def end_all(agent_id: str, caller: Caller, product: ProductOf) -> None:
    """Sign an agent out everywhere: oneself, or with permission somebody else."""
    await product.ask(caller.workspace, partial(sessions.end_all, actor=caller, agent_id=agent_id))


@router.post("/v1/sessions/{session_id}/activity", **REPORT)
async def report_activity(request: Request) -> Response:
    """A host application says how long ago the last input in a session was."""
    return await _report(request, await caller(request), request.path_params["session_id"])


@router.delete("/v1/sessions/{session_id}", status_code=204, responses=documented(401, 403, 404, 503))
async def end(session_id: str, caller: Caller, product: ProductOf) -> None:
    """A session ends: one of the caller's own, one of a host application's agents, or one that an administrator
    revokes."""
    await product.ask(caller.workspace, partial(sessions.end, actor=caller, session_id=session_id))


async def _report(request: Request, actor: Actor, session_id: str) -> Response:
    product, body = await product_of(request), await read_body(request, ActivityIn)
    changed, age_ms = False, body.age_ms
    absorb = partial(sessions.absorb_activity, actor=actor, session_id=session_id, age_ms=age_ms)
    if not product.absorb(actor.workspace, absorb):
        report = partial(sessions.report_activity, actor=actor, session_id=session_id, age_ms=age_ms)
        changed = await product.ask(actor.workspace, report)
    tabs: Tabs = request.app.state.tabs
    session = actor.workspace, session_id
    open_tabs = None if body.tab_id is None else tabs.report(session, body.tab_id, now=product.clock())
    answer = ActivityOut(status_changed=changed, open_tabs=open_tabs).model_dump_json(exclude_none=True)
    return Response(answer, 200 if changed else 202, media_type="application/json")


def _listed(product: Product, caller: Actor, agent_id: str) -> Page[ListedSession]:
    with product.reading(caller.workspace) as workspace:
        found = sessions.open_sessions(workspace, agent_id, now=product.clock())
    with product.database.reading() as connection:
        clients = clients_of(connection, caller.workspace, agent_id)
    items = [
        ListedSession(**session_told(agent_id, each), client=clients.get(each.id), current=each.id == caller.session_id)
        for each in found
    ]
    return Page(items=items)


def _own(caller: Actor) -> str:
    """The session of the caller. Raises NotFound for a program, which has none."""
    if caller.session_id is None:
        raise NotFound("not_found", "an API key has no session; name one, as in /v1/sessions/ID/activity")
    return caller.session_id


def session_told(agent_id: str, session: Session) -> dict[str, Any]:
    """A session as all answers tell it."""
    return {
        "id": session.id,
        "agent_id": agent_id,
        "signed_in_at": session.signed_in_at,
        "last_seen_at": session.last_seen_at,
        "expires_at": session.expires_at,
    }
