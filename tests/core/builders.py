"""Short ways to build the world of a board, so that a test shows only what it is about.

Time is counted in seconds from MORNING, a Monday at nine. Agents begin Online, switched on in all their offices."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from assigner.core.board import Board
from assigner.core.changes import (
    AgentPut,
    AssignmentSettings,
    Change,
    ContactArrived,
    ContactClosed,
    ContactTaken,
    OfficePut,
    PresenceChanged,
    RulesPublished,
    SettingsSaved,
)
from assigner.core.explain import WaitingExplanation, explain_waiting
from assigner.core.model import Assign, ContactState, Plan
from assigner.core.reasons import Reason
from presence.model import Status
from rules.model import Contact, Exclusion, Overflow, OverflowWhen, Queue, Rule, RuleSet
from rules.organisation import Agent, Capacity, Interval, Office

MORNING = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
NEVER: tuple[Interval, ...] = ()


def at(seconds: float) -> datetime:
    """The instant so many seconds after MORNING."""
    return MORNING + timedelta(seconds=seconds)


def an_agent(name: str = "ana", *offices: str, capacity: int | Capacity | None = None, **fields: Any) -> Agent:
    """An agent of these offices; a number is the total capacity."""
    limit = Capacity(total=capacity) if isinstance(capacity, int) else capacity
    return Agent(id=name, offices=offices, capacity=limit, **fields)


def an_office(name: str = "madrid", *intervals: Interval) -> Office:
    """An office that is open on Mondays in these minutes of the day; always, where none are given."""
    return Office(id=name, hours={0: intervals} if intervals else None)


def a_closed_office(name: str = "madrid") -> Office:
    """An office that never opens."""
    return Office(id=name, hours={})


def a_contact(name: str = "c1", *, arrived: float = 0, **fields: Any) -> Contact:
    """A contact for everybody's queue."""
    return Contact(id=name, arrived_at=at(arrived), **fields)


def a_queue(name: str = "everybody", **fields: Any) -> Queue:
    """A queue; "everybody" is where contacts without an office wait."""
    return Queue(name=name, **fields)


def overflow(
    when: str, to: str, *, leave: bool = False, length: int | None = None, after: int | None = None
) -> Overflow:
    """A step of overflow."""
    return Overflow(when=OverflowWhen(when), to=to, length=length, after=after, leave=leave)


def published(
    *queues: Queue, rules: Iterable[Rule] = (), exclusions: Iterable[Exclusion] = (), seconds: float = 0
) -> RulesPublished:
    """A rule set with these queues is in force."""
    rule_set = RuleSet(queues={each.name: each for each in queues}, rules=tuple(rules), exclusions=tuple(exclusions))
    return RulesPublished(at=at(seconds), rule_set=rule_set, version=1)


def saved(seconds: float = 0, **fields: Any) -> SettingsSaved:
    """Assignment settings are in force."""
    return SettingsSaved(at=at(seconds), settings=AssignmentSettings(**fields))


def presence(agent_id: str, status: Status, *switched_on: str, seconds: float = 0) -> PresenceChanged:
    """An agent's status and flags are now these."""
    return PresenceChanged(at=at(seconds), agent_id=agent_id, status=status, switched_on=frozenset(switched_on))


def joins(agent: Agent, seconds: float = 0, *, status: Status = Status.ONLINE) -> tuple[Change, ...]:
    """An agent comes to be, switched on in all own offices."""
    return AgentPut(at=at(seconds), agent=agent), presence(agent.id, status, *agent.offices, seconds=seconds)


def arrives(contact: Contact) -> ContactArrived:
    """A contact is accepted at the instant at which it says it arrived."""
    return ContactArrived(at=contact.arrived_at, contact=contact)


def a_board(*agents: Agent, offices: Iterable[Office] = (), contacts: Iterable[Contact] = (), **rules: Any) -> Board:
    """A board with agents who are all Online, and contacts that have arrived; `rules` are those of `published`."""
    board = Board()
    board.apply([OfficePut(at=at(0), office=office) for office in offices])
    board.apply([change for agent in agents for change in joins(agent)])
    board.apply([published(*rules.pop("queues", ()), **rules)])
    board.apply([arrives(contact) for contact in contacts])
    return board


def settle(board: Board, seconds: float = 0) -> Plan:
    """Let lapse what is due, decide, and apply the plan."""
    return settle_at(board, at(seconds))


def settle_at(board: Board, now: datetime) -> Plan:
    """The same at any instant."""
    let_lapse(board, now)
    plan = board.decide(now=now)
    board.apply(plan.changes)
    board.apply(plan.alarms)
    return plan


def let_lapse(board: Board, now: datetime) -> list[Change]:
    """Let everything become true that follows without anybody's doing."""
    lapsed: list[Change] = []
    while (lapse := board.next_lapse(now=now)) is not None:
        board.apply([lapse])
        lapsed.append(lapse)
    return lapsed


def follow(board: Board, changes: Iterable[Change], now: datetime) -> None:
    """Let changes happen, and all that follows from them and from the time that has passed."""
    board.apply([*changes])
    let_lapse(board, now)


def given(plan: Plan) -> Mapping[str, str]:
    """Who was given what: agents by contact."""
    return {each.contact_id: each.ranked.winner for each in plan.decisions if isinstance(each, Assign)}


def holders(board: Board) -> Mapping[str, str]:
    """Who holds what: agents by contact."""
    contacts = board.floor.contacts.values()
    return {each.id: each.agent_id for each in contacts if each.state is ContactState.ASSIGNED and each.agent_id}


def explained(board: Board, contact_id: str = "c1", seconds: float = 0) -> WaitingExplanation:
    """Why a contact waits."""
    return explain_waiting(board.floor, contact_id, now=at(seconds))


def because(board: Board, contact_id: str = "c1", seconds: float = 0) -> Reason:
    """The reason for which a contact waits."""
    return explained(board, contact_id, seconds).because


BOTH = (an_office("madrid"), an_office("lisbon"))


def board_with(*agents: Agent, offices: Iterable[Office] = BOTH, then: Iterable[Change] = (), **fields: Any) -> Board:
    """A board on which c1, with these fields, has arrived after everything else happened; `queue` is its only one."""
    queue = fields.pop("queue", a_queue())
    rules = {name: fields.pop(name) for name in ("rules", "exclusions") if name in fields}
    board = a_board(*agents, offices=offices, queues=[queue], **rules)
    board.apply([*then])
    board.apply([arrives(a_contact(**fields))])
    return board


def closes(contact_id: str, seconds: float = 0) -> ContactClosed:
    """A contact is done."""
    return ContactClosed(at=at(seconds), contact_id=contact_id)


def taken(contact_id: str, agent_id: str, seconds: float = 0) -> ContactTaken:
    """A person gives a contact to an agent."""
    return ContactTaken(at=at(seconds), contact_id=contact_id, agent_id=agent_id)


def expect_waits(board: Board, reason: Reason, seconds: float = 0) -> None:
    """The contact c1 is given to nobody, and waits because of this."""
    assert "c1" not in given(settle(board, seconds))
    assert because(board, seconds=seconds) is reason
