"""What the audit is read from: the lines of the log that people and keys have caused, and refused attempts.

The log has no index by person, for every arrival would pay for it. Instead a page looks at a bounded stretch of it."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from assigner.store import tables
from assigner.store.load import CHANGE, place_of
from assigner.store.rows import Entry, entry_of, table_of
from assigner.store.to_write import Added

REFUSED = table_of(tables.RefusedAttempt)
STRETCH = 50_000
"""How many numbers of changes one page looks at, at most: some tens of milliseconds."""
CLOCK_STEP = timedelta(hours=1)
"""How far the clock may have been set back without an instant being looked for in the wrong stretch of the log."""

Place = tuple[int, int]
RefusedPlace = tuple[datetime, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which changes the audit is to tell; None: whatever it is. An `action` that ends in `*` says how it begins;
    `until` is exclusive; what is done by `but_for` is left out."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    but_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """What somebody was refused in one minute, and how often."""

    minute: datetime
    by: str
    call: str
    count: int
    last_at: datetime
    path: str
    request_id: str | None

    @property
    def key(self) -> RefusedPlace:
        """Their place among all of a workspace."""
        return self.minute, self.by, self.call


class Stretch(NamedTuple):
    """The wanted lines of one stretch of the log, newest first; the next one begins before `go_on`, None at the end."""

    lines: list[tuple[Place, Entry]]
    go_on: Place | None


def lines_before(
    connection: Connection, workspace: int, wanted: Wanted, *, before: Place | None, limit: int
) -> Stretch:
    """At most `limit` wanted lines before a place of the log, or from its end."""
    lowest, highest = _bounds(connection, workspace, wanted)
    place = before if before is not None and before < (highest + 1, 0) else (highest + 1, 0)
    from_number = max(lowest, place[0] - STRETCH)
    query = select(CHANGE).where(
        CHANGE.c.workspace == workspace,
        CHANGE.c.change_no >= from_number,
        place_of(CHANGE) < place,
        CHANGE.c.by.is_not(None),
        CHANGE.c.by != wanted.but_for,
        *_conditions(wanted, at=CHANGE.c.at, action=CHANGE.c.kind, subject=CHANGE.c.subject, actor=CHANGE.c.by),
    )
    found = connection.execute(query.order_by(CHANGE.c.change_no.desc(), CHANGE.c.ordinal.desc()).limit(limit))
    lines = [((row.change_no, row.ordinal), entry_of(row)) for row in found]
    if len(lines) == limit:
        return Stretch(lines, lines[-1][0])
    return Stretch(lines, (from_number, 0) if from_number > lowest else None)


def attempts_before(
    connection: Connection, workspace: int, wanted: Wanted, *, before: RefusedPlace | None, limit: int
) -> list[Attempts]:
    """At most `limit` wanted attempts that were refused, newest first."""
    key = tuple_(REFUSED.c.minute, REFUSED.c.by, REFUSED.c.call)
    conditions = _conditions(
        wanted, at=REFUSED.c.last_at, action=REFUSED.c.call, subject=REFUSED.c.path, actor=REFUSED.c.by
    )
    query = select(REFUSED).where(REFUSED.c.workspace == workspace, *conditions)
    if before is not None:
        query = query.where(key < before)
    order = (column.desc() for column in (REFUSED.c.minute, REFUSED.c.by, REFUSED.c.call))
    found = connection.execute(query.order_by(*order).limit(limit))
    return [Attempts(**{name: getattr(row, name) for name in Attempts.__slots__}) for row in found]


def attempts_row(workspace: int, attempts: Attempts) -> Added:
    """Refused attempts as a row, which are added to those of the same minute."""
    return Added(REFUSED, {"workspace": workspace, **asdict(attempts)}, counted="count")


def _conditions(
    wanted: Wanted,
    *,
    at: ColumnElement[datetime],
    actor: ColumnElement[str],
    action: ColumnElement[str],
    subject: ColumnElement[str],
) -> list[ColumnElement[bool]]:
    """What the columns of one table must be like."""
    found: list[ColumnElement[bool]] = []
    if wanted.actor is not None:
        found.append(actor == wanted.actor)
    if wanted.action is not None:
        is_prefix = wanted.action.endswith("*")
        found.append(action.startswith(wanted.action[:-1], autoescape=True) if is_prefix else action == wanted.action)
    if wanted.subject is not None:
        found.append(subject == wanted.subject)
    if wanted.since is not None:
        found.append(at >= wanted.since)
    if wanted.until is not None:
        found.append(at < wanted.until)
    return found


def _bounds(connection: Connection, workspace: int, wanted: Wanted) -> Place:
    """The first and the last number of a change that may be wanted."""
    query = select(func.max(CHANGE.c.change_no)).where(CHANGE.c.workspace == workspace)
    newest = connection.execute(query).scalar_one() or 0
    lowest, highest = 1, newest
    if wanted.since is not None:
        lowest = _first_from(connection, workspace, wanted.since - CLOCK_STEP, newest)
    if wanted.until is not None:
        highest = _first_from(connection, workspace, wanted.until + CLOCK_STEP, newest)
    return lowest, highest


def _first_from(connection: Connection, workspace: int, instant: datetime, newest: int) -> int:
    """The first number of a change at or after an instant, by halving: later changes have later instants."""
    low, high = 1, newest + 1
    while low < high:
        middle = (low + high) // 2
        query = select(CHANGE.c.change_no, CHANGE.c.at).where(
            CHANGE.c.workspace == workspace, CHANGE.c.change_no >= middle, CHANGE.c.change_no < high
        )
        line = connection.execute(query.order_by(CHANGE.c.change_no, CHANGE.c.ordinal).limit(1)).one_or_none()
        if line is None or line.at >= instant:
            high = middle
        else:
            low = line.change_no + 1
    return low
