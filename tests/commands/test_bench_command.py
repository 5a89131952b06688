"""`assigner bench` runs and names every figure. What they are depends on the machine: nothing is asserted of that."""

import pytest
from typer.testing import CliRunner

from assigner.benchmarks.disk import described, watched_disk
from assigner.cli import app

pytestmark = pytest.mark.timeout(300)

LITE, POSTGRES = "SQLite", "PostgreSQL"
GOALS = {"<=", ">=", "="}
NO_GOAL = ("status", "soak")
SERVED = ("P5", "P6", "P6", "P7", "P11")


def shown(*arguments: str, **environment: str) -> list[list[str]]:
    """The words of every row of the table."""
    result = CliRunner().invoke(app, ["bench", "--quick", "--rounds", "1", *arguments], env=environment)
    assert result.exit_code == 0, result.output
    rows = [line.replace("│", " ").split() for line in result.stdout.splitlines()]
    return [row for row in rows if row and (row[0] in NO_GOAL or (row[0][0] == "P" and row[0][1:].isdecimal()))]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        pytest.param(
            ["core"],
            [("P8", "one")] * 4 + [("P14", "one")] * 2 + [("status", "status")],
            id="the board",
        ),
        pytest.param(
            ["store"],
            [("P1", POSTGRES), ("P2", POSTGRES), ("P3", POSTGRES), ("P4", LITE), ("P11", LITE), ("P11", POSTGRES)],
            id="both databases",
        ),
        pytest.param(["http", "--database", "sqlite"], [(name, LITE) for name in SERVED], id="a server on a file"),
        pytest.param(
            ["http", "--database", "postgresql"], [(name, POSTGRES) for name in SERVED], id="a server on PostgreSQL"
        ),
        pytest.param(["nodes"], [("P9", POSTGRES), ("P10", POSTGRES), ("P10", POSTGRES)], id="nodes that are killed"),
        pytest.param(["memory"], [("P13", LITE), ("P13", POSTGRES)], id="memory of a real server"),
        pytest.param(
            ["soak", "--database", "postgresql"], [("soak", POSTGRES)] * 3, id="a real server for a long time"
        ),
    ],
)
def test_a_quick_run_prints_the_figures_that_were_asked_for_beside_their_goals(
    arguments: list[str], names: list[tuple[str, str]]
) -> None:
    rows = shown(*arguments)

    assert [(row[0], row[1]) for row in rows] == names
    assert all(GOALS & set(row) or "pgbench is not" in " ".join(row) for row in rows if row[0] not in NO_GOAL)


def test_a_disk_is_watched_while_something_else_is_measured() -> None:
    with watched_disk() as taken:
        pass

    assert taken
    assert described([*[0.001] * 99, 0.1]) == "one block on the disk: median 1.00 ms, p99 100.00 ms, at most 100.00 ms"


def test_the_table_says_what_it_was_measured_on() -> None:
    result = CliRunner().invoke(app, ["bench", "memory", "--quick", "--rounds", "1", "--database", "sqlite"])

    machine, versions = result.stdout.splitlines()[-2:]
    assert " cores, " in machine
    assert versions.startswith("Python 3.")
    assert {"SQLite", "PostgreSQL"} <= {*versions.split()}


def test_without_postgresql_the_rows_say_so(tmp_path: str) -> None:
    rows = shown("nodes", ASSIGNER_PG_BINARIES=str(tmp_path))

    assert [row[0] for row in rows] == ["P9", "P10"]
    assert all("not measured there is no PostgreSQL 15 or newer on this machine" in " ".join(row) for row in rows)


def test_a_part_that_is_measured_on_the_other_database_only_is_refused() -> None:
    result = CliRunner().invoke(app, ["bench", "nodes", "--database", "sqlite"])

    assert (result.stdout, result.exit_code) == ("", 2)
    assert "nodes: measured on PostgreSQL only" in " ".join(result.stderr.split())


def test_a_part_that_does_not_exist_is_refused() -> None:
    result = CliRunner().invoke(app, ["bench", "stores"])

    assert (result.stdout, result.exit_code) == ("", 2)
    assert "'stores' is not one of 'core', 'store', 'http', 'nodes', 'memory', 'soak', 'growth'" in " ".join(
        result.stderr.replace("│", " ").split()
    )
