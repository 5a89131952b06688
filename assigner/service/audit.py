"""The audit: who changed what, when, with which request, and how it was before; and who was refused what.

Changes are read off the log; there is no second store. Attempts that were refused are no changes and come from a table
of their own, merged per person, call and minute. Customers' data stands in neither."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from assigner.service.log import ACCOUNT
from assigner.service.told import INSIDE
from assigner.service.unit import ENGINE, Unit
from assigner.store.audit import (
    Attempts,
    Place,
    RefusedPlace,
    Stretch,
    Wanted,
    attempts_before,
    attempts_row,
    lines_before,
)
from assigner.store.rows import Entry

DONE, REFUSED = "done", "refused"
NOT_BEFORE: Place = (0, 0)
"""The place in the log before which there is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that somebody did, or was refused `count` times within a minute.

    `action` is the type of the event, or the call that was refused; `before` and `after` are the fields that differ."""

    at: datetime
    by: str
    action: str
    subject: str
    outcome: str
    count: int
    request_id: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Behind what the next page begins, in the log and among the refused attempts; None: at the newest."""

    line: Place | None = None
    attempt: RefusedPlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of the audit, newest first. It may hold fewer items than asked for although more follow."""

    items: tuple[Item, ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of the audit: which changes, which outcome (None: both), from where on."""

    wanted: Wanted = field(default_factory=Wanted)
    outcome: str | None = None
    cursor: Cursor = field(default_factory=Cursor)
    limit: int = 100


def audit_page(connection: Connection, workspace: int, asked: Asked) -> Page:
    """The next items, by instant where changes and refused attempts meet."""
    cursor, limit = asked.cursor, asked.limit
    stretch, attempts = Stretch([], None), list[Attempts]()
    if asked.outcome != REFUSED:
        wanted = replace(asked.wanted, but_for=ENGINE)
        stretch = lines_before(connection, workspace, wanted, before=cursor.line, limit=limit)
    if asked.outcome != DONE:
        attempts = attempts_before(connection, workspace, asked.wanted, before=cursor.attempt, limit=limit)
    lines, refused = deque(stretch.lines), deque(attempts)
    line, attempt = cursor.line, cursor.attempt
    items: list[Item] = []
    while len(items) < limit and (lines or (refused and stretch.go_on is None)):
        if not lines or (refused and refused[0].last_at > lines[0][1].at):
            items.append(_refused(refused[0]))
            attempt = refused.popleft().key
        else:
            items.append(_done(lines[0][1]))
            line = lines.popleft()[0]
    if not lines:
        line = stretch.go_on or NOT_BEFORE
    is_last = not lines and stretch.go_on is None and not refused and len(attempts) < limit
    return Page(items=tuple(items), next=None if is_last else Cursor(line=line, attempt=attempt))


def note_attempts(unit: Unit, attempts: Sequence[Attempts]) -> None:
    """Remember what was refused."""
    for each in attempts:
        unit.put(attempts_row(unit.workspace.number, each))


def _done(entry: Entry) -> Item:
    account = entry.data.get(ACCOUNT, {})
    told = {name: value for name, value in entry.data.items() if name not in INSIDE}
    return Item(
        at=entry.at,
        by=entry.by or "",
        action=entry.kind,
        subject=entry.subject,
        outcome=DONE,
        count=1,
        request_id=account.get("request_id"),
        before=account.get("before") or _before(entry.kind, told),
        after=account.get("after", told or None),
    )


def _before(kind: str, told: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """How it was, where the event itself says so."""
    if kind == "agent.status":
        return {"status": told["was"]}
    if kind == "agent.availability":
        return {"office": told["office"], "available": not told["available"]}
    return None


def _refused(attempts: Attempts) -> Item:
    return Item(
        at=attempts.last_at,
        by=attempts.by,
        action=attempts.call,
        subject=attempts.path,
        outcome=REFUSED,
        count=attempts.count,
        request_id=attempts.request_id,
        before=None,
        after=None,
    )
