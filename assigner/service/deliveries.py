"""What became of the events of a webhook, read off the log, its position, and the few events that were not taken.

There is no line for every event that was taken: what is behind the position and not remembered otherwise was taken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from assigner.service.webhooks import is_sent
from assigner.store.rows import Entry
from assigner.store.webhooks import (
    Delivery,
    Place,
    State,
    WebhookRecord,
    deliveries_at,
    deliveries_in,
    held_subjects,
    lines_at,
    lines_back,
)
from presence.errors import NotFound

STRETCH = 1000
"""How many lines of the log one page looks at, at most."""
EVENT = re.compile(r"(\d{1,18})\.(\d{1,9})")
END: Place = (2**62, 0)


class Fate(StrEnum):
    """What became of an event: taken, not tried yet or behind another of its subject, tried again, or given up."""

    DELIVERED = "delivered"
    WAITING = "waiting"
    RETRYING = "retrying"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event and what became of it; the last three where it was not taken."""

    event: str
    at: datetime
    type: str
    subject: str
    state: Fate
    attempts: int | None = None
    next_at: datetime | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of the list; `next` is the place behind which the next one begins."""

    items: tuple[Told, ...]
    next: Place | None


def newest(connection: Connection, workspace: int, webhook: WebhookRecord, *, before: Place | None, limit: int) -> Page:
    """The events of a webhook before a place, newest first. A page may hold fewer than `limit` although more follow."""
    lines = lines_back(connection, workspace, before=before or END, begins=webhook.begins, limit=STRETCH)
    wanted = [line for line in lines if is_sent(webhook, line[1])]
    shown = wanted[:limit]
    failed: dict[Place, Delivery] = {}
    for each in deliveries_at(connection, workspace, webhook.id, [place for place, _ in shown]):
        if each.place not in failed or each.holds:
            failed[each.place] = each
    held = held_subjects(connection, workspace, webhook.id)
    items = tuple(_told(place, entry, _fate(webhook, place, entry, held), failed.get(place)) for place, entry in shown)
    if len(wanted) > limit:
        return Page(items=items, next=shown[-1][0])
    return Page(items=items, next=lines[-1][0] if len(lines) == STRETCH else None)


def not_taken(connection: Connection, key: tuple[int, str], state: State, *, after: Place | None, limit: int) -> Page:
    """The events of a webhook (workspace and id) in one state behind a place, in the order of the log."""
    found = deliveries_in(connection, key, state, after=after or (-1, -1), limit=limit + 1)
    shown: Sequence[Delivery] = found[:limit]
    lines = lines_at(connection, key[0], [each.place for each in shown])
    items = (_told(each.place, lines[each.place], Fate(state), each) for each in shown if each.place in lines)
    return Page(items=tuple(items), next=shown[-1].place if len(found) > limit else None)


def sent(connection: Connection, workspace: int, webhook: WebhookRecord, event: str) -> tuple[Place, str]:
    """The place of an event, and what it is about. Raises NotFound for one that this webhook was never to be sent."""
    place = place_of(event) or (0, 0)
    entry = lines_at(connection, workspace, [place]).get(place)
    if entry is None or place[0] <= webhook.begins or place > webhook.position or not is_sent(webhook, entry):
        raise NotFound("not_found", f"event {event} was not sent to webhook {webhook.id!r}; its deliveries list all")
    return place, entry.subject


def place_of(event: str) -> Place | None:
    """The place in the log that an event is called by; None where it cannot be one."""
    found = EVENT.fullmatch(event)
    return (int(found[1]), int(found[2])) if found else None


def _fate(webhook: WebhookRecord, place: Place, entry: Entry, held: dict[str, Place]) -> Fate:
    """What became of an event that is not remembered as not taken."""
    waits = place > webhook.position or (entry.subject in held and place > held[entry.subject])
    return Fate.WAITING if waits else Fate.DELIVERED


def _told(place: Place, entry: Entry, fate: Fate, failed: Delivery | None) -> Told:
    told = Told(event=f"{place[0]}.{place[1]}", at=entry.at, type=entry.kind, subject=entry.subject, state=fate)
    if failed is None:
        return told
    return replace(
        told,
        state=Fate(failed.state),
        attempts=failed.attempts,
        next_at=failed.next_at if failed.state is State.RETRYING else None,
        problem=failed.problem,
    )
