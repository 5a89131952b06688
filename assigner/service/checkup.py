"""Whether what is stored of a workspace agrees with itself: who holds what, and the tables with the log.

Both are asked of one moment of the database, so it may be served meanwhile."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from assigner.core.board import Board
from assigner.core.snapshot import Snapshot, snapshot
from assigner.service.repeat import Repeat
from assigner.service.workspace import Workspace, load_workspace
from assigner.store.conditions import Count, counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Something that is told in two ways: what it is about, and what each side says."""

    about: str
    one: Any
    other: Any


def held(workspace: Workspace) -> Counter[Count]:
    """How many open contacts the board holds, by who has them and their state."""
    return Counter(Count(each.agent_id, each.state.value) for each in workspace.floor.contacts.values())


def check_loads(connection: Connection, number: int, *, now: datetime) -> list[Disagreement]:
    """Where the number of contacts that the board counts for somebody is not that of the table."""
    on_board, in_table = held(load_workspace(connection, number, now=now)), counted(connection, number)
    return [
        Disagreement(about=_who(each), one=on_board[each], other=in_table[each])
        for each in sorted({*on_board, *in_table}, key=str)
        if on_board[each] != in_table[each]
    ]


def check_journal(connection: Connection, number: int, *, now: datetime) -> list[Disagreement]:
    """Where a board that follows the log comes to something else than what the tables hold."""
    again = Repeat(connection, number)
    for change_no, entries in again.commits():
        again.commit(change_no, entries)
    stored = load_workspace(connection, number, now=now).board
    from_log, from_tables = _told(again.board), _told(stored)
    return [
        Disagreement(about=about, one=from_log.get(about), other=from_tables.get(about))
        for about in sorted({*from_log, *from_tables})
        if from_log.get(about) != from_tables.get(about)
    ]


def _told(board: Board) -> Mapping[str, Any]:
    """All that both must agree on, each thing by its name."""
    found: Snapshot = snapshot(board)
    agents = {f"agent {seat.agent.id}": (seat.agent, seat.turn, seat.status, seat.switched_on) for seat in found.seats}
    contacts = {
        f"contact {each.id}": replace(each, contact=replace(each.contact, customer_id=None, attributes={}))
        for each in found.contacts
    }
    offices = {f"office {office.id}": office for office in found.offices}
    rest = {"rules": found.rule_set_version, "settings": found.settings, "arrivals": found.arrivals}
    return {**agents, **contacts, **offices, **rest}


def _who(count: Count) -> str:
    return f"contacts that are {count.state}" + (f", of {count.agent_id}" if count.agent_id is not None else "")
