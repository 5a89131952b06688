"""What a group of requests does together: one change of the workspace, written whole or not at all.

A request checks first and records afterwards, so one that is refused leaves nothing behind. `record` tells the board at
once, so the next request of the group sees it; the rows to write are worked out once, at the end."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from assigner.core.alarms import AlarmCleared, AlarmRaised
from assigner.core.apply import apply
from assigner.core.changes import (
    AgentPut,
    AgentRemoved,
    Change,
    ContactAmended,
    ContactArrived,
    ContactAssigned,
    CustomerForgotten,
    Matches,
    OfferAccepted,
    OfficePut,
    OfficeRemoved,
    PresenceChanged,
    RulesPublished,
    SettingsSaved,
    WrapUpEnded,
)
from assigner.core.model import ContactState, OpenContact, Plan
from assigner.service.log import ACCOUNT, MATCHING_AGAIN, change_document, decision_data
from assigner.service.workspace import ContactNote, Workspace
from assigner.store.rows import (
    ContactRecord,
    Entry,
    agent_row,
    alarm_gone,
    alarm_row,
    contact_row,
    counters_row,
    details_row,
    ended_with_row,
    holder_row,
    input_rows,
    quiet_row,
)
from assigner.store.to_write import Writing

DECISIONS = 1000
"""How many decisions one commit holds at most: requests must not wait until a whole backlog has been given out."""

ENGINE = "engine"
"""Who did what nobody asked for: assignments, lapses, further stops."""


class Unit:
    """One change of one workspace in the making. `stored` are ended contacts that requests of the group name, and
    `request_id` is the id of the call that is being answered."""

    def __init__(self, workspace: Workspace, *, change_no: int, now: datetime) -> None:
        self.workspace = workspace
        self.change_no = change_no
        self.now = now
        self.stored: Mapping[str, ContactRecord] = {}
        self.request_id: str | None = None
        self.entries: list[Entry] = []
        self._rows: list[Writing] = []
        self._agents: dict[str, None] = {}
        self._quiet: dict[str, None] = {}
        self._contacts: dict[str, None] = {}
        self._arrived: set[str] = set()
        self._amended: set[str] = set()
        self._ended: dict[str, ContactRecord] = {}

    def record(
        self,
        kind: str,
        subject: str,
        *,
        by: str,
        data: Mapping[str, Any] | None = None,
        change: Change | None = None,
    ) -> None:
        """Something became true, at the instant of the change: tell the board, and write a line of the log."""
        told = data or {}
        if by != ENGINE:
            told = self._with_account(kind, subject, told)
        if isinstance(change, MATCHING_AGAIN):
            change = replace(change, matches=self._apply_and_match(change))
        elif change is not None:
            self._apply(change)
        self.entries.append(
            Entry(
                at=change.at if change is not None else self.now,
                kind=kind,
                subject=subject,
                by=by,
                data=told,
                change=change_document(change) if change is not None else None,
            )
        )

    def tell(self, change: Change) -> None:
        """Let the board know of something that is no news to anybody else."""
        self._apply(change)

    def touch_quietly(self, agent_id: str) -> None:
        """Facts of an agent were changed of which the log does not know: other nodes are to read them."""
        self.touch_agent(agent_id)
        self._quiet[agent_id] = None

    def carry_out(self, plan: Plan) -> None:
        """Write down what the board decided."""
        self.workspace.board.apply(plan.changes)
        for decision, change in zip(plan.decisions, plan.changes, strict=True):
            self._touch(change, None)
            kind, data = decision_data(decision, plan, self.workspace.floor)
            line = change_document(change)
            self.entries.append(
                Entry(at=self.now, kind=kind, subject=decision.contact_id, by=ENGINE, data=data, change=line)
            )
        for alarm in plan.alarms:
            told = {"reason": alarm.because} if isinstance(alarm, AlarmRaised) else {}
            kind = "queue.alarm" if told else "queue.clear"
            self.record(kind, alarm.queue, by=ENGINE, data=told, change=alarm)

    def end(self, contact: OpenContact, *, state: ContactState, by: str, outcome: str | None = None) -> None:
        """Remember how a contact ended, before the board forgets it."""
        note = self.workspace.notes.get(contact.id)
        self._ended[contact.id] = ContactRecord(
            place=replace(contact, state=state, on_hold=False),
            version=self.change_no,
            body_hash=note.body_hash if note else None,
            closed_at=self.now,
            closed_by=by,
            outcome=outcome,
        )

    def put(self, row: Writing) -> None:
        """Write or delete a row of something that the board does not know."""
        self._rows.append(row)

    def touch_agent(self, agent_id: str) -> None:
        """Something was changed of an agent that is stored with the agent."""
        self._agents[agent_id] = None

    def ended(self, contact_id: str) -> ContactRecord | None:
        """A contact that has ended, in this group or before."""
        return self._ended.get(contact_id) or self.stored.get(contact_id)

    def count_ended_of(self, customer_id: str) -> int:
        """How many contacts of a customer have ended in this group."""
        return sum(each.place.contact.customer_id == customer_id for each in self._ended.values())

    def rows(self) -> list[Writing]:
        """All rows to write, those of one table together."""
        workspace, floor, rows = self.workspace, self.workspace.floor, list(self._rows)
        if self._contacts:
            rows.append(counters_row(workspace.number, arrivals=floor.arrivals, turns=floor.roster.turns))
        if workspace.inputs_due_at is not None:
            rows.append(input_rows(workspace.number, workspace.held_inputs))
            workspace.held_inputs.clear()
            workspace.inputs_due_at = None
        rows += (agent_row(workspace.number, workspace.record_of(agent_id)) for agent_id in self._agents)
        rows += (quiet_row(workspace.number, agent_id, self.change_no) for agent_id in self._quiet)
        rows += self._rows_of_contacts()
        rows += (
            ended_with_row(workspace.number, each.place.agent_id, each.place)
            for each in self._ended.values()
            if each.place.agent_id is not None
        )
        rows += (
            holder_row(workspace.number, customer_id, floor.last_holder[customer_id])
            for customer_id in self._customers_of_ended()
        )
        return rows

    def _with_account(self, kind: str, subject: str, told: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is told of somebody's change, with what the audit will say beside it. Called before it is applied."""
        account = dict(told.get(ACCOUNT, {}))
        contact = self.workspace.floor.contacts.get(subject) if kind.startswith("contact.") else None
        if contact is not None:
            account["before"] = {"state": contact.state, "agent_id": contact.agent_id, "on_hold": contact.on_hold}
        if self.request_id is not None:
            account["request_id"] = self.request_id
        return {**told, ACCOUNT: account} if account else told

    def _apply_and_match(self, change: Change) -> Matches:
        """Tell the board, and find what the rules say of contacts that they did not say before."""
        floor = self.workspace.floor
        one = getattr(change, "contact_id", None)
        matched = (*floor.waiting.in_order(), *floor.unsettled.offered) if one is None else (one,)
        before = {each: floor.contacts[each].match for each in matched}
        self._apply(change)
        return {each: new for each, match in before.items() if (new := floor.contacts[each].match) != match}

    def _apply(self, change: Change) -> None:
        floor = self.workspace.floor
        contact_id = getattr(change, "contact_id", None)
        before = floor.contacts.get(contact_id) if contact_id is not None else None
        apply(floor, change)
        self._touch(change, before)

    def _touch(self, change: Change, before: OpenContact | None) -> None:
        """Note which agents and contacts are to be stored again; `before` is the contact as it was."""
        floor = self.workspace.floor
        match change:
            case ContactArrived():
                self._note_contact(change.contact.id)
                self._arrived.add(change.contact.id)
            case ContactAmended():
                self._note_contact(change.contact.id)
                self._amended.add(change.contact.id)
            case AgentPut():
                self.touch_agent(change.agent.id)
            case PresenceChanged() | WrapUpEnded():
                self.touch_agent(change.agent_id)
            case AgentRemoved():
                self._agents.pop(change.agent_id, None)
                self._quiet.pop(change.agent_id, None)
            case RulesPublished() | OfficePut() | OfficeRemoved():
                for contact_id in (*floor.waiting.in_order(), *floor.unsettled.offered):
                    self._note_contact(contact_id)
            case SettingsSaved() | CustomerForgotten():
                pass
            case AlarmRaised():
                self.put(alarm_row(self.workspace.number, change.queue, change.because, at=change.at))
            case AlarmCleared():
                self.put(alarm_gone(self.workspace.number, change.queue))
            case _:
                self._note_contact(change.contact_id)
                for agent_id in (before.agent_id if before else None, getattr(change, "agent_id", None)):
                    if agent_id is not None:
                        self.touch_agent(agent_id)
        for agent_id in _credited(change, before):
            if agent_id in floor.roster.seats:
                self.touch_agent(agent_id)

    def _note_contact(self, contact_id: str) -> None:
        self._contacts[contact_id] = None
        note = self.workspace.notes.setdefault(contact_id, ContactNote(version=self.change_no, body_hash=None))
        note.version = self.change_no

    def _rows_of_contacts(self) -> Iterator[Writing]:
        """Contacts that were there, then those that arrived; afterwards what was said of their customers for the first
        time, or anew."""
        workspace, new = self.workspace.number, self._arrived
        written = sorted(map(self._contact, self._contacts), key=lambda each: each.place.id in new)
        for each in written:
            yield contact_row(workspace, each, is_new=each.place.id in new)
        for each in written:
            if each.place.id in new or each.place.id in self._amended:
                yield details_row(workspace, each, is_new=each.place.id in new)

    def _contact(self, contact_id: str) -> ContactRecord:
        """A contact as it is to be stored."""
        ended = self._ended.get(contact_id)
        if ended is not None:
            self.workspace.notes.pop(contact_id, None)
            return ended
        note = self.workspace.notes[contact_id]
        return ContactRecord(
            place=self.workspace.floor.contacts[contact_id], version=note.version, body_hash=note.body_hash
        )

    def _customers_of_ended(self) -> list[str]:
        customers = (record.place.contact.customer_id for record in self._ended.values() if record.place.agent_id)
        return [customer for customer in customers if customer is not None]


def _credited(change: Change, before: OpenContact | None) -> Iterator[str]:
    """The agents whose savings an assignment moved, where weights count."""
    if isinstance(change, ContactAssigned):
        yield from (agent_id for agent_id, _ in change.credits)
    elif isinstance(change, OfferAccepted) and before is not None and before.offer is not None:
        yield from (agent_id for agent_id, _ in before.offer.shares)
