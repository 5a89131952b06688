"""How long closed contacts and the log are kept, and how the log is cut off: in bounded pieces, off the hot path.

First the start of the log is moved: a board follows the log up to there, and is stored as what it has come to, so that
all later decisions can still be repeated. Only then is deleted what stands before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from assigner.core.snapshot import snapshot
from assigner.service.repeat import Repeat
from assigner.store.database import Database
from assigner.store.log_start import LogStart, board_document, log_start, move
from assigner.store.pruning import Bounds, sweep
from assigner.store.report_lines import stretch
from assigner.store.webhooks import first_not_delivered


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """A later start of the log than the one `seen`, and the board that it begins with."""

    seen: LogStart | None
    start: LogStart
    board: bytes


def later_start(connection: Connection, workspace: int, before: datetime, bounds: Bounds) -> Later | None:
    """How far the log can be cut off, a piece of it at most; None where nothing stands before an instant, or webhooks
    have not been sent it yet. Reads only, for some seconds."""
    seen = log_start(connection, workspace)
    upto = stretch(connection, workspace, before, before).first - 1
    awaited = first_not_delivered(connection, workspace)
    if awaited is not None:
        upto = min(upto, awaited - 1)
    if upto <= (0 if seen is None else seen.change_no):
        return None
    again, followed, at = Repeat(connection, workspace), 0, before
    for change_no, entries in again.commits():
        if change_no > upto or followed >= bounds.followed:
            break
        again.commit(change_no, entries)
        followed += len(entries)
        at = min(before, max(entry.at for entry in entries) + timedelta.resolution)
    if not followed:
        return None
    start = LogStart(change_no=again.board.change_no, at=at)
    return Later(seen=seen, start=start, board=board_document(snapshot(again.board)))


def begin_later(database: Database, workspace: int, later: Later) -> bool:
    """Let the log begin later. False where somebody else has moved its start meanwhile."""
    with database.writing() as connection:
        return move(connection, workspace, seen=later.seen, start=later.start, board=later.board)


def sweep_once(database: Database, workspace: int, bounds: Bounds) -> bool:
    """Delete a slice of what stands before the start of the log. False where nothing is left."""
    with database.reading() as connection:
        start = log_start(connection, workspace)
    if start is None:
        return False
    with database.writing() as connection:
        return sweep(connection, workspace, start, bounds)
