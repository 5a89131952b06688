"""The work of `assigner replay`: read and check every file, let the replay run, print what came out.

What is said about the files goes to stderr, the result to stdout; a refusal says why on stderr and ends with code 1."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress

from assigner.commands.replay_through_http import Comparison, ServedTwin, document_with_strategy, served_twin
from assigner.core.changes import AssignmentSettings, ContactArrived
from assigner.simulator.chart import chart
from assigner.simulator.duty import Duty, infer_duty, staffed
from assigner.simulator.duty_file import read_duty
from assigner.simulator.figures import Figures, measure
from assigner.simulator.hardship import SETTINGS as HARD_SETTINGS
from assigner.simulator.hardship import Hardship, gone_in_the_middle, longest_waits
from assigner.simulator.ledger import Course, Ledger, recorded_course
from assigner.simulator.quarters import in_quarters
from assigner.simulator.record import Record, overlaps, read_record
from assigner.simulator.replay import Replay, Scenario, accounts_of, with_strategy
from assigner.simulator.summary import accounts_as_json, as_json, print_accounts, print_summary
from presence.errors import Invalid, Refused
from rules.document import read_document
from rules.findings import Severity
from rules.lint import lint
from rules.model import RuleSet, Strategy
from rules.organisation import Organisation
from rules.parse import parse_organisation, parse_rules

NAMED_BAD_LINES = 10
NAMED_DIFFERENCES = 10
LONGEST_WAITS = 10
"""How many waits are accounted for after a hard day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """What was asked for on the command line."""

    file: Path
    agents: Path | None = None
    organisation: Path | None = None
    rules: Path | None = None
    strategy: Strategy | None = None
    capacity: int | None = None
    zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009 - a zone is a value
    as_json: bool = False
    svg: Path | None = None
    skip_bad: bool = False
    missed: int = 0
    vanished: int = 0
    through_http: bool = False

    @property
    def is_hard(self) -> bool:
        """Whether not all goes well on the day that is replayed."""
        return bool(self.missed or self.vanished)


def run(options: ReplayOptions) -> None:
    """Replay what the options name. Raises typer.Exit with code 1 where a file cannot be used."""
    errors = Console(stderr=True)
    try:
        organisation = _organisation(options)
        record = _record(options, organisation, errors)
        scenario = _scenario(options, organisation, record)
    except Refused as refused:
        _say(errors, refused.message)
        raise typer.Exit(1) from None
    _say_what_to_mind(options, scenario, errors)
    course, comparison = _live(scenario, options, errors)
    if options.svg is not None:
        _draw(options.svg, course, options, errors)
    replayed, recorded = measure(course), measure(recorded_course(record.contacts, course))
    accounts = accounts_of(scenario, longest_waits(course, LONGEST_WAITS)) if options.is_hard else ()
    if options.as_json:
        figures = _object(replayed, recorded, record, comparison) | accounts_as_json(accounts)
        typer.echo(json.dumps(figures, ensure_ascii=False))
    else:
        print_summary(Console(), replayed, recorded)
        print_accounts(Console(), accounts)
    if comparison is not None:
        _say_what_differs(comparison, errors)


def _organisation(options: ReplayOptions) -> Organisation | None:
    if options.organisation is None:
        return None
    return parse_organisation(options.organisation.read_bytes(), source=str(options.organisation))


def _record(options: ReplayOptions, organisation: Organisation | None, errors: Console) -> Record:
    """The recorded contacts; bad lines are named, and refused unless they are to be skipped."""
    record = read_record(
        options.file.read_bytes(),
        source=options.file.name,
        zone=options.zone,
        offices=None if organisation is None else organisation.offices,
    )
    for bad in record.bad_lines[:NAMED_BAD_LINES]:
        _say(errors, bad.message)
    if not record.bad_lines:
        return record
    count = f"{len(record.bad_lines):,} bad {'line' if len(record.bad_lines) == 1 else 'lines'}"
    if not options.skip_bad:
        raise Invalid(
            "bad_line", f"{count}; nothing was replayed: mend the file, or leave such lines out with --skip-bad"
        )
    _say(errors, f"{count} skipped")
    return record


def _scenario(options: ReplayOptions, organisation: Organisation | None, record: Record) -> Scenario:
    duty = _duty(options, organisation, record)
    staff = staffed(organisation, duty, record.contacts)
    rule_set = _rules(options, organisation)
    capacity = options.capacity
    if capacity is None and organisation is not None:
        capacity = organisation.default_capacity
    return Scenario(
        contacts=record.contacts,
        duty=duty,
        organisation=staff,
        rule_set=rule_set if options.strategy is None else with_strategy(rule_set, options.strategy, staff),
        settings=replace(
            HARD_SETTINGS if options.is_hard else AssignmentSettings(),
            default_capacity=1 if capacity is None else capacity,
        ),
        hardship=Hardship(missed_percent=options.missed, gone=gone_in_the_middle(duty, options.vanished)),
    )


def _duty(options: ReplayOptions, organisation: Organisation | None, record: Record) -> Duty:
    if options.agents is None:
        return infer_duty(record.contacts, organisation)
    source = options.agents.name
    return read_duty(options.agents.read_bytes(), source=source, zone=options.zone, organisation=organisation)


def _rules(options: ReplayOptions, organisation: Organisation | None) -> RuleSet:
    """The rule set, which must have no error, as for publishing it."""
    if options.rules is None:
        return RuleSet()
    parsed = parse_rules(options.rules.read_bytes(), source=options.rules.name)
    wrong = [finding for finding in lint(parsed, organisation) if finding.severity is Severity.ERROR]
    if wrong:
        first = f"{options.rules.name} line {wrong[0].place.line}: {wrong[0].message}; {wrong[0].fix}"
        raise Invalid("rules_invalid", f"{first} (`assigner lint` shows every finding)")
    return parsed.rule_set


def _live(scenario: Scenario, options: ReplayOptions, errors: Console) -> tuple[Course, Comparison | None]:
    """Live through the scenario, with a progress bar where somebody can see it; the product beside it, if asked for."""
    replay, ledger = Replay(scenario), Ledger()
    with ExitStack() as open_meanwhile:
        progress = open_meanwhile.enter_context(
            Progress(console=errors, transient=True, disable=not errors.is_terminal)
        )
        twin: ServedTwin | None = None
        if options.through_http:
            twin = open_meanwhile.enter_context(served_twin(scenario, _rules_document(options, scenario)))
        task = progress.add_task("Replaying", total=len(scenario.contacts))
        for moment in replay.moments():
            ledger.note(moment)
            if twin is not None:
                twin.follow(moment)
            progress.advance(task, sum(isinstance(change, ContactArrived) for change in moment.changes))
        course = ledger.course(end=replay.workspace.now)
        return course, None if twin is None else twin.compare(course)


def _rules_document(options: ReplayOptions, scenario: Scenario) -> Mapping[str, Any]:
    """The rules as the product is to read them; they have been parsed before."""
    document: Mapping[str, Any] = {}
    if options.rules is not None:
        document = read_document(options.rules.read_bytes()).content
    return document if options.strategy is None else document_with_strategy(document, options.strategy, scenario)


def _say_what_differs(comparison: Comparison, errors: Console) -> None:
    """Whether the whole product did the same as the board alone. Raises typer.Exit with code 1 where it did not."""
    for contact_id in comparison.differing[:NAMED_DIFFERENCES]:
        alone, through_http = (
            "nobody" if given is None else f"{given[0]} at {given[1].isoformat()}"
            for given in (comparison.alone.get(contact_id), comparison.through_http.get(contact_id))
        )
        _say(errors, f"{contact_id}: {alone} with the board alone, {through_http} through HTTP")
    count = len(comparison.alone)
    if comparison.differing:
        _say(errors, f"through HTTP: {len(comparison.differing):,} of {count:,} assignments differ")
        raise typer.Exit(1)
    _say(errors, f"through HTTP: all {count:,} assignments are the same, contact by contact")
    repeated = comparison.repeated
    if repeated.differences:
        _say(errors, f"from the log: {len(repeated.differences):,} of {repeated.decisions:,} decisions differ")
        raise typer.Exit(1)
    _say(errors, f"from the log: all {repeated.decisions:,} decisions are the same when repeated")


def _say_what_to_mind(options: ReplayOptions, scenario: Scenario, errors: Console) -> None:
    """What the figures cannot be better than: a record is only a record."""
    overlapping = overlaps(scenario.contacts)
    if overlapping and scenario.settings.default_capacity == 1:
        _say(
            errors,
            f"contacts answered before the same agent's previous one had ended: {overlapping.total():,}, of which"
            f" {overlapping[True]:,} by at most 5 s, as clock errors do; they are used as they are"
            " (agents who handle several at once need --capacity)",
        )
    if options.agents is None:
        _say(
            errors,
            "duty is inferred: every gap of up to an hour between two contacts of an agent counts as Online, unseen"
            " breaks as well, so the replay looks better than the day can have been; --agents FILE gives the real one",
        )


def _draw(file: Path, course: Course, options: ReplayOptions, errors: Console) -> None:
    picture = chart(in_quarters(course, options.zone), title=f"Replay of {options.file.name}")
    try:
        file.write_text(picture, encoding="utf-8")
    except OSError as error:
        _say(errors, f"{file} cannot be written: {error.strerror}; choose another place")
        raise typer.Exit(1) from None


def _object(replayed: Figures, recorded: Figures, record: Record, comparison: Comparison | None) -> dict[str, Any]:
    """What --json prints."""
    figures = as_json(replayed, recorded)
    overlapping = overlaps(record.contacts)
    figures["recorded"] |= {"overlaps": overlapping.total(), "clock_errors": overlapping[True]}
    if comparison is not None:
        figures["through_http"] = {"assignments": len(comparison.alone), "differing": list(comparison.differing)}
    return figures | {"bad_lines": len(record.bad_lines)}


def _say(errors: Console, sentence: str) -> None:
    errors.print(sentence, soft_wrap=not errors.is_terminal, markup=False, highlight=False)
