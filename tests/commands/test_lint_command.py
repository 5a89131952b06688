"""`assigner lint` as people use it: what it prints, its exit codes, and that it starts without heavy imports."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assigner.cli import app

GOOD = "rules: [{then: {queue: billing}}]\nqueues: {billing: {}}\n"
BAD = "rules:\n- then: {queue: billing-2}\n- then: {queue: billing}\nqueues: {billing: {}}\n"
UNKNOWN_QUEUE = """\
{file}:2:10 error unknown_queue: queue "billing-2" does not exist; did you mean "billing"?
    name one of "billing", "everybody", or add "billing-2" under queues
{file}:3:3 warning unreachable_rule: no contact comes to rule "rule 2": "rule 1" before it always holds
    move it before "rule 1", or give that rule a condition
{file}:4:10 warning unreachable_queue: no rule, office or overflow leads to queue "billing"
    name it in a rule or an overflow, or remove it
1 error, 2 warnings
"""


def written(folder: Path, text: str, name: str = "rules.yaml") -> str:
    file = folder / name
    file.write_text(text)
    return str(file)


def test_a_good_rule_set(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)

    result = CliRunner().invoke(app, ["lint", file])

    assert (result.stdout, result.exit_code) == (f"{file}: good (1 rule, 1 queue)\n", 0)


def test_findings_with_their_places(tmp_path: Path) -> None:
    file = written(tmp_path, BAD)

    result = CliRunner().invoke(app, ["lint", file])

    assert (result.stdout, result.exit_code) == (UNKNOWN_QUEUE.format(file=file), 1)


def test_warnings_are_no_failure(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["lint", written(tmp_path, "queues: {night: {}}")])

    assert (result.stdout.splitlines()[-1], result.exit_code) == ("0 errors, 1 warning", 0)


def test_a_document_that_cannot_be_parsed(tmp_path: Path) -> None:
    file = written(tmp_path, "ruels: []")

    result = CliRunner().invoke(app, ["lint", file])

    assert result.exit_code == 1
    assert (
        result.stdout.splitlines()[0] == f'{file}:1:1 error unknown_field: unknown field "ruels"; did you mean "rules"?'
    )


def test_findings_as_json(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["lint", written(tmp_path, "queues: {night: {}}"), "--json"])

    assert json.loads(result.stdout) == [
        {
            "code": "unreachable_queue",
            "severity": "warning",
            "place": {"line": 1, "column": 10},
            "path": "queues.night",
            "message": 'no rule, office or overflow leads to queue "night"',
            "fix": "name it in a rule or an overflow, or remove it",
        }
    ]


def test_names_are_checked_against_an_organisation(tmp_path: Path) -> None:
    file = written(tmp_path, "exclusions: [{customer_id: c1, agent: anna}]")
    organisation = written(tmp_path, "agents: {ana: {}}", "organisation.yaml")

    result = CliRunner().invoke(app, ["lint", file, "--organisation", organisation])

    assert 'agent "anna" does not exist; did you mean "ana"?' in result.stdout
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("organisation", "message"),
    [
        pytest.param(
            None, "cannot be read: No such file or directory; check the path and its permissions", id="absent"
        ),
        pytest.param("agents: 7", "agents must be fields with names, not 7", id="not an organisation"),
    ],
)
def test_an_unusable_organisation(tmp_path: Path, organisation: str | None, message: str) -> None:
    file = tmp_path / "organisation.yaml"
    if organisation is not None:
        file.write_text(organisation)

    result = CliRunner().invoke(app, ["lint", written(tmp_path, GOOD), "--organisation", str(file)])

    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["lint", str(tmp_path / "none.yaml")])

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(str(tmp_path / "none.yaml"))


def test_help_starts_without_heavy_imports() -> None:
    program = (
        "import sys\nsys.argv = ['assigner', 'lint', '--help']\nfrom assigner.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print(sorted({'networkx', 'holidays', 'yaml'} & set(sys.modules)))"
    )

    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "assigner lint rules.yaml --organisation organisation.yaml" in answer.stdout
    assert answer.stdout.splitlines()[-1] == "[]"
