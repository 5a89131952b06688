"""The check of the examples: each contact must come to the queue, and by the rule, that its example expects.

Rules and overflow of closed queues are applied as when the contact arrives; who is there then is not known here."""

from collections.abc import Iterable

from presence.wording import between, sentence
from rules.checks.context import Check, Context, offices_of
from rules.findings import Code, Finding
from rules.hours import opening
from rules.match import Match, match
from rules.model import Contact, Example, OverflowWhen, Queue


def failing_examples(context: Context) -> Iterable[Finding]:
    """An error: whoever wrote the example relies on it."""
    for number, example in enumerate(context.rule_set.examples):
        found = match(context.rule_set, example.contact, offices=context.offices)
        asked = _queues_asked(context, example.contact, found)
        if not _meets(example, found, asked):
            message = sentence(
                "example %(number)s expects %(expected)s, but %(outcome)s",
                number=number + 1,
                expected=_expected(example),
                outcome=_outcome(found, asked),
            )
            fix = sentence("change the rules, or what the example expects")
            yield context.error(Code.FAILING_EXAMPLE, ("examples", number, "expect"), message, fix)


def _meets(example: Example, found: Match, asked: tuple[str, ...]) -> bool:
    return (example.queue is None or example.queue in asked) and (example.rule is None or example.rule == found.rule)


def _expected(example: Example) -> str:
    if example.queue is None:
        return sentence('rule "%(rule)s"', rule=example.rule)
    if example.rule is None:
        return sentence('queue "%(queue)s"', queue=example.queue)
    return sentence('queue "%(queue)s" by rule "%(rule)s"', queue=example.queue, rule=example.rule)


def _outcome(found: Match, asked: tuple[str, ...]) -> str:
    by = sentence('rule "%(rule)s"', rule=found.rule) if found.rule is not None else sentence("no rule")
    if found.hold:
        return sentence("%(by)s holds it back", by=by)
    queues = between([f'"{queue}"' for queue in asked], sentence(" and then "))
    if found.rule is None:
        return sentence("%(by)s decides, and it comes to %(queues)s", by=by, queues=queues)
    return sentence("%(by)s sends it to %(queues)s", by=by, queues=queues)


def _queues_asked(context: Context, contact: Contact, found: Match) -> tuple[str, ...]:
    """The queues asked as soon as the contact arrives: the first, and those to which closed ones overflow.

    Whether a queue with offices is closed is not known without an organisation; then both answers are good."""
    entered = [] if found.hold or found.queue is None else [found.queue]
    left: set[str] = set()
    for name in entered:
        queue = context.rule_set.queue(name, offices=context.offices)
        is_closed = False if queue is None else _is_closed(context, queue, contact)
        for step in queue.overflow if queue is not None and is_closed is not False else ():
            if step.when is OverflowWhen.CLOSED and step.to not in entered:
                entered.append(step.to)
                left |= {name} if step.leave and is_closed else set()
    return tuple(name for name in entered if name not in left)


def _is_closed(context: Context, queue: Queue, contact: Contact) -> bool | None:
    """Closed with the contact's office where the queue lists it, else with all its offices; None: not known."""
    if not queue.offices:
        return False
    if context.organisation is None:
        return None
    offices = offices_of(queue, context.organisation)
    own = tuple(office for office in offices if office.id == contact.office)
    return not any(opening(office, now=contact.arrived_at).open for office in own or offices)


CHECKS: tuple[Check, ...] = (failing_examples,)
