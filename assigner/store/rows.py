"""Values as rows of tables and back: the border between what the product thinks in and what the database holds.

Everybody above this room speaks of values only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from assigner.core.alarms import AlarmReason
from assigner.core.changes import AssignmentSettings
from assigner.core.model import ContactState, OpenContact
from assigner.core.snapshot import SeatRecord
from assigner.store import tables
from assigner.store.documents import from_document, members, to_document, to_plain
from assigner.store.to_write import Changed, Gone, New, Renewed, Row, Rows
from presence.model import PresenceFacts, PresencePolicy, Report
from rules.organisation import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the change log. `data` is what an event says of it, `change` what the board was told."""

    at: datetime
    kind: str
    subject: str
    by: str | None
    data: Mapping[str, Any]
    change: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRecord:
    """All that is stored of an agent, but for the password."""

    seat: SeatRecord
    facts: PresenceFacts
    role: str
    email: str | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRecord:
    """A role that was made here: the names of its permissions, in order."""

    permissions: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecord:
    """A contact as it is stored: `place` is what the board knows, or knew when the contact ended. `is_erased`: what it
    said of its customer was erased."""

    place: OpenContact
    version: int
    body_hash: bytes | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    outcome: str | None = None
    is_erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRules:
    """A version of the rule set, as its author wrote it."""

    version: int
    at: datetime
    by: str
    note: str | None
    content_hash: str
    text: str


OPEN = (ContactState.QUEUED.value, ContactState.OFFERED.value, ContactState.ASSIGNED.value)
"""The states of contacts that the board holds."""


def table_of(table: type[tables.Table]) -> Table:
    """The Core table of a class."""
    found: Table = table.__table__  # type: ignore[attr-defined]
    return found


def change_row(workspace: int, change_no: int, ordinal: int, entry: Entry) -> New:
    """A line of the log as a row."""
    values = {
        "workspace": workspace,
        "change_no": change_no,
        "ordinal": ordinal,
        "at": entry.at,
        "by": entry.by,
        "kind": entry.kind,
        "subject": entry.subject,
        "data": to_document(entry.data),
        "change": to_document(entry.change),
    }
    return New(table_of(tables.Change), values)


def entry_of(row: Any) -> Entry:
    """A row of the log as a line."""
    return Entry(
        at=row.at,
        kind=row.kind,
        subject=row.subject,
        by=row.by,
        data=from_document(row.data, dict),
        change=from_document(row.change, dict) if row.change != b"null" else None,
    )


def counters_row(workspace: int, *, arrivals: int, turns: int) -> Changed:
    """How many contacts have arrived at a workspace, and how many the engine has given out."""
    return Changed(table_of(tables.Workspace), {"number": workspace}, {"arrivals": arrivals, "turns": turns})


def input_rows(workspace: int, reports: Mapping[tuple[str, str], Report]) -> Rows:
    """When agents last gave input in sessions, and the sessions last reported."""
    columns = ("workspace", "agent_id", "session_id", "last_input_at", "last_seen_at")
    rows = [(workspace, *key, report.input_at, report.seen_at) for key, report in reports.items()]
    return Rows(table_of(tables.Input), columns, rows)


def quiet_row(workspace: int, agent_id: str, change_no: int) -> Row:
    """That an agent's facts were changed, which was no news to anybody."""
    values = {"workspace": workspace, "agent_id": agent_id, "change_no": change_no}
    return Row(table_of(tables.QuietChange), values)


def office_row(workspace: int, office: Office, version: int) -> Row:
    """An office as a row."""
    values = {"workspace": workspace, "id": office.id, "version": version, "office": to_document(office)}
    return Row(table_of(tables.Office), values)


def agent_row(workspace: int, agent: AgentRecord) -> Row:
    """An agent as a row."""
    values = {
        "workspace": workspace,
        "id": agent.seat.agent.id,
        "version": agent.version,
        "email": agent.email,
        "role": agent.role,
        "seat": to_document(agent.seat),
        "facts": to_document(agent.facts),
    }
    return Row(table_of(tables.Agent), values)


def agent_of(row: Any) -> AgentRecord:
    """The agent of a row."""
    return AgentRecord(
        seat=from_document(row.seat, SeatRecord),
        facts=from_document(row.facts, PresenceFacts),
        role=row.role,
        email=row.email,
        version=row.version,
    )


def role_row(workspace: int, role_id: str, role: RoleRecord) -> Row:
    """A role as a row."""
    values = {
        "workspace": workspace,
        "id": role_id,
        "version": role.version,
        "permissions": to_document(role.permissions),
    }
    return Row(table_of(tables.Role), values)


def role_gone(workspace: int, role_id: str) -> Gone:
    """What is deleted with a role."""
    return Gone(table_of(tables.Role), {"workspace": workspace, "id": role_id})


def role_of(row: Any) -> RoleRecord:
    """The role of a row."""
    return RoleRecord(permissions=from_document(row.permissions, tuple[str, ...]), version=row.version)


def contact_row(workspace: int, contact: ContactRecord, *, is_new: bool) -> New | Renewed:
    """A contact that has arrived, or was open until now, as a row, without what it says of its customer."""
    asked, table = contact.place.contact, table_of(tables.Contact)
    anonymous = members(contact.place, contact=members(asked, customer_id=None, attributes={}))
    key = {"workspace": workspace, "number": contact.place.number}
    values = {
        "version": contact.version,
        "state": contact.place.state.value,
        "agent_id": contact.place.agent_id,
        "queue": queue_of(contact.place),
        "office": asked.office,
        "closed_at": contact.closed_at,
        "closed_by": contact.closed_by,
        "outcome": contact.outcome,
        "body_hash": contact.body_hash,
        "place": to_document(anonymous),
    }
    if is_new:
        return New(table, {**key, "id": asked.id, **values})
    return Renewed(table, key, tables.IS_OPEN, values)


def ended_with_row(workspace: int, agent_id: str, contact: OpenContact) -> New:
    """With whom a contact has ended."""
    values = {"workspace": workspace, "agent_id": agent_id, "number": contact.number, "contact_id": contact.contact.id}
    return New(table_of(tables.EndedWith), values)


def ended_with_gone(workspace: int, agent_id: str, number: int) -> Gone:
    """A contact that has ended with an agent is to be deleted."""
    return Gone(table_of(tables.EndedWith), {"workspace": workspace, "agent_id": agent_id, "number": number})


def details_row(workspace: int, contact: ContactRecord, *, is_new: bool) -> Row | New:
    """What a contact says of its customer, as a row."""
    asked = contact.place.contact
    values = {
        "workspace": workspace,
        "contact_id": asked.id,
        "customer_id": asked.customer_id,
        "attributes": to_document(dict(asked.attributes)),
    }
    return (New if is_new else Row)(table_of(tables.ContactDetails), values)


def contact_of(row: Any) -> ContactRecord:
    """The contact of a row of contacts joined with what it says of its customer."""
    stored = from_document(row.place, OpenContact)
    attributes = from_document(row.attributes, dict) if row.attributes is not None else {}
    asked = replace(stored.contact, customer_id=row.customer_id, attributes=attributes)
    return ContactRecord(
        place=replace(stored, contact=asked),
        version=row.version,
        body_hash=row.body_hash,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        outcome=row.outcome,
        is_erased=row.attributes is None,
    )


def queue_of(contact: OpenContact) -> str | None:
    """The queue of a contact: the first it has not left while it waits, afterwards the one that gave it."""
    waits = contact.state is ContactState.QUEUED
    return next((stop.queue for stop in contact.waiting_in), None) if waits else contact.queue


def holder_row(workspace: int, customer_id: str, agent_id: str) -> Row:
    """The last holder of a customer's newest closed contact."""
    return Row(table_of(tables.Holder), {"workspace": workspace, "customer_id": customer_id, "agent_id": agent_id})


def setting_row(workspace: int, name: str, version: int, value: PresencePolicy | AssignmentSettings) -> Row:
    """A settings document as a row."""
    values = {"workspace": workspace, "name": name, "version": version, "document": to_document(value)}
    return Row(table_of(tables.Setting), values)


def rule_set_row(workspace: int, published: PublishedRules) -> Row:
    """A published rule set as a row."""
    values = {
        "workspace": workspace,
        "version": published.version,
        "at": published.at,
        "by": published.by,
        "note": published.note,
        "content_hash": published.content_hash,
        "text": published.text,
    }
    return Row(table_of(tables.RuleSetVersion), values)


def plain(value: object) -> Any:
    """A value as an event tells it."""
    return to_plain(value)


def alarm_row(workspace: int, queue: str, reason: AlarmReason, *, at: datetime) -> Row:
    """A queue that needs a person's eye."""
    values = {"workspace": workspace, "queue": queue, "reason": reason.value, "raised_at": at}
    return Row(table_of(tables.Alarm), values)


def alarm_gone(workspace: int, queue: str) -> Gone:
    """A queue needs nobody's eye any more."""
    return Gone(table_of(tables.Alarm), {"workspace": workspace, "queue": queue})
