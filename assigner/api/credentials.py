"""Who asks: from what a request shows to the `Actor` that every request of the service is given.

A program shows an API key, a browser the cookie of its session, a host application's page the token of a session.
Whether a session goes on is read off the agent's facts each time, so a sign-out counts at once; keys are remembered
until one is deleted, but not for long."""

import asyncio
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request

from assigner.product import Product
from assigner.service.actor import ROLES, Actor
from assigner.service.keys import DELETED, PREFIX
from assigner.store.credentials import StoredSignIn, find_key, find_sign_in
from assigner.store.rows import Entry
from presence.errors import Forbidden

COOKIE = "assigner_session"
SECURE_COOKIE = f"__Host-{COOKIE}"
"""The cookie where the service is reached by https: no other host or path can have set it."""
REMEMBERED_FOR = timedelta(seconds=10)
"""How long another node's deletion of a key may go unnoticed."""
REMEMBERED = 10_000


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
        self._deletions = 0
        product.committed.append(self._forget_deleted)

    async def actor(self, shown: str) -> Actor:
        """Who shows a key or a token. Raises Forbidden `signed_out`."""
        shown_hash = hash_of(shown)
        known = self._keys.get(shown_hash)
        if known is not None and self._product.clock() - known[0] < REMEMBERED_FOR:
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
        if agent is None or not agent.seat.agent.active:
            raise signed_out("this agent is deactivated; ask an administrator")
        found = next((each for each in agent.facts.sessions if each.id == session.session_id), None)
        if found is None or found.ended_at is not None or (found.expires_at is not None and found.expires_at <= now):
            raise signed_out("this session has ended; sign in again")
        return Actor(
            name=f"agent:{session.agent_id}",
            workspace=session.workspace,
            permissions=ROLES[agent.role],
            agent_id=session.agent_id,
            session_id=session.session_id,
        )

    def _actor_of_key(self, shown: str, shown_hash: bytes) -> Actor:
        deletions = self._deletions
        key_id, _, secret = shown.removeprefix(PREFIX).partition("_")
        with self._product.database.reading() as connection:
            key = find_key(connection, key_id)
        if key is None or not hmac.compare_digest(key.secret_hash, hash_of(secret)):
            raise signed_out("this API key is unknown or was deleted; ask an administrator for another")
        actor = Actor(name=f"key:{key.id}", workspace=key.workspace, permissions=ROLES[key.role])
        if deletions == self._deletions:
            if len(self._keys) >= REMEMBERED:
                self._keys.clear()
            self._keys[shown_hash] = self._product.clock(), actor
        return actor

    def _forget_deleted(self, _workspace: int, _change_no: int, entries: list[Entry]) -> None:
        if any(entry.kind == DELETED for entry in entries):
            self._deletions += 1
            self._keys.clear()


def hash_of(secret: str) -> bytes:
    """What is stored of a secret or a token: both are random and long, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).digest()


def signed_out(message: str) -> Forbidden:
    """The refusal of a caller whom nobody knows (401)."""
    return Forbidden("signed_out", message)


def shown_by(request: Request) -> str:
    """The key or token that a request shows. Raises Forbidden `signed_out` where it shows none."""
    header = request.headers.get("authorization")
    if header is None:
        if cookie := request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE):
            return cookie
        raise signed_out("this needs a credential: send Authorization: Bearer with an API key, or sign in")
    scheme, _, shown = header.partition(" ")
    if scheme.lower() != "bearer" or not shown.strip():
        raise signed_out("the Authorization header cannot be read; it is written: Bearer, a space, and the API key")
    return shown.strip()


async def caller(request: Request) -> Actor:
    """The actor behind a request. Raises Forbidden `signed_out`."""
    credentials: Credentials = request.app.state.credentials
    actor = await credentials.actor(shown_by(request))
    request.state.actor = actor
    return actor


async def is_known(request: Request) -> bool:
    """Whether what a request shows still counts; of a stream that asks, it may not."""
    try:
        await caller(request)
    except Forbidden:
        return False
    return True


Caller = Annotated[Actor, Depends(caller)]
