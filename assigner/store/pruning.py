"""Deleting what stands before the start of the log, a bounded slice at a time.

Kept are the contacts that had not ended by then, with all their lines, so that their stories stay whole; and the last
lines that tell an agent's status, so that a report knows with whom its period begins."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import aliased

from assigner.store.audit import REFUSED
from assigner.store.load import AGENT, CHANGE, CONTACT, CONTACT_DATA
from assigner.store.log_start import LOG_START, LogStart
from assigner.store.report_lines import AGENT_KINDS
from assigner.store.rows import ended_with_gone
from assigner.store.webhooks import DELIVERY
from assigner.store.writing import write_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much one piece of pruning does at most: `contacts` to delete, or `lines` of the log that are no contact's, in
    some milliseconds; or lines to be `followed` in some seconds, by a process that gives way."""

    contacts: int = 200
    lines: int = 1000
    followed: int = 50_000


def sweep(connection: Connection, workspace: int, start: LogStart, bounds: Bounds) -> bool:
    """Delete one slice of what stands before the start of the log. False where nothing is left."""
    if _sweep_contacts(connection, workspace, start, bounds.contacts):
        return True
    if start.swept >= start.change_no:
        return False
    _sweep_lines(connection, workspace, start, bounds.lines)
    return True


def _sweep_contacts(connection: Connection, workspace: int, start: LogStart, most: int) -> bool:
    """Contacts that had ended, the earliest first, with their lines and what they said of their customers."""
    own = CONTACT.c.workspace == workspace
    columns = CONTACT.c.id, CONTACT.c.agent_id, CONTACT.c.number
    ended = select(*columns).where(own, CONTACT.c.closed_at <= start.at, CONTACT.c.version <= start.change_no)
    rows = connection.execute(ended.order_by(CONTACT.c.closed_at, CONTACT.c.number).limit(most)).all()
    if not rows:
        return False
    ids = [row.id for row in rows]
    with_whom = (ended_with_gone(workspace, row.agent_id, row.number) for row in rows if row.agent_id is not None)
    write_rows(connection, with_whom)
    lines = CHANGE.c.subject.in_(ids) & CHANGE.c.kind.startswith("contact.")
    connection.execute(delete(CHANGE).where(CHANGE.c.workspace == workspace, lines))
    told = CONTACT_DATA.c.contact_id.in_(ids)
    connection.execute(delete(CONTACT_DATA).where(CONTACT_DATA.c.workspace == workspace, told))
    connection.execute(delete(CONTACT).where(own, CONTACT.c.id.in_(ids)))
    return True


def _sweep_lines(connection: Connection, workspace: int, start: LogStart, most: int) -> None:
    """Other lines, in the order of the log. The last slice takes refused attempts with it, and what webhooks have given
    up."""
    own = CHANGE.c.workspace == workspace
    next_ones = (
        select(CHANGE.c.change_no)
        .where(own, CHANGE.c.change_no > start.swept, CHANGE.c.change_no <= start.change_no)
        .order_by(CHANGE.c.change_no, CHANGE.c.ordinal)
        .limit(most)
    )
    numbers = connection.execute(next_ones).scalars().all()
    upto = numbers[-1] if len(numbers) == most else start.change_no
    slice_ = own & (CHANGE.c.change_no > start.swept) & (CHANGE.c.change_no <= upto)
    _sweep_statuses(connection, workspace, start.swept, upto)
    other = CHANGE.c.kind.startswith("contact.") | CHANGE.c.kind.in_(AGENT_KINDS)
    connection.execute(delete(CHANGE).where(slice_, ~other))
    if upto == start.change_no:
        minute = REFUSED.c.minute < start.at
        connection.execute(delete(REFUSED).where(REFUSED.c.workspace == workspace, minute))
        given_up = DELIVERY.c.change_no <= upto
        connection.execute(delete(DELIVERY).where(DELIVERY.c.workspace == workspace, given_up))
    swept = (LOG_START.c.workspace == workspace) & (LOG_START.c.swept < upto)
    connection.execute(LOG_START.update().where(swept).values(swept=upto))


def _sweep_statuses(connection: Connection, workspace: int, after: int, upto: int) -> None:
    """Of the agents that a slice tells of, all lines but the newest of each kind; of those who are gone, all."""
    own, later = CHANGE.c.workspace == workspace, aliased(CHANGE)
    kinds = CHANGE.c.kind.in_(AGENT_KINDS)
    told = select(CHANGE.c.subject).where(own, CHANGE.c.change_no > after, CHANGE.c.change_no <= upto, kinds).distinct()
    subjects = connection.execute(told).scalars().all()
    known = select(AGENT.c.id).where(AGENT.c.workspace == workspace, AGENT.c.id.in_(subjects))
    there = connection.execute(known).scalars().all()
    superseded = (
        select(later.c.change_no)
        .where(later.c.workspace == CHANGE.c.workspace, later.c.subject == CHANGE.c.subject)
        .where(later.c.kind == CHANGE.c.kind, later.c.change_no > CHANGE.c.change_no, later.c.change_no <= upto)
        .exists()
    )
    gone = CHANGE.c.subject.not_in(there)
    about = own & CHANGE.c.subject.in_(subjects) & (CHANGE.c.change_no <= upto) & kinds
    connection.execute(delete(CHANGE).where(about, superseded | gone))
