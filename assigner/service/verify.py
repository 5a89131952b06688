"""Repeating decisions from the log: a board is built from nothing but the changes, and must decide the same again.

Where the log was pruned, it is built on what the pruned part had come to, and what was decided since is repeated. The
matching by rules is repeated as well, where the newest of what the contact said is there."""

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from assigner.core.floor import Floor
from assigner.service.log import Said
from assigner.service.repeat import Decided, Repeat
from assigner.store.database import Database
from assigner.store.log_start import log_start
from assigner.store.rows import ContactRecord, Entry
from rules.match import match


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A decision that comes out otherwise now. None: there was no such decision then, or there is none now."""

    change_no: int
    logged: Decided | None
    repeated: Decided | None

    @property
    def contact_id(self) -> str:
        """The contact that it is about."""
        decided = self.logged or self.repeated
        assert decided is not None, "a difference has two sides, and one of them at least is a decision"
        return decided.contact_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """How many decisions were repeated, and those that came out otherwise. Of a log that was pruned, it is those since
    an instant.

    `matched_otherwise` are the contacts of which the rules say something else now, `erased` those whose matching nobody
    can repeat any more. `left` are those of which the board would decide something at the end of the log, and nobody
    has: some nodes take requests and leave that to another, which decides within moments."""

    decisions: int
    differences: tuple[Difference, ...]
    since: datetime | None = None
    matched_otherwise: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def verify(database: Database, workspace: int, contact_id: str | None = None) -> Verified:
    """Repeat every decision of a workspace's log, and compare; count all of them, or those about one contact."""
    count = 0
    left: tuple[str, ...] = ()
    differences: list[Difference] = []
    matching = _Matching()
    with database.reading() as connection:
        start = log_start(connection, workspace)
        again = Repeat(connection, workspace, look=matching.look)
        entries: list[Entry] = []
        for change_no, entries in again.commits():
            logged, repeated = again.commit(change_no, entries)
            for then, now in zip_longest(logged, repeated):
                if contact_id in (None, *(each.contact_id for each in (then, now) if each is not None)):
                    count += 1
                    if then != now:
                        differences.append(Difference(change_no=change_no, logged=then, repeated=now))
        if entries:
            left = again.left(now=max(entry.at for entry in entries))
    return Verified(
        decisions=count,
        differences=tuple(differences),
        since=None if start is None else start.at,
        matched_otherwise=tuple(each for each in matching.otherwise if contact_id in (None, each)),
        erased=tuple(each for each in matching.erased if contact_id in (None, each)),
        left=tuple(each for each in left if contact_id in (None, each)),
    )


class _Matching:
    """The matching of contacts by the rules, done again: what is `otherwise`, and what is `erased`."""

    def __init__(self) -> None:
        self.otherwise: dict[str, None] = {}
        self.erased: dict[str, None] = {}

    def look(self, floor: Floor, change: Said, stored: ContactRecord | None) -> None:
        """Compare what the rules say of a contact with what they said. Only what it said last is known, so one that was
        amended is judged by the last time; of one that is not kept any more nothing is."""
        contact = change.contact
        if stored is None:
            return
        if stored.is_erased:
            self.erased[contact.id] = None
            return
        self.otherwise.pop(contact.id, None)
        if match(floor.rule_set, contact, offices=frozenset(floor.offices)) != change.match:
            self.otherwise[contact.id] = None
