"""What people are called who did something, as the log names them: "agent:ana", "key:1e1c...", "engine"."""

from assigner.service.unit import ENGINE
from assigner.service.workspace import Workspace


def person(workspace: Workspace, by: str | None) -> str | None:
    """What somebody who did something is called; "" for a program, None for the engine."""
    if by is None or by == ENGINE:
        return None
    known = workspace.agents.get(by.removeprefix("agent:"))
    return "" if known is None else known.seat.agent.name or known.seat.agent.id
