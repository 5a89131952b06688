"""Lint: what is wrong or doubtful in a rule set that can be read, each finding with its place and what to do now.

Errors refuse the rule set, warnings do not. The checks stand in `rules/checks/`, one function each."""

from datetime import datetime
from itertools import islice

from rules.checks import examples, names, offers, queues, routes, rules
from rules.checks.context import Check, Context
from rules.findings import MOST_FINDINGS, Finding
from rules.organisation import Organisation
from rules.parse import ParsedRules

CHECKS: tuple[Check, ...] = tuple(
    check for room in (names, rules, queues, offers, routes, examples) for check in room.CHECKS
)


def lint(
    parsed: ParsedRules,
    organisation: Organisation | None = None,
    *,
    now: datetime | None = None,
    online: frozenset[str] | None = None,
) -> tuple[Finding, ...]:
    """All findings, in the order of the document.

    Without an organisation, offices, agents and skills are not checked. `now` tells which holidays are past; `online`
    are the ids of the agents who are Online, for what depends on who is there."""
    context = Context(
        rule_set=parsed.rule_set,
        document=parsed.document,
        organisation=organisation,
        offices=_offices(parsed, organisation),
        now=now,
        online=online,
    )
    findings = [finding for check in CHECKS for finding in islice(check(context), MOST_FINDINGS)]
    return tuple(sorted(findings, key=lambda finding: finding.place))


def _offices(parsed: ParsedRules, organisation: Organisation | None) -> frozenset[str]:
    if organisation is not None:
        return frozenset(organisation.offices)
    return frozenset(office for office, _ in names.mentioned_offices(parsed.rule_set))
