"""Why: the explanation of a contact, the agents it could go to, and what has happened to it.

Sentences come in three languages; names and codes are the same in all of them."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel

from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.paging import PAGE, Cursor, Limit, Page, cursor_at, place_of
from assigner.core.explain import (
    AgentExplanation,
    Candidate,
    StopExplanation,
    WaitingExplanation,
    explain_candidates,
)
from assigner.core.model import ContactState, Step
from assigner.product import Product
from assigner.service.actor import Actor
from assigner.service.explanations import (
    AssignedExplanation,
    need_waiting,
    why_assigned,
    why_not,
    why_waiting,
)
from assigner.service.told import told
from assigner.sight import find_contact, visible_contact
from assigner.store.load import changes_after, last_change
from assigner.store.rows import ContactRecord, Entry
from presence.labels import accepted_language

router = APIRouter(tags=["explanations"], responses=documented(401, 403, 404, 409, 422))

Language = Literal["en", "de", "es"]


class StepOut(BaseModel):
    """What one check did: how many agents it removed (by status, where that is the reason), how many were left."""

    reason: str
    removed: int
    left: int
    statuses: dict[str, int] = {}


class StopStepsOut(BaseModel):
    """One queue that was asked, with what became of the agents there."""

    queue: str
    entered_at: datetime
    left_at: datetime | None
    steps: list[StepOut]


class AgentLoad(BaseModel):
    """A candidate, and how much the agent held then."""

    agent_id: str
    load: int


class ExplanationOut(BaseModel):
    """Why a contact waits, or why it was given to whom it was given; the second half is null while it waits."""

    contact_id: str
    state: str
    queue: str | None
    rule: str | None
    passed_over: list[str]
    rule_set: str | None
    rule_set_version: int | None
    waiting_because: str | None = None
    sentence: str
    stops: list[StopStepsOut]
    next_change_at: datetime | None = None
    source: str | None = None
    actor: str | None = None
    winner: str | None = None
    runner_up: str | None = None
    key: str | None = None
    decided_at: datetime | None = None
    agents: list[AgentLoad] = []


class AgentExplanationOut(BaseModel):
    """Why one agent does not get a waiting contact: the first check that fails; null for a candidate."""

    contact_id: str
    agent_id: str
    queue: str | None
    eligible: bool
    reason: str | None
    status: str
    sentence: str
    may_change_at: datetime | None


class CandidateOut(BaseModel):
    """An agent as one sees the agent before assigning by hand."""

    agent_id: str
    name: str
    status: str
    eligible: bool
    reasons: list[str]
    open_contacts: int
    capacity: int | None


class CandidatesOut(BaseModel):
    """All agents for a waiting contact, those who may take it first."""

    items: list[CandidateOut]


class EventOut(BaseModel):
    """One thing that became true."""

    id: str
    at: datetime
    by: str | None
    type: str
    subject: str
    data: dict[str, Any]


async def language_of(
    language: Annotated[Language | None, Query(description="Before Accept-Language")] = None,
    accept_language: Annotated[str, Header()] = "",
) -> str:
    """The language to answer in: the one asked for, else the first accepted that there is, else English."""
    return language or accepted_language(accept_language)


Spoken = Annotated[str, Depends(language_of)]


@router.get("/v1/contacts/{contact_id}/explanation")
async def explanation(
    contact_id: str, caller: Caller, product: ProductOf, language: Spoken, agent: str | None = None
) -> ExplanationOut | AgentExplanationOut:
    """Why the contact waits or was given to whom; with `agent`, why not to that agent."""
    return await asyncio.to_thread(_explained, product, caller, contact_id, agent, language)


@router.get("/v1/contacts/{contact_id}/candidates")
async def candidates(contact_id: str, caller: Caller, product: ProductOf) -> CandidatesOut:
    """Every agent for a waiting contact, with every reason against."""
    return await asyncio.to_thread(_candidates, product, caller, contact_id)


@router.get("/v1/contacts/{contact_id}/history")
async def history(
    contact_id: str, caller: Caller, product: ProductOf, cursor: Cursor = None, limit: Limit = PAGE
) -> Page[EventOut]:
    """Everything that happened to a contact, in order."""
    await find_contact(product, caller, contact_id)
    after = place_of(cursor, tuple[int, int]) or (0, -1)
    return await asyncio.to_thread(_history, product, caller, contact_id, after, limit)


def _explained(
    product: Product, caller: Actor, contact_id: str, agent_id: str | None, language: str
) -> ExplanationOut | AgentExplanationOut:
    now = product.clock()
    with product.reading(caller.workspace) as workspace:
        contact = visible_contact(product, caller, contact_id)
        if agent_id is not None:
            need_waiting(contact)
            return _why_not(*why_not(workspace, contact_id, agent_id, language=language, now=now))
        if contact.place.state is ContactState.QUEUED:
            return _why_waiting(*why_waiting(workspace, contact_id, language=language, now=now))
        entry, offer = _given(product, caller, contact)
        return _why_assigned(why_assigned(workspace, contact, entry, language=language, offer=offer))


def _given(product: Product, caller: Actor, contact: ContactRecord) -> tuple[Entry | None, Entry | None]:
    """The line of the log by which a contact was last given or offered, and that of the offer that was accepted."""
    with product.database.reading() as connection:
        find = partial(last_change, connection, caller.workspace, contact.place.id)
        if contact.place.state is ContactState.OFFERED:
            return find("contact.offered"), None
        entry = find("contact.assigned")
        return entry, find("contact.offered") if entry is not None and entry.data.get("accepted") else None


def _candidates(product: Product, caller: Actor, contact_id: str) -> CandidatesOut:
    now = product.clock()
    with product.reading(caller.workspace) as workspace:
        need_waiting(visible_contact(product, caller, contact_id))
        found = explain_candidates(workspace.floor, contact_id, now=now)
    return CandidatesOut(items=[_candidate_out(each) for each in found])


def _history(product: Product, caller: Actor, contact_id: str, after: tuple[int, int], limit: int) -> Page[EventOut]:
    with product.database.reading() as connection:
        about = "contact.", contact_id
        lines = changes_after(connection, caller.workspace, after, limit=limit + 1, about=about)
    items = [EventOut(**told(f"{number}.{ordinal}", entry)) for number, ordinal, entry in lines[:limit]]
    return Page(items=items, next_cursor=cursor_at(lines[limit - 1][:2]) if len(lines) > limit else None)


def _why_waiting(why: WaitingExplanation, sentence: str) -> ExplanationOut:
    return ExplanationOut(
        contact_id=why.contact_id,
        state=ContactState.QUEUED,
        queue=why.queue,
        rule=why.rule,
        passed_over=list(why.passed_over),
        rule_set=why.rule_set,
        rule_set_version=why.rule_set_version,
        waiting_because=why.waiting_because,
        sentence=sentence,
        stops=[_stop_out(stop) for stop in why.stops],
        next_change_at=why.next_change_at,
    )


def _why_not(why: AgentExplanation, sentence: str) -> AgentExplanationOut:
    return AgentExplanationOut(
        contact_id=why.contact_id,
        agent_id=why.agent_id,
        queue=why.queue,
        eligible=why.reason is None,
        reason=why.reason,
        status=why.status,
        sentence=sentence,
        may_change_at=why.may_change_at,
    )


def _why_assigned(why: AssignedExplanation) -> ExplanationOut:
    return ExplanationOut(
        contact_id=why.contact.id,
        state=why.contact.state,
        queue=why.contact.queue,
        rule=why.rule,
        passed_over=list(why.contact.match.passed_over),
        rule_set=why.rule_set,
        rule_set_version=why.rule_set_version,
        sentence=why.sentence,
        stops=[_stop_out(stop) for stop in why.stops],
        source=why.source,
        actor=why.decided_by,
        winner=why.winner,
        runner_up=why.runner_up,
        key=why.key,
        decided_at=why.decided_at,
        agents=[AgentLoad(agent_id=agent_id, load=load) for agent_id, load in why.candidates],
    )


def step_out(step: Step) -> StepOut:
    """What one check did, as it is told."""
    statuses = {status.value: count for status, count in step.statuses}
    return StepOut(reason=step.reason, removed=step.removed, left=step.left, statuses=statuses)


def _stop_out(stop: StopExplanation) -> StopStepsOut:
    steps = [step_out(step) for step in stop.steps]
    return StopStepsOut(queue=stop.queue, entered_at=stop.entered_at, left_at=stop.left_at, steps=steps)


def _candidate_out(candidate: Candidate) -> CandidateOut:
    return CandidateOut(
        agent_id=candidate.agent_id,
        name=candidate.name,
        status=candidate.status,
        eligible=candidate.eligible,
        reasons=[reason.value for reason in candidate.reasons],
        open_contacts=candidate.open_contacts,
        capacity=candidate.capacity,
    )
