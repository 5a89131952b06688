"""Reading a whole workspace, as the product does when it starts, and pages of what was written before.

A workspace is loaded in one transaction: nine statements, whatever its size, over rows of open work only."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Connection,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    select,
    text,
    tuple_,
)

from assigner.core.alarms import AlarmReason
from assigner.core.changes import AssignmentSettings
from assigner.core.snapshot import Snapshot
from assigner.store import tables
from assigner.store.columns import UtcDateTime
from assigner.store.documents import from_document
from assigner.store.rows import (
    AgentRecord,
    ContactRecord,
    Entry,
    RoleRecord,
    agent_of,
    contact_of,
    entry_of,
    role_of,
    table_of,
)
from assigner.store.writing import POSTGRESQL, planned_anew
from presence.model import PresenceFacts, PresencePolicy, Report, latest
from rules.model import RuleSet
from rules.organisation import Office
from rules.parse import parse_rules

WORKSPACE, CHANGE = table_of(tables.Workspace), table_of(tables.Change)
OFFICE, AGENT, INPUT = table_of(tables.Office), table_of(tables.Agent), table_of(tables.Input)
QUIET = table_of(tables.QuietChange)
CONTACT, CONTACT_DATA, HOLDER = table_of(tables.Contact), table_of(tables.ContactDetails), table_of(tables.Holder)
ENDED_WITH = table_of(tables.EndedWith)
ALARM = table_of(tables.Alarm)
RULE_SET, SETTING, ROLE = table_of(tables.RuleSetVersion), table_of(tables.Setting), table_of(tables.Role)


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The documents that supervisors write, as they are in force: settings, offices, and the newest rules."""

    policy: PresencePolicy
    policy_version: int
    settings: AssignmentSettings
    settings_version: int
    offices: tuple[Office, ...]
    office_versions: dict[str, int]
    rules_text: str
    rules_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """All that is stored of a workspace and matters for its work."""

    snapshot: Snapshot
    agents: tuple[AgentRecord, ...]
    roles: dict[str, RoleRecord]
    contacts: tuple[ContactRecord, ...]
    in_force: InForce


def load(connection: Connection, number: int) -> Loaded:
    """Everything of one workspace that is open or in force."""
    row = connection.execute(select(WORKSPACE).where(WORKSPACE.c.number == number)).one()
    in_force = read_in_force(connection, number)
    agents = _agents(connection, number)
    roles = connection.execute(select(ROLE).where(ROLE.c.workspace == number))
    contacts = tuple(map(contact_of, connection.execute(_open_contacts(number))))
    holders = connection.execute(select(HOLDER).where(HOLDER.c.workspace == number))
    alarms = connection.execute(select(ALARM).where(ALARM.c.workspace == number))
    return Loaded(
        snapshot=Snapshot(
            change_no=row.change_no,
            arrivals=row.arrivals,
            turns=row.turns,
            rule_set=parse_rules(in_force.rules_text).rule_set if in_force.rules_version else RuleSet(),
            rule_set_version=in_force.rules_version,
            settings=in_force.settings,
            offices=in_force.offices,
            seats=tuple(agent.seat for agent in agents),
            contacts=tuple(each.place for each in contacts),
            last_holder={holder.customer_id: holder.agent_id for holder in holders},
            alarms={alarm.queue: AlarmReason(alarm.reason) for alarm in alarms},
        ),
        agents=agents,
        roles={role.id: role_of(role) for role in roles},
        contacts=contacts,
        in_force=in_force,
    )


def read_in_force(connection: Connection, number: int) -> InForce:
    """What is in force in a workspace: three statements."""
    offices = connection.execute(select(OFFICE).where(OFFICE.c.workspace == number)).all()
    newest = select(RULE_SET).where(RULE_SET.c.workspace == number).order_by(RULE_SET.c.version.desc()).limit(1)
    rules = connection.execute(newest).one_or_none()
    stored = connection.execute(select(SETTING).where(SETTING.c.workspace == number))
    settings = {setting.name: (setting.version, setting.document) for setting in stored}
    settings_version, assignment = settings.get("assignment", (0, b"{}"))
    policy_version, policy = settings.get("presence", (0, b"{}"))
    return InForce(
        policy=from_document(policy, PresencePolicy),
        policy_version=policy_version,
        settings=from_document(assignment, AssignmentSettings),
        settings_version=settings_version,
        offices=tuple(sorted((from_document(each.office, Office) for each in offices), key=lambda each: each.id)),
        office_versions={office.id: office.version for office in offices},
        rules_text=rules.text if rules else "",
        rules_version=rules.version if rules else 0,
    )


def _agents(connection: Connection, number: int) -> tuple[AgentRecord, ...]:
    """All agents, with the inputs that were written after their facts."""
    inputs = _inputs(connection, select(INPUT).where(INPUT.c.workspace == number))
    agents = map(agent_of, connection.execute(select(AGENT).where(AGENT.c.workspace == number)))
    return tuple(replace(each, facts=with_inputs(each.facts, inputs[each.seat.agent.id])) for each in agents)


def find_agents(connection: Connection, number: int, ids: Collection[str]) -> dict[str, AgentRecord]:
    """Those of some agents that there are, with the inputs that were written after their facts."""
    own = select(AGENT).where(AGENT.c.workspace == number, AGENT.c.id.in_(ids))
    inputs = find_inputs(connection, number, ids)
    agents = map(agent_of, connection.execute(own))
    return {
        each.seat.agent.id: replace(each, facts=with_inputs(each.facts, inputs[each.seat.agent.id])) for each in agents
    }


def find_inputs(connection: Connection, number: int, ids: Collection[str]) -> defaultdict[str, dict[str, Report]]:
    """The inputs of some agents by session, as they were last written."""
    return _inputs(connection, select(INPUT).where(INPUT.c.workspace == number, INPUT.c.agent_id.in_(ids)))


def inputs_since(connection: Connection, number: int, since: datetime) -> Mapping[str, Mapping[str, Report]]:
    """What all agents have reported since an instant, by agent and session."""
    is_new = (INPUT.c.last_input_at >= since) | (INPUT.c.last_seen_at >= since)
    return _inputs(connection, select(INPUT).where(INPUT.c.workspace == number, is_new))


def _inputs(connection: Connection, query: Select[Any]) -> defaultdict[str, dict[str, Report]]:
    inputs: defaultdict[str, dict[str, Report]] = defaultdict(dict)
    for row in connection.execute(query):
        seen_at = row.last_seen_at or row.last_input_at
        inputs[row.agent_id][row.session_id] = Report(input_at=row.last_input_at, seen_at=seen_at)
    return inputs


def quiet_changes(connection: Connection, number: int, after: int) -> list[str]:
    """The agents whose facts were changed after a change without the log knowing of it."""
    query = select(QUIET.c.agent_id).where(QUIET.c.workspace == number, QUIET.c.change_no > after)
    return list(connection.execute(query).scalars())


def newest_change(connection: Connection, number: int) -> int:
    """The number of the last change of a workspace."""
    found: int = connection.execute(select(WORKSPACE.c.change_no).where(WORKSPACE.c.number == number)).scalar_one()
    return found


def epoch_of(connection: Connection, number: int) -> int:
    """How often one of several nodes came to decide for a workspace; 0 where there was never more than one."""
    found: int = connection.execute(select(WORKSPACE.c.epoch).where(WORKSPACE.c.number == number)).scalar_one()
    return found


def with_inputs(facts: PresenceFacts, reports: Mapping[str, Report]) -> PresenceFacts:
    """Facts brought up to the reports by session, which changed nothing else when they came."""
    sessions = (
        replace(session, last_seen_at=max(session.last_seen_at, reports[session.id].seen_at))
        if session.id in reports
        else session
        for session in facts.sessions
    )
    inputs = (report.input_at for report in reports.values())
    return replace(facts, last_input_at=latest((facts.last_input_at, *inputs)), sessions=tuple(sessions))


def find_workspace(connection: Connection, workspace_id: str) -> int | None:
    """The number of a workspace; None where there is none of that id."""
    number: int | None = connection.execute(
        select(WORKSPACE.c.number).where(WORKSPACE.c.id == workspace_id)
    ).scalar_one_or_none()
    return number


def find_contacts(connection: Connection, number: int, ids: list[str]) -> dict[str, ContactRecord]:
    """Those of some contacts that there are, open or ended, in one statement."""
    if not ids:
        return {}
    with planned_anew(connection):
        found = connection.execute(FIND_CONTACTS[connection.dialect.name], {"workspace": number, "ids": ids})
    return {record.place.id: record for record in map(contact_of, found)}


def changes_after(
    connection: Connection,
    number: int,
    after: tuple[int, int],
    *,
    limit: int,
    about: tuple[str, str] | None = None,
) -> list[tuple[int, int, Entry]]:
    """Lines of the log behind (change_no, ordinal), in order: at most `limit`. `about` names what the kinds begin with,
    and the subject: ("contact.", "c17")."""
    query = select(CHANGE).where(CHANGE.c.workspace == number, place_of(CHANGE) > after)
    if about is not None:
        kinds, subject = about
        query = query.where(CHANGE.c.subject == subject, CHANGE.c.kind.startswith(kinds, autoescape=True))
    with planned_anew(connection):
        rows = connection.execute(query.order_by(CHANGE.c.change_no, CHANGE.c.ordinal).limit(limit))
    return [(row.change_no, row.ordinal, entry_of(row)) for row in rows]


LAST_ORDINAL = 2**31 - 1
"""With the number of a change: the place behind all of its lines."""


def place_of(table: Any) -> Any:
    """Where in the log: (change_no, ordinal). Compared as a whole, since an index finds that, and not "behind a change,
    or of it and behind a line", for which all lines would be read."""
    return tuple_(table.c.change_no, table.c.ordinal)


def last_change(connection: Connection, number: int, subject: str, kind: str) -> Entry | None:
    """The newest line of one kind about a subject."""
    query = select(CHANGE).where(CHANGE.c.workspace == number, CHANGE.c.subject == subject, CHANGE.c.kind == kind)
    row = connection.execute(query.order_by(CHANGE.c.change_no.desc(), CHANGE.c.ordinal.desc()).limit(1)).one_or_none()
    return None if row is None else entry_of(row)


def contacts_of(number: int | BindParameter[int], *, among: Table | None = None) -> Any:
    """All contacts of a workspace, or those whose ids stand in another table, with what they say of their customers."""
    told = and_(CONTACT_DATA.c.workspace == CONTACT.c.workspace, CONTACT_DATA.c.contact_id == CONTACT.c.id)
    found: FromClause = CONTACT
    if among is not None:
        found = among.join(CONTACT, and_(CONTACT.c.workspace == among.c.workspace, CONTACT.c.id == among.c.contact_id))
    return (
        select(CONTACT, CONTACT_DATA.c.customer_id, CONTACT_DATA.c.attributes)
        .select_from(found.outerjoin(CONTACT_DATA, told))
        .where(CONTACT.c.workspace == number)
    )


_OF_WORKSPACE = contacts_of(bindparam("workspace", type_=Integer))
_BY_KEYS = text("""
SELECT found.*, told.customer_id, told.attributes FROM unnest(:ids) AS asked (id)
JOIN LATERAL (SELECT * FROM contact WHERE workspace = :workspace AND id = asked.id OFFSET 0) found ON true
LEFT JOIN LATERAL (SELECT * FROM contact_data WHERE workspace = :workspace AND contact_id = asked.id OFFSET 0) told
ON true""")
FIND_CONTACTS = {
    "sqlite": _OF_WORKSPACE.where(CONTACT.c.id.in_(bindparam("ids", expanding=True))),
    POSTGRESQL: _BY_KEYS.bindparams(bindparam("ids", type_=ARRAY(String))).columns(closed_at=UtcDateTime),
}
"""On PostgreSQL one key after the other, as in `group`. What is planned anew may have more columns than before."""


def _open_contacts(number: int) -> Any:
    return contacts_of(number).where(text(tables.IS_OPEN)).order_by(CONTACT.c.number)
