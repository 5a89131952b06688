"""What the console calls reports, their figures and groups, and how a figure is written.

What each figure means stands in `service.reports.figures`; catalogs hold it in the other languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel.numbers import format_decimal, format_percent

from assigner.console.language import N_
from assigner.service.reports.figures import CONTENTS, By, Report, Unit

REPORTS: Mapping[Report, str] = {
    Report.CONTACTS: N_("Contacts"),
    Report.WAITS: N_("Waits"),
    Report.AGENTS: N_("Agents"),
    Report.FAIRNESS: N_("Fairness"),
}
GROUPS: Mapping[By, str] = {
    By.ALL: N_("everything together"),
    By.OFFICE: N_("office"),
    By.QUEUE: N_("queue"),
    By.AGENT: N_("agent"),
}
NOBODY: Mapping[By, str] = {
    By.OFFICE: N_("without an office"),
    By.QUEUE: N_("in no queue"),
    By.AGENT: N_("nobody"),
}
"""What is counted where there is no such thing."""

FIGURES: Mapping[str, str] = {
    "arrived": N_("Arrived"),
    "assigned": N_("Assigned"),
    "assigned_by_hand": N_("By hand"),
    "transferred": N_("Transferred"),
    "returned": N_("Returned"),
    "closed": N_("Closed"),
    "abandoned": N_("Abandoned"),
    "answered": N_("Answered"),
    "mean_wait": N_("Mean wait"),
    "p50_wait": N_("Half waited at most"),
    "p90_wait": N_("90 % waited at most"),
    "max_wait": N_("Longest wait"),
    "service_level": N_("Service level"),
    "contacts": N_("Contacts"),
    "contacts_per_hour": N_("Contacts per hour Online"),
    "occupancy": N_("Occupancy"),
    "mean_load": N_("Mean load"),
    "agents": N_("Agents"),
    "max_minus_min": N_("Largest minus smallest"),
    "jain": N_("Evenness (Jain)"),
}
"""The names of the figures; the time with a status is called as the status is."""

UNITS: Mapping[str, Unit] = {figure.name: figure.unit for each in CONTENTS.values() for figure in each.figures}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a report is shown: the figures at its head, those drawn over time (several in one are drawn upon each other)
    and those with a bar for each group."""

    head: tuple[str, ...]
    drawn: tuple[tuple[str, ...], ...]
    barred: tuple[str, ...]
    by: By


STATUS_TIMES = ("online_s", "busy_s", "away_s")
STATUS_TIME = N_("Time per status")

SHOWN: Mapping[Report, Shown] = {
    Report.CONTACTS: Shown(
        head=("arrived", "assigned", "assigned_by_hand", "closed", "abandoned"),
        drawn=(("arrived",), ("closed",), ("abandoned",)),
        barred=("arrived", "closed", "abandoned"),
        by=By.QUEUE,
    ),
    Report.WAITS: Shown(
        head=("answered", "abandoned", "service_level", "p50_wait", "p90_wait", "max_wait"),
        drawn=(("service_level",), ("p50_wait",), ("p90_wait",)),
        barred=("service_level", "p90_wait"),
        by=By.QUEUE,
    ),
    Report.AGENTS: Shown(
        head=("contacts", "online_s", "busy_s", "occupancy", "mean_load", "contacts_per_hour"),
        drawn=(STATUS_TIMES, ("occupancy",), ("mean_load",)),
        barred=("occupancy", "mean_load", "contacts_per_hour"),
        by=By.AGENT,
    ),
    Report.FAIRNESS: Shown(
        head=("agents", "contacts", "contacts_per_hour", "max_minus_min", "jain"),
        drawn=(("jain",), ("max_minus_min",)),
        barred=("jain", "max_minus_min"),
        by=By.OFFICE,
    ),
}


def written(name: str, value: float | None, *, language: str) -> str:
    """A figure as people write it; a dash where nothing is known."""
    if value is None:
        return "–"  # noqa: RUF001
    match UNITS[name]:
        case Unit.SECONDS:
            return span(value, language=language)
        case Unit.SHARE if name != "jain":
            return str(format_percent(value, format="0.#\xa0%" if language != "en" else "0.#%", locale=language))
        case _:
            return str(format_decimal(value, format="#,##0.##", locale=language))


def span(seconds: float, *, language: str) -> str:
    """A stretch of time in its two largest units: `8.3 s`, `4 min 5 s`, `3 h 20 min`."""
    if seconds < 60:
        return f"{format_decimal(seconds, format='0.#', locale=language)}\xa0s"
    whole = round(seconds)
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes}\xa0min" + (f"\xa0{rest}\xa0s" if rest else "")
    hours, rest = divmod(round(whole / 60), 60)
    return f"{hours}\xa0h" + (f"\xa0{rest}\xa0min" if rest else "")
