"""Wake, refresh, decide, commit, sleep: what keeps one workspace matching its decisions, in steps that others loop.

Requests that arrive while a group is being committed go into the next one. A group first follows what other nodes have
committed, logs what time has changed, then applies its requests in order of arrival, then decides, where this node is
the one that does; all of it is one transaction under the workspace row."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection

from assigner.asking import Request, Waiting
from assigner.logs import COMMIT, Level, tell
from assigner.service.following import hear_inputs_of
from assigner.service.lapses import record_consequences, record_lapses
from assigner.service.memory import Committed, Memory
from assigner.service.presence import report_late_inputs
from assigner.service.unit import DECISIONS, Unit
from assigner.service.workspace import Workspace
from assigner.store.clock import DatabaseClock
from assigner.store.database import Database, OutcomeUnknown, StoreUnavailable
from assigner.store.group import Taken, take_workspace, write_group
from assigner.store.leases import Rights
from assigner.store.load import find_contacts
from assigner.store.rows import Entry
from presence.errors import Refused

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
GROUP = 500
"""How many requests share one transaction at most."""
PATIENCE, RETRY = 3.0, 0.1
"""Seconds for which a group is tried again whose connection broke before anything was done, and between two tries."""
AT_ONCE = datetime.min.replace(tzinfo=UTC)
HELD_FOR = 1.0
"""Seconds for which inputs are held before they are written."""


Absorb = Callable[[Workspace, datetime], bool]
"""Notes something in memory at an instant, and says whether that is all there is to it."""


class NothingToWrite(Exception):
    """Nothing of a group became true, so its transaction is given up."""


class Dispatcher:
    """The one writer of one workspace in this process. `clock` is the only time it knows; with `leases` it decides only
    where it holds the one of its workspace.

    `committed` are told of every commit, whichever node made it, and `written` of those of this process; `checkpoint`
    is called with the name of each step of a commit, for tests that pause or crash there."""

    def __init__(
        self, database: Database, number: int, *, clock: Callable[[], datetime], leases: Rights | None = None
    ) -> None:
        self.lock = threading.RLock()
        self.committed: list[Committed] = []
        self.written: list[Committed] = []
        self.checkpoint: Callable[[str], None] = lambda _: None
        self._database = database
        self._number = number
        self._clock = clock
        self._leases = leases
        self._requests: deque[Waiting] = deque()
        self._arrived = threading.Event()
        self._memory = Memory(database, number, clock=clock, tell=self._tell)
        self._look_again_at: datetime | None = AT_ONCE
        self._is_occupied = False

    @property
    def workspace(self) -> Workspace:
        """The workspace in memory; loaded where it is not there yet, or not any more. Hold `lock` while using it."""
        return self._memory.workspace

    @property
    def decides(self) -> bool:
        """Whether this process is the one that decides for the workspace."""
        return self._leases is None or self._leases.is_held(self._number)

    def submit(self, request: Request[Answer], *, contact_ids: tuple[str, ...] = ()) -> Future[Answer]:
        """Let a request go into the next group. The future holds the answer after the commit, or why it was refused."""
        answer: Future[Answer] = Future()
        self.submit_all([Waiting(request, contact_ids, answer)])
        return answer

    def submit_all(self, requests: Iterable[Waiting]) -> None:
        """Let requests go into the next group, as far as it holds them."""
        self._requests.extend(requests)
        self._arrived.set()

    def absorb(self, absorb: Absorb) -> bool:
        """Let something be noted in memory that needs no commit of its own. False where that is not all there is to it,
        or where a group is being committed: then it is to be asked for. Raises Refused."""
        if not self.lock.acquire(blocking=False):
            return False
        try:
            workspace = self._memory.known
            if workspace is None:
                return False
            held = workspace.inputs_due_at
            is_absorbed = absorb(workspace, self._clock())
            if workspace.inputs_due_at is not held:
                self._arrived.set()  # there is something to write in a second
            return is_absorbed
        finally:
            self.lock.release()

    def catch_up(self) -> None:
        """Follow what other nodes have committed. Hold `lock`. Raises StoreUnavailable."""
        if self._database.is_shared and not self._is_occupied and self._memory.catch_up():
            self._look_again_at = AT_ONCE
            self._arrived.set()

    def step(self) -> bool:
        """Commit one group: what time changed, what was asked, what follows. False where there was nothing to do."""
        with self.lock:
            group = [self._requests.popleft() for _ in range(min(GROUP, len(self._requests)))]
            if group or self._is_due() or (self._memory.is_behind and self.decides):
                self._carry_out(group)
            elif self._memory.is_behind:
                self.catch_up()
            else:
                return False
            return True

    def run(self, stop: threading.Event, *, poll: float = 2.0) -> None:
        """Step until told to stop; sleep until a request arrives or something is due, at most `poll` seconds."""
        while True:
            self._arrived.clear()
            if stop.is_set():
                break
            try:
                if not self.step() and not self._arrived.wait(timeout=self._sleep(poll)):
                    self._look_around(within=poll)
            except Exception:
                log.exception("nothing could be done; trying again in %s s", poll)
                self._arrived.wait(timeout=poll)
        self._finish()

    def wake(self) -> None:
        """End a sleep early. A wake-up that is lost costs one `poll`."""
        self._arrived.set()

    def hear(self, change_no: int) -> None:
        """Another node may have committed this change."""
        self._memory.heard = max(self._memory.heard, change_no)
        if self._memory.is_behind:
            self._arrived.set()

    def next_instant(self) -> datetime | None:
        """When there is something to do although nobody asks; now, where that is not known yet."""
        with self.lock:
            workspace = self._memory.known
            if workspace is None or workspace.late_inputs:
                return self._clock()
            return earliest(self._look_again_at if self.decides else None, workspace.inputs_due_at)

    def _carry_out(self, group: list[Waiting]) -> None:
        """Commit a group. Where it fails for a defect of one request, the others are carried out one by one."""
        begun = time.perf_counter()
        try:
            change_no, entries, answers = self._commit_patiently(group)
        except Exception as failure:
            if len(group) > 1 and not isinstance(failure, StoreUnavailable):
                for waiting in group:
                    self._carry_out([waiting])
                return
            for waiting in group:
                waiting.reply.set_exception(failure)
            if not group:
                raise
            return
        self._memory.note_told(change_no)
        self._tell(change_no, entries)
        self._tell_of(self.written, change_no, entries)
        if entries:
            ms, decisions = (time.perf_counter() - begun) * 1e3, sum("decision" in entry.data for entry in entries)
            figures = {"requests": len(group), "lines": len(entries), "decisions": decisions, "ms": round(ms, 1)}
            tell(Level.INFO, COMMIT, workspace=self._number, change_no=change_no, **figures)
        for waiting, (answer, refused) in zip(group, answers, strict=True):
            if waiting.call is not None and refused is None:
                waiting.call.change_no = change_no
            if refused is not None:
                waiting.reply.set_exception(refused)
            else:
                waiting.reply.set_result(answer)

    def _tell(self, change_no: int, entries: list[Entry]) -> None:
        self._tell_of(self.committed, change_no, entries)

    def _tell_of(self, listeners: list[Committed], change_no: int, entries: list[Entry]) -> None:
        """Tell of a commit. It stands whatever becomes of those who are told, so what they raise is only logged."""
        with self._occupied():
            for told in listeners:
                try:
                    told(change_no, entries)
                except Exception:
                    log.exception("commit %s stands, but somebody could not be told of it", change_no)

    def _commit_patiently(self, group: list[Waiting]) -> tuple[int, list[Entry], list[tuple[Any, Refused | None]]]:
        """Commit a group; where a connection breaks before anything was done, again for a moment."""
        give_up_at = time.monotonic() + PATIENCE
        while True:
            try:
                with self._occupied():
                    return self._commit(group)
            except BaseException as failure:
                self._memory.drop()
                again = isinstance(failure, StoreUnavailable) and not isinstance(failure, OutcomeUnknown)
                if not again or not self._database.is_shared or time.monotonic() > give_up_at:
                    raise
                time.sleep(RETRY)

    def _commit(self, group: list[Waiting]) -> tuple[int, list[Entry], list[tuple[Any, Refused | None]]]:
        workspace = self.workspace
        answers: list[tuple[Any, Refused | None]] = []
        decides = self.decides
        try:
            with self._writing(decides=decides) as connection:
                self.checkpoint("begun")
                named = _named(group, workspace)
                taken, ended = take_workspace(connection, self._number, named)
                change_no, now = taken.change_no, self._now(taken)
                if self._leases is not None and decides:
                    self._leases.confirm(connection, self._number, taken)
                if change_no != workspace.board.change_no + 1:  # another node was here
                    workspace = self._memory.refresh(connection, change_no - 1, now=now)
                    ended = _named(group, workspace)
                unit = Unit(workspace, change_no=change_no, now=now)
                unit.stored = find_contacts(connection, self._number, ended)
                self._record_what_time_changed(connection, unit)
                answers += (_answer(waiting, unit) for waiting in group)
                unit.request_id = None
                self.checkpoint("decided")
                self._decide(unit, decides=decides)
                rows = unit.rows()
                if not unit.entries and not rows:
                    raise NothingToWrite
                write_group(connection, self._number, change_no, unit.entries, rows)
                self.checkpoint("before_commit")
        except NothingToWrite:
            workspace.board.change_no = change_no - 1
            return workspace.board.change_no, [], answers
        workspace.board.change_no = change_no
        self.checkpoint("after_commit")
        return change_no, unit.entries, answers

    @contextmanager
    def _writing(self, *, decides: bool) -> Iterator[Connection]:
        """A transaction on the connection that a group belongs to: plans are written only by who may."""
        if self._leases is not None and decides:
            with self._leases.writing(self._number) as connection:
                yield connection
        else:
            with self._database.writing() as connection:
                yield connection

    def _record_what_time_changed(self, connection: Connection, unit: Unit) -> None:
        due = tuple(dict.fromkeys(unit.workspace.board.agents_to_look_at(now=unit.now)))
        if self._database.is_shared:
            hear_inputs_of(connection, unit.workspace, due)
        record_lapses(unit, due)
        report_late_inputs(unit)

    def _decide(self, unit: Unit, *, decides: bool) -> None:
        if not decides:
            self._look_again_at = AT_ONCE  # as soon as this node comes to decide
            unit.workspace.floor.advance(now=unit.now)
            return
        plan = unit.workspace.board.decide(now=unit.now, at_most=DECISIONS)
        unit.carry_out(plan)
        self._look_again_at = plan.valid_until if plan.complete else unit.now

    def _look_around(self, *, within: float) -> None:
        """See what wake-ups that were lost would have told, and what inputs have come to other nodes lately."""
        if self._database.is_shared and self._memory.known is not None:
            with self.lock:
                self.catch_up()
                self._memory.hear_inputs_since(self._clock() - timedelta(seconds=2 * within + HELD_FOR))

    @contextmanager
    def _occupied(self) -> Iterator[None]:
        """Meanwhile nothing is followed: what is being told, or decided on, would be overtaken."""
        was, self._is_occupied = self._is_occupied, True
        try:
            yield
        finally:
            self._is_occupied = was

    def _now(self, taken: Taken) -> datetime:
        """The instant of a change: what the database says, where it is its clock that counts."""
        if taken.at is not None and isinstance(self._clock, DatabaseClock):
            self._clock.hear(taken.at)
            return taken.at
        return self._clock()

    def _finish(self) -> None:
        """Before the end, carry out what was asked, and write the inputs that were held back for a second."""
        with self.lock:
            while self._requests:
                self.step()
            if self._memory.known is not None and self._memory.known.held_inputs:
                self._carry_out([])

    def _is_due(self) -> bool:
        due = self.next_instant()
        return due is not None and due <= self._clock()

    def _sleep(self, poll: float) -> float:
        due = self.next_instant()
        return poll if due is None else max(0.0, min(poll, (due - self._clock()).total_seconds()))


def earliest(*instants: datetime | None) -> datetime | None:
    """The first of some instants, ignoring those that never come."""
    return min((instant for instant in instants if instant is not None), default=None)


def _named(group: list[Waiting], workspace: Workspace) -> list[str]:
    """The contacts that requests name and nobody has in memory: they are new, or have ended."""
    return [each for waiting in group for each in waiting.contact_ids if each not in workspace.notes]


def _answer(waiting: Waiting, unit: Unit) -> tuple[Any, Refused | None]:
    unit.request_id = None if waiting.call is None else waiting.call.id
    try:
        answer = waiting.request(unit)
    except Refused as refused:
        return None, refused
    record_consequences(unit)
    return answer, None
