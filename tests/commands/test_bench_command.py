"""`assigner bench` runs and names every figure. What they are depends on the machine: nothing is asserted of that."""

from typer.testing import CliRunner

from assigner.cli import app


def test_a_quick_run_prints_every_figure_beside_its_goal() -> None:
    result = CliRunner().invoke(app, ["bench", "--quick", "--rounds", "1"], env={"COLUMNS": "200"})

    assert result.exit_code == 0
    rows = [line for line in result.stdout.splitlines() if "÷" in line or "status of" in line]
    assert [row.split()[1] for row in rows] == ["P8", "P8", "P8", "P8", "P14", "P14", "status"]
    assert all("<=" in row for row in rows[:6])
