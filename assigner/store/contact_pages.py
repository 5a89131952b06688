"""Pages of stored contacts, in the order of arrival: open ones and those that have ended.

There are few open ones and, in time, millions that have ended, so each kind has an index of its own."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, false, or_, text

from assigner.store import tables
from assigner.store.load import CONTACT, contacts_of
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
    """The wanted contacts that arrived behind a number, at most `limit` of them.

    What is open and what has ended are found apart where that spares walking over the ended contacts of others."""
    query = contacts_of(workspace).where(CONTACT.c.number > after).order_by(CONTACT.c.number).limit(limit)
    named = {"state": wanted.state, "queue": wanted.queue, "office": wanted.office, "agent_id": wanted.agent}
    for column, value in named.items():
        if value is not None:
            query = query.where(CONTACT.c[column] == value)
    rows = [row for part in _parts(wanted) for row in connection.execute(query.where(*part))]
    return [contact_of(row) for row in sorted(rows, key=lambda row: row.number)[:limit]]


def _parts(wanted: Wanted) -> list[list[ColumnElement[bool]]]:
    """The conditions of each statement that is made."""
    own = false() if wanted.visible_to is None else CONTACT.c.agent_id == wanted.visible_to
    waits = (CONTACT.c.state == "queued") & CONTACT.c.queue.in_(wanted.queues)
    is_open: list[ColumnElement[bool]] = [text(tables.IS_OPEN)]  # type: ignore[list-item]
    has_ended: list[ColumnElement[bool]] = [CONTACT.c.closed_at.is_not(None)]
    if not wanted.everything:
        is_open, has_ended = [*is_open, or_(own, waits)], [*has_ended, own]
    if wanted.state is not None:
        return [is_open if wanted.state in OPEN else has_ended]
    if wanted.everything and wanted.agent is None:
        return [[]]
    return [is_open, has_ended]
