"""`assigner bench` runs and names every figure. What they are depends on the machine: nothing is asserted of that."""

import pytest
from typer.testing import CliRunner

from assigner.cli import app

NAMES = ("P1", "P2", "P3", "P4", "P5", "P6", "P8", "P11", "P13", "P14", "status", "soak")

NO_GOAL = ("status", "soak")


def shown(*arguments: str) -> list[list[str]]:
    """The words of every row of the table."""
    result = CliRunner().invoke(app, ["bench", "--quick", "--rounds", "1", *arguments], env={"COLUMNS": "250"})
    assert result.exit_code == 0, result.output
    rows = [line.replace("│", " ").split() for line in result.stdout.splitlines()]
    return [row for row in rows if row and row[0] in NAMES]


@pytest.mark.parametrize(
    ("part", "names"),
    [
        pytest.param("core", ["P8", "P8", "P8", "P8", "P14", "P14", "status"], id="the board"),
        pytest.param("store", ["P4", "P11"], id="SQLite"),
        pytest.param("postgresql", ["P1", "P2", "P3"], id="PostgreSQL"),
        pytest.param("http", ["P5", "P6", "P6", "P11"], id="a real server"),
        pytest.param("memory", ["P13"], id="memory of a real server"),
        pytest.param("soak", ["soak", "soak", "soak"], id="a real server for a long time"),
    ],
)
def test_a_quick_run_prints_the_figures_that_were_asked_for_beside_their_goals(part: str, names: list[str]) -> None:
    rows = shown(part)

    assert [row[0] for row in rows] == names
    assert all({"<=", ">="} & set(row) or "pgbench is not" in " ".join(row) for row in rows if row[0] not in NO_GOAL)


def test_a_part_that_does_not_exist_is_refused() -> None:
    result = CliRunner().invoke(app, ["bench", "stores"])

    assert (result.stdout, result.exit_code) == ("", 2)
    assert "'stores' is not one of 'core', 'store', 'postgresql', 'http', 'memory', 'soak'" in " ".join(
        result.stderr.split()
    )
