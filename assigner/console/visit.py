"""One request of a person to a page: who it is, what it may read, and how it asks for something to be done.

A page reads with `reading()` (values only; they are shown after the lock is let go) and asks with `ask()`; both go
through the product, as every call of the HTTP interface does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlalchemy import Connection

from assigner.asking import Request as AskedFor
from assigner.console.doors import Doors
from assigner.console.looks import Looks, looks_of
from assigner.product import Product
from assigner.service.actor import Actor, Permission
from assigner.service.workspace import Workspace
from presence.errors import Forbidden, Refused

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A signed-in agent at a page. `actor.agent_id` is never None here."""

    request: Request
    product: Product
    actor: Actor
    agent_id: str
    looks: Looks

    @property
    def now(self) -> datetime:
        """What time it is."""
        return self.product.clock()

    def may(self, permission: str) -> bool:
        """Whether the visitor has a permission, by its name."""
        return self.actor.may(Permission(permission))

    @contextmanager
    def reading(self) -> Iterator[Workspace]:
        """The workspace as the last commit left it; nothing is committed meanwhile: only take what is to be shown."""
        with self.product.reading(self.actor.workspace) as workspace:
            yield workspace

    def note(self, refused: Refused) -> None:
        """Let the audit know where the visitor may not do what was asked."""
        doors: Doors = self.request.app.state.doors
        if isinstance(refused, Forbidden):
            doors.refused(self.actor, self.request)

    @contextmanager
    def stored(self) -> Iterator[Connection]:
        """The database, for what is not held in memory."""
        with self.product.database.reading() as connection:
            yield connection

    async def ask(self, request: AskedFor[Answer], *, contact_ids: tuple[str, ...] = ()) -> Answer:
        """Have something done, and wait for its commit. Raises Refused, StoreUnavailable."""
        return await self.product.ask(self.actor.workspace, request, contact_ids=contact_ids)


async def visit_of(request: Request) -> Visit:
    """The visit that a request is. Raises Forbidden `signed_out` where nobody, or no person, is signed in."""
    doors: Doors = request.app.state.doors
    actor = await doors.who(request)
    if actor.agent_id is None:
        raise Forbidden("signed_out", "pages are for people: sign in with an email and a password")
    return Visit(
        request=request,
        product=request.app.state.product,
        actor=actor,
        agent_id=actor.agent_id,
        looks=looks_of(request),
    )


Visiting = Annotated[Visit, Depends(visit_of)]
"""A parameter of a page or form: whoever is not signed in is sent to the sign-in page first."""
