"""Wake, refresh, decide, commit, sleep: what keeps one workspace matching its decisions, in steps that others loop.

Requests that arrive while a group is being committed go into the next one. A group first logs what time has changed,
then applies its requests in order of arrival, then decides; all of it is one transaction under the workspace row."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from typing import Any, Protocol, TypeVar

from assigner.service import request_id
from assigner.service.presence import record_lapses
from assigner.service.unit import DECISIONS, Unit
from assigner.service.workspace import Workspace, load_workspace
from assigner.store.clock import DatabaseClock
from assigner.store.database import Database, StoreUnavailable, Taken, take_workspace, write_group
from assigner.store.load import find_contacts
from assigner.store.rows import Entry
from presence.errors import Refused

log = logging.getLogger(__name__)

Answer = TypeVar("Answer", covariant=True)
GROUP = 500
"""How many requests share one transaction at most."""


class Request(Protocol[Answer]):
    """What a caller asks to be done: it checks, records what becomes true, and answers."""

    def __call__(self, unit: Unit) -> Answer:
        """Do it, as part of one change. Raises Refused, and has then changed nothing."""


class Waiting:
    """A request that waits for its group, with the contacts that it names, and the id of the call it came with."""

    def __init__(self, request: Request[Any], contact_ids: tuple[str, ...]) -> None:
        self.request = request
        self.contact_ids = contact_ids
        self.request_id = request_id.CURRENT.get()
        self.answer: Future[Any] = Future()


Absorb = Callable[[Workspace, datetime], bool]
"""Notes something in memory at an instant, and says whether that is all there is to it."""

Committed = Callable[[int, list[Entry]], None]
"""Told after every commit: its number, and the lines it wrote."""


class NothingToWrite(Exception):
    """Nothing of a group became true, so its transaction is given up."""


class Dispatcher:
    """The one writer of one workspace. `clock` is the only time it knows.

    `committed` are told of every commit; `checkpoint` is called with the name of each step of a commit, for tests that
    pause or crash there."""

    def __init__(self, database: Database, number: int, *, clock: Callable[[], datetime]) -> None:
        self.lock = threading.RLock()
        self.committed: list[Committed] = []
        self.checkpoint: Callable[[str], None] = lambda _: None
        self._database = database
        self._number = number
        self._clock = clock
        self._requests: deque[Waiting] = deque()
        self._arrived = threading.Event()
        self._workspace: Workspace | None = None
        self._look_again_at: datetime | None = None

    @property
    def workspace(self) -> Workspace:
        """The workspace in memory; loaded where it is not there yet, or not any more. Hold `lock` while using it."""
        if self._workspace is None:
            with self._database.reading() as connection:
                self._workspace = load_workspace(connection, self._number, now=self._clock())
        return self._workspace

    def submit(self, request: Request[Answer], *, contact_ids: tuple[str, ...] = ()) -> Future[Answer]:
        """Let a request go into the next group. The future holds the answer after the commit, or why it was refused."""
        waiting = Waiting(request, contact_ids)
        self.submit_all([waiting])
        return waiting.answer

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
            if self._workspace is None:
                return False
            held = self._workspace.inputs_due_at
            is_absorbed = absorb(self._workspace, self._clock())
            if self._workspace.inputs_due_at is not held:
                self._arrived.set()  # there is something to write in a second
            return is_absorbed
        finally:
            self.lock.release()

    def step(self) -> bool:
        """Commit one group: what time changed, what was asked, what follows. False where there was nothing to do."""
        with self.lock:
            group = [self._requests.popleft() for _ in range(min(GROUP, len(self._requests)))]
            if not group and not self._is_due():
                return False
            self._carry_out(group)
            return True

    def run(self, stop: threading.Event, *, poll: float = 2.0) -> None:
        """Step until told to stop; sleep until a request arrives or something is due, but never longer than `poll`
        s."""
        while True:
            self._arrived.clear()
            if stop.is_set():
                break
            try:
                did_something = self.step()
            except Exception:
                log.exception("nothing could be done; trying again in %s s", poll)
                self._arrived.wait(timeout=poll)
                continue
            if not did_something:
                self._arrived.wait(timeout=self._sleep(poll))
        self._finish()

    def wake(self) -> None:
        """End a sleep early. A wake-up that is lost costs one `poll`."""
        self._arrived.set()

    def next_instant(self) -> datetime | None:
        """When there is something to do although nobody asks; now, where that is not known yet."""
        with self.lock:
            if self._workspace is None:
                return self._clock()
            return earliest(self._look_again_at, self._workspace.inputs_due_at)

    def _carry_out(self, group: list[Waiting]) -> None:
        """Commit a group. Where it fails for a defect of one request, the others are carried out one by one."""
        try:
            change_no, entries, answers = self._commit(group)
        except Exception as failure:
            self._workspace = None  # memory may be ahead of the database now: load it again
            if len(group) > 1 and not isinstance(failure, StoreUnavailable):
                for waiting in group:
                    self._carry_out([waiting])
                return
            for waiting in group:
                waiting.answer.set_exception(failure)
            if not group:
                raise
            return
        self._tell(change_no, entries)
        for waiting, (answer, refused) in zip(group, answers, strict=True):
            if refused is not None:
                waiting.answer.set_exception(refused)
            else:
                waiting.answer.set_result(answer)

    def _tell(self, change_no: int, entries: list[Entry]) -> None:
        """Tell of a commit. It stands whatever becomes of those who are told, so what they raise is only logged."""
        for told in self.committed:
            try:
                told(change_no, entries)
            except Exception:
                log.exception("commit %s stands, but somebody could not be told of it", change_no)

    def _commit(self, group: list[Waiting]) -> tuple[int, list[Entry], list[tuple[Any, Refused | None]]]:
        workspace = self.workspace
        answers: list[tuple[Any, Refused | None]] = []
        try:
            with self._database.writing() as connection:
                self.checkpoint("begun")
                taken = take_workspace(connection, self._number)
                change_no = taken.change_no
                if change_no != workspace.board.change_no + 1:  # another node was here: what is in memory is old
                    workspace = self._workspace = load_workspace(connection, self._number, now=self._now(taken))
                    workspace.board.change_no = change_no - 1
                unit = Unit(workspace, change_no=change_no, now=self._now(taken))
                named = [each for waiting in group for each in waiting.contact_ids if each not in workspace.notes]
                unit.stored = find_contacts(connection, self._number, named)
                record_lapses(unit)
                answers += (_answer(waiting, unit) for waiting in group)
                unit.request_id = None
                self.checkpoint("decided")
                plan = workspace.board.decide(now=unit.now, at_most=DECISIONS)
                unit.carry_out(plan)
                self._look_again_at = plan.valid_until if plan.complete else unit.now
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
            if self._workspace is not None and self._workspace.held_inputs:
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


def _answer(waiting: Waiting, unit: Unit) -> tuple[Any, Refused | None]:
    unit.request_id = waiting.request_id
    try:
        return waiting.request(unit), None
    except Refused as refused:
        return None, refused
