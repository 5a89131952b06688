"""Checks of names: queues, offices, agents and skills that a rule set mentions must exist.

Without an organisation only queues are checked: which offices, agents and skills there are is not known then."""

from collections.abc import Iterable, Iterator

from presence.wording import sentence
from rules.checks.context import Check, Context, named_in_conditions
from rules.findings import Code, Finding, Path, did_you_mean, one_of
from rules.model import EVERYBODY, RuleSet, Skills

Mention = tuple[str, Path]
"""A name, and where it stands."""


def unknown_queues(context: Context) -> Iterable[Finding]:
    """Rules, overflow and examples lead only to queues that are written, or that an office implies."""
    known = dict.fromkeys((*context.rule_set.queues, *sorted(context.offices), EVERYBODY))
    for name, path in _mentioned_queues(context):
        if name not in known:
            message = sentence(
                'queue "%(name)s" does not exist%(nearest)s', name=name, nearest=did_you_mean(name, known)
            )
            fix = sentence('name one of %(known)s, or add "%(name)s" under queues', known=one_of(known), name=name)
            yield context.error(Code.UNKNOWN_QUEUE, path, message, fix)


def _mentioned_queues(context: Context) -> Iterator[Mention]:
    for number, rule in enumerate(context.rule_set.rules):
        if rule.queue is not None:
            yield rule.queue, ("rules", number, "then", "queue")
    for queue in context.rule_set.queues.values():
        for number, step in enumerate(queue.overflow):
            yield step.to, ("queues", queue.name, "overflow", number, "to")
    for number, example in enumerate(context.rule_set.examples):
        if example.queue is not None:
            yield example.queue, ("examples", number, "expect", "queue")


def unknown_offices(context: Context) -> Iterable[Finding]:
    """Queues, conditions and examples name only offices of the organisation."""
    if context.organisation is not None:
        for name, path in mentioned_offices(context.rule_set):
            if name not in context.offices:
                message = sentence(
                    'office "%(name)s" does not exist%(nearest)s',
                    name=name,
                    nearest=did_you_mean(name, sorted(context.offices)),
                )
                fix = sentence("name one of %(known)s, or add the office first", known=one_of(sorted(context.offices)))
                yield context.error(Code.UNKNOWN_OFFICE, path, message, fix)


def mentioned_offices(rule_set: RuleSet) -> Iterator[Mention]:
    """Every office that the rule set names."""
    for queue in rule_set.queues.values():
        for number, office in enumerate(queue.offices):
            yield office, ("queues", queue.name, "offices", number)
    yield from named_in_conditions(rule_set, "office")
    for number, example in enumerate(rule_set.examples):
        if example.contact.office is not None:
            yield example.contact.office, ("examples", number, "contact", "office")


def unknown_agents(context: Context) -> Iterable[Finding]:
    """Exclusions and examples name only agents of the organisation."""
    if context.organisation is not None:
        known = context.organisation.agents
        for name, path in _mentioned_agents(context):
            if name not in known:
                message = sentence(
                    'agent "%(name)s" does not exist%(nearest)s', name=name, nearest=did_you_mean(name, known)
                )
                fix = sentence("name an agent by id, or remove it here if the agent has left")
                yield context.error(Code.UNKNOWN_AGENT, path, message, fix)


def _mentioned_agents(context: Context) -> Iterator[Mention]:
    for number, exclusion in enumerate(context.rule_set.exclusions):
        yield exclusion.agent, ("exclusions", number, "agent")
    for number, example in enumerate(context.rule_set.examples):
        path: Path = ("examples", number, "contact")
        if example.contact.preferred_agent_id is not None:
            yield example.contact.preferred_agent_id, (*path, "preferred_agent_id")
        for agent in sorted(example.contact.exclude_agents):
            yield agent, (*path, "exclude_agents")


def unknown_skills(context: Context) -> Iterable[Finding]:
    """Skills that nobody has are worth a look; a contact that needs one waits with the reason missing_skill."""
    if context.organisation is not None:
        known = dict.fromkeys(skill for agent in context.organisation.agents.values() for skill in agent.skills)
        for name, path in _mentioned_skills(context):
            if name not in known:
                message = sentence(
                    'no agent has the skill "%(name)s"%(nearest)s', name=name, nearest=did_you_mean(name, known)
                )
                fix = sentence("name one of %(known)s, or give the skill to an agent", known=one_of(known))
                yield context.warning(Code.UNKNOWN_SKILL, path, message, fix)


def _mentioned_skills(context: Context) -> Iterator[Mention]:
    yield from named_in_conditions(context.rule_set, "skills")
    for number, rule in enumerate(context.rule_set.rules):
        yield from _skills(rule.skills, ("rules", number, "then", "skills"))
    for queue in context.rule_set.queues.values():
        yield from _skills(queue.skills, ("queues", queue.name, "skills"))
        for number, step in enumerate(queue.relax):
            path: Path = ("queues", queue.name, "relax", number)
            yield from _skills(step.skills, (*path, "skills"))
            yield from ((skill, (*path, "drop_skills")) for skill in sorted(step.drop_skills))


def _skills(skills: Skills, path: Path) -> Iterator[Mention]:
    yield from ((skill, (*path, skill)) for skill in skills)


CHECKS: tuple[Check, ...] = (unknown_queues, unknown_offices, unknown_agents, unknown_skills)
