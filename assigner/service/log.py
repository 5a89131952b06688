"""Changes and decisions as lines of the log: what an event tells, and what it takes to repeat a decision.

The log never holds attributes or customer ids; they stand apart, with the contact, so that they can be erased."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from assigner.core.changes import (
    Change,
    ContactAmended,
    ContactArrived,
    ContactMoved,
    ContactReturned,
    OfficePut,
    OfficeRemoved,
    RulesPublished,
)
from assigner.core.floor import Floor
from assigner.core.model import NextStop, Offer, Plan, Planned
from assigner.store.documents import from_plain, members
from assigner.store.rows import ContactRecord
from rules.match import Match
from rules.model import RuleSet

ACCOUNT = "audit"
"""Where a line of somebody's change keeps what only the audit tells: the request, and how it was before."""
KINDS: Mapping[str, type[Change]] = {kind.__name__: kind for kind in get_args(Change)}


Said = ContactArrived | ContactAmended
"""The changes that tell what a contact asks for."""
MATCHING_AGAIN = (OfficePut, OfficeRemoved, RulesPublished, ContactMoved, ContactReturned)
"""The changes after which contacts are matched again."""


def edited(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What the audit tells of a document that somebody changed, beside what an event says: the fields that differ, and
    all of them where it came to be or went."""
    if before is None or after is None:
        return {ACCOUNT: {"before": before, "after": after}}
    names = [name for name in (*before, *(set(after) - set(before))) if before.get(name) != after.get(name)]
    sides = {"before": before, "after": after}
    return {ACCOUNT: {side: {name: told.get(name) for name in names} for side, told in sides.items()}}


def change_document(change: Change) -> Mapping[str, Any]:
    """A change as it stands in the log, with its kind. A rule set is named by its version only."""
    told: dict[str, Any] = {"type": type(change).__name__}
    if isinstance(change, Said):
        return told | members(change, contact=members(change.contact, customer_id=None, attributes={}))
    if isinstance(change, RulesPublished):
        return told | {"at": change.at, "version": change.version, "matches": change.matches}
    return told | members(change)


def change_of(line: Mapping[str, Any], rule_sets: Callable[[int], RuleSet]) -> Change:
    """The change of a line of the log, as `change_document` wrote it; `rule_sets` finds a published version."""
    told = dict(line)
    kind = KINDS[told.pop("type")]
    if kind is RulesPublished:
        matches = from_plain(told["matches"], dict[str, Match])
        at, version = datetime.fromisoformat(told["at"]), told["version"]
        return RulesPublished(at=at, rule_set=rule_sets(version), version=version, matches=matches)
    return from_plain(told, kind)


def with_customer(change: Change, records: Mapping[str, ContactRecord]) -> Change:
    """A change with what the log does not say of the customer, as far as the stored contacts do."""
    if not isinstance(change, Said) or change.contact.id not in records:
        return change
    known = records[change.contact.id].place.contact
    contact = replace(change.contact, customer_id=known.customer_id, attributes=known.attributes)
    return replace(change, contact=contact)


def decision_data(decision: Planned, plan: Plan, floor: Floor) -> tuple[str, Mapping[str, Any]]:
    """What an event says of a decision, with its account: enough to explain it, and to see that a repeat is equal."""
    contact = floor.contacts[decision.contact_id]
    account: dict[str, Any] = {
        "rule": contact.match.rule,
        "rule_set": floor.rule_set.name,
        "rule_set_version": floor.rule_set_version,
        "accounts": decision.accounts,
        "decided_at": plan.now,
        "seen_change_no": plan.change_no,
    }
    if isinstance(decision, NextStop):
        return "contact.moved", {"queue": decision.queue, "leaves": decision.leaves, "decision": account}
    account["ranked"] = replace(decision.ranked, credits=()) if decision.ranked.credits else decision.ranked
    told = {"agent_id": decision.ranked.winner, "queue": decision.queue}
    if isinstance(decision, Offer):
        return "contact.offered", {**told, "expires_at": decision.expires_at, "decision": account}
    return "contact.assigned", {**told, "source": "automatic", "decision": account}
