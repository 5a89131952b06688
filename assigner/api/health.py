"""Whether the service lives, whether it can work, and what operators watch. These calls need no credential."""

import asyncio

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from assigner.api.credentials import ProductOf
from assigner.api.errors import documented, problem
from assigner.api.metrics import Metrics

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
    """The database can be written, and the dispatchers go on."""
    await asyncio.to_thread(product.database.check_writable)
    if not product.is_alive():
        return problem(503, "stopped", "a dispatcher has stopped; start the service again")
    return Health()


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Waiting and oldest per queue, decisions, commits, and the time from arrival to assignment (Prometheus)."""
    found: Metrics = request.app.state.metrics
    text = await asyncio.to_thread(generate_latest, found.registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST)
