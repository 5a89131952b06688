"""Checks of offers, wrap-up and coming back: do their times fit with those of the queue.

What a queue leaves open is as the workspace has it, where that is known."""

from collections.abc import Iterable, Iterator

from presence.wording import sentence
from rules.checks.context import Check, Context, limit, members
from rules.findings import Code, Finding, Path
from rules.model import OfferTerms, Queue, Takes


def times_that_do_not_fit(context: Context) -> Iterable[Finding]:
    """An offer, or the grace before a contact comes back, that alone lasts longer than the contact should wait."""
    for queue in context.rule_set.queues.values():
        for field, message, fix in (*_offer_problems(queue, context), *_grace_problems(queue, context)):
            yield context.warning(Code.TIMERS_OUT_OF_ORDER, _path(queue, field), message, fix)


def wrap_up_without_capacity(context: Context) -> Iterable[Finding]:
    """Wrap-up holds capacity, which an agent without a limit has without end."""
    organisation = context.organisation
    if organisation is None:
        return
    for queue in context.rule_set.queues.values():
        seconds = organisation.wrap_up if queue.wrap_up is None else queue.wrap_up
        free = [
            agent.id
            for agent in members(queue, organisation)
            if queue.capacity is None
            and (seconds if agent.wrap_up is None else agent.wrap_up)
            and limit(agent, organisation) is None
        ]
        if free:
            shown = ", ".join(free[:5]) + (", ..." if len(free) > 5 else "")
            message = sentence(
                'wrap-up in queue "%(name)s" holds nobody back of these members without a limit: %(shown)s',
                name=queue.name,
                shown=shown,
            )
            fix = sentence("give them a capacity, or set a default capacity")
            yield context.warning(Code.WRAP_UP_WITHOUT_CAPACITY, _path(queue, "wrap_up"), message, fix)


def _offer_problems(queue: Queue, context: Context) -> Iterator[tuple[str, str, str]]:
    general = context.organisation.offer if context.organisation is not None else None
    timeout = (queue.offer or general or OfferTerms()).timeout
    if timeout is None:
        return
    if queue.target is not None and timeout > queue.target:
        message = sentence(
            "one offer of %(timeout)s s lasts longer than the target of %(target)s s",
            timeout=timeout,
            target=queue.target,
        )
        yield (
            "offer",
            message,
            sentence("offer for a shorter time, so that a second agent can be asked before the target"),
        )
    overflow = min((step.after for step in queue.overflow if step.after), default=None)
    if overflow is not None and timeout > overflow:
        message = sentence(
            "one offer of %(timeout)s s lasts longer than the %(after)s s after which the contact overflows",
            timeout=timeout,
            after=overflow,
        )
        yield (
            "offer",
            message,
            sentence("offer for a shorter time: while a contact is offered, no other queue is asked"),
        )


def _grace_problems(queue: Queue, context: Context) -> Iterator[tuple[str, str, str]]:
    grace = context.organisation.grace if context.organisation is not None else None
    if grace is not None and queue.target is not None and queue.takes is Takes.ONLINE and grace > queue.target:
        message = sentence(
            "a contact comes back from who went Offline after %(grace)s s, later than the target, %(target)s s",
            grace=grace,
            target=queue.target,
        )
        yield (
            "target",
            message,
            sentence("shorten the grace of on_offline in the assignment settings, or raise the target"),
        )


def _path(queue: Queue, field: str) -> Path:
    """The field where the queue has it, for what is the workspace's is not written there."""
    is_written = getattr(queue, field) is not None
    return ("queues", queue.name, field) if is_written else ("queues", queue.name)


CHECKS: tuple[Check, ...] = (times_that_do_not_fit, wrap_up_without_capacity)
