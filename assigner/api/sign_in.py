"""How people come in with a browser: with a password, and before that with a link to choose one.

A link is handed over by an administrator and opens a plain form of the console; it counts once, and not for long.
Whoever has shown who it is gets a cookie: HttpOnly, SameSite=Lax, and bound to this host and https where the service is
reached like that."""

import asyncio
import secrets
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assigner.api.credentials import (
    Caller,
    ProductOf,
    cookie_name,
    hash_of,
    is_https,
    session_shown,
    signed_out,
)
from assigner.api.errors import documented
from assigner.api.limits import SignIns
from assigner.api.schemas import Asked
from assigner.api.sessions import SessionOut, session_told
from assigner.product import Product
from assigner.service import agents, invitations, passwords, sessions
from assigner.service.ids import new_id
from assigner.service.sessions import Browser
from assigner.store.accounts import StoredAccount, find_accounts
from assigner.store.invitations import StoredInvitation, find_invitation
from presence.errors import NotFound
from presence.model import Session

router = APIRouter(tags=["sessions"])


class SignInIn(Asked):
    """Who signs in."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"email": "ana@example.com", "password": "correct horse battery"}}
    )

    email: str
    password: str = Field(max_length=1000)


class SignedIn(SessionOut):
    """A session with its token, which is shown once: as a bearer token it does what the cookie does."""

    token: str


class InvitationOut(BaseModel):
    """A link with which an agent chooses a password, to be handed over. It counts once, and is shown once."""

    agent_id: str
    url: str
    expires_at: datetime


@router.post("/v1/sessions", status_code=201, responses=documented(401, 403, 422, 429, 503))
async def sign_in(request: Request, response: Response, body: SignInIn, product: ProductOf) -> SignedIn:
    """Sign in with a password. The session ends after 30 days (a setting), whatever the agent does; one of the same
    agent whose cookie came with the request ends now."""
    account = await _account(request, product, body)
    token, agent_id, session = await begin_in_browser(request, response, account.workspace, account.agent_id)
    return SignedIn(**session_told(agent_id, session), token=token)


async def begin_in_browser(
    request: Request, response: Response, workspace: int, agent_id: str
) -> tuple[str, str, Session]:
    """Begin a session of an agent who has shown who it is, and give the browser its cookie: a new one each time.

    Returns the token, the agent and the session. Raises Forbidden for a deactivated agent."""
    product: Product = request.app.state.product
    lasts: int = request.app.state.settings.session_seconds
    before = await session_shown(request)
    token = secrets.token_urlsafe(32)
    browser = Browser(
        token_hash=hash_of(token),
        lasts=lasts,
        client=request.headers.get("user-agent"),
        instead_of=before.session_id if before and before.workspace == workspace else None,
    )
    session_id = new_id(now=product.clock())
    ask = partial(sessions.begin_in_browser, agent_id=agent_id, session_id=session_id, browser=browser)
    agent_id, session = await product.ask(workspace, ask)
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=lasts,
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="lax",
    )
    return token, agent_id, session


@router.post("/v1/agents/{agent_id}/invitation", status_code=201, responses=documented(401, 403, 404, 409, 422, 503))
async def invite(agent_id: str, request: Request, caller: Caller, product: ProductOf) -> InvitationOut:
    """Make a link with which an agent chooses a password: the first, or another where it was forgotten.

    It counts for three days, and instead of one that was made before."""
    token = secrets.token_urlsafe(32)
    ask = partial(invitations.invite, actor=caller, agent_id=agent_id, token_hash=hash_of(token))
    expires_at = await product.ask(caller.workspace, ask)
    base = request.app.state.settings.public_url or str(request.base_url).rstrip("/")
    return InvitationOut(agent_id=agent_id, url=f"{base}/invitation/{token}", expires_at=expires_at)


async def choose_password(product: Product, token: str, password: str) -> None:
    """Whoever has a link has chosen a password. Raises NotFound for a link that counts no more, Invalid."""
    invitation = await asyncio.to_thread(invitation_of, product, token)
    agents.check_password(password)
    password_hash = await passwords.hashed(password)
    await product.ask(
        invitation.workspace, partial(invitations.accept, invitation=invitation, password_hash=password_hash)
    )


def invitation_of(product: Product, token: str) -> StoredInvitation:
    """The invitation of a link. Raises NotFound for one that counts no more, or never did."""
    with product.database.reading() as connection:
        found = find_invitation(connection, hash_of(token))
    if found is None or found.expires_at <= product.clock():
        raise NotFound("not_found", "this link counts no more; ask an administrator for another")
    return found


async def _account(request: Request, product: Product, body: SignInIn) -> StoredAccount:
    """Whose email and password these are. Raises TooMany, Forbidden `signed_out` (401); an unknown email takes as
    long."""
    email, address = body.email.strip().lower(), request.client.host if request.client else ""
    limit: SignIns = request.app.state.sign_ins
    await asyncio.to_thread(limit.begin, email, address)
    accounts = await asyncio.to_thread(_accounts, product, email)
    for account in accounts:
        if await passwords.matches(body.password, account.password_hash):
            await asyncio.to_thread(limit.succeeded, email, address)
            return account
    if not accounts:
        await passwords.matches(body.password, None)
    raise signed_out("email or password is wrong; an administrator can set another password")


def _accounts(product: Product, email: str) -> list[StoredAccount]:
    with product.database.reading() as connection:
        return find_accounts(connection, email)
