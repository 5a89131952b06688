"""What reports read: the lines of the log of a period, and how things stood when it began.

A period is found in the log by halving, for lines stand in the order of commits and carry their instants; what was open
when it began is found through the contacts that have ended since. Nothing reads the log from its start."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select, text

from assigner.store import tables
from assigner.store.load import AGENT, CHANGE, CONTACT, WORKSPACE

CONTACT_KINDS = tuple(
    f"contact.{kind}" for kind in ("queued", "moved", "assigned", "returned", "held", "resumed", "closed", "abandoned")
)
AGENT_KINDS = ("agent.changed", "agent.status", "agent.removed")
IDS_AT_ONCE = 500


class Told(msgspec.Struct, rename={"from_": "from"}):
    """What lines tell that reports count; a line has some of these."""

    agent_id: str | None = None
    queue: str | None = None
    office: str | None = None
    source: str | None = None
    from_: str | None = None
    leaves: str | None = None
    amended: list[str] | None = None
    status: str | None = None
    was: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the log as reports read it. `at` is in seconds since 1970."""

    at: float
    kind: str
    subject: str
    by: str | None
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The changes of a period: the first of them, and the first whose lines reach its end."""

    first: int
    last: int


_told = msgspec.json.Decoder(Told)
_READ = (CHANGE.c.at, CHANGE.c.kind, CHANGE.c.subject, CHANGE.c.by, CHANGE.c.data)


def stretch(connection: Connection, workspace: int, start: datetime, end: datetime) -> Stretch:
    """Where a period stands in the log. What time changed while nobody was there to write it down is written with the
    first change afterwards, so that one belongs to the period as well."""
    newest = connection.execute(select(WORKSPACE.c.change_no).where(WORKSPACE.c.number == workspace)).scalar_one()
    first = _first_from(connection, workspace, start, newest)
    return Stretch(first=first, last=_first_from(connection, workspace, end, newest))


def lines_of(connection: Connection, workspace: int, changes: Stretch) -> Iterator[Line]:
    """The lines about contacts and statuses of a period, in order."""
    query = (
        select(*_READ)
        .where(CHANGE.c.workspace == workspace)
        .where(CHANGE.c.change_no.between(changes.first, changes.last))
        .where(CHANGE.c.kind.in_((*CONTACT_KINDS, *AGENT_KINDS)))
        .order_by(CHANGE.c.change_no, CHANGE.c.ordinal)
    )
    yield from map(_line, connection.execute(query.execution_options(yield_per=1000)))


def lines_before(connection: Connection, workspace: int, changes: Stretch, start: datetime) -> Iterator[Line]:
    """What had happened to the contacts that were open when the period began; each contact's lines in order."""
    ids = _open_then(connection, workspace, changes, start)
    for first in range(0, len(ids), IDS_AT_ONCE):
        query = (
            select(*_READ)
            .where(CHANGE.c.workspace == workspace, CHANGE.c.subject.in_(ids[first : first + IDS_AT_ONCE]))
            .where(CHANGE.c.change_no < changes.first, CHANGE.c.kind.in_(CONTACT_KINDS))
            .order_by(CHANGE.c.change_no, CHANGE.c.ordinal)
        )
        yield from map(_line, connection.execute(query))


def statuses_before(connection: Connection, workspace: int, changes: Stretch) -> dict[str, str | None]:
    """The status of every agent of today who was there before the period; None for one who never had any."""
    before = (
        select(CHANGE.c.data)
        .where(CHANGE.c.workspace == workspace, CHANGE.c.subject == AGENT.c.id)
        .where(CHANGE.c.change_no < changes.first)
        .order_by(CHANGE.c.change_no.desc(), CHANGE.c.ordinal.desc())
        .limit(1)
        .correlate(AGENT)
    )
    status = before.where(CHANGE.c.kind == "agent.status").scalar_subquery()
    known = before.where(CHANGE.c.kind == "agent.changed").scalar_subquery()
    agents = select(AGENT.c.id, status.label("status"), known.label("known")).where(AGENT.c.workspace == workspace)
    return {
        row.id: None if row.status is None else _told.decode(row.status).status
        for row in connection.execute(agents)
        if row.known is not None or row.status is not None
    }


def _open_then(connection: Connection, workspace: int, changes: Stretch, start: datetime) -> list[str]:
    """The contacts that had arrived before the period and not ended."""
    first_in = (
        select(CONTACT.c.number)
        .join(CHANGE, (CHANGE.c.workspace == CONTACT.c.workspace) & (CHANGE.c.subject == CONTACT.c.id))
        .where(CHANGE.c.workspace == workspace, CHANGE.c.change_no >= changes.first)
        .where(CHANGE.c.kind == "contact.queued")
        .order_by(CHANGE.c.change_no, CHANGE.c.ordinal)
        .limit(1)
    )
    number = connection.execute(first_in).scalar_one_or_none()
    earlier = select(CONTACT.c.id).where(CONTACT.c.workspace == workspace)
    if number is not None:
        earlier = earlier.where(CONTACT.c.number < number)
    still_open = connection.execute(earlier.where(text(tables.IS_OPEN))).scalars()
    return [*still_open, *connection.execute(earlier.where(CONTACT.c.closed_at >= start)).scalars()]


def _first_from(connection: Connection, workspace: int, instant: datetime, newest: int) -> int:
    """The first change whose lines reach an instant; the one after the newest, where none does."""
    low, high = 1, newest + 1
    while low < high:
        middle = (low + high) // 2
        of_workspace = CHANGE.c.workspace == workspace
        next_one = select(func.min(CHANGE.c.change_no)).where(of_workspace, CHANGE.c.change_no >= middle)
        probe = select(func.min(CHANGE.c.change_no), func.max(CHANGE.c.at))
        found, at = connection.execute(
            probe.where(of_workspace, CHANGE.c.change_no == next_one.scalar_subquery())
        ).one()
        if found is None or at >= instant:
            high = middle
        else:
            low = found + 1
    return low


def _line(row: Any) -> Line:
    return Line(at=row.at.timestamp(), kind=row.kind, subject=row.subject, by=row.by, told=_told.decode(row.data))
