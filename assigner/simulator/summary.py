"""How a replay went, beside what the record achieved: as tables for people and as one object for programs.

Both hold the same figures; nothing is computed here."""

from typing import Any

from rich.console import Console
from rich.table import Table

from assigner.simulator.figures import AgentFigures, Figures
from assigner.simulator.hardship import Account

UNKNOWN = "-"
WIDE_ENOUGH = 300


def as_json(replayed: Figures, recorded: Figures) -> dict[str, Any]:
    """The figures of a replay, with those of the record under `recorded`. Waits and times in seconds, shares 0 to 1."""
    return _figures(replayed) | {"recorded": _figures(recorded)}


def print_summary(console: Console, replayed: Figures, recorded: Figures) -> None:
    """Print both tables: the whole, and the agents. Piped, they are plain text, and as wide as they need to be."""
    if not console.is_terminal:
        console.width = WIDE_ENOUGH
    for table in (_whole(replayed, recorded), _agents(replayed, recorded)):
        console.print(table)
        console.print()


def accounts_as_json(accounts: tuple[Account, ...]) -> dict[str, Any]:
    """The longest waits of a hard day with what each was for, under one name; nothing where none were asked for."""
    told = [{"contact_id": each.contact_id, "waited_s": each.seconds, "for": dict(each.reasons)} for each in accounts]
    return {"longest_waits": told} if told else {}


def print_accounts(console: Console, accounts: tuple[Account, ...]) -> None:
    """Print the longest waits, each with what it was for."""
    if not accounts:
        return
    if not console.is_terminal:
        console.width = WIDE_ENOUGH
    table = Table(title="The longest waits, and what they were for", title_style="bold", title_justify="left", box=None)
    table.add_column("contact", no_wrap=True)
    table.add_column("waited", justify="right", no_wrap=True)
    table.add_column("for")
    for each in accounts:
        reasons = ", ".join(f"{reason} {seconds:,.0f} s" for reason, seconds in each.reasons)
        table.add_row(each.contact_id, f"{each.seconds:,.0f} s", reasons)
    console.print(table)


def _figures(figures: Figures) -> dict[str, Any]:
    fairness = figures.fairness
    return {
        "contacts": figures.contacts,
        "answered": figures.answered,
        "abandoned": figures.abandoned,
        "unfinished": figures.unfinished,
        "wait": {"mean": _rounded(figures.mean_wait), "p90": _rounded(figures.p90_wait)},
        "within_20s": _rounded(figures.within_20s),
        "agents": [_agent(agent) for agent in figures.agents],
        "fairness": {"max_minus_min": _rounded(fairness.max_minus_min), "jain": _rounded(fairness.jain)},
    }


def _agent(agent: AgentFigures) -> dict[str, Any]:
    return {
        "agent_id": agent.agent_id,
        "contacts": agent.contacts,
        "online_s": _rounded(agent.online_s),
        "contacts_per_hour": _rounded(agent.contacts_per_hour),
        "occupancy": _rounded(agent.occupancy),
    }


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)


def _whole(replayed: Figures, recorded: Figures) -> Table:
    table = Table(title="All contacts", title_style="bold", title_justify="left", box=None)
    table.add_column("")
    table.add_column("replay", justify="right", style="bold")
    table.add_column("recorded", justify="right")
    for name, *cells in (
        ("contacts", *(f"{each.contacts:,}" for each in (replayed, recorded))),
        ("answered", *(f"{each.answered:,}" for each in (replayed, recorded))),
        ("abandoned", *(f"{each.abandoned:,}" for each in (replayed, recorded))),
        ("unfinished", *(f"{each.unfinished:,}" for each in (replayed, recorded))),
        ("mean wait of the answered", *(_said(each.mean_wait, "{:,.1f} s") for each in (replayed, recorded))),
        ("90 % of them waited at most", *(_said(each.p90_wait, "{:,.0f} s") for each in (replayed, recorded))),
        ("share answered within 20 s", *(_said(each.within_20s, "{:.1%}") for each in (replayed, recorded))),
        ("contacts per hour, max - min", *(_said(each.fairness.max_minus_min) for each in (replayed, recorded))),
        ("Jain index (1: even)", *(_said(each.fairness.jain, "{:.3f}") for each in (replayed, recorded))),
    ):
        table.add_row(name, *cells)
    return table


def _agents(replayed: Figures, recorded: Figures) -> Table:
    then = {agent.agent_id: agent for agent in recorded.agents}
    now = {agent.agent_id: agent for agent in replayed.agents}
    table = Table(title="Agents", title_style="bold", title_justify="left", box=None)
    table.add_column("agent", no_wrap=True)
    figures = ("contacts", "per hour", "occupied")
    for column in ("Online", *figures, *(f"recorded\n{figure}" for figure in figures)):
        table.add_column(column, justify="right", vertical="bottom")
    for agent_id in sorted({*now, *then}):
        either = now.get(agent_id) or then[agent_id]
        cells = (*_cells(now.get(agent_id)), *_cells(then.get(agent_id)))
        table.add_row(agent_id, f"{either.online_s / 3600:.1f} h", *cells)
    return table


def _cells(agent: AgentFigures | None) -> tuple[str, str, str]:
    if agent is None:
        return UNKNOWN, UNKNOWN, UNKNOWN
    return f"{agent.contacts:,}", _said(agent.contacts_per_hour), _said(agent.occupancy, "{:.0%}")


def _said(figure: float | None, form: str = "{:.1f}") -> str:
    return UNKNOWN if figure is None else form.format(figure)
