"""Where the log of a workspace begins, once it was pruned, and what the pruned part had come to.

Moving the start is one write that deletes nothing; what stands before it counts as gone from then on, whenever it is
deleted. So a kill at any moment loses nothing that is kept, and two nodes that prune at once do no harm."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, get_type_hints

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_into_sqlite

from assigner.core.model import OpenContact
from assigner.core.snapshot import Snapshot
from assigner.store import tables
from assigner.store.documents import from_document, to_document
from assigner.store.rows import table_of
from assigner.store.writing import POSTGRESQL
from rules.model import RuleSet

LOG_START = table_of(tables.LogStart)
NOT_STORED = ("rule_set", "last_holder")
"""The rules are found by their version; the last holders name customers, and no decision asks for them again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogStart:
    """All changes up to `change_no` are gone; what is told of the time since `at` is whole."""

    change_no: int
    at: datetime
    swept: int = 0


def log_start(connection: Connection, workspace: int) -> LogStart | None:
    """Where the log begins; None where it is whole."""
    columns = LOG_START.c.change_no, LOG_START.c.at, LOG_START.c.swept
    row = connection.execute(select(*columns).where(LOG_START.c.workspace == workspace)).one_or_none()
    return None if row is None else LogStart(change_no=row.change_no, at=row.at, swept=row.swept)


def snapshot_of(connection: Connection, workspace: int, rule_sets: Callable[[int], RuleSet]) -> Snapshot:
    """The board of a log that was pruned, as it was where the log begins; `rule_sets` finds a published version."""
    query = select(LOG_START.c.board).where(LOG_START.c.workspace == workspace)
    stored = from_document(connection.execute(query).scalar_one(), dict)
    kinds = get_type_hints(Snapshot)
    told: dict[str, Any] = {name: msgspec.convert(value, kinds[name], str_keys=True) for name, value in stored.items()}
    version = told["rule_set_version"]
    return Snapshot(**told, rule_set=rule_sets(version) if version else RuleSet(), last_holder={})


def board_document(board: Snapshot) -> bytes:
    """A board as it is stored: without customers, who can be erased, and who are not asked for again."""
    told: Mapping[str, Any] = {
        field.name: getattr(board, field.name) for field in fields(board) if field.name not in NOT_STORED
    }
    return to_document({**told, "contacts": [_anonymous(contact) for contact in board.contacts]})


def move(connection: Connection, workspace: int, *, seen: LogStart | None, start: LogStart, board: bytes) -> bool:
    """Let the log begin later. False where somebody else has moved the start meanwhile: nothing was done."""
    values = {"change_no": start.change_no, "at": start.at, "board": board}
    if seen is not None:
        own = (LOG_START.c.workspace == workspace) & (LOG_START.c.change_no == seen.change_no)
        return bool(connection.execute(LOG_START.update().where(own).values(values)).rowcount)
    insert = insert_into_postgresql if connection.dialect.name == POSTGRESQL else insert_into_sqlite
    first = insert(LOG_START).values(workspace=workspace, swept=0, **values).on_conflict_do_nothing()
    return bool(connection.execute(first).rowcount)


def _anonymous(contact: OpenContact) -> OpenContact:
    return replace(contact, contact=replace(contact.contact, customer_id=None, attributes={}))
