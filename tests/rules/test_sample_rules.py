"""The sample organisation, its rules, one bad rule set for each code, and the presets: each is what it claims to be."""

from pathlib import Path

import pytest

from presence.presets import PRESETS, policy_from_document
from rules.document import read_document
from rules.findings import Code, Finding, RulesInvalid
from rules.lint import lint
from rules.organisation import Organisation
from rules.parse import parse_organisation, parse_rules

SAMPLES = Path(__file__).parents[2] / "sample_data"
BAD_RULES = sorted((SAMPLES / "bad_rules").glob("*.yaml"))

WITHOUT_A_FILE = {Code.TOO_LARGE}
"""A megabyte is too much for a sample."""


def organisation_for(code: str) -> Organisation:
    """An organisation of its own for the bad rule set that needs one, else that of the samples."""
    own = SAMPLES / "bad_rules" / "organisations" / f"{code}.yaml"
    return parse_organisation((own if own.exists() else SAMPLES / "organisation.yaml").read_bytes())


def findings_in(file: Path) -> tuple[Finding, ...]:
    nobody = frozenset[str]() if file.stem == Code.NOBODY_SERVES_NOW else None
    try:
        return lint(parse_rules(file.read_bytes()), organisation_for(file.stem), online=nobody)
    except RulesInvalid as refusal:
        return refusal.findings


@pytest.mark.parametrize("file", BAD_RULES, ids=lambda file: file.stem)
def test_a_bad_rule_set_has_the_finding_it_is_named_after_and_no_other(file: Path) -> None:
    assert [finding.code.value for finding in findings_in(file)] == [file.stem]


def test_there_is_a_bad_rule_set_for_every_code() -> None:
    assert {file.stem for file in BAD_RULES} == {code.value for code in Code if code not in WITHOUT_A_FILE}


def test_the_sample_rules_have_no_finding() -> None:
    parsed = parse_rules((SAMPLES / "rules.yaml").read_bytes())

    assert lint(parsed, organisation_for("rules")) == ()
    assert lint(parsed) == ()
    assert len(parsed.rule_set.examples) == 6


def test_the_sample_organisation() -> None:
    organisation = organisation_for("rules")

    assert {office.time_zone for office in organisation.offices.values()} == {"Europe/Madrid", "Europe/Lisbon"}
    assert len(organisation.offices) == 3
    assert len(organisation.agents) == 14
    assert [agent.id for agent in organisation.agents.values() if not agent.takes_contacts] == ["olga"]


@pytest.mark.parametrize("name", PRESETS)
def test_the_preset_files_say_what_the_presets_are(name: str) -> None:
    document = read_document((SAMPLES / "presets" / f"{name}.yaml").read_bytes())

    assert policy_from_document(document.content) == PRESETS[name]
    assert {file.stem for file in (SAMPLES / "presets").glob("*.yaml")} == set(PRESETS)
