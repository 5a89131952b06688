"""How much memory one serving node needs for a large workspace (P13).

The workspace is written to a database first; then a real `assigner serve` loads it, and the system is asked."""

from functools import partial
from pathlib import Path

from assigner.benchmarks.databases import Place
from assigner.benchmarks.measure import MEGABYTE, Figure, Unit
from assigner.benchmarks.prepared import prepare
from assigner.benchmarks.programs import running, serving

IS_TOLD = Path("/proc/self/status").exists()
NOT_TOLD = "this system has no /proc, which tells the memory of a process"


def memory(place: Place, *, agents: int, contacts: int) -> list[Figure]:
    """P13: the largest memory of a node with so many agents and waiting contacts."""
    what = f"memory with {contacts:,} waiting contacts and {agents:,} agents"
    figure = partial(Figure, name="P13", on=place.name, what=what, at_most=600.0, unit=Unit.MEGABYTES)
    if not IS_TOLD:
        return [figure(remark=NOT_TOLD)]
    database = place.new("large")
    prepare(database, agents=agents, contacts=contacts, enabled=False)
    node = serving(database)
    with running(node):
        largest = memory_of(node.pid, "VmHWM")
    return [figure(case=largest / MEGABYTE)]


def memory_of(process: int, kind: str) -> int:
    """The bytes that a process holds (`VmRSS`), or the most that it has held so far (`VmHWM`)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")) * 1024
