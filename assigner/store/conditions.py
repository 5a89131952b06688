"""How a database and those who work on it are doing: what a doctor asks, and what operators watch.

It only reads, and only what is small: nodes, locks, and counts of open work."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select, text

from assigner.store import tables
from assigner.store.leases import HOLDERS, LOCK_CLASS, NAME
from assigner.store.load import CHANGE, CONTACT
from assigner.store.rows import table_of
from assigner.store.writing import POSTGRESQL

NODE = table_of(tables.Node)
CAREFUL = ("fsync", "synchronous_commit", "full_page_writes")
"""What PostgreSQL may be told to do without, and then loses what was answered when the power fails."""
SESSIONS = text("SELECT pid, application_name FROM pg_stat_activity WHERE application_name LIKE :name")


class Count(NamedTuple):
    """Whose contacts in which state are counted."""

    agent_id: str | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSeen:
    """A node, and how long ago it last showed that it goes on."""

    id: str
    ago: timedelta


def server_time(connection: Connection) -> datetime | None:
    """What the database says what time it is; None for a file, which has no clock."""
    if connection.dialect.name != POSTGRESQL:
        return None
    found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return found


def newest_line_at(connection: Connection, workspace: int) -> datetime | None:
    """The instant of the newest change."""
    query = select(CHANGE.c.at).where(CHANGE.c.workspace == workspace)
    found: datetime | None = connection.execute(
        query.order_by(CHANGE.c.change_no.desc(), CHANGE.c.ordinal.desc()).limit(1)
    ).scalar_one_or_none()
    return found


def careless_settings(connection: Connection) -> list[str]:
    """What the server does without that keeps what was answered safe; a file always keeps it."""
    if connection.dialect.name != POSTGRESQL:
        return []
    return [name for name in CAREFUL if connection.execute(text(f"SHOW {name}")).scalar_one() == "off"]


def deciding_nodes(connection: Connection) -> dict[int, str | None]:
    """For every workspace of a shared database who decides: the name of a node, or None for nobody."""
    names = {row.pid: row.application_name for row in connection.execute(SESSIONS, {"name": f"{NAME}%"})}
    holders = connection.execute(HOLDERS, {"lock_class": LOCK_CLASS})
    return {row.number: None if row.pid is None else names.get(row.pid, f"session {row.pid}") for row in holders}


def nodes_seen(connection: Connection) -> tuple[NodeSeen, ...]:
    """The nodes of a shared database; one that stopped as it should is not among them."""
    ago = (func.clock_timestamp() - NODE.c.seen_at).label("ago")
    rows = connection.execute(select(NODE.c.id, ago).order_by(NODE.c.id))
    return tuple(NodeSeen(id=row.id, ago=row.ago) for row in rows)


def counted(connection: Connection, workspace: int) -> Counter[Count]:
    """How many open contacts the table holds, by who has them and their state."""
    columns = CONTACT.c.agent_id, CONTACT.c.state
    query = select(*columns, func.count().label("counted")).where(
        CONTACT.c.workspace == workspace, text(tables.IS_OPEN)
    )
    rows = connection.execute(query.group_by(*columns))
    return Counter({Count(row.agent_id, row.state): row.counted for row in rows})
