"""What can be asked about the rules: lint them, publish a version, bring an older one back.

A document is read before the request goes into its group, for that takes time; it is linted within, against the offices
and agents of that moment."""

from dataclasses import dataclass

from assigner.core.changes import OfflineReturns, RulesPublished
from assigner.service.actor import Actor, Permission
from assigner.service.asked import need_version
from assigner.service.log import edited
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from assigner.store.rows import PublishedRules, rule_set_row
from presence.model import Status
from rules.findings import Finding, RulesInvalid, Severity
from rules.lint import lint
from rules.organisation import Organisation
from rules.parse import ParsedRules, parse_rules
from rules.versions import content_hash

SOURCE = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A rule set as it was written, and what it says."""

    text: str
    parsed: ParsedRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The version in force, and what lint has to say about it that does not refuse it."""

    version: int
    findings: tuple[Finding, ...]


def read_draft(body: bytes) -> Draft:
    """What somebody has written, as a rule set. It takes a moment. Raises RulesInvalid."""
    parsed = parse_rules(body, source=SOURCE)
    return Draft(text=body.decode(), parsed=parsed)


def lint_here(workspace: Workspace, parsed: ParsedRules) -> tuple[Finding, ...]:
    """What is wrong or doubtful in a rule set, for this organisation now."""
    floor = workspace.floor
    settings = floor.roster.settings
    comes_back = settings.on_offline.contacts is not OfflineReturns.NONE
    organisation = Organisation(
        offices=dict(floor.offices),
        agents={agent_id: seat.agent for agent_id, seat in floor.roster.seats.items()},
        default_capacity=settings.default_capacity,
        wrap_up=settings.wrap_up,
        offer=settings.offer,
        grace=settings.on_offline.grace if comes_back else None,
    )
    online = frozenset(agent_id for agent_id, seat in floor.roster.seats.items() if seat.status is Status.ONLINE)
    return lint(parsed, organisation, now=floor.as_of, online=online)


def errors_of(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that refuse a rule set."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def publish(
    unit: Unit, actor: Actor, draft: Draft, *, note: str | None = None, expected: int | None = None
) -> Published:
    """A rule set is in force from now on, with the next number; one that is in force already changes nothing.

    Raises RulesInvalid with every error of it."""
    actor.need(Permission.RULES_MANAGE)
    workspace, floor = unit.workspace, unit.workspace.floor
    need_version("the rule set", found=floor.rule_set_version, expected=expected)
    findings = lint_here(workspace, draft.parsed)
    if errors := errors_of(findings):
        raise RulesInvalid(SOURCE, errors)
    if draft.text != workspace.rules_text or not floor.rule_set_version:
        put_in_force(unit, actor, draft, note=note)
    return Published(version=floor.rule_set_version, findings=findings)


def put_in_force(unit: Unit, actor: Actor, draft: Draft, *, note: str | None = None) -> None:
    """Publish a rule set as it is, whether or not the names in it exist."""
    workspace, rule_set = unit.workspace, draft.parsed.rule_set
    version, says = workspace.floor.rule_set_version + 1, content_hash(rule_set)
    change = RulesPublished(at=unit.now, rule_set=rule_set, version=version)
    before = {"version": version - 1, "name": workspace.floor.rule_set.name} if version > 1 else None
    told = {"version": version, "name": rule_set.name, "note": note, "content_hash": says}
    told |= edited(before, {"version": version, "name": rule_set.name})
    unit.record("rules.published", str(version), by=actor.name, data=told, change=change)
    workspace.rules_text = draft.text
    published = PublishedRules(
        version=version, at=unit.now, by=actor.name, note=note, content_hash=says, text=draft.text
    )
    unit.put(rule_set_row(workspace.number, published))
