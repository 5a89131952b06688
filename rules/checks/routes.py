"""Checks of the ways between queues: circles of overflow, ends that close, and queues to which no way leads.

All three look at the graph of `rules.overflow`."""

from collections.abc import Iterable

from presence.wording import sentence
from rules.checks.context import Check, Context, offices_of
from rules.checks.rules import first_certain
from rules.findings import Code, Finding, Path
from rules.model import EVERYBODY
from rules.overflow import cycles, dead_ends, overflow_graph, reachable


def overflow_cycles(context: Context) -> Iterable[Finding]:
    """Queues that overflow into each other are shown, though harmless: no contact enters a queue twice."""
    for cycle in cycles(overflow_graph(context.rule_set, offices=context.offices)):
        circle = " -> ".join((*cycle, cycle[0]))
        path = _step(context, cycle[0], cycle[1] if len(cycle) > 1 else cycle[0])
        fix = sentence(
            "remove a step if the circle is not meant; it does no harm, since no contact enters a queue twice"
        )
        yield context.warning(
            Code.OVERFLOW_CYCLE, path, sentence("overflow goes in a circle: %(circle)s", circle=circle), fix
        )


def overflow_dead_ends(context: Context) -> Iterable[Finding]:
    """The last queue of an overflow should not close, or those sent there at night wait until morning."""
    graph = overflow_graph(context.rule_set, offices=context.offices)
    for end in dead_ends(graph, closes=lambda name: _closes(context, name)):
        path = _step(context, next(iter(graph.predecessors(end))), end)
        message = sentence(
            'overflow ends in queue "%(end)s", which closes with its offices: contacts then wait until it opens',
            end=end,
        )
        fix = sentence(
            'let "%(end)s" overflow when closed to a queue without offices, or leave it so if they may wait', end=end
        )
        yield context.warning(Code.DEAD_END, path, message, fix)


def _closes(context: Context, name: str) -> bool:
    queue = context.rule_set.queue(name, offices=context.offices)
    if queue is None or context.organisation is None:
        return queue is not None and bool(queue.offices)
    offices = offices_of(queue, context.organisation)
    return bool(offices) and all(office.hours is not None or office.holidays for office in offices)


def _step(context: Context, queue: str, to: str) -> Path:
    steps = context.rule_set.queues[queue].overflow
    return ("queues", queue, "overflow", next(number for number, step in enumerate(steps) if step.to == to))


def unreachable_queues(context: Context) -> Iterable[Finding]:
    """A queue to which no rule, office or overflow leads stays empty, unless somebody moves contacts there."""
    graph = overflow_graph(context.rule_set, offices=context.offices)
    reached = reachable(graph, _entries(context))
    for queue in context.rule_set.queues:
        if queue not in reached:
            message = sentence('no rule, office or overflow leads to queue "%(queue)s"', queue=queue)
            fix = sentence("name it in a rule or an overflow, or remove it")
            yield context.warning(Code.UNREACHABLE_QUEUE, ("queues", queue), message, fix)


def _entries(context: Context) -> set[str]:
    """The queues in which contacts may begin: those that rules name, and where these do not say, the implied ones."""
    last = first_certain(context.rule_set)
    rules = context.rule_set.rules if last is None else context.rule_set.rules[: last + 1]
    named = {rule.queue for rule in rules if rule.queue is not None}
    rules_decide = last is not None and all(rule.queue is not None or rule.hold for rule in rules)
    return named if rules_decide else named | context.offices | {EVERYBODY}


CHECKS: tuple[Check, ...] = (overflow_cycles, overflow_dead_ends, unreachable_queues)
