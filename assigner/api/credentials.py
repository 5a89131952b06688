"""Who asks: from what a request shows to the `Actor` that every request of the service is given.

A program shows an API key, a browser the cookie of its session, a host application's page the token of a session.
Whether a session goes on is read off the agent's facts each time, so a sign-out counts at once; keys are remembered
until one is deleted or a role changes, but not for long."""

import asyncio
import hashlib
import hmac
import logging
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request

from assigner.product import Product
from assigner.service import roles
from assigner.service.actor import Actor, Permission
from assigner.service.keys import DELETED, PREFIX
from assigner.service.sessions import actor_in_session
from assigner.store.credentials import StoredKey, StoredSignIn, find_key, find_sign_in, note_use
from assigner.store.database import StoreUnavailable
from assigner.store.rows import Entry
from presence.errors import Forbidden

log = logging.getLogger(__name__)

COOKIE = "assigner_session"
SECURE_COOKIE = f"__Host-{COOKIE}"
"""The cookie where the service is reached by https: no other host or path can have set it."""
REMEMBERED_FOR = timedelta(seconds=10)
"""How long another node's deletion of a key may go unnoticed."""
REMEMBERED = 10_000
USE_NOTED_AFTER = timedelta(minutes=10)
"""How old the noted use of a key must be before another is noted: programs ask often, and each note is a commit."""
FORGOTTEN_AFTER = frozenset({DELETED, roles.CHANGED, roles.REMOVED})
"""After which changes of a workspace a remembered key may do something else."""


async def product_of(request: Request) -> Product:
    """The product that the application serves."""
    product: Product = request.app.state.product
    return product


ProductOf = Annotated[Product, Depends(product_of)]


class Credentials:
    """What was looked up lately: the actors of keys, and the sessions of tokens, by the hash of what was shown."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._keys: dict[bytes, tuple[datetime, Actor]] = {}
        self._sessions: dict[bytes, StoredSignIn] = {}
        self._forgotten = 0
        product.committed.append(self._forget)

    async def actor(self, shown: str) -> Actor:
        """Who shows a key or a token. Raises Forbidden `signed_out`."""
        shown_hash = hash_of(shown)
        known = self._keys.get(shown_hash)
        if known is not None and self._product.clock() < known[0]:
            return known[1]
        if shown.startswith(PREFIX):
            return await asyncio.to_thread(self._actor_of_key, shown, shown_hash)
        return await asyncio.to_thread(self.actor_of_session, shown)

    def actor_of_session(self, token: str) -> Actor:
        """The agent whose session a token belongs to. Raises Forbidden `signed_out` for one that has ended."""
        token_hash = hash_of(token)
        session = self._sessions.get(token_hash)
        if session is None:
            with self._product.database.reading() as connection:
                session = find_sign_in(connection, token_hash)
            if session is None:
                raise signed_out("this session has ended or never was; sign in again")
            if len(self._sessions) >= REMEMBERED:
                self._sessions.clear()
            self._sessions[token_hash] = session
        return self._actor_of(session)

    def _actor_of(self, session: StoredSignIn) -> Actor:
        now = self._product.clock()
        with self._product.reading(session.workspace) as workspace:
            agent = workspace.agents.get(session.agent_id)
            actor = actor_in_session(workspace, session.agent_id, session.session_id) if agent is not None else None
        if agent is None or actor is None or not agent.seat.agent.active:
            raise signed_out("this agent is deactivated; ask an administrator")
        found = next((each for each in agent.facts.sessions if each.id == session.session_id), None)
        if found is None or found.ended_at is not None or (found.expires_at is not None and found.expires_at <= now):
            raise signed_out("this session has ended; sign in again")
        return actor

    def _actor_of_key(self, shown: str, shown_hash: bytes) -> Actor:
        forgotten, now = self._forgotten, self._product.clock()
        key_id, _, secret = shown.removeprefix(PREFIX).partition("_")
        with self._product.database.reading() as connection:
            key = find_key(connection, key_id)
        if key is None or not hmac.compare_digest(key.secret_hash, hash_of(secret)):
            raise signed_out("this API key is unknown or was deleted; ask an administrator for another")
        if key.expires_at is not None and key.expires_at <= now:
            raise signed_out(f"this API key has expired at {key.expires_at}; ask an administrator for another")
        self._note_use(key, now=now)
        actor = Actor(name=f"key:{key.id}", workspace=key.workspace, permissions=self._permissions(key))
        if forgotten == self._forgotten:
            if len(self._keys) >= REMEMBERED:
                self._keys.clear()
            until = now + REMEMBERED_FOR
            self._keys[shown_hash] = min(until, key.expires_at or until), actor
        return actor

    def _permissions(self, key: StoredKey) -> frozenset[Permission]:
        if key.permissions is not None:
            return frozenset(map(Permission, key.permissions))
        with self._product.reading(key.workspace) as workspace:
            return workspace.permissions_of(key.role or "")

    def _note_use(self, key: StoredKey, *, now: datetime) -> None:
        """Write when a key was used, where that is news; a request goes on without where nothing can be written."""
        if key.last_used_at is not None and now - key.last_used_at < USE_NOTED_AFTER:
            return
        try:
            with self._product.database.writing() as connection:
                note_use(connection, key.id, at=now)
        except StoreUnavailable as error:
            log.warning("the use of key %s could not be noted: %s", key.id, error)

    def _forget(self, _workspace: int, _change_no: int, entries: list[Entry]) -> None:
        if any(entry.kind in FORGOTTEN_AFTER for entry in entries):
            self._forgotten += 1
            self._keys.clear()


def hash_of(secret: str) -> bytes:
    """What is stored of a secret or a token: both are random and long, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).digest()


def signed_out(message: str) -> Forbidden:
    """The refusal of a caller whom nobody knows (401)."""
    return Forbidden("signed_out", message)


async def session_shown(request: Request) -> Actor | None:
    """Whose session the cookie of a request belongs to; None where there is no cookie, or its session has ended."""
    cookie = _cookie(request)
    credentials: Credentials = request.app.state.credentials
    try:
        return None if cookie is None else await asyncio.to_thread(credentials.actor_of_session, cookie)
    except Forbidden:
        return None


def shown_by(request: Request) -> str:
    """The key or token that a request shows. Raises Forbidden `signed_out` where it shows none."""
    if not shows_something(request):
        raise signed_out("this needs a credential: send Authorization: Bearer with an API key, or sign in")
    shown = bearer_of(request) if "authorization" in request.headers else _cookie(request)
    if not shown:
        raise signed_out("the Authorization header cannot be read; it is written: Bearer, a space, and the API key")
    return shown


def shows_something(request: Request) -> bool:
    """Whether a request comes with a credential, whatever it is worth."""
    return "authorization" in request.headers or _cookie(request) is not None


def bearer_of(request: Request) -> str:
    """What stands behind `Authorization: Bearer`; nothing where that is not how the header is written."""
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    return shown.strip() if scheme.lower() == "bearer" else ""


def cookie_name(request: Request) -> str:
    """The cookie that counts. Where browsers come by https it is only the one that no other host can have set."""
    return SECURE_COOKIE if is_https(request) else COOKIE


def is_https(request: Request) -> bool:
    """Whether browsers reach the service by https."""
    return str(request.app.state.settings.public_url or request.url).startswith("https:")


def _cookie(request: Request) -> str | None:
    return request.cookies.get(cookie_name(request))


async def caller(request: Request) -> Actor:
    """The actor behind a request, who may ask it. Raises Forbidden: `signed_out`, or `forbidden` by the table of
    needs."""
    credentials: Credentials = request.app.state.credentials
    actor = await credentials.actor(shown_by(request))
    request.state.actor = actor
    need = request.app.state.needs.get(request.scope["endpoint"])
    if need is not None:
        need.check(actor)
    return actor


async def still_known(request: Request) -> Actor | None:
    """The actor behind a request, with what the actor may do by now; None where what was shown counts no more."""
    try:
        return await caller(request)
    except Forbidden:
        return None


Caller = Annotated[Actor, Depends(caller)]
