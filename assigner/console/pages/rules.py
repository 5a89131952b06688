"""The rules in force as people read them: what goes where, where it waits, and who is asked when nobody can take it.

They are written in pages/rule_text.py and looked back at in pages/rule_versions.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import Response

from assigner.console.frame import Frame, frame_of
from assigner.console.live import Batch, Shown, live
from assigner.console.overflow_picture import Picture, overflow_picture
from assigner.console.route import pages
from assigner.console.rule_words import overflow_label, overflow_said
from assigner.console.visit import Visit, Visiting
from assigner.service.actor import Permission
from assigner.service.people import person
from assigner.service.rules import lint_here
from assigner.service.workspace import Workspace
from assigner.store.rows import PublishedRules
from assigner.store.rule_versions import find_version
from rules.findings import Finding, RulesInvalid
from rules.model import EVERYBODY, Exclusion, Queue, Rule, RuleSet, Strategy
from rules.overflow import overflow_graph
from rules.parse import parse_rules
from rules.versions import as_written
from rules.write import condition_document, queue_fields

router = pages()

PUBLISHED = "rules.published"
SHOWN = 200
"""How many rules, and how many exclusions, are shown as cards; the document has them all."""
IN_WORDS = frozenset(
    {"offices", "skills", "strategy", "takes", "capacity", "priority", "ageing", "preferred", "relax", "overflow"}
    | {"target"}
)
"""The fields of a queue that its card says in sentences; any other is shown as it is written."""

Naming = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """One rule at its place, its condition as the document has it."""

    place: int
    rule: Rule
    when: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCard:
    """One queue; `others` are fields that have no words of their own, each as it is written."""

    queue: Queue
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesShown:
    """Everything that the page shows of a rule set."""

    published: PublishedRules | None
    by: str | None
    rule_set: RuleSet
    rules: tuple[RuleCard, ...]
    queues: tuple[QueueCard, ...]
    implied: tuple[str, ...]
    picture: Picture | None
    exclusions: tuple[tuple[Exclusion, str], ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The rules that were published after a page was made; `by` and `at` are None where that is not known."""

    version: int
    by: str | None
    at: datetime | None


@router.get("/rules")
def rules_page(visit: Visiting) -> Response:
    """The rule set in force."""
    visit.actor.need(Permission.RULES_MANAGE)
    with visit.reading() as workspace:
        frame, floor, text = frame_of(visit, workspace), workspace.floor, workspace.rules_text
        rule_set, version = floor.rule_set, floor.rule_set_version
        offices = {office.id: office.name or office.id for office in floor.offices.values()}
        agents = {each.agent: _agent_name(workspace.agents, each.agent) for each in rule_set.exclusions[:SHOWN]}
    published = published_version(visit, version)
    with visit.reading() as workspace:
        by = person(workspace, published.by) if published else None
    shown = RulesShown(
        published=published,
        by=by,
        rule_set=rule_set,
        rules=_rule_cards(rule_set),
        queues=tuple(_queue_card(queue) for queue in rule_set.queues.values()),
        implied=tuple(each for each in (*offices, EVERYBODY) if each not in rule_set.queues),
        picture=_picture(frame, rule_set, offices),
        exclusions=tuple((each, agents[each.agent]) for each in rule_set.exclusions[:SHOWN]),
        findings=_doubts(visit, text),
    )
    name = partial(_name, offices)
    return frame.page("rules.html", shown=shown, name=name, said=partial(overflow_said, language=frame.looks.language))


@router.get("/rules/live")
async def rules_live(visit: Visiting) -> Response:
    """That other rules are in force now. The page stays as it is, for somebody may be writing."""
    visit.actor.need(Permission.RULES_MANAGE)
    return live(visit, _news)


def _news(visit: Visit, workspace: Workspace, batch: Batch) -> Shown | None:  # noqa: ARG001 - as every part
    if not batch.tells_of(PUBLISHED):
        return None
    told = batch.about(PUBLISHED)[-1:]
    news = News(
        version=workspace.floor.rule_set_version,
        by=person(workspace, told[0].by) if told else None,
        at=told[0].at if told else None,
    )
    return partial(_rules_news, news=news)


def _rules_news(frame: Frame, *, news: News) -> str:
    return frame.part("rules/news.html", news=news)


def published_version(visit: Visit, version: int) -> PublishedRules | None:
    """A version as it was published; None where it never was."""
    with visit.product.database.reading() as connection:
        return find_version(connection, visit.actor.workspace, version)


def _agent_name(agents: Mapping[str, Any], agent_id: str) -> str:
    known = agents.get(agent_id)
    return agent_id if known is None else known.seat.agent.name or agent_id


def _name(offices: Mapping[str, str], queue: str) -> str:
    """What people call a queue: one that is called as an office is has its name."""
    return offices.get(queue, queue)


def _rule_cards(rule_set: RuleSet) -> tuple[RuleCard, ...]:
    return tuple(
        RuleCard(place=place, rule=rule, when=None if rule.when is None else condition_document(rule.when))
        for place, rule in enumerate(rule_set.rules[:SHOWN], start=1)
    )


def _queue_card(queue: Queue) -> QueueCard:
    default = queue_fields(Queue(name=queue.name, strategy=Strategy.ROUND_ROBIN))
    others = {
        field: value
        for field, value in queue_fields(queue).items()
        if field not in IN_WORDS and value != default[field]
    }
    return QueueCard(queue=queue, others=tuple((field, as_written(value)) for field, value in others.items()))


def _picture(frame: Frame, rule_set: RuleSet, offices: Mapping[str, str]) -> Picture | None:
    graph = overflow_graph(rule_set, offices=frozenset(offices))
    said = partial(overflow_label, language=frame.looks.language)
    return overflow_picture(graph, name=partial(_name, offices), said=said)


def _doubts(visit: Visit, text: str | None) -> tuple[Finding, ...]:
    """What lint has to say of the rules in force: offices and agents may have changed since they were published."""
    if not text:
        return ()
    try:
        parsed = parse_rules(text)
    except RulesInvalid as refused:
        return refused.findings
    with visit.reading() as workspace:
        return lint_here(workspace, parsed)
