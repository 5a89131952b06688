"""Queues: how many wait and since when, who belongs to them, and who could serve and why not.

An agent sees the queues that the agent is a member of; who may write contacts sees all."""

from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.explanations import StepOut, step_out
from assigner.api.paging import PAGE, Cursor, Limit, Page, page_of_ids
from assigner.service.actor import Actor
from assigner.service.queues import QueueState, need_queue, queue_states, servers
from assigner.service.reading import visible_queues
from assigner.service.workspace import Workspace
from assigner.sight import read
from presence.errors import Forbidden

router = APIRouter(tags=["queues"], responses=documented(401, 403))


class QueueOut(BaseModel):
    """One queue now; `members` are counted by status. `alarm`: nobody_there or target_missed, while it is raised.

    `expected_wait` is in seconds: the middle one of the waits of contacts that the queue gave out within an hour and
    that are still open; 0 where somebody is free and nothing waits, null where nobody is there or nothing is known.
    While nobody is free, waits of less than a second do not count, and it is no less than the middle age of those that
    wait."""

    name: str
    offices: list[str]
    strategy: str
    waiting: int
    oldest_queued_at: datetime | None
    members: dict[str, int]
    alarm: str | None
    expected_wait: int | None


class ServerOut(BaseModel):
    """A member of a queue: whether the agent could serve a contact that needs no more than the queue, else why not."""

    agent_id: str
    name: str
    status: str
    eligible: bool
    reason: str | None


class OneQueueOut(QueueOut):
    """One queue now, with everybody who belongs to it."""

    steps: list[StepOut]
    agents: list[ServerOut]


@router.get("/v1/queues", responses=documented(422))
async def list_queues(caller: Caller, product: ProductOf, cursor: Cursor = None, limit: Limit = PAGE) -> Page[QueueOut]:
    """All queues, by name; an agent sees the own ones."""
    return await read(product, caller, partial(_queues, caller, (cursor, limit), product.clock()))


@router.get("/v1/queues/{name}", responses=documented(404))
async def get_queue(name: str, caller: Caller, product: ProductOf) -> OneQueueOut:
    """One queue, with who could serve and why not."""
    return await read(product, caller, partial(_queue, caller, name, product.clock()))


def _queues(caller: Actor, part: tuple[str | None, int], now: datetime, workspace: Workspace) -> Page[QueueOut]:
    names, next_cursor = page_of_ids(visible_queues(workspace, caller), *part)
    states = queue_states(workspace.floor, frozenset(names), now=now)
    return Page(items=[QueueOut(**_told(state)) for state in states], next_cursor=next_cursor)


def _queue(caller: Actor, name: str, now: datetime, workspace: Workspace) -> OneQueueOut:
    need_queue(workspace.floor, name)
    if name not in visible_queues(workspace, caller):
        raise Forbidden("forbidden", f"queue {name!r} is not one of yours; ask a supervisor")
    (state,) = queue_states(workspace.floor, frozenset({name}), now=now)
    members, steps = servers(workspace.floor, name, now=now)
    agents = [
        ServerOut(
            agent_id=each.agent_id,
            name=each.name,
            status=each.status,
            eligible=each.reason is None,
            reason=each.reason,
        )
        for each in members
    ]
    return OneQueueOut(**_told(state), steps=[step_out(step) for step in steps], agents=agents)


def _told(state: QueueState) -> dict[str, Any]:
    return {
        "name": state.name,
        "offices": list(state.offices),
        "strategy": state.strategy,
        "waiting": state.waiting,
        "oldest_queued_at": state.oldest,
        "alarm": state.alarm,
        "expected_wait": None if state.expected_wait is None else round(state.expected_wait),
        "members": {status.value: count for status, count in state.members},
    }
