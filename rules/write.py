"""A RuleSet as the document it could have been read from: plain values, ready for YAML or JSON.

`rules_document` leaves out what is at its default. Reading the result gives an equal RuleSet again."""

from collections.abc import Mapping
from typing import Any

from rules.model import (
    AllOf,
    AnyOf,
    ArrivedCondition,
    Condition,
    Contact,
    Example,
    FieldCondition,
    Not,
    OfferTerms,
    Overflow,
    Preferred,
    Queue,
    Relax,
    Rule,
    RuleSet,
)
from rules.parse import default_rule_name
from rules.parse_times import WEEKDAYS, clock_text

Fields = dict[str, Any]
"""The fields of one part of the document, by name."""


def rules_document(rule_set: RuleSet) -> Fields:
    """The document of a rule set, without the fields that are at their default."""
    rules = [_rule(rule, index) for index, rule in enumerate(rule_set.rules)]
    queues = {name: _queue(queue) for name, queue in rule_set.queues.items()}
    exclusions = [{"customer_id": each.customer_id, "agent": each.agent} for each in rule_set.exclusions]
    examples = [_example(example, index) for index, example in enumerate(rule_set.examples)]
    parts = {"name": rule_set.name, "rules": rules, "queues": queues, "exclusions": exclusions, "examples": examples}
    return _differing(parts, {"name": RuleSet().name})


def _differing(fields: Fields, default: Mapping[str, Any]) -> Fields:
    """The fields that say more than the default, or where it has none, more than nothing."""
    return {name: value for name, value in fields.items() if value != default.get(name) and value not in ([], {}, None)}


def rule_fields(rule: Rule) -> Fields:
    """All fields of a rule but its name; those of `then` stand beside `when`."""
    return {
        "when": None if rule.when is None else condition_document(rule.when),
        "queue": rule.queue,
        "priority": rule.priority,
        "skills": dict(rule.skills),
        "hold": rule.hold or None,
    }


def _rule(rule: Rule, index: int) -> Fields:
    then = rule_fields(rule)
    when = then.pop("when")
    name = {} if rule.name == default_rule_name(index) else {"name": rule.name}
    return name | ({} if when is None else {"when": when}) | {"then": _differing(then, {})}


def condition_document(condition: Condition) -> Fields:
    """One condition with all that is nested in it."""
    match condition:
        case AllOf():
            return {"all": [condition_document(each) for each in condition.conditions]}
        case AnyOf():
            return {"any": [condition_document(each) for each in condition.conditions]}
        case Not():
            return {"not": condition_document(condition.condition)}
        case FieldCondition():
            value = list(condition.value) if isinstance(condition.value, tuple) else condition.value
            return {"field": condition.field, condition.operator.value: value}
        case ArrivedCondition():
            return {"arrived": _arrived(condition)}


def _arrived(condition: ArrivedCondition) -> Fields:
    return {
        "days": [WEEKDAYS[day] for day in condition.days],
        "from": clock_text(condition.start),
        "to": clock_text(condition.end),
        "time_zone": condition.time_zone,
    }


def queue_fields(queue: Queue) -> Fields:
    """All fields of a queue, also those at their default."""
    return {
        "offices": list(queue.offices),
        "skills": dict(queue.skills),
        "strategy": queue.strategy.value,
        "takes": queue.takes.value,
        "capacity": queue.capacity,
        "priority": queue.priority,
        "ageing": queue.ageing,
        "preferred": _preferred(queue.preferred),
        "relax": [_relax(step) for step in queue.relax],
        "overflow": [_overflow(step) for step in queue.overflow],
        "target": queue.target,
        "offer": None if queue.offer is None else _offer(queue.offer),
        "wrap_up": queue.wrap_up,
    }


def _queue(queue: Queue) -> Fields:
    """A queue as it is written. Null for the offer says something: contacts are assigned at once."""
    fields = _differing(queue_fields(queue), _DEFAULT_QUEUE)
    return {**fields, "offer": None} if queue.offer is not None and queue.offer.timeout is None else fields


def _offer(offer: OfferTerms) -> Fields:
    terms = {"decline_pause": offer.decline_pause, "missed_limit": offer.missed_limit}
    return {"timeout": offer.timeout, **_differing(terms, {})}


def _preferred(preferred: Preferred | None) -> Fields | None:
    return None if preferred is None else {"agent": "previous", "for": preferred.hold}


def _relax(step: Relax) -> Fields:
    return {"after": step.after} | _differing(
        {"drop_skills": sorted(step.drop_skills), "skills": dict(step.skills)}, {}
    )


def _overflow(step: Overflow) -> Fields:
    when = {"when": step.when.value, "length": step.length} if step.after is None else {"after": step.after}
    return _differing({**when, "to": step.to, "leave": step.leave or None}, {})


def _example(example: Example, index: int) -> Fields:
    return {
        "contact": _contact(example.contact, default_id=f"example {index + 1}"),
        "at": example.contact.arrived_at.isoformat(),
        "expect": _differing({"queue": example.queue, "rule": example.rule}, {}),
    }


def _contact(contact: Contact, *, default_id: str) -> Fields:
    fields = {
        "id": contact.id,
        "channel": contact.channel,
        "language": contact.language,
        "office": contact.office,
        "customer_id": contact.customer_id,
        "skills": dict(contact.skills),
        "priority": contact.priority,
        "attributes": _plain(contact.attributes),
        "preferred_agent_id": contact.preferred_agent_id,
        "exclude_agents": sorted(contact.exclude_agents),
    }
    return _differing(fields, {"id": default_id})


def _plain(value: Any) -> Any:
    """Attributes with lists and mappings as JSON has them."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


_DEFAULT_QUEUE = queue_fields(Queue(name=""))
