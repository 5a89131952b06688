"""The HTTP service: one application over one product, with a router for each kind of call.

Everything that goes wrong is answered by `errors`; who asks is found out by `credentials`; bodies that are too large
are refused while they are read."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assigner.api import (
    agents,
    audit,
    contacts,
    events,
    explanations,
    health,
    imports,
    intake,
    keys,
    offices,
    presence,
    queues,
    reports,
    rules,
    sessions,
    settings,
)
from assigner.api.assignments import Assignments
from assigner.api.credentials import Credentials
from assigner.api.doors import doors
from assigner.api.errors import Problem, answer_problems, problem
from assigner.api.metrics import Metrics
from assigner.api.refusals import Refusals
from assigner.api.request_ids import RequestIds
from assigner.console.app import ROUTERS as PAGES
from assigner.product import Product

LARGEST_BODY = 1_000_000
LARGEST = {"/v1/contacts/batch": 8_000_000}
"""How many bytes a body may have."""

ROUTERS = (
    intake,
    contacts,
    explanations,
    queues,
    sessions,
    presence,
    agents,
    offices,
    rules,
    settings,
    keys,
    audit,
    reports,
    imports,
    events,
    health,
)

HOT = (
    ("/v1/contacts", intake.take_in),
    ("/v1/sessions/current/activity", sessions.report_own_activity),
    ("/v1/sessions/{session_id}/activity", sessions.report_activity),
)
"""The calls that come most often are answered without FastAPI, which only documents them: injecting what a call needs
costs more than the call."""

DESCRIPTION = """
Gives each waiting contact to the right agent, and says why. Send a contact, let agents say whether they are there, and
listen to the events.

Every call needs a credential: `Authorization: Bearer` with an API key or the token of a session, or the cookie of a
session. Instants are RFC 3339 in UTC, durations whole seconds. Whatever is refused is answered as a problem (RFC 9457)
with a stable `code`, and has changed nothing.
"""


class Limits:
    """Refuses to read more of a body than its call allows, and an address with the character 0, which no database
    knows."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting its bytes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            refused = problem(422, "invalid", "the address holds the character 0 (%00), which nothing is called by")
            await refused(scope, receive, send)
            return
        limit, read = LARGEST.get(scope["path"], LARGEST_BODY), 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise HTTPException(413, f"the body is larger than {limit} bytes; send less at once")
            return message

        await self._app(scope, counted, send)


def create_app(product: Product, *, public_url: str | None = None) -> FastAPI:
    """The application that serves a product; `public_url` is how others reach it, where that is known."""
    refusals = Refusals(product)

    @asynccontextmanager
    async def serving(_: FastAPI) -> AsyncIterator[None]:
        yield
        refusals.write()

    app = FastAPI(
        title="contact-assigner",
        version=version("contact-assigner"),
        summary="Gives each waiting customer contact to the right agent, and says why",
        description=DESCRIPTION,
        redirect_slashes=False,
        lifespan=serving,
    )
    app.state.product = product
    app.state.public_url = public_url
    app.state.credentials = Credentials(product)
    app.state.doors = doors(product, refusals)
    app.state.assignments = Assignments(product)
    app.state.metrics = Metrics(product)
    answer_problems(app, refusals)
    app.add_middleware(Limits)
    app.add_middleware(RequestIds)
    for module in ROUTERS:
        app.include_router(module.router)
    app.router.routes[:0] = [Route(path, call, methods=["POST"]) for path, call in HOT]
    for router in PAGES:
        app.include_router(router)
    app.openapi = _with_problems(app)  # type: ignore[method-assign]
    return app


def _with_problems(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The documentation of the calls, with the shape that all problems have."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        schema = described()
        shapes = schema.setdefault("components", {}).setdefault("schemas", {})
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        shapes |= problem.pop("$defs", {}) | {"Problem": problem}
        return schema

    return openapi
