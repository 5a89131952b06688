"""Webhooks as they are stored: what each is, how far it has come, and the events that were not taken.

A webhook that is well has one row. Only an event that a receiver did not take has a row of its own."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, func, select

from assigner.store import tables
from assigner.store.documents import from_document, to_document
from assigner.store.load import CHANGE, place_of
from assigner.store.rows import Entry, entry_of, table_of
from assigner.store.to_write import Changed, Gone, Row, Writing

WEBHOOK, SECRET = table_of(tables.Webhook), table_of(tables.WebhookSecret)
DELIVERY = table_of(tables.WebhookDelivery)

Place = tuple[int, int]
"""Where a line stands in the log: the number of its change, and which line of it."""


class Format(StrEnum):
    """How an event is written: as everywhere else, or as a structured CloudEvent."""

    EVENT = "event"
    CLOUDEVENTS = "cloudevents"


class State(StrEnum):
    """What becomes of an event that was not taken: it is tried again, or nobody tries any more."""

    RETRYING = "retrying"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What is asked for: where to send which types (none: all), and how. `stopped_because` says why nothing is sent."""

    url: str
    types: tuple[str, ...] = ()
    format: Format = Format.EVENT
    description: str | None = None
    active: bool = True
    stopped_because: str | None = None
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """What messages are signed with, and until when (None: for good)."""

    secret: str
    made_at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRecord:
    """A webhook and how far it has come. `begins` is the change after which it was there, `taken_at` the last
    success."""

    id: str
    version: int
    definition: Definition
    secrets: tuple[Secret, ...]
    begins: int
    position: Place
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event that was not taken, how often it was tried, since when it fails, and when it is tried again."""

    place: Place
    subject: str
    holds: bool
    state: State
    attempts: int
    failing_since: datetime
    next_at: datetime
    problem: str | None = None


def load_webhooks(connection: Connection, workspace: int) -> dict[str, WebhookRecord]:
    """All webhooks of a workspace, the oldest first."""
    secrets: dict[str, list[Secret]] = {}
    query = select(SECRET).where(SECRET.c.workspace == workspace).order_by(SECRET.c.made_at)
    for row in connection.execute(query):
        secrets.setdefault(row.webhook_id, []).append(Secret(secret=row.secret, made_at=row.made_at, until=row.until))
    found = connection.execute(select(WEBHOOK).where(WEBHOOK.c.workspace == workspace).order_by(WEBHOOK.c.begins))
    return {
        row.id: WebhookRecord(
            id=row.id,
            version=row.version,
            definition=from_document(row.definition, Definition),
            secrets=tuple(secrets.get(row.id, ())),
            begins=row.begins,
            position=(row.change_no, row.ordinal),
            taken_at=row.taken_at,
        )
        for row in found
    }


def webhook_row(workspace: int, webhook: WebhookRecord) -> Row:
    """A webhook as a row, without its secrets."""
    values = {
        "workspace": workspace,
        "id": webhook.id,
        "version": webhook.version,
        "definition": to_document(webhook.definition),
        "begins": webhook.begins,
        "change_no": webhook.position[0],
        "ordinal": webhook.position[1],
        "taken_at": webhook.taken_at,
    }
    return Row(WEBHOOK, values)


def secret_rows(workspace: int, webhook: WebhookRecord) -> tuple[Writing, ...]:
    """The secrets of a webhook instead of those it had."""
    own = {"workspace": workspace, "webhook_id": webhook.id}
    return Gone(SECRET, own), *(Row(SECRET, {**own, **asdict(secret)}) for secret in webhook.secrets)


def webhook_gone(workspace: int, webhook_id: str) -> tuple[Gone, ...]:
    """What is deleted with a webhook."""
    belongings = (Gone(table, {"workspace": workspace, "webhook_id": webhook_id}) for table in (SECRET, DELIVERY))
    return Gone(WEBHOOK, {"workspace": workspace, "id": webhook_id}), *belongings


def delivery_row(workspace: int, webhook_id: str, delivery: Delivery) -> Row:
    """An event that was not taken as a row."""
    values = {name: value for name, value in asdict(delivery).items() if name != "place"}
    return Row(DELIVERY, {**_key(workspace, webhook_id, delivery.place), **values, "state": delivery.state.value})


def delivery_gone(workspace: int, webhook_id: str, delivery: Delivery) -> Gone:
    """An event is no longer to be tried."""
    return Gone(DELIVERY, {**_key(workspace, webhook_id, delivery.place), "holds": delivery.holds})


def tried_again(workspace: int, webhook_id: str, state: State, *, now: datetime) -> Changed:
    """All events of a webhook in one state are tried now, and have the whole time before them."""
    key = {"workspace": workspace, "webhook_id": webhook_id, "state": state.value}
    return Changed(DELIVERY, key, {"state": State.RETRYING.value, "next_at": now, "failing_since": now})


def due_at_once(workspace: int, webhook_id: str, *, now: datetime) -> Changed:
    """All events of a webhook that are tried again are tried now."""
    key = {"workspace": workspace, "webhook_id": webhook_id, "state": State.RETRYING.value}
    return Changed(DELIVERY, key, {"next_at": now})


def deliveries_due(
    connection: Connection, workspace: int, webhook_id: str, *, now: datetime, limit: int
) -> list[Delivery]:
    """Events to be tried again now, in the order of the log."""
    query = _deliveries(workspace, webhook_id, State.RETRYING).where(DELIVERY.c.next_at <= now)
    return [_delivery(row) for row in connection.execute(query.limit(limit))]


def deliveries_in(
    connection: Connection, key: tuple[int, str], state: State, *, after: Place, limit: int
) -> list[Delivery]:
    """Events of a webhook (workspace and id) in one state behind a place, in the order of the log."""
    query = _deliveries(*key, state)
    return [_delivery(row) for row in connection.execute(query.where(place_of(DELIVERY) > after).limit(limit))]


def deliveries_at(connection: Connection, workspace: int, webhook_id: str, places: Iterable[Place]) -> list[Delivery]:
    """What there is of some events that were not taken."""
    own = (DELIVERY.c.workspace == workspace) & (DELIVERY.c.webhook_id == webhook_id)
    query = select(DELIVERY).where(own, place_of(DELIVERY).in_(list(places)))
    return [_delivery(row) for row in connection.execute(query)]


def held_subjects(connection: Connection, workspace: int, webhook_id: str) -> dict[str, Place]:
    """The subjects whose later events wait, and from which event on."""
    query = select(DELIVERY.c.subject, DELIVERY.c.change_no, DELIVERY.c.ordinal).where(
        DELIVERY.c.workspace == workspace,
        DELIVERY.c.webhook_id == webhook_id,
        DELIVERY.c.state == State.RETRYING.value,
        DELIVERY.c.holds,
    )
    return {row.subject: (row.change_no, row.ordinal) for row in connection.execute(query)}


def count_deliveries(connection: Connection, workspace: int) -> dict[tuple[str, str], int]:
    """How many events of each webhook are in each state."""
    columns = DELIVERY.c.webhook_id, DELIVERY.c.state
    query = select(*columns, func.count()).where(DELIVERY.c.workspace == workspace).group_by(*columns)
    return {(webhook_id, state): count for webhook_id, state, count in connection.execute(query)}


def first_not_delivered(connection: Connection, workspace: int) -> int | None:
    """The first change that may hold an event which is to be delivered still: it was not taken, and is not dead. None
    where there is none. A webhook that is not active waits for nothing."""
    active = {each.id: each.position[0] for each in load_webhooks(connection, workspace).values() if _is_active(each)}
    own = (DELIVERY.c.workspace == workspace) & DELIVERY.c.webhook_id.in_(active)
    query = select(func.min(DELIVERY.c.change_no)).where(own, DELIVERY.c.state == State.RETRYING.value)
    retried = connection.execute(query).scalar_one()
    return min([*active.values(), *([] if retried is None else [retried])], default=None)


def next_due(connection: Connection, workspace: int, webhook_id: str) -> datetime | None:
    """When an event of a webhook is tried again."""
    own = (DELIVERY.c.workspace == workspace) & (DELIVERY.c.webhook_id == webhook_id)
    retrying = DELIVERY.c.state == State.RETRYING.value
    found: datetime | None = connection.execute(select(func.min(DELIVERY.c.next_at)).where(own, retrying)).scalar()
    return found


def failing_since(connection: Connection, workspace: int, webhook_id: str) -> datetime | None:
    """Since when the oldest of the events that are tried again has failed."""
    own = (DELIVERY.c.workspace == workspace) & (DELIVERY.c.webhook_id == webhook_id)
    retrying = DELIVERY.c.state == State.RETRYING.value
    found: datetime | None = connection.execute(
        select(func.min(DELIVERY.c.failing_since)).where(own, retrying)
    ).scalar()
    return found


def lines_about(
    connection: Connection, workspace: int, subject: str, *, between: tuple[Place, Place], limit: int
) -> list[tuple[Place, Entry]]:
    """Lines of the log about a subject between two places, both included, in order."""
    query = select(CHANGE).where(
        CHANGE.c.workspace == workspace,
        CHANGE.c.subject == subject,
        place_of(CHANGE) >= between[0],
        place_of(CHANGE) <= between[1],
    )
    rows = connection.execute(query.order_by(CHANGE.c.change_no, CHANGE.c.ordinal).limit(limit))
    return [((row.change_no, row.ordinal), entry_of(row)) for row in rows]


def lines_at(connection: Connection, workspace: int, places: Iterable[Place]) -> dict[Place, Entry]:
    """Those of some lines of the log that there are."""
    query = select(CHANGE).where(CHANGE.c.workspace == workspace, place_of(CHANGE).in_(list(places)))
    return {(row.change_no, row.ordinal): entry_of(row) for row in connection.execute(query)}


def lines_back(
    connection: Connection, workspace: int, *, before: Place, begins: int, limit: int
) -> list[tuple[Place, Entry]]:
    """Lines of the log before a place and after the change `begins`, newest first."""
    query = select(CHANGE).where(
        CHANGE.c.workspace == workspace, CHANGE.c.change_no > begins, place_of(CHANGE) < before
    )
    rows = connection.execute(query.order_by(CHANGE.c.change_no.desc(), CHANGE.c.ordinal.desc()).limit(limit))
    return [((row.change_no, row.ordinal), entry_of(row)) for row in rows]


def _is_active(webhook: WebhookRecord) -> bool:
    return webhook.definition.active and webhook.definition.stopped_because is None


def _key(workspace: int, webhook_id: str, place: Place) -> dict[str, Any]:
    return {"workspace": workspace, "webhook_id": webhook_id, "change_no": place[0], "ordinal": place[1]}


def _deliveries(workspace: int, webhook_id: str, state: State) -> Select[Any]:
    own = (DELIVERY.c.workspace == workspace) & (DELIVERY.c.webhook_id == webhook_id)
    query = select(DELIVERY).where(own, DELIVERY.c.state == state.value)
    return query.order_by(DELIVERY.c.change_no, DELIVERY.c.ordinal)


def _delivery(row: Any) -> Delivery:
    return Delivery(
        place=(row.change_no, row.ordinal),
        subject=row.subject,
        holds=row.holds,
        state=State(row.state),
        attempts=row.attempts,
        failing_since=row.failing_since,
        next_at=row.next_at,
        problem=row.problem,
    )
