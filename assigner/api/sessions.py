"""Sessions: signing in with a password, and host applications that speak for their agents.

Reports of activity say how long ago the last input was. One that changed a status is answered 200, after its commit;
any other 202."""

import asyncio
import secrets
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assigner.api.bodies import described, read_body
from assigner.api.credentials import (
    COOKIE,
    SECURE_COOKIE,
    Caller,
    ProductOf,
    caller,
    hash_of,
    product_of,
    signed_out,
)
from assigner.api.errors import documented
from assigner.api.schemas import Asked, Id
from assigner.product import Product
from assigner.service import passwords, sessions
from assigner.service.actor import ROLES, Actor, Permission
from assigner.service.ids import new_id
from assigner.store.accounts import StoredAccount, find_accounts
from presence.errors import NotFound
from presence.model import Session

TEN_YEARS = 10 * 366 * 24 * 3600

router = APIRouter(tags=["sessions"])


class SignInIn(Asked):
    """Who signs in."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"email": "ana@example.com", "password": "correct horse battery"}}
    )

    email: str
    password: str = Field(max_length=1000)


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


class SignedIn(SessionOut):
    """A session with its token, which is shown once: as a bearer token it does what the cookie does."""

    token: str


class CurrentSession(SessionOut):
    """The caller's own session, with what the agent may do."""

    name: str
    role: str
    permissions: list[str]


class ActivityOut(BaseModel):
    """Whether a report changed the agent's status."""

    status_changed: bool


REPORT: dict[str, Any] = {
    "openapi_extra": described(ActivityIn),
    "status_code": 202,
    "response_model": ActivityOut,
    "responses": {
        200: {"model": ActivityOut, "description": "It changed the agent's status"},
        **documented(401, 403, 404, 422, 503),
    },
}


@router.post("/v1/sessions", status_code=201, responses=documented(401, 403, 422, 503))
async def sign_in(request: Request, response: Response, body: SignInIn, product: ProductOf) -> SignedIn:
    """Sign in with a password. The session ends after 30 days, whatever the agent does."""
    account = await _account(product, body)
    token, session_id = secrets.token_urlsafe(32), new_id(now=product.clock())
    ask = partial(
        sessions.begin_with_password,
        agent_id=account.agent_id,
        session_id=session_id,
        token_hash=hash_of(token),
    )
    agent_id, session = await product.ask(account.workspace, ask)
    is_secure = str(request.app.state.public_url or request.url).startswith("https:")
    response.set_cookie(
        SECURE_COOKIE if is_secure else COOKIE,
        token,
        max_age=int(sessions.PASSWORD_SESSION.total_seconds()),
        path="/",
        secure=is_secure,
        httponly=True,
        samesite="lax",
    )
    return SignedIn(**_told(agent_id, session), token=token)


@router.get("/v1/sessions/current", responses=documented(401, 404))
def get_current(caller: Caller, product: ProductOf) -> CurrentSession:
    """The caller's own session."""
    session_id = _own(caller)
    with product.reading(caller.workspace) as workspace:
        agent_id, session = sessions.open_session(workspace, session_id, now=product.clock())
        record = workspace.agent(agent_id)
    name, role = record.seat.agent.name or agent_id, record.role
    return CurrentSession(**_told(agent_id, session), name=name, role=role, permissions=sorted(ROLES[role]))


@router.delete("/v1/sessions/current", status_code=204, responses=documented(401, 404, 503))
async def sign_out(response: Response, caller: Caller, product: ProductOf) -> None:
    """Sign out, in all tabs of this browser."""
    await product.ask(caller.workspace, partial(sessions.end, actor=caller, session_id=_own(caller)))
    response.delete_cookie(COOKIE, path="/")
    response.delete_cookie(SECURE_COOKIE, path="/", secure=True)


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
    return SessionOut(**_told(*await product.ask(caller.workspace, ask)))


@router.get("/v1/agents/{agent_id}/sessions", responses=documented(401, 403, 404))
def list_sessions(agent_id: str, caller: Caller, product: ProductOf) -> dict[str, list[SessionOut]]:
    """The sessions of an agent that go on, the oldest first."""
    if not caller.is_agent(agent_id):
        caller.need(Permission.PRESENCE_WRITE)
    with product.reading(caller.workspace) as workspace:
        found = sessions.open_sessions(workspace, agent_id, now=product.clock())
    return {"items": [SessionOut(**_told(agent_id, session)) for session in found]}


@router.post("/v1/sessions/{session_id}/activity", **REPORT)
async def report_activity(request: Request) -> Response:
    """A host application says how long ago the last input in a session was."""
    return await _report(request, await caller(request), request.path_params["session_id"])


@router.delete("/v1/sessions/{session_id}", status_code=204, responses=documented(401, 403, 404, 503))
async def end(session_id: str, caller: Caller, product: ProductOf) -> None:
    """A host application signs out one of its agents."""
    await product.ask(caller.workspace, partial(sessions.end, actor=caller, session_id=session_id))


async def _account(product: Product, body: SignInIn) -> StoredAccount:
    """Whose email and password these are. Raises Forbidden `signed_out` (401); an unknown email takes as long."""
    accounts = await asyncio.to_thread(_accounts, product, body.email.strip().lower())
    for account in accounts:
        if await passwords.matches(body.password, account.password_hash):
            return account
    if not accounts:
        await passwords.matches(body.password, None)
    raise signed_out("email or password is wrong; an administrator can set another password")


def _accounts(product: Product, email: str) -> list[StoredAccount]:
    with product.database.reading() as connection:
        return find_accounts(connection, email)


async def _report(request: Request, actor: Actor, session_id: str) -> Response:
    product, body = await product_of(request), await read_body(request, ActivityIn)
    changed, age_ms = False, body.age_ms
    absorb = partial(sessions.absorb_activity, actor=actor, session_id=session_id, age_ms=age_ms)
    if not product.absorb(actor.workspace, absorb):
        report = partial(sessions.report_activity, actor=actor, session_id=session_id, age_ms=age_ms)
        changed = await product.ask(actor.workspace, report)
    answer = ActivityOut(status_changed=changed).model_dump_json()
    return Response(answer, 200 if changed else 202, media_type="application/json")


def _own(caller: Actor) -> str:
    """The session of the caller. Raises NotFound for a program, which has none."""
    if caller.session_id is None:
        raise NotFound("not_found", "an API key has no session; name one, as in /v1/sessions/ID/activity")
    return caller.session_id


def _told(agent_id: str, session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "agent_id": agent_id,
        "signed_in_at": session.signed_in_at,
        "last_seen_at": session.last_seen_at,
        "expires_at": session.expires_at,
    }
