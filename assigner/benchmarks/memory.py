"""How much memory one serving node needs for a large workspace (P13).

The workspace is written to a database first; then a real `assigner serve` loads it, and the system is asked."""

from pathlib import Path
from tempfile import TemporaryDirectory

from assigner.benchmarks.load import running
from assigner.benchmarks.measure import MEGABYTE, Figure, Unit
from assigner.benchmarks.prepared import prepare
from assigner.benchmarks.served import SERVE


def memory(*, agents: int, contacts: int) -> list[Figure]:
    """P13: the largest memory of a node with so many agents and waiting contacts; nothing where no /proc tells it."""
    if not Path("/proc/self/status").exists():
        return []
    with TemporaryDirectory(prefix="bench-") as folder:
        database = Path(folder) / "large.db"
        prepare(f"sqlite:///{database}", agents=agents, contacts=contacts, enabled=False)
        with running(*SERVE, str(database)) as (_, process):
            largest = _largest(process)
    what = f"memory with {contacts:,} waiting contacts and {agents:,} agents"
    return [Figure(name="P13", what=what, case=largest / MEGABYTE, at_most=600.0, unit=Unit.MEGABYTES)]


def _largest(process: int) -> int:
    """The most memory that a process has held so far, in bytes."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return kilobytes * 1024
