"""Forgetting a customer: everything that contacts said, who held them, and the name in the rules.

The log never named the customer, so it stays whole and every decision can be repeated. What is told of an erasure is
under an id of its own, for the log must not learn the name now."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from assigner.core.changes import CustomerForgotten
from assigner.service.actor import Actor, Permission
from assigner.service.asked import InUse
from assigner.service.unit import Unit
from assigner.store.erasure import customer_gone, version_reworded, versions_that_mention
from assigner.store.rows import PublishedRules
from assigner.store.rule_versions import versions_before
from presence.errors import Conflict
from rules.forget import without_customer
from rules.model import RuleSet
from rules.parse import parse_rules
from rules.versions import content_hash

ERASES = Permission.CUSTOMERS_ERASE


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased: `erasure` is the id under which the audit tells of it; None where nothing was known."""

    erasure: str | None
    contacts: int
    rule_versions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reworded:
    """The versions of the rules that named a customer, without the name, of all up to the `newest`."""

    versions: tuple[PublishedRules, ...]
    newest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Who is to be forgotten, and what was prepared for it. `contacts` looks up the ids of the customer's contacts."""

    id: str
    customer_id: str
    rules: Reworded
    contacts: Callable[[], list[str]]


def reworded_rules(connection: Connection, workspace: int, customer_id: str, erasure: str) -> Reworded:
    """The rules with the id of the erasure instead of the customer. It takes a while where there are many versions."""
    newest = versions_before(connection, workspace, None, limit=1)
    found = []
    for version in versions_that_mention(connection, workspace, customer_id):
        text = without_customer(version.text, customer_id, instead=erasure)
        if text != version.text:
            found.append(replace(version, text=text, content_hash=content_hash(parse_rules(text).rule_set)))
    return Reworded(versions=tuple(found), newest=newest[0].version if newest else 0)


def erase_customer(unit: Unit, actor: Actor, asked: Erasure) -> Erased:
    """Forget a customer. Doing it again changes nothing.

    Raises Forbidden, InUse for a customer with open contacts, Conflict where other rules were published meanwhile."""
    actor.need(ERASES)
    workspace, floor, customer_id = unit.workspace, unit.workspace.floor, asked.customer_id
    in_use = sum(each.contact.customer_id == customer_id for each in floor.contacts.values())
    in_use += unit.count_ended_of(customer_id)
    if in_use:
        message = f"this customer has {in_use} open contacts; close or abandon them first"
        raise InUse(message, {"contacts": in_use})
    if floor.rule_set_version != asked.rules.newest:
        raise Conflict("conflict", "rules were published meanwhile; ask again, nothing was erased")
    contact_ids = asked.contacts()
    if not contact_ids and not asked.rules.versions and customer_id not in floor.last_holder:
        return Erased(erasure=None, contacts=0, rule_versions=0)
    for row in customer_gone(workspace.number, customer_id, contact_ids):
        unit.put(row)
    unit.tell(CustomerForgotten(at=unit.now, customer_id=customer_id, rule_set=_reword(unit, asked.rules.versions)))
    told = {"contacts": len(contact_ids), "rule_versions": len(asked.rules.versions)}
    unit.record("customer.erased", asked.id, by=actor.name, data=told)
    return Erased(erasure=asked.id, **told)


def _reword(unit: Unit, reworded: tuple[PublishedRules, ...]) -> RuleSet | None:
    """Keep versions of the rules in other words. Returns the rule set in force where it is among them."""
    workspace, in_force = unit.workspace, None
    for version in reworded:
        unit.put(version_reworded(workspace.number, version))
        if version.version == workspace.floor.rule_set_version:
            workspace.rules_text = version.text
            in_force = parse_rules(version.text).rule_set
    return in_force
