"""Pages of stored contacts, in the order of arrival: open ones and those that have ended.

There are few open ones and, in time, millions that have ended, so each kind is found in its own way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, false, or_, text, true

from assigner.store import tables
from assigner.store.load import CONTACT, ENDED_WITH, contacts_of
from assigner.store.rows import OPEN, ContactRecord, contact_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which contacts a list is to hold; None: whatever it is. `visible_to` sees the own ones and those that wait in
    `queues`."""

    state: str | None = None
    queue: str | None = None
    office: str | None = None
    agent: str | None = None
    visible_to: str | None = None
    queues: tuple[str, ...] = ()
    everything: bool = True


def contacts_after(
    connection: Connection, workspace: int, wanted: Wanted, *, after: int, limit: int
) -> list[ContactRecord]:
    """The wanted contacts that arrived behind a number, at most `limit` of them."""
    parts = [each.limit(limit) for each in _parts(workspace, wanted, after)]
    rows = [row for part in parts for row in connection.execute(part)]
    return [contact_of(row) for row in sorted(rows, key=lambda row: row.number)[:limit]]


def _parts(workspace: int, wanted: Wanted, after: int) -> Iterator[Select[Any]]:
    """Each statement that is made, in the order of arrival."""
    named = {"state": wanted.state, "queue": wanted.queue, "office": wanted.office, "agent_id": wanted.agent}
    asked = and_(true(), *(CONTACT.c[column] == value for column, value in named.items() if value is not None))
    arrived = contacts_of(workspace).where(asked, CONTACT.c.number > after).order_by(CONTACT.c.number)
    if wanted.state is None or wanted.state in OPEN:
        own = false() if wanted.visible_to is None else CONTACT.c.agent_id == wanted.visible_to
        waits = (CONTACT.c.state == "queued") & CONTACT.c.queue.in_(wanted.queues)
        visible = true() if wanted.everything else or_(own, waits)
        yield arrived.where(text(tables.IS_OPEN), visible)
    if wanted.state in OPEN:
        return
    whose = wanted.agent if wanted.everything else wanted.visible_to
    if whose is not None:
        found = (ENDED_WITH.c.workspace == workspace) & (ENDED_WITH.c.agent_id == whose) & (ENDED_WITH.c.number > after)
        yield contacts_of(workspace, among=ENDED_WITH).where(asked, found).order_by(ENDED_WITH.c.number)
    elif wanted.everything:
        yield arrived.where(text(tables.HAS_ENDED))
