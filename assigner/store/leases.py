"""Which node decides for which workspace: session locks of PostgreSQL, on the connections that write the plans.

Whoever loses such a connection has lost the lock with it, and cannot commit. A node that is paused keeps its locks, so
each shows again and again that it goes on; where one does not, another ends its connections."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, NullPool, text
from sqlalchemy.exc import DBAPIError

from assigner.store.database import StoreUnavailable, available, committing, engine_of
from assigner.store.group import Taken
from assigner.store.revisions import newest_revision

LOCK_CLASS = 0x61737369  # "assi", so that nobody else's locks are met by chance
CONNECTIONS = 4
"""How many connections a node decides on at most: workspaces that share one wait for each other's commits."""
PATIENCE = 0.5
"""Seconds for which a turn on a connection is waited for before locks are looked at later."""
SEEN_WITHIN = 5
"""Seconds for which a node counts as being there after it has shown itself."""
HOLDERS = text(
    "SELECT number, pid FROM workspace LEFT JOIN pg_locks ON locktype = 'advisory' AND classid = :lock_class"
    " AND objid = number AND objsubid = 2 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
SHOW = text(
    "INSERT INTO node (id, seen_at, revision) VALUES (:id, clock_timestamp(), :revision)"
    " ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp()"
)
COUNT_UP = "UPDATE workspace SET epoch = epoch + 1 WHERE number = %s"
"""Done by the first commit of a node that has come to decide."""
END_PAUSED = text(
    "WITH gone AS (DELETE FROM node WHERE seen_at < clock_timestamp() - make_interval(secs => :secs) RETURNING id)"
    " SELECT id, count(pg_terminate_backend(pid)) FROM gone LEFT JOIN pg_stat_activity"
    " ON application_name = :prefix || id GROUP BY id"
)
NAME = "assigner "
"""What the connections of all nodes are called, before the id of the node."""


class Pooled(Exception):
    """There is a pooler between this node and PostgreSQL that gives every transaction another session."""

    def __init__(self) -> None:
        super().__init__(
            "there is a connection pooler in transaction mode between this node and PostgreSQL, so the lock of the "
            "node that decides, and LISTEN, would be somebody else's by the next transaction; give the address of "
            "the server itself, or of a pooler in session mode"
        )


class LeaseLost(StoreUnavailable):
    """Another node decides for the workspace now. Nothing was changed."""


class Rights(Protocol):
    """Which workspaces one of several nodes decides for, and how it writes what it decides."""

    @property
    def age(self) -> float:
        """Seconds since the node last showed that it goes on."""

    def is_held(self, number: int, /) -> bool:
        """Whether the node decides for a workspace."""

    def writing(self, number: int, /) -> AbstractContextManager[Connection]:
        """A transaction for what it decides. Raises StoreUnavailable, OutcomeUnknown, LeaseLost."""

    def confirm(self, connection: Connection, number: int, taken: Taken, /) -> None:
        """Refuse a plan of a node that does not decide any longer. Raises LeaseLost, Pooled."""


@dataclass(slots=True, kw_only=True)
class Lease:
    """The right to decide for one workspace. `epoch` is None until the first commit under it."""

    number: int
    line: "Line"
    epoch: int | None = None
    next_epoch: int | None = None


class Line:
    """One connection that holds locks and writes plans; the threads of its workspaces take turns."""

    def __init__(self, url: str, name: str) -> None:
        self.turn = threading.RLock()
        self.pid: int | None = None
        self._engine = engine_of(url, name=name, poolclass=NullPool)
        self._connection: Connection | None = None

    def open(self) -> None:
        """Connect, where that is not done. Hold `turn`. Raises StoreUnavailable, Pooled."""
        if self._connection is None:
            with available():
                connection = self._engine.connect()
                self.pid = _session(connection)
                with self._engine.connect() as other, other.begin():
                    others, own = _session(other), _session(connection)
            if others == self.pid or own != self.pid:  # at one time two connections are two sessions
                connection.invalidate()
                raise Pooled
            self._connection = connection

    @contextmanager
    def free(self) -> Iterator[bool]:
        """A turn, unless a transaction takes long: who waits for it cannot show meanwhile that the node goes on."""
        is_free = self.turn.acquire(timeout=PATIENCE)
        try:
            yield is_free
        finally:
            if is_free:
                self.turn.release()

    def close(self) -> None:
        """Let go of the connection, and of every lock with it."""
        connection, self._connection, self.pid = self._connection, None, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction. Raises StoreUnavailable, OutcomeUnknown; then every lock is lost."""
        with self.turn:
            if self._connection is None:
                raise LeaseLost("the connection that decides was lost")
            connection = self._connection
            try:
                with available(), committing(connection):
                    yield connection
            except StoreUnavailable:
                self.close()
                raise


class Leases:
    """The workspaces that one node decides for."""

    def __init__(self, url: str, node_id: str) -> None:
        self.node_id = node_id
        self._held: dict[int, Lease] = {}
        self._free: frozenset[int] = frozenset()
        self._lines = tuple(Line(url, f"{NAME}{node_id}") for _ in range(CONNECTIONS))
        self._engine = engine_of(url, name=f"{NAME}{node_id}", poolclass=NullPool)
        self._showing: Connection | None = None
        self._shown_at = time.monotonic()

    @property
    def age(self) -> float:
        """Seconds since this node last showed the others that it goes on."""
        return time.monotonic() - self._shown_at

    def connect(self) -> None:
        """See that this node can decide at all. Raises StoreUnavailable, Pooled."""
        with self._lines[0].turn:
            self._lines[0].open()

    @property
    def held(self) -> tuple[int, ...]:
        """The workspaces that this node decides for."""
        return tuple(self._held)

    def is_held(self, number: int) -> bool:
        """Whether this node decides for a workspace."""
        return number in self._held

    @contextmanager
    def writing(self, number: int) -> Iterator[Connection]:
        """A transaction of the node that decides for a workspace. Raises StoreUnavailable, OutcomeUnknown; `LeaseLost`
        where this is another node by now."""
        lease = self._held.get(number)
        if lease is None:
            raise LeaseLost("this node decides for the workspace no longer")
        try:
            with lease.line.writing() as connection:
                yield connection
        except StoreUnavailable:
            self._lose(lease.line)
            raise
        lease.epoch = lease.next_epoch

    def confirm(self, connection: Connection, number: int, taken: Taken) -> None:
        """Refuse a plan of a node that does not decide any longer. The first commit of one that does counts up the
        epoch. Raises LeaseLost, Pooled."""
        lease = self._held[number]
        if taken.pid != lease.line.pid:
            raise Pooled
        if lease.epoch is None:
            connection.exec_driver_sql(COUNT_UP, (number,))
            lease.next_epoch = taken.epoch + 1
        elif lease.epoch != taken.epoch:
            raise LeaseLost("another node decides for the workspace now")

    def beat(self, *, show: bool) -> tuple[int, ...]:
        """Take what this node should decide for and nobody does, give up what is more than its share; where `show`,
        let others know that it goes on, and end those who do not. Returns all workspaces that there are.

        Raises StoreUnavailable, Pooled."""
        with available():
            connection = self._connection()
            try:
                with connection.begin():
                    if show:
                        connection.execute(SHOW, {"id": self.node_id, "revision": newest_revision()})
                        connection.execute(END_PAUSED, {"secs": SEEN_WITHIN, "prefix": NAME})
                    rows = connection.execute(HOLDERS, {"lock_class": LOCK_CLASS})
                    holders: dict[int, int | None] = {row.number: row.pid for row in rows}
                    nodes = connection.exec_driver_sql("SELECT count(*) FROM node").scalar_one()
            except DBAPIError:
                self._showing = None
                connection.invalidate()
                connection.close()
                raise
        if show:
            self._shown_at = time.monotonic()
        self._drop_lost(holders)
        self._take_share(holders, share=-(-len(holders) // max(1, nodes)))
        return tuple(holders)

    def give_up(self) -> None:
        """Let go of everything, for good: others can have it at once."""
        for line in self._lines:
            with line.turn:
                self._lose(line)
                line.close()
        connection, self._showing = self._showing, None
        if connection is not None:
            with available(), connection, connection.begin():
                connection.execute(text("DELETE FROM node WHERE id = :id"), {"id": self.node_id})

    def _connection(self) -> Connection:
        if self._showing is None:
            self._showing = self._engine.connect()
        return self._showing

    def _drop_lost(self, holders: dict[int, int | None]) -> None:
        for number, lease in tuple(self._held.items()):
            if holders.get(number) != lease.line.pid:
                self._held.pop(number, None)

    def _take_share(self, holders: dict[int, int | None], *, share: int) -> None:
        """Up to the share at once; beyond it only what nobody wanted since the last beat."""
        free = frozenset(number for number, pid in holders.items() if pid is None)
        for number in sorted(free):
            if len(self._held) < share or number in self._free:
                self._take(number)
        self._free = free
        if len(self._held) > share:
            self._release(next(reversed(self._held)))

    def _take(self, number: int) -> None:
        line = self._lines[number % CONNECTIONS]
        with line.free() as is_free:
            if not is_free:
                return
            line.open()
            with line.writing() as connection:
                statement = "SELECT pg_try_advisory_lock(%s, %s)"
                is_taken = connection.exec_driver_sql(statement, (LOCK_CLASS, number)).scalar_one()
            if is_taken:
                self._held[number] = Lease(number=number, line=line)

    def _release(self, number: int) -> None:
        line = self._held[number].line
        with line.free() as is_free:
            if is_free:
                del self._held[number]
                with line.writing() as connection:
                    connection.exec_driver_sql("SELECT pg_advisory_unlock(%s, %s)", (LOCK_CLASS, number))

    def _lose(self, line: Line) -> None:
        for number, lease in tuple(self._held.items()):
            if lease.line is line:
                self._held.pop(number, None)


def _session(connection: Connection) -> int:
    """Which session of the server a transaction is in."""
    with nullcontext() if connection.in_transaction() else connection.begin():
        pid: int = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    return pid
