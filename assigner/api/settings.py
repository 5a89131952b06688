"""Settings documents: when statuses change by themselves, and how contacts are assigned.

A document is read by the rooms that know what its fields mean; here it only passes."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import BeforeValidator, ConfigDict

from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.preconditions import IfMatch
from assigner.api.schemas import Asked, need_shallow
from assigner.service import settings

router = APIRouter(tags=["settings"])

Document = dict[str, Any]
PRESENCE_EXAMPLE: Document = {"preset": "emplifi_care", "away_after": 600, "offline_after": 1800}
ASSIGNMENT_EXAMPLE: Document = {
    "enabled": True,
    "default_capacity": 3,
    "flood_limit": {"contacts": 2, "per": 60},
    "wrap_up": 30,
    "offer": {"timeout": 20, "decline_pause": 60, "missed_limit": 3},
    "on_offline": {"contacts": "unanswered", "grace": 120},
}
PresenceIn = Annotated[Document, BeforeValidator(need_shallow), Body(examples=[PRESENCE_EXAMPLE])]
AssignmentIn = Annotated[Document, BeforeValidator(need_shallow), Body(examples=[ASSIGNMENT_EXAMPLE])]


class PresetIn(Asked):
    """A product to behave like: respond_io, 1980tic, emplifi_care or ocelot."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "ocelot"}})

    name: str


@router.get("/v1/settings/presence", responses=documented(401, 403))
def get_presence(caller: Caller, product: ProductOf) -> Document:
    """The presence policy in force."""
    with product.reading(caller.workspace) as workspace:
        return settings.presence_document(workspace)


@router.put("/v1/settings/presence", responses=documented(401, 403, 412, 422, 503))
async def put_presence(body: PresenceIn, caller: Caller, product: ProductOf, version: IfMatch) -> Document:
    """Another presence policy, for everybody at once. What is left out takes the preset's value, else the default."""
    ask = partial(settings.save_presence, actor=caller, asked=body, expected=version)
    return await product.ask(caller.workspace, ask)


@router.get("/v1/settings/assignment", responses=documented(401, 403))
def get_assignment(caller: Caller, product: ProductOf) -> Document:
    """The assignment settings in force."""
    with product.reading(caller.workspace) as workspace:
        return settings.assignment_document(workspace)


@router.put("/v1/settings/assignment", responses=documented(401, 403, 412, 422, 503))
async def put_assignment(body: AssignmentIn, caller: Caller, product: ProductOf, version: IfMatch) -> Document:
    """Other assignment settings. `enabled: false` lets every contact wait."""
    ask = partial(settings.save_assignment, actor=caller, asked=body, expected=version)
    return await product.ask(caller.workspace, ask)


@router.post("/v1/settings/preset", responses=documented(401, 403, 422, 503))
async def choose_preset(body: PresetIn, caller: Caller, product: ProductOf) -> Document:
    """Take the presence policy of a product. It stays named, and bounds what can be saved later."""
    ask = partial(settings.save_presence, actor=caller, asked={"preset": body.name})
    return await product.ask(caller.workspace, ask)
