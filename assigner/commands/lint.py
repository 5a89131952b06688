"""`assigner lint`: what is wrong or doubtful in a rule set, before anybody publishes it.

Exit code 0 without errors, 1 with errors, 2 where a file cannot be read or makes no organisation."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rules.findings import Finding
    from rules.model import RuleSet
    from rules.organisation import Organisation

_COLOURS = {"error": typer.colors.RED, "warning": typer.colors.YELLOW}


def lint(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The rule set, YAML or JSON.")],
    organisation: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Offices and agents, so that their names, skills and hours are checked too."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one JSON array.")] = False,
) -> None:
    """Check a rule set before it is published.

    Unknown names, circles and dead ends of overflow, rules and queues to which no contact comes, queues that nobody
    can serve, timers out of order, examples that fail.

    \b
    Example:
      assigner lint rules.yaml --organisation organisation.yaml

    \b
    Each finding has its place, what is wrong, and below it what to do now:
      rules.yaml:12:5 error unknown_queue: queue "billing-2" does not exist; did you mean "billing"?
          name one of "billing", "night", or add "billing-2" under queues

    Errors give the exit code 1, warnings do not. A file that cannot be read gives 2.
    """
    findings, rule_set = _check(_read(file), str(file), _organisation(organisation))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        _print(findings, str(file), rule_set)
    raise typer.Exit(1 if any(finding.severity == "error" for finding in findings) else 0)


def _check(
    text: bytes, source: str, organisation: "Organisation | None"
) -> "tuple[tuple[Finding, ...], RuleSet | None]":
    """The findings, and the rule set where it could be read."""
    from rules.findings import RulesInvalid
    from rules.lint import lint as find
    from rules.parse import parse_rules

    try:
        parsed = parse_rules(text, source=source)
    except RulesInvalid as refusal:
        return refusal.findings, None
    return find(parsed, organisation), parsed.rule_set


def _organisation(file: Path | None) -> "Organisation | None":
    from rules.findings import RulesInvalid
    from rules.parse import parse_organisation

    if file is None:
        return None
    try:
        return parse_organisation(_read(file), source=str(file))
    except RulesInvalid as refusal:
        for finding in refusal.findings:
            _print_finding(finding, str(file), to_stderr=True)
        raise typer.Exit(2) from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        typer.echo(f"{file} cannot be read: {error.strerror}; check the path and its permissions", err=True)
        raise typer.Exit(2) from None


def _print(findings: "tuple[Finding, ...]", source: str, rule_set: "RuleSet | None") -> None:
    for finding in findings:
        _print_finding(finding, source, to_stderr=False)
    if findings or rule_set is None:
        errors = sum(finding.severity == "error" for finding in findings)
        typer.echo(f"{_counted(errors, 'error')}, {_counted(len(findings) - errors, 'warning')}")
    else:
        parts = f"{_counted(len(rule_set.rules), 'rule')}, {_counted(len(rule_set.queues), 'queue')}"
        typer.echo(f"{source}: good ({parts})")


def _print_finding(finding: "Finding", source: str, *, to_stderr: bool) -> None:
    stream = sys.stderr if to_stderr else sys.stdout
    in_colour = stream.isatty() and not os.environ.get("NO_COLOR")
    severity = typer.style(finding.severity, fg=_COLOURS[finding.severity]) if in_colour else finding.severity
    where = f"{source}:{finding.place.line}:{finding.place.column}"
    typer.echo(f"{where} {severity} {finding.code}: {finding.message}\n    {finding.fix}", err=to_stderr)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
