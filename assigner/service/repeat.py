"""A board that follows the log: what was decided in each commit, and what the board decides now.

It begins with nothing, or, where the log was pruned, with what the pruned part had come to. What a contact says of its
customer stands apart from the log and may have been erased; the outcome of matching is in the log, so the choice of the
agent can be repeated nevertheless."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from assigner.core.board import Board
from assigner.core.changes import Change
from assigner.core.floor import Floor
from assigner.core.snapshot import restore
from assigner.service.log import Said, change_document, change_of, decision_data, with_customer
from assigner.service.unit import DECISIONS
from assigner.store.documents import from_document, to_document
from assigner.store.load import LAST_ORDINAL, changes_after, epoch_of, find_contacts
from assigner.store.log_start import log_start, snapshot_of
from assigner.store.rows import ContactRecord, Entry
from assigner.store.rule_versions import read_rule_set

PAGE = 10_000
"""How many lines of the log are read at once."""


Look = Callable[[Floor, Said, ContactRecord | None], None]
"""Is shown what a contact asked for, before the floor hears of it; None where the contact is not kept any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision as the log tells it: its event, its account, and the change that it made."""

    contact_id: str
    kind: str
    told: Mapping[str, Any]
    change: Mapping[str, Any]


class Repeat:
    """A board that follows the log of a workspace, one commit after the other.

    Where one node has written it all, every commit ends with a decision; several nodes also commit without one, and
    leave it to the node that decides. One that was left out shows at the next decision, where the board decides it as
    well, or as `left` at the end. `look` is for who wants to know more of contacts than what was decided."""

    def __init__(self, connection: Connection, workspace: int, *, look: Look = lambda *_: None) -> None:
        self._look = look
        self._connection = connection
        self._workspace = workspace
        self._rule_set = cache(partial(read_rule_set, connection, workspace))
        self._one_decides_all = epoch_of(connection, workspace) == 0
        self.board = self._first_board()

    def commits(self) -> Iterator[tuple[int, list[Entry]]]:
        """The commits behind the one that the board stands at, page by page."""

        def lines() -> Iterator[tuple[int, int, Entry]]:
            after = (self.board.change_no, LAST_ORDINAL)
            while page := changes_after(self._connection, self._workspace, after, limit=PAGE):
                yield from page
                after = page[-1][:2]

        for change_no, of_commit in groupby(lines(), key=lambda line: line[0]):
            yield change_no, [entry for _, _, entry in of_commit]

    def commit(self, change_no: int, entries: list[Entry]) -> tuple[list[Decided], list[Decided]]:
        """Follow one commit. Returns what was decided in it then, and what the board decides now."""
        decided = [entry for entry in entries if "decision" in entry.data]
        others = [entry for entry in entries if "decision" not in entry.data]
        for change, stored in self._changes(others):
            if isinstance(change, Said):
                self._look(self.board.floor, change, stored)
            self.board.apply([change], change_no=change_no - 1)
        self.board.change_no = change_no - 1
        if not decided and not self._one_decides_all:
            self.board.change_no = change_no
            return [], []
        plan = self.board.decide(now=max(entry.at for entry in entries), at_most=DECISIONS)
        self.board.apply([change for change, _ in self._changes(decided)], change_no=change_no)
        floor = self.board.floor
        repeated = [
            _decided(decision.contact_id, *decision_data(decision, plan, floor), change_document(change))
            for decision, change in zip(plan.decisions, plan.changes, strict=True)
        ]
        return [_decided(entry.subject, entry.kind, entry.data, entry.change or {}) for entry in decided], repeated

    def left(self, *, now: datetime) -> tuple[str, ...]:
        """The contacts of which the board would decide something at the end of the log, and nobody has."""
        return tuple(each.contact_id for each in self.board.decide(now=now, at_most=DECISIONS).decisions)

    def _changes(self, entries: list[Entry]) -> list[tuple[Change, ContactRecord | None]]:
        """What the lines changed, with what contacts said of their customers, as far as that is known, beside it."""
        changes = [change_of(entry.change, self._rule_set) for entry in entries if entry.change is not None]
        said = [change.contact.id for change in changes if isinstance(change, Said)]
        records = find_contacts(self._connection, self._workspace, said)
        return [
            (with_customer(change, records), records.get(change.contact.id) if isinstance(change, Said) else None)
            for change in changes
        ]

    def _first_board(self) -> Board:
        start = log_start(self._connection, self._workspace)
        if start is None:
            return Board()
        return restore(snapshot_of(self._connection, self._workspace, self._rule_set), now=start.at)


def _decided(contact_id: str, kind: str, told: Mapping[str, Any], change: Mapping[str, Any]) -> Decided:
    return Decided(contact_id=contact_id, kind=kind, told=_as_stored(told), change=_as_stored(change))


def _as_stored(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return from_document(to_document(document), dict)
