"""Checks of the list of rules: its names, rules without a real condition, and rules that no contact ever comes to.

They look at the shape of conditions only, never at what a contact might bring."""

from collections.abc import Iterable

from presence.wording import sentence
from rules.checks.context import Check, Context, parts
from rules.findings import Code, Finding
from rules.model import AllOf, AnyOf, Condition, Not, RuleSet


def duplicate_rule_names(context: Context) -> Iterable[Finding]:
    """Decision records name the rule; two rules of one name cannot be told apart there."""
    first: dict[str, int] = {}
    for number, rule in enumerate(context.rule_set.rules):
        if rule.name in first:
            message = sentence(
                'rules %(first)s and %(second)s are both called "%(name)s"',
                first=first[rule.name] + 1,
                second=number + 1,
                name=rule.name,
            )
            fix = sentence("rename one, so that decision records say which of the two decided")
            yield context.warning(Code.DUPLICATE_RULE_NAME, ("rules", number, "name"), message, fix)
        first.setdefault(rule.name, number)


def empty_whens(context: Context) -> Iterable[Finding]:
    """An empty `all` always holds and an empty `any` never does, which is rarely what was meant."""
    for number, rule in enumerate(context.rule_set.rules):
        for condition, path in parts(rule.when, ("rules", number, "when")):
            if isinstance(condition, AllOf | AnyOf) and not condition.conditions:
                holds = sentence("always") if isinstance(condition, AllOf) else sentence("never")
                message = sentence(
                    'the condition of rule "%(name)s" has an empty part, which %(holds)s holds',
                    name=rule.name,
                    holds=holds,
                )
                yield context.warning(
                    Code.EMPTY_WHEN, path, message, sentence("add a condition, or remove the empty part")
                )


def unreachable_rules(context: Context) -> Iterable[Finding]:
    """Nothing comes to the rules after one that holds for every contact."""
    rules = context.rule_set.rules
    last = first_certain(context.rule_set)
    if last is not None:
        for number in range(last + 1, len(rules)):
            message = sentence(
                'no contact comes to rule "%(name)s": "%(before)s" before it always holds',
                name=rules[number].name,
                before=rules[last].name,
            )
            fix = sentence('move it before "%(name)s", or give that rule a condition', name=rules[last].name)
            yield context.warning(Code.UNREACHABLE_RULE, ("rules", number), message, fix)


def first_certain(rule_set: RuleSet) -> int | None:
    """The number of the first rule that holds for every contact, counted from 0; None where there is none."""
    return next((number for number, rule in enumerate(rule_set.rules) if _is_certain(rule.when) is True), None)


def _is_certain(condition: Condition | None) -> bool | None:
    """True or False where the condition is so for every contact by its shape alone, else None."""
    match condition:
        case None:
            return True
        case Not():
            inner = _is_certain(condition.condition)
            return None if inner is None else not inner
        case AllOf():
            return _certain_of_many(condition.conditions, decides=False)
        case AnyOf():
            return _certain_of_many(condition.conditions, decides=True)
        case _:
            return None


def _certain_of_many(conditions: tuple[Condition, ...], *, decides: bool) -> bool | None:
    certain = [_is_certain(condition) for condition in conditions]
    if decides in certain:
        return decides
    return None if None in certain else not decides


CHECKS: tuple[Check, ...] = (duplicate_rule_names, empty_whens, unreachable_rules)
