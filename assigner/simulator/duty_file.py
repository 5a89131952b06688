"""Duty times from a CSV file: one row for every stretch of duty, and for every break inside one.

The columns are explained in `sample_data/README.md`. Unlike a record, which is what a machine wrote down, this file is
written by people for a replay, so the first bad line refuses it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from zoneinfo import ZoneInfo

from assigner.csv_table import BadLine, Row, read_rows
from assigner.simulator.duty import Duty, Stretch, in_order
from presence.errors import did_you_mean
from presence.model import Status
from rules.organisation import Agent, Capacity, Organisation

REQUIRED = ("agent", "from", "to")
CAN = ("skills", "offices", "capacity")
"""The cells that say what an agent can do; they stand on one row of the agent, or are the same on all."""

SELECTABLE = (Status.ONLINE, Status.BUSY, Status.AWAY)


def read_duty(raw: bytes, *, source: str, zone: ZoneInfo, organisation: Organisation | None = None) -> Duty:
    """Read duty times. Raises Invalid for a file, and BadLine for a line, that cannot be used.

    What an agent can do is what the organisation says, if it knows the agent, with what the file says in its place."""
    known = {} if organisation is None else organisation.agents
    agents: dict[str, Agent] = {}
    said: dict[tuple[str, str], Row] = {}
    stretches: dict[str, list[tuple[Row, Stretch]]] = defaultdict(list)
    for row in read_rows(raw, source=source, required=REQUIRED):
        if isinstance(row, BadLine):
            raise row
        stretch = _stretch(row, zone)
        agent_id = stretch.agent_id
        if organisation is not None:
            _check_offices(row, organisation)
        agent = agents.get(agent_id) or known.get(agent_id) or Agent(id=agent_id)
        if stretch.status is Status.ONLINE:
            _check_said_once(row, said)
            agent = _with_cells(agent, row)
        agents[agent_id] = agent
        stretches[agent_id].append((row, stretch))
    for agent_id, rows in stretches.items():
        _check_stretches(rows, agents[agent_id])
    return Duty(
        agents=MappingProxyType(agents),
        stretches=in_order(stretch for rows in stretches.values() for _, stretch in rows),
    )


def _stretch(row: Row, zone: ZoneInfo) -> Stretch:
    agent_id, start, end = row.text("agent"), row.instant("from", zone), row.instant("to", zone)
    if end <= start:
        raise row.bad("to", f"{row.cells['to']} is not after from, {row.cells['from']}")
    word = row.cells.get("status", Status.ONLINE)
    if word == Status.OFFLINE:
        raise row.bad("status", "nobody chooses offline; end the stretch of duty instead")
    if word not in SELECTABLE:
        known = did_you_mean(word, SELECTABLE) or f"; there are: {', '.join(SELECTABLE)}"
        raise row.bad("status", f'"{word}" is not a status{known}')
    offices = _offices(row) if word == Status.AWAY else ()
    return Stretch(agent_id=agent_id, start=start, end=end, status=Status(word), offices=offices)


def _offices(row: Row) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.cells.get("offices", "").split()))


def _check_offices(row: Row, organisation: Organisation) -> None:
    for office in _offices(row):
        if office not in organisation.offices:
            known = did_you_mean(office, organisation.offices)
            raise row.bad("offices", f'"{office}" does not exist in the organisation{known}')


def _check_said_once(row: Row, said: dict[tuple[str, str], Row]) -> None:
    agent_id = row.cells["agent"]
    for column in CAN:
        cell = row.cells.get(column)
        first = said.setdefault((agent_id, column), row) if cell is not None else row
        if cell is not None and first.cells[column] != cell:
            before = f'"{first.cells[column]}" on line {first.line}'
            raise row.bad(column, f'"{cell}" of agent "{agent_id}" is {before}; write it once')


def _with_cells(agent: Agent, row: Row) -> Agent:
    if "skills" in row.cells:
        agent = replace(agent, skills=row.skills("skills"))
    if "offices" in row.cells:
        agent = replace(agent, offices=_offices(row))
    if "capacity" in row.cells:
        agent = replace(agent, capacity=Capacity(total=row.whole("capacity", 0, 1_000_000)))
    return agent


def _check_stretches(rows: list[tuple[Row, Stretch]], agent: Agent) -> None:
    """Duty does not overlap duty, nor a break a break, and every break lies inside duty and is for own offices."""
    rows.sort(key=lambda each: each[1].start)
    for is_duty in (True, False):
        latest: tuple[Row, Stretch] | None = None
        for row, stretch in _of_kind(rows, is_duty):
            if latest is not None and stretch.start < latest[1].end:
                raise row.bad("from", f'agent "{agent.id}" is on line {latest[0].line} until {latest[0].cells["to"]}')
            latest = row, stretch
    duty = [stretch for _, stretch in _of_kind(rows, True)]
    for row, stretch in _of_kind(rows, False):
        if not any(each.start <= stretch.start and stretch.end <= each.end for each in duty):
            raise row.bad("status", f'agent "{agent.id}" is not on duty all of this time; add an online row around it')
        for office in stretch.offices:
            if office not in agent.offices:
                known = did_you_mean(office, agent.offices)
                raise row.bad("offices", f'agent "{agent.id}" does not belong to "{office}"{known}')


def _of_kind(rows: list[tuple[Row, Stretch]], is_duty: bool) -> Iterator[tuple[Row, Stretch]]:
    return ((row, stretch) for row, stretch in rows if (stretch.status is Status.ONLINE) == is_duty)
