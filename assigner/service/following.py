"""Following what other nodes have committed, so that every node has the same workspace in memory.

What happens is applied from the log, as in a replay, and what the log does not hold is read from the tables: facts of
agents, what contacts say of customers, documents in force. Whatever else was changed is rare, and has the workspace
loaded again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection

from assigner.core.changes import AgentRemoved, Change
from assigner.service.log import Said, change_of, with_customer
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from assigner.store.invitations import links_of
from assigner.store.load import (
    LAST_ORDINAL,
    changes_after,
    find_agents,
    find_contacts,
    find_inputs,
    quiet_changes,
    read_in_force,
    with_inputs,
)
from assigner.store.rows import AgentRecord, ContactRecord, Entry
from assigner.store.rule_versions import read_rule_set
from assigner.store.webhooks import load_webhooks
from presence.model import Report

PAGE = 10_000
"""How many lines of the log are read at once."""
IN_FORCE = ("settings.", "office.", "rules.")
"""What the kinds of lines begin with after which other documents are in force."""
FOLLOWED = ("contact.", "agent.", "queue.", "api_key.", "session.", "invitation.", *IN_FORCE)
"""What the kinds of lines begin with that are followed; keys and sessions are no matter of the workspace in memory."""
AT_MOST = 20_000
"""How many lines are followed; to load the workspace takes less than more of them."""


class Commit(NamedTuple):
    """What somebody committed: the number of the change, and its lines of the log."""

    change_no: int
    entries: list[Entry]


def commits_after(connection: Connection, number: int, after: int) -> list[Commit]:
    """What was committed behind a change, in order."""
    lines: list[tuple[int, int, Entry]] = []
    while True:
        page = changes_after(connection, number, lines[-1][:2] if lines else (after, LAST_ORDINAL), limit=PAGE)
        lines += page
        if len(page) < PAGE:
            break
    in_order = groupby(lines, key=lambda line: line[0])
    return [Commit(change_no, [entry for _, _, entry in group]) for change_no, group in in_order]


def follow(
    connection: Connection, workspace: Workspace, commits: Sequence[Commit], *, upto: int, now: datetime
) -> bool:
    """Let a workspace become what others have made of it up to a change. False where it is to be loaded again; it is
    of no use then."""
    entries = [entry for commit in commits for entry in commit.entries]
    if len(entries) > AT_MOST or not all(entry.kind.startswith(FOLLOWED) for entry in entries):
        return False
    quiet = quiet_changes(connection, workspace.number, workspace.board.change_no)
    rule_sets = partial(read_rule_set, connection, workspace.number)
    told = _told_of(connection, workspace.number, entries)
    for commit in commits:
        unit = Unit(workspace, change_no=commit.change_no, now=commit.entries[0].at)
        for entry in commit.entries:
            if entry.change is not None:
                _apply(unit, with_customer(change_of(entry.change, rule_sets), told), told)
    changed = {*quiet, *(entry.subject for entry in entries if entry.kind.startswith("agent."))}
    _read_agents_again(connection, workspace, changed)
    if any(entry.kind.startswith(IN_FORCE) for entry in entries):
        workspace.take_over(read_in_force(connection, workspace.number))
    if any(map(_changes_links, entries)):
        workspace.links = links_of(connection, workspace.number)
    if workspace.webhooks:  # how far they have come is no line of the log
        workspace.webhooks = load_webhooks(connection, workspace.number)
    workspace.floor.advance(now=now)
    workspace.board.change_no = upto
    return True


def _changes_links(entry: Entry) -> bool:
    """Whether somebody was given a link to choose a password with, or chose one."""
    return entry.kind.startswith("invitation.") or "password" in entry.data.get("changed", ())


def hear_inputs(workspace: Workspace, inputs: Mapping[str, Mapping[str, Report]]) -> None:
    """Reports by agent and session that came to other nodes: when a status changes by itself follows from all of
    them."""
    for agent_id, by_session in inputs.items():
        record = workspace.agents.get(agent_id)
        if record is not None:
            workspace.agents[agent_id] = replace(record, facts=with_inputs(record.facts, by_session))


def hear_inputs_of(connection: Connection, workspace: Workspace, agent_ids: Collection[str]) -> None:
    """Read what inputs of some agents came to other nodes."""
    if agent_ids:
        hear_inputs(workspace, find_inputs(connection, workspace.number, agent_ids))


def _told_of(connection: Connection, number: int, entries: Iterable[Entry]) -> Mapping[str, ContactRecord]:
    arrivals = ("ContactArrived", "ContactAmended")
    return find_contacts(
        connection,
        number,
        list({entry.subject for entry in entries if entry.change and entry.change["type"] in arrivals}),
    )


def _apply(unit: Unit, change: Change, told: Mapping[str, ContactRecord]) -> None:
    """Let board and notes follow one change."""
    workspace, contact_id = unit.workspace, getattr(change, "contact_id", None)
    unit.tell(change)
    if isinstance(change, Said) and change.contact.id in told:
        workspace.notes[change.contact.id].body_hash = told[change.contact.id].body_hash
    elif contact_id is not None and contact_id not in workspace.floor.contacts:
        workspace.notes.pop(contact_id, None)
    elif isinstance(change, AgentRemoved):
        _forget_email(workspace, change.agent_id)
        workspace.agents.pop(change.agent_id, None)


def _read_agents_again(connection: Connection, workspace: Workspace, agent_ids: Collection[str]) -> None:
    """Let accounts and facts of agents be what is stored; inputs that only this node knows yet are told it anew."""
    if not agent_ids:
        return
    for key in [key for key in workspace.held_inputs if key[0] in agent_ids]:
        workspace.late_inputs[key] = workspace.held_inputs.pop(key)
    for agent_id, record in find_agents(connection, workspace.number, agent_ids).items():
        _forget_email(workspace, agent_id)
        _know(workspace, agent_id, record)


def _know(workspace: Workspace, agent_id: str, record: AgentRecord) -> None:
    workspace.agents[agent_id] = record
    if record.email is not None:
        workspace.emails[record.email] = agent_id
    for session in record.facts.sessions:
        if session.id not in workspace.sessions:
            workspace.remember_session(session.id, agent_id)
    seat = workspace.floor.seat(agent_id)
    seat.look_again_at = record.seat.look_again_at
    if seat.look_again_at is not None:
        workspace.floor.hint(agent_id, seat.look_again_at)


def _forget_email(workspace: Workspace, agent_id: str) -> None:
    known = workspace.agents.get(agent_id)
    if known is not None and known.email is not None and workspace.emails.get(known.email) == agent_id:
        del workspace.emails[known.email]
