"""Where a contact goes: the first rule that holds decides, and those before it are named as passed over.

Used by the board for every contact that arrives or changes, and by lint for the examples of a rule set. What a rule
cannot know never satisfies it: a field that the contact lacks fails every operator but `exists: false`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rules.glob import glob_matches
from rules.model import (
    EVERYBODY,
    NO_SKILLS,
    AllOf,
    AnyOf,
    ArrivedCondition,
    Condition,
    Contact,
    FieldCondition,
    Not,
    Operator,
    Rule,
    RuleSet,
    Skills,
)

ATTRIBUTES = "attributes."
"""What the name of a field begins with that reaches into the contact's attributes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What the rules say of one contact. `rule` None: none held; `queue` None: held back without a queue.

    `skills` are the contact's own and the rule's; those of the queue come on top where the contact is asked for."""

    rule: str | None
    queue: str | None
    priority: int
    skills: Skills
    hold: bool
    passed_over: tuple[str, ...]
    excluded: frozenset[str]


def match(rule_set: RuleSet, contact: Contact, *, offices: frozenset[str]) -> Match:
    """Apply the rules to a contact; `offices` are the ids of all offices there are."""
    passed_over: list[str] = []
    for rule in rule_set.rules:
        if rule.when is None or holds(rule.when, contact):
            break
        passed_over.append(rule.name)
    else:
        rule = _NO_RULE
    queue = rule.queue
    if queue is None and not rule.hold:
        queue = _queue_without_rules(rule_set, contact, offices)
    own = contact.priority if contact.priority is not None else rule.priority
    return Match(
        rule=None if rule is _NO_RULE else rule.name,
        queue=queue,
        priority=own if own is not None else 0,
        skills=strictest(contact.skills, rule.skills),
        hold=rule.hold,
        passed_over=tuple(passed_over),
        excluded=_excluded(rule_set, contact),
    )


_NO_RULE = Rule(name="")


def strictest(first: Skills, second: Skills) -> Skills:
    """Both needs together; where both name a skill the higher level counts."""
    if not second:
        return first or NO_SKILLS
    return {name: max(first.get(name, 0), second.get(name, 0)) for name in {**first, **second}}


def _queue_without_rules(rule_set: RuleSet, contact: Contact, offices: frozenset[str]) -> str:
    office = contact.office
    return office if office is not None and (office in offices or office in rule_set.queues) else EVERYBODY


def _excluded(rule_set: RuleSet, contact: Contact) -> frozenset[str]:
    if contact.customer_id is None or not rule_set.exclusions:
        return contact.exclude_agents
    by_rule_set = (each.agent for each in rule_set.exclusions if each.customer_id == contact.customer_id)
    return contact.exclude_agents.union(by_rule_set)


def holds(condition: Condition, contact: Contact) -> bool:
    """Whether the condition holds for the contact. Values of different types are never equal, and nothing raises."""
    match condition:
        case FieldCondition():
            return _field_holds(condition, contact)
        case AllOf():
            return all(holds(each, contact) for each in condition.conditions)
        case AnyOf():
            return any(holds(each, contact) for each in condition.conditions)
        case Not():
            return not holds(condition.condition, contact)
        case ArrivedCondition():
            return _arrived_holds(condition, contact.arrived_at)


def _field_holds(condition: FieldCondition, contact: Contact) -> bool:
    actual, expected = _value_of(contact, condition.field), condition.value
    present = actual is not None
    if condition.operator is Operator.EXISTS:
        return present is expected
    if not present:
        return False
    match condition.operator:
        case Operator.EQUALS:
            return _equal(actual, expected)
        case Operator.IN:
            return any(_equal(actual, each) for each in expected)
        case Operator.CONTAINS:
            return _contains(actual, expected)
        case Operator.MATCHES:
            return isinstance(actual, str) and glob_matches(expected, actual)
        case Operator.GREATER:
            return _is_number(actual) and bool(actual > expected)
        case Operator.LESS:
            return _is_number(actual) and bool(actual < expected)


def _value_of(contact: Contact, field: str) -> Any:
    """The value of a field; None where the contact lacks it. No skills at all count as lacking them."""
    if field.startswith(ATTRIBUTES):
        return contact.attributes.get(field.removeprefix(ATTRIBUTES))
    match field:
        case "channel":
            return contact.channel
        case "language":
            return contact.language
        case "office":
            return contact.office
        case "customer_id":
            return contact.customer_id
        case "priority":
            return contact.priority
        case "skills":
            return contact.skills or None
        case _:
            return None


def _equal(actual: Any, expected: Any) -> bool:
    """Equal, except that true is not 1: Python counts truth values as numbers, people do not."""
    return isinstance(actual, bool) is isinstance(expected, bool) and bool(actual == expected)


def _contains(actual: Any, expected: Any) -> bool:
    """A text contains a part of it, a list one of its members, skills a skill by its name."""
    if isinstance(actual, str):
        return isinstance(expected, str) and expected in actual
    if isinstance(actual, list | tuple | Mapping):
        return any(_equal(each, expected) for each in actual)
    return False


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _arrived_holds(condition: ArrivedCondition, arrived_at: datetime) -> bool:
    local = arrived_at.astimezone(ZoneInfo(condition.time_zone))
    today, yesterday = local.weekday(), (local.weekday() - 1) % 7
    minute = local.hour * 60 + local.minute
    if condition.start < condition.end:
        return today in condition.days and condition.start <= minute < condition.end
    return (today in condition.days and minute >= condition.start) or (
        yesterday in condition.days and minute < condition.end
    )
