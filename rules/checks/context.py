"""What every check looks at: the rule set, its document, and what is known of the organisation.

Also the questions that several checks ask: who are the members of a queue, what are the parts of a condition."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rules.document import Document
from rules.findings import Code, Finding, Path, Severity, path_text
from rules.model import AllOf, AnyOf, Condition, FieldCondition, Not, Queue, RuleSet
from rules.organisation import Agent, Office, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`offices` are the ids of all offices: the organisation's, or without one those that the rule set mentions.

    `online` are the agents who are Online now, None where that is not known."""

    rule_set: RuleSet
    document: Document
    organisation: Organisation | None
    offices: frozenset[str]
    now: datetime | None
    online: frozenset[str] | None

    def error(self, code: Code, path: Path, message: str, fix: str) -> Finding:
        """A finding that refuses the rule set."""
        return self._finding(code, Severity.ERROR, path, message, fix)

    def warning(self, code: Code, path: Path, message: str, fix: str) -> Finding:
        """A finding that does not."""
        return self._finding(code, Severity.WARNING, path, message, fix)

    def _finding(self, code: Code, severity: Severity, path: Path, message: str, fix: str) -> Finding:
        place, where = self.document.place(path), path_text(path)
        return Finding(code=code, severity=severity, place=place, path=where, message=message, fix=fix)


Check = Callable[[Context], Iterable[Finding]]


def members(queue: Queue, organisation: Organisation) -> tuple[Agent, ...]:
    """The agents whom the queue may give contacts: active, taking contacts, of one of its offices if it names any."""
    return tuple(
        agent
        for agent in organisation.agents.values()
        if agent.active and agent.takes_contacts and (not queue.offices or set(queue.offices) & set(agent.offices))
    )


def limit(agent: Agent, organisation: Organisation) -> int | None:
    """How many contacts an agent takes in all; None: no limit."""
    return organisation.default_capacity if agent.capacity is None else agent.capacity.total


def offices_of(queue: Queue, organisation: Organisation) -> tuple[Office, ...]:
    """The offices of the queue that exist."""
    return tuple(organisation.offices[office] for office in queue.offices if office in organisation.offices)


def parts(condition: Condition | None, path: Path) -> Iterator[tuple[Condition, Path]]:
    """The condition and everything nested in it, each with its path."""
    if condition is None:
        return
    yield condition, path
    if isinstance(condition, Not):
        yield from parts(condition.condition, (*path, "not"))
    elif isinstance(condition, AllOf | AnyOf):
        kind = "all" if isinstance(condition, AllOf) else "any"
        for number, inner in enumerate(condition.conditions):
            yield from parts(inner, (*path, kind, number))


def named_in_conditions(rule_set: RuleSet, field: str) -> Iterator[tuple[str, Path]]:
    """The texts with which the conditions of all rules compare a field, each with its path."""
    for number, rule in enumerate(rule_set.rules):
        for condition, path in parts(rule.when, ("rules", number, "when")):
            if isinstance(condition, FieldCondition) and condition.field == field:
                yield from _texts(condition, path)


def _texts(condition: FieldCondition, path: Path) -> Iterator[tuple[str, Path]]:
    if condition.operator == "in":
        yield from ((text, (*path, "in", number)) for number, text in enumerate(condition.value))
    elif condition.operator in ("equals", "contains"):
        yield condition.value, (*path, condition.operator.value)
