"""Checks of single queues: can anybody serve it, is it ever open, do its limits and timers make sense.

Most need an organisation, since a queue is good or bad only together with its offices and members."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from presence.wording import between, sentence
from rules.checks.context import Check, Context, limit, members, offices_of
from rules.findings import Code, Finding, Path
from rules.match import strictest
from rules.model import Queue, Skills, Strategy, Takes
from rules.organisation import Agent, Office, Organisation


def nobody_can_serve(context: Context) -> Iterable[Finding]:
    """A queue needs members with its skills. A warning: the agent who has them may begin next week."""
    if context.organisation is None:
        return
    for queue, extra, path in _demands(context):
        agents = members(queue, context.organisation)
        stages = list(_stages(queue, extra))
        if not agents:
            message = sentence('nobody can ever serve queue "%(name)s": it has no members', name=queue.name)
            fix = sentence("add agents who take contacts to its offices, or name other offices")
            yield context.warning(Code.NOBODY_CAN_SERVE, path, message, fix)
        elif not any(_has(agent, needed) for agent in agents for needed in stages):
            message = sentence(
                'nobody can ever serve queue "%(name)s": no member has %(skills)s',
                name=queue.name,
                skills=_listed(stages[-1]),
            )
            fix = sentence("give the skills to a member, ask for less, or relax them after a time")
            yield context.warning(Code.NOBODY_CAN_SERVE, path, message, fix)


def nobody_serves_now(context: Context) -> Iterable[Finding]:
    """Of those who can serve a queue somebody should be Online when the rules are published."""
    if context.organisation is None or context.online is None:
        return
    for queue in context.rule_set.queues.values():
        able = [agent for agent in members(queue, context.organisation) if _has(agent, queue.skills)]
        if able and queue.takes is Takes.ONLINE and not any(agent.id in context.online for agent in able):
            message = sentence('nobody who is Online now can serve queue "%(name)s"', name=queue.name)
            fix = sentence(
                "nothing is wrong if contacts may wait; else publish when somebody is there, or add an overflow"
            )
            yield context.warning(Code.NOBODY_SERVES_NOW, ("queues", queue.name), message, fix)


def _demands(context: Context) -> Iterator[tuple[Queue, Skills, Path]]:
    """Each queue by itself, and with the skills that a rule adds for it."""
    for queue in context.rule_set.queues.values():
        yield queue, {}, ("queues", queue.name)
    for number, rule in enumerate(context.rule_set.rules):
        queue_of_rule = rule.queue and context.rule_set.queue(rule.queue, offices=context.offices)
        if queue_of_rule and rule.skills:
            yield queue_of_rule, rule.skills, ("rules", number, "then", "skills")


def _stages(queue: Queue, extra: Skills) -> Iterator[Skills]:
    """What is asked of an agent, at first and after each step of relaxation."""
    needed = dict(strictest(queue.skills, extra))
    yield needed
    for step in queue.relax:
        needed = {skill: level for skill, level in needed.items() if skill not in step.drop_skills} | dict(step.skills)
        yield needed


def _has(agent: Agent, needed: Skills) -> bool:
    return all(agent.skills.get(skill, 0) >= level for skill, level in needed.items())


def _listed(skills: Skills) -> str:
    each = [sentence("%(skill)s at level %(level)s", skill=skill, level=level) for skill, level in skills.items()]
    return between(each, sentence(" and "))


def capacity_zero(context: Context) -> Iterable[Finding]:
    """A limit of 0 means that nothing is ever assigned automatically."""
    for queue in context.rule_set.queues.values():
        path: Path = ("queues", queue.name)
        if queue.capacity == 0:
            message = sentence(
                'queue "%(name)s" has capacity 0, so none of its contacts is ever assigned automatically',
                name=queue.name,
            )
            fix = sentence("raise the capacity, or remove it for no limit")
            yield context.warning(Code.CAPACITY_ZERO, (*path, "capacity"), message, fix)
        elif context.organisation is not None and _all_at_zero(queue, context.organisation):
            message = sentence(
                'all members of queue "%(name)s" have capacity 0, so nobody takes its contacts', name=queue.name
            )
            fix = sentence("raise the capacity of an agent, or the default capacity")
            yield context.warning(Code.CAPACITY_ZERO, path, message, fix)


def _all_at_zero(queue: Queue, organisation: Organisation) -> bool:
    limits = [limit(agent, organisation) for agent in members(queue, organisation)]
    return bool(limits) and all(limit == 0 for limit in limits)


def lowest_occupancy_without_capacity(context: Context) -> Iterable[Finding]:
    """Occupancy is load over capacity, which an agent without a limit does not have."""
    if context.organisation is None:
        return
    for queue in context.rule_set.queues.values():
        unlimited = [
            agent.id for agent in members(queue, context.organisation) if limit(agent, context.organisation) is None
        ]
        if queue.strategy is Strategy.LOWEST_OCCUPANCY and unlimited:
            shown = ", ".join(unlimited[:5]) + (", ..." if len(unlimited) > 5 else "")
            message = sentence(
                'queue "%(name)s" ranks by occupancy, but these members have no capacity: %(shown)s',
                name=queue.name,
                shown=shown,
            )
            fix = sentence("give them a capacity, set a default capacity, or rank by least_loaded")
            path: Path = ("queues", queue.name, "strategy")
            yield context.warning(Code.LOWEST_OCCUPANCY_WITHOUT_CAPACITY, path, message, fix)


def hours_never_open(context: Context) -> Iterable[Finding]:
    """A queue is closed when all its offices are; where they never open, its contacts wait for ever."""
    if context.organisation is None:
        return
    for queue in context.rule_set.queues.values():
        offices = offices_of(queue, context.organisation)
        if offices and all(_never_opens(office, context) for office in offices):
            message = sentence(
                'queue "%(name)s" never opens: no open hour in %(offices)s',
                name=queue.name,
                offices=", ".join(office.id for office in offices),
            )
            fix = sentence("write hours for the office, remove its hours for always open, or name another office")
            yield context.warning(Code.HOURS_NEVER_OPEN, ("queues", queue.name, "offices"), message, fix)


def _never_opens(office: Office, context: Context) -> bool:
    if office.hours is None or any(office.hours.values()):
        return False
    dates = office.holidays if isinstance(office.holidays, tuple) else ()
    return not any(each.hours for each in dates if context.now is None or each.date >= context.now.date())


def timers_out_of_order(context: Context) -> Iterable[Finding]:
    """Relaxation and overflow are written in the order in which they happen, and happen while the contact is there."""
    for queue in context.rule_set.queues.values():
        for path, message, fix in (*_relax_problems(queue), *_overflow_problems(queue)):
            yield context.warning(Code.TIMERS_OUT_OF_ORDER, ("queues", queue.name, *path, "after"), message, fix)


def _relax_problems(queue: Queue) -> Iterator[tuple[Path, str, str]]:
    leaves_after = _leaves_after(queue)
    for number, step in enumerate(queue.relax):
        path: Path = ("relax", number)
        if number and step.after <= queue.relax[number - 1].after:
            message = sentence("this step comes after %(after)s s, not later than the one before it", after=step.after)
            yield path, message, sentence("write the steps in the order of their time, one for each time")
        elif leaves_after is not None and step.after >= leaves_after:
            message = sentence(
                "after %(after)s s the contact has left the queue: an overflow with leave comes first", after=step.after
            )
            yield (
                path,
                message,
                sentence("relax before %(end)s s, or remove leave from the overflow", end=leaves_after),
            )


def _overflow_problems(queue: Queue) -> Iterator[tuple[Path, str, str]]:
    timed = [(number, step.after) for number, step in enumerate(queue.overflow) if step.after is not None]
    leaves_after = _leaves_after(queue)
    for number, after in timed:
        if after == 0:
            message = sentence("an overflow after 0 s asks both queues at once")
            yield (
                ("overflow", number),
                message,
                sentence("wait at least a second, or let the rule name the other queue"),
            )
        elif leaves_after is not None and after > leaves_after:
            message = sentence(
                "after %(after)s s the contact has left the queue: an overflow with leave comes first", after=after
            )
            yield (
                ("overflow", number),
                message,
                sentence("overflow before %(end)s s, or remove leave from the other step", end=leaves_after),
            )
    for (_, earlier), (number, later) in pairwise(timed):
        if later < earlier:
            message = sentence("this overflow comes after %(later)s s, sooner than the one before it", later=later)
            yield ("overflow", number), message, sentence("write the steps in the order of their time")


def _leaves_after(queue: Queue) -> int | None:
    """When the contact leaves the queue at the latest, in seconds; None where no timer says so."""
    return min((step.after for step in queue.overflow if step.leave and step.after is not None), default=None)


CHECKS: tuple[Check, ...] = (
    nobody_can_serve,
    nobody_serves_now,
    capacity_zero,
    lowest_occupancy_without_capacity,
    hours_never_open,
    timers_out_of_order,
)
