"""Pages of stored contacts, in the order of arrival: open ones and those that have ended."""

from dataclasses import dataclass

from sqlalchemy import Connection, false, or_, text

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
    """The wanted contacts that arrived behind a number, at most `limit` of them."""
    query = contacts_of(workspace).where(CONTACT.c.number > after)
    named = {"state": wanted.state, "queue": wanted.queue, "office": wanted.office, "agent_id": wanted.agent}
    for column, value in named.items():
        if value is not None:
            query = query.where(CONTACT.c[column] == value)
    if wanted.state in OPEN:
        query = query.where(text(tables.IS_OPEN))
    if not wanted.everything:
        waits = (CONTACT.c.state == "queued") & CONTACT.c.queue.in_(wanted.queues)
        own = false() if wanted.visible_to is None else CONTACT.c.agent_id == wanted.visible_to
        query = query.where(or_(own, waits))
    return [contact_of(row) for row in connection.execute(query.order_by(CONTACT.c.number).limit(limit))]
