"""Whether the service lives, whether it can work, and what operators watch. These calls need no credential.

A node that lives but cannot work says why, so that no requests are sent to it until it can."""

import asyncio
import hmac

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from assigner.api.credentials import ProductOf, bearer_of, caller, shows_something
from assigner.api.errors import documented, problem
from assigner.api.metrics import Metrics
from assigner.store.leases import SEEN_WITHIN
from assigner.store.migrate import NewerSchema, refuse_newer

router = APIRouter(tags=["operation"])


class Health(BaseModel):
    """All is well."""

    status: str = "ok"


@router.get("/healthz")
async def healthz() -> Health:
    """The process answers."""
    return Health()


@router.get("/readyz", responses=documented(503), response_model=Health)
async def readyz(product: ProductOf) -> Health | Response:
    """The database can be written, its tables are such that this version can use them, the dispatchers go on, and other
    nodes see that this one does."""
    if product.leases is not None and product.leases.age > SEEN_WITHIN:
        detail = (
            "other nodes do not see that this one goes on: it has lost its connection to the database, and tries again"
        )
        return problem(503, "stopped", detail)
    await asyncio.to_thread(product.database.check_writable)  # on a connection that is cut it takes long to know
    try:
        await asyncio.to_thread(refuse_newer, product.database)
    except NewerSchema as newer:
        return problem(503, "newer_schema", f"this node is too old: {newer}")
    if not product.is_alive():
        return problem(503, "stopped", "a dispatcher has stopped; start the service again")
    return Health()


@router.get("/metrics", response_class=Response, responses=documented(401))
async def metrics(request: Request) -> Response:
    """Waiting and oldest per queue, decisions, commits, and the time from arrival to assignment (Prometheus).

    Of the whole service; to the credential of a workspace, what waits in that workspace. Where the setting
    ASSIGNER_METRICS_TOKEN is made, the whole is shown to those only who show it as a bearer token."""
    found: Metrics = request.app.state.metrics
    token: str | None = request.app.state.settings.metrics_token
    is_operator = token is not None and hmac.compare_digest(bearer_of(request).encode(), token.encode())
    is_open = token is None and not shows_something(request)
    registry = found.registry if is_operator or is_open else found.of_workspace((await caller(request)).workspace)
    text = await asyncio.to_thread(generate_latest, registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST)
