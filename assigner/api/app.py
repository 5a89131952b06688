"""The HTTP service: one application over one product, with a router for each kind of call.

Everything that goes wrong is answered by `errors`; who asks is found out by `credentials`; `safety` sees to what every
request and answer must be, whatever they are about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from starlette.routing import Match, Route

from assigner.api import (
    access,
    agents,
    audit,
    contacts,
    customers,
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
    roles,
    rules,
    sessions,
    settings,
    sign_in,
    webhooks,
)
from assigner.api.assignments import Assignments
from assigner.api.calls import Calls
from assigner.api.credentials import Credentials
from assigner.api.description import completed
from assigner.api.doors import doors
from assigner.api.errors import answer_problems
from assigner.api.limits import Intake, SignIns
from assigner.api.metrics import Metrics
from assigner.api.refusals import Refusals
from assigner.api.safety import ANSWERS, Safety
from assigner.api.tabs import Tabs
from assigner.console.app import ROUTERS as PAGES
from assigner.product import Product
from assigner.settings import Settings

ROUTERS = (
    intake,
    contacts,
    explanations,
    queues,
    sign_in,
    sessions,
    presence,
    agents,
    roles,
    offices,
    rules,
    settings,
    keys,
    audit,
    reports,
    imports,
    customers,
    webhooks,
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


def create_app(product: Product, settings: Settings | None = None) -> FastAPI:
    """The application that serves a product."""
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
        docs_url=None,
        redoc_url=None,
        lifespan=serving,
    )
    app.state.product = product
    app.state.settings = settings or Settings()
    app.state.credentials = Credentials(product)
    app.state.doors = doors(product, refusals, app.state.settings)
    app.state.assignments = Assignments(product)
    app.state.metrics = Metrics(product)
    app.state.sign_ins = SignIns(product, app.state.settings.sign_in_limit)
    app.state.tabs = Tabs()
    app.state.intake = Intake(product, app.state.settings.intake_limit)
    answer_problems(app, refusals, methods_of=partial(_methods_of, app), headers=ANSWERS)
    app.add_middleware(Safety, public_url=app.state.settings.public_url)
    app.add_middleware(Calls)
    app.state.needs = access.needs_of(route for module in ROUTERS for route in module.router.routes)
    for module in ROUTERS:
        app.include_router(module.router)
    app.router.routes[:0] = [Route(path, call, methods=["POST"]) for path, call in HOT]
    for router in PAGES:
        app.include_router(router)
    app.openapi = completed(app)  # type: ignore[method-assign]
    return app


def _methods_of(app: FastAPI, path: str) -> set[str]:
    """With which methods a path can be asked."""
    routes = [*app.routes, *(route for module in ROUTERS for route in module.router.routes)]
    scope = {"type": "http", "path": path, "root_path": "", "method": ""}
    found = (each for each in routes if isinstance(each, Route) and each.matches(scope)[0] is not Match.NONE)
    return {method for route in found for method in route.methods or ()}
