"""Agents: who they are, what they can do, where they belong, and with what they sign in.

Documents are shaped here and read in `service.agents`, by the same reader as organisation files."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field, StringConstraints

from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.paging import PAGE, Cursor, Limit, Page, page_of_ids
from assigner.api.preconditions import IfMatch
from assigner.api.schemas import Asked, Id
from assigner.service import agents, offers, passwords

router = APIRouter(tags=["agents"])

Document = dict[str, Any]


class AgentIn(Asked):
    """An agent. In a PUT what is left out takes its default, in a PATCH it stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "name": "Ana",
                "email": "ana@example.com",
                "role": "agent",
                "offices": ["madrid"],
                "skills": {"es": 3, "en": 1},
                "capacity": 3,
            }
        },
    )

    id: str | None = Field(default=None, description="May stand here as it was read; the one in the path counts")
    name: str | None = None
    email: str | None = Field(default=None, description="What the agent signs in with")
    role: str | None = Field(default=None, description="agent, supervisor or admin; default agent")
    takes_contacts: bool | None = Field(default=None, strict=True, description="Default: whether the role is agent")
    offices: list[str] | None = None
    skills: dict[str, Any] | list[str] | None = Field(default=None, description="Skill and level, or a list (level 1)")
    capacity: Annotated[int, Field(strict=True)] | dict[str, Any] | None = Field(
        default=None, description="A number, {total, channels: {chat: 3}}, or null: the workspace's default"
    )
    weight: int | None = Field(default=None, strict=True)
    active: bool | None = Field(default=None, strict=True)
    wrap_up: int | None = Field(
        default=None, strict=True, description="Seconds after each close; null: the queue's, else the workspace's"
    )
    version: int | None = Field(default=None, description="May stand here as it was read; If-Match is what counts")

    def asked(self) -> Document:
        """The fields that were sent."""
        return self.model_dump(exclude_unset=True, exclude={"id", "version"})


class PasswordIn(Asked):
    """A password of at least 8 characters."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"password": "correct horse battery"}})

    password: str


AgentId = Annotated[Id, StringConstraints(pattern=r"\S")]


@router.get("/v1/agents", responses=documented(401, 403, 422))
def list_agents(caller: Caller, product: ProductOf, cursor: Cursor = None, limit: Limit = PAGE) -> Page[Document]:
    """All agents, by id."""
    with product.reading(caller.workspace) as workspace:
        ids, next_cursor = page_of_ids(workspace.agents, cursor, limit)
        return Page(items=[agents.agent_document(workspace, each) for each in ids], next_cursor=next_cursor)


@router.get("/v1/agents/{agent_id}", responses=documented(401, 403, 404))
def get_agent(agent_id: str, caller: Caller, product: ProductOf) -> Document:
    """One agent."""
    with product.reading(caller.workspace) as workspace:
        return agents.agent_document(workspace, agent_id)


@router.put("/v1/agents/{agent_id}", responses=documented(401, 403, 409, 412, 422, 503))
async def put_agent(agent_id: AgentId, body: AgentIn, caller: Caller, product: ProductOf, version: IfMatch) -> Document:
    """An agent comes to be, or becomes another. Deactivated, an agent is signed out everywhere."""
    ask = partial(agents.put_agent, actor=caller, agent_id=agent_id, asked=body.asked(), expected=version)
    return await product.ask(caller.workspace, ask)


@router.patch("/v1/agents/{agent_id}", responses=documented(401, 403, 404, 409, 412, 422, 503))
async def patch_agent(agent_id: str, body: AgentIn, caller: Caller, product: ProductOf, version: IfMatch) -> Document:
    """Change some fields of an agent."""
    ask = partial(agents.patch_agent, actor=caller, agent_id=agent_id, changes=body.asked(), expected=version)
    return await product.ask(caller.workspace, ask)


@router.delete("/v1/agents/{agent_id}", status_code=204, responses=documented(401, 403, 404, 409, 412, 503))
async def delete_agent(
    agent_id: str, caller: Caller, product: ProductOf, version: IfMatch, reassign: bool = False
) -> None:
    """An agent is gone. Who holds contacts is refused, unless `reassign`: they wait again first."""
    ask = partial(agents.delete_agent, actor=caller, agent_id=agent_id, reassign=reassign, expected=version)
    await product.ask(caller.workspace, ask)


@router.put("/v1/agents/{agent_id}/password", status_code=204, responses=documented(401, 403, 404, 422, 503))
async def put_password(agent_id: str, body: PasswordIn, caller: Caller, product: ProductOf) -> None:
    """An agent signs in with this password from now on: one's own, or with `agents.manage` anybody's."""
    agents.need_own_or_manage(caller, agent_id)
    agents.check_password(body.password)
    password_hash = await passwords.hashed(body.password)
    ask = partial(agents.set_password, actor=caller, agent_id=agent_id, password_hash=password_hash)
    await product.ask(caller.workspace, ask)


@router.delete("/v1/agents/{agent_id}/wrap-up", status_code=204, responses=documented(401, 403, 404, 503))
async def end_wrap_up(agent_id: str, caller: Caller, product: ProductOf) -> None:
    """The agent needs no more time after what is closed: one's own, or with `availability.manage` anybody's."""
    await product.ask(caller.workspace, partial(offers.end_wrap_up, actor=caller, agent_id=agent_id))
