"""Who is online: statuses and why, availability office by office, and what became of a status in the past.

Reading looks at the facts at that instant; every change answers with the row that it led to."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict

from assigner.api.credentials import Caller, ProductOf
from assigner.api.errors import documented
from assigner.api.offices import AvailableIn
from assigner.api.paging import PAGE, Cursor, Limit, Page, cursor_at, page_of_ids, place_of
from assigner.api.schemas import Asked
from assigner.service import presence
from assigner.service.actor import Actor
from assigner.service.presence_rows import PresenceRow, presence_row
from assigner.service.unit import ENGINE, Unit
from assigner.store.load import changes_after
from assigner.store.rows import Entry
from presence.errors import Invalid, did_you_mean
from presence.labels import accepted_language, label, sentence

LOGGED = ("agent.status", "agent.availability")

router = APIRouter(tags=["presence"])


class StatusIn(Asked):
    """A status to choose: one of GET /v1/statuses."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"status": "busy"}})

    status: str


class LoggedStatus(BaseModel):
    """What an agent's status became; with `office`, what became of the availability there. `by` is left out where time
    alone did it."""

    at: datetime
    status: str
    reason: str
    office: str | None = None
    available: bool | None = None
    by: str | None = None


class StatusOut(BaseModel):
    """A status that can be chosen, what it is called and what it means."""

    status: str
    label: str
    sentence: str


class Statuses(BaseModel):
    """The statuses that can be chosen."""

    items: list[StatusOut]


@router.get("/v1/presence", responses=documented(401, 403, 422))
def list_presence(
    caller: Caller, product: ProductOf, office: str | None = None, cursor: Cursor = None, limit: Limit = PAGE
) -> Page[PresenceRow]:
    """Who is online, by id; of one office where it is named."""
    with product.reading(caller.workspace) as workspace:
        if office is not None and office not in workspace.floor.offices:
            hint = did_you_mean(office, workspace.floor.offices)
            raise Invalid("unknown_office", f"office {office!r} does not exist{hint}", field="office")
        seats = workspace.floor.roster.seats
        wanted = (each for each, seat in seats.items() if office is None or office in seat.agent.offices)
        ids, next_cursor = page_of_ids(wanted, cursor, limit)
        now = product.clock()
        return Page(items=[presence_row(workspace, each, now=now) for each in ids], next_cursor=next_cursor)


@router.get("/v1/agents/{agent_id}/status", responses=documented(401, 403, 404))
def get_status(agent_id: str, caller: Caller, product: ProductOf) -> PresenceRow:
    """The status of one agent, why, since when, and when time alone changes it next."""
    with product.reading(caller.workspace) as workspace:
        return presence_row(workspace, agent_id, now=product.clock())


@router.put("/v1/agents/{agent_id}/status", responses=documented(401, 403, 404, 422, 503))
async def choose_status(agent_id: str, body: StatusIn, caller: Caller, product: ProductOf) -> PresenceRow:
    """Choose a status: one's own, or with `availability.manage` somebody else's. Offline cannot be chosen."""

    def choose(unit: Unit) -> PresenceRow:
        presence.choose_status(unit, caller, agent_id, body.status)
        return presence_row(unit.workspace, agent_id, now=unit.now)

    return await product.ask(caller.workspace, choose)


@router.put("/v1/agents/{agent_id}/availability", responses=documented(401, 403, 404, 422, 503))
async def set_available(agent_id: str, body: AvailableIn, caller: Caller, product: ProductOf) -> PresenceRow:
    """Available chooses Online and all own offices; not available chooses Away and none."""

    def choose(unit: Unit) -> PresenceRow:
        presence.set_available(unit, caller, agent_id, available=body.available)
        return presence_row(unit.workspace, agent_id, now=unit.now)

    return await product.ask(caller.workspace, choose)


@router.put("/v1/agents/{agent_id}/offices/{office_id}/availability", responses=documented(401, 403, 404, 422, 503))
async def set_available_for_office(
    agent_id: str, office_id: str, body: AvailableIn, caller: Caller, product: ProductOf
) -> PresenceRow:
    """Availability for one office: an agent's own toggle, or an administrator's, who moves the flag alone."""

    def toggle(unit: Unit) -> PresenceRow:
        presence.set_available_for_office(unit, caller, agent_id, office_id, available=body.available)
        return presence_row(unit.workspace, agent_id, now=unit.now)

    return await product.ask(caller.workspace, toggle)


@router.get(
    "/v1/agents/{agent_id}/status-log", responses=documented(401, 403, 404, 422), response_model_exclude_none=True
)
def get_status_log(
    agent_id: str, caller: Caller, product: ProductOf, cursor: Cursor = None, limit: Limit = PAGE
) -> Page[LoggedStatus]:
    """Every status an agent has had, the oldest first, at the instant at which it began."""
    _need_known(caller, product, agent_id)
    after = place_of(cursor, tuple[int, int]) or (0, -1)
    with product.database.reading() as connection:
        lines = changes_after(connection, caller.workspace, after, limit=limit + 1, about=("agent.", agent_id))
    shown = lines[:limit]
    next_cursor = cursor_at(shown[-1][:2]) if len(lines) > limit else None
    return Page(items=[_logged(entry) for *_, entry in shown if _is_logged(entry)], next_cursor=next_cursor)


@router.get("/v1/statuses", responses=documented(401, 422))
def list_statuses(
    caller: Caller,
    product: ProductOf,
    language: str | None = None,
    accept_language: Annotated[str | None, Header()] = None,
) -> Statuses:
    """The statuses that can be chosen here, in English, German or Spanish: `?language=`, else Accept-Language."""
    with product.reading(caller.workspace) as workspace:
        policy = workspace.policy
    spoken = language if language is not None else accepted_language(accept_language or "")
    return Statuses(
        items=[
            StatusOut(
                status=status,
                label=label(status, language=spoken, preset=policy.preset),
                sentence=sentence(status, language=spoken, preset=policy.preset),
            )
            for status in policy.selectable
        ]
    )


def _need_known(caller: Actor, product: ProductOf, agent_id: str) -> None:
    with product.reading(caller.workspace) as workspace:
        workspace.agent(agent_id)


def _is_logged(entry: Entry) -> bool:
    """Whether a line belongs into the status log; a flag that came with a new office tells of no availability yet."""
    return entry.kind in LOGGED and not entry.data.get("joined", False)


def _logged(entry: Entry) -> LoggedStatus:
    told, by = entry.data, None if entry.by == ENGINE else entry.by
    return LoggedStatus(
        at=entry.at,
        status=told["status"],
        reason=told["reason"],
        office=told.get("office"),
        available=told.get("available"),
        by=by,
    )
