"""The story of a contact as people read it: what happened to it, in order, each line with who did it and what follows.

The log tells what became true; here it is put beside the names that people know, and the reason of each assignment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assigner.core.explain import explain_agent, explain_candidates
from assigner.core.model import ContactState
from assigner.core.sentences import agent_sentence
from assigner.service.explanations import naming, why_assigned
from assigner.service.people import person
from assigner.service.workspace import Workspace
from assigner.store.rows import ContactRecord, Entry
from presence.model import Status

ASSIGNED = "contact.assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of a story. Agents, queues and offices stand in `told` by what people call them; `why` is the reason of
    an assignment; `by` is None for what the engine did and "" for a program."""

    at: datetime
    kind: str
    by: str | None
    told: dict[str, Any]
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody to whom a contact can be given by hand, as one should see the person before (R4).

    `eligible` and `against` are known of a contact that waits: whether it could go to the agent by itself, else the
    first thing against."""

    agent_id: str
    name: str
    status: Status
    open_contacts: int
    capacity: int | None
    eligible: bool = False
    against: str | None = None


def story(
    workspace: Workspace, record: ContactRecord, entries: tuple[Entry, ...], *, language: str
) -> tuple[Happening, ...]:
    """What happened to a contact, as its lines of the log tell it."""
    return tuple(
        Happening(
            at=entry.at,
            kind=entry.kind,
            by=person(workspace, entry.by),
            told=_told(workspace, entry),
            why=why_assigned(workspace, record, entry, language=language).sentence if _is_explained(entry) else None,
        )
        for entry in entries
    )


def recipients(
    workspace: Workspace, record: ContactRecord, *, language: str, now: datetime, at_most: int
) -> tuple[Recipient, ...]:
    """To whom a contact can be given by hand: who could take it first, then who is Online, then by name."""
    floor, contact = workspace.floor, record.place
    if contact.state is ContactState.QUEUED:
        found = explain_candidates(floor, contact.id, now=now)
        rows = [
            Recipient(
                agent_id=each.agent_id,
                name=each.name,
                status=each.status,
                open_contacts=each.open_contacts,
                capacity=each.capacity,
                eligible=each.eligible,
                against=None if each.eligible else each.agent_id,
            )
            for each in found
            if floor.seat(each.agent_id).is_member
        ]
    else:
        rows = [_row(workspace, agent_id) for agent_id, seat in floor.roster.seats.items() if seat.is_member]
    order = {status: place for place, status in enumerate(Status)}
    rows.sort(key=lambda row: (not row.eligible, order[row.status], row.name.casefold(), row.agent_id))
    shown = [row for row in rows if row.agent_id != contact.agent_id][:at_most]
    return tuple(_with_reason(workspace, contact.id, row, language=language, now=now) for row in shown)


def _with_reason(workspace: Workspace, contact_id: str, row: Recipient, *, language: str, now: datetime) -> Recipient:
    if row.against is None:
        return row
    why = explain_agent(workspace.floor, contact_id, row.agent_id, now=now)
    sentence = agent_sentence(why, language=language, name=naming(workspace))
    return Recipient(
        agent_id=row.agent_id,
        name=row.name,
        status=row.status,
        open_contacts=row.open_contacts,
        capacity=row.capacity,
        against=sentence.removeprefix(f"{row.name}: ").rstrip("."),
    )


def _row(workspace: Workspace, agent_id: str) -> Recipient:
    seat = workspace.floor.seat(agent_id)
    return Recipient(
        agent_id=agent_id,
        name=seat.agent.name or agent_id,
        status=seat.status,
        open_contacts=seat.held,
        capacity=seat.capacity,
    )


def _is_explained(entry: Entry) -> bool:
    return entry.kind in (ASSIGNED, "contact.offered") and "decision" in entry.data


def _told(workspace: Workspace, entry: Entry) -> dict[str, Any]:
    """What a line tells, with names for ids."""
    name = naming(workspace)
    told = {key: value for key, value in entry.data.items() if key != "decision"}
    for key in ("agent_id", "from", "queue", "leaves", "office", "exclude_agent"):
        if told.get(key) is not None:
            told[key] = name(told[key])
    return told
