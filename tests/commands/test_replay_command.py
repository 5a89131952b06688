"""`assigner replay` as people use it: what it prints where, its exit codes, and what it refuses before it starts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assigner.cli import app
from assigner.samples import sample_file
from tests.simulator.builders import HEADER, a_line

TABLE = """\
All contacts
                               replay  recorded
 contacts                           3         3
 answered                           2         2
 abandoned                          1         1
 unfinished                         0         0
 mean wait of the answered      5.0 s     5.0 s
 90 % of them waited at most      5 s       5 s
 share answered within 20 s     66.7%     66.7%
 contacts per hour, max - min     0.0       0.0
 Jain index (1: even)           1.000     1.000

Agents
                                              recorded  recorded  recorded
 agent  Online  contacts  per hour  occupied  contacts  per hour  occupied
 ana     0.0 h         2      60.0      100%         2      60.0      100%
"""
INFERRED = (
    "duty is inferred: every gap of up to an hour between two contacts of an agent counts as Online, unseen breaks as"
    " well, so the replay looks better than the day can have been; --agents FILE gives the real one\n"
)
THREE = (
    a_line(contact_id="a", arrived_at="2026-01-05T09:00:00"),
    a_line(contact_id="b", arrived_at="2026-01-05T09:01:00"),
    a_line(contact_id="c", arrived_at="2026-01-05T09:02:10", outcome="abandoned", handle_s="", agent=""),
)


def written(folder: Path, *lines: str) -> str:
    file = folder / "calls.csv"
    file.write_text("\n".join((HEADER, *lines)) + "\n")
    return str(file)


def stripped(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines())


def sample_options() -> list[str]:
    return [
        *("--agents", str(sample_file("agents.csv"))),
        *("--organisation", str(sample_file("organisation.yaml"))),
        *("--rules", str(sample_file("rules.yaml"))),
        *("--time-zone", "Europe/Madrid"),
    ]


def test_piped_it_prints_plain_tables(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["replay", written(tmp_path, *THREE)])

    assert (stripped(result.stdout), result.stderr, result.exit_code) == (TABLE, INFERRED, 0)


@pytest.mark.parametrize("strategy", ["round_robin", "least_loaded", "longest_idle", "lowest_occupancy"])
def test_json_is_one_object_and_every_contact_is_in_it(strategy: str) -> None:
    arguments = ["replay", str(sample_file("contacts.csv")), *sample_options(), "--strategy", strategy, "--json"]

    result = CliRunner().invoke(app, arguments)

    figures = json.loads(result.stdout)
    assert (result.stderr, result.exit_code) == ("", 0)
    assert figures["answered"] + figures["abandoned"] + figures["unfinished"] == figures["contacts"] == 720
    assert sum(agent["contacts"] for agent in figures["agents"]) == figures["answered"]
    assert set(figures) == {
        *("contacts", "answered", "abandoned", "unfinished", "wait", "within_20s", "agents", "fairness", "recorded"),
        "bad_lines",
    }


def test_a_bad_line_stops_it_before_it_starts(tmp_path: Path) -> None:
    file = written(tmp_path, *THREE, a_line(contact_id="d", handle_s="abc"))

    result = CliRunner().invoke(app, ["replay", file])

    assert (result.stdout, result.exit_code) == ("", 1)
    assert result.stderr == (
        'calls.csv line 5: handle_s: "abc" is not a number of seconds\n'
        "1 bad line; nothing was replayed: mend the file, or leave such lines out with --skip-bad\n"
    )


def test_bad_lines_can_be_skipped_and_the_first_ten_are_named(tmp_path: Path) -> None:
    bad = [a_line(contact_id=f"bad{number}", waited_s="?") for number in range(12)]

    result = CliRunner().invoke(app, ["replay", written(tmp_path, *THREE, *bad), "--skip-bad"])

    said = result.stderr.splitlines()
    assert (stripped(result.stdout), result.exit_code) == (TABLE, 0)
    assert said[0] == 'calls.csv line 5: waited_s: "?" is not a number of seconds'
    assert said[9:11] == ['calls.csv line 14: waited_s: "?" is not a number of seconds', "12 bad lines skipped"]


def test_overlaps_are_told_and_used_as_they_are(tmp_path: Path) -> None:
    overlapping = a_line(contact_id="d", arrived_at="2026-01-05T09:01:59", handle_s="1")

    result = CliRunner().invoke(app, ["replay", written(tmp_path, *THREE, overlapping)])

    assert result.stderr.splitlines()[0] == (
        "contacts answered before the same agent's previous one had ended: 1, of which 1 by at most 5 s, as clock"
        " errors do; they are used as they are (agents who handle several at once need --capacity)"
    )


@pytest.mark.parametrize(
    ("option", "text", "sentence"),
    [
        pytest.param(
            "--rules",
            "rules:\n- then: {queue: billing-2}\nqueues: {billing: {}}",
            'x.yaml line 2: queue "billing-2" does not exist; did you mean "billing"?; name one of "billing",'
            ' "everybody", or add "billing-2" under queues (`assigner lint` shows every finding)\n',
            id="rules with an error",
        ),
        pytest.param("--agents", "agent;from;to", "without column agent, from, to", id="agents with semicolons"),
        pytest.param("--organisation", "offices: []", "x.yaml line 1: ", id="no organisation"),
    ],
)
def test_another_file_that_cannot_be_used(tmp_path: Path, option: str, text: str, sentence: str) -> None:
    other = tmp_path / "x.yaml"
    other.write_text(text)

    result = CliRunner().invoke(app, ["replay", written(tmp_path, *THREE), option, str(other)])

    assert (result.stdout, result.exit_code) == ("", 1)
    assert sentence in result.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["missing.csv"], "file 'missing.csv' does not exist", id="no file"),
        pytest.param([], "Missing argument 'FILE'", id="nothing"),
        pytest.param([__file__, "--strategy", "random"], "'random' is not one of", id="no strategy"),
        pytest.param([__file__, "--time-zone", "Mars/X"], '"Mars/X" is not a time zone', id="no time zone"),
        pytest.param([__file__, "--capacity", "-1"], "Invalid value for '--capacity'", id="less than nothing"),
    ],
)
def test_a_command_line_that_cannot_be_used(arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(app, ["replay", *arguments])

    assert (result.stdout, result.exit_code) == ("", 2)
    assert sentence in " ".join(result.stderr.split())


def test_the_picture_is_drawn_and_one_that_cannot_be_is_told(tmp_path: Path) -> None:
    file, good, bad = written(tmp_path, *THREE), tmp_path / "day.svg", tmp_path / "nowhere" / "day.svg"

    codes = [CliRunner().invoke(app, ["replay", file, "--svg", str(path)]) for path in (good, bad)]

    assert [result.exit_code for result in codes] == [0, 1]
    assert '<title id="title">Replay of calls.csv</title>' in good.read_text()
    assert codes[1].stderr.endswith("day.svg cannot be written: No such file or directory; choose another place\n")


def test_it_runs_as_a_program_from_anywhere(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "assigner", "replay", written(tmp_path, *THREE), "--json"]
    del program[1:3]
    program[1:1] = ["-c", "from assigner.cli import main; main()"]

    result = subprocess.run(program, capture_output=True, text=True, check=False)

    assert (json.loads(result.stdout)["contacts"], result.returncode) == (3, 0)
    assert result.stderr == INFERRED
