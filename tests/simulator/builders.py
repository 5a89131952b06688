"""Builders for the tests of the simulator: instants, contacts and files, with all that a test does not care about."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from assigner.core.changes import AssignmentSettings
from assigner.simulator.duty import Duty, Stretch, in_order, staffed
from assigner.simulator.ledger import Course, Ledger
from assigner.simulator.record import REQUIRED, Record, RecordedContact, read_record
from assigner.simulator.replay import Replay, Scenario
from presence.model import Status
from rules.model import Contact, RuleSet
from rules.organisation import Agent

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
HEADER = ",".join(REQUIRED)


def at(seconds: float) -> datetime:
    """So many seconds after nine."""
    return START + timedelta(seconds=seconds)


def contact(contact_id: str, *, arrived: float = 0) -> Contact:
    return Contact(id=contact_id, arrived_at=at(arrived))


def answered(
    contact_id: str, *, arrived: float = 0, waited: float = 0, handled: float = 60, agent: str | None = "ana"
) -> RecordedContact:
    return RecordedContact(
        contact=contact(contact_id, arrived=arrived),
        service=None,
        waited=timedelta(seconds=waited),
        handled=timedelta(seconds=handled),
        agent=agent,
    )


def abandoned(contact_id: str, *, arrived: float = 0, waited: float = 0) -> RecordedContact:
    recorded_contact = contact(contact_id, arrived=arrived)
    return RecordedContact(contact=recorded_contact, service=None, waited=timedelta(seconds=waited))


def on_duty(agent_id: str, start: float = 0, end: float = 3600, status: Status = Status.ONLINE) -> Stretch:
    return Stretch(agent_id=agent_id, start=at(start), end=at(end), status=status)


def duty(*stretches: Stretch) -> Duty:
    agents = {stretch.agent_id: Agent(id=stretch.agent_id) for stretch in stretches}
    return Duty(agents=agents, stretches=in_order(stretches))


def scenario(*contacts: RecordedContact, agents: Duty, rule_set: RuleSet | None = None) -> Scenario:
    return Scenario(
        contacts=contacts,
        duty=agents,
        organisation=staffed(None, agents, contacts),
        rule_set=rule_set or RuleSet(),
        settings=AssignmentSettings(default_capacity=1),
    )


def course(of: Scenario) -> Course:
    """How a scenario goes."""
    replay, ledger = Replay(of), Ledger()
    for moment in replay.moments():
        ledger.note(moment)
    return ledger.course(end=replay.workspace.now)


def a_line(**cells: str) -> str:
    """A line of a record, good unless a cell says otherwise."""
    usual = dict.fromkeys(REQUIRED, "") | {
        "contact_id": "k1",
        "arrived_at": "2026-01-05T09:00:00",
        "outcome": "answered",
        "waited_s": "5",
        "handle_s": "60",
        "agent": "ana",
    }
    return ",".join((usual | cells).values())


def read(*lines: str, header: str = HEADER, offices: tuple[str, ...] | None = None) -> Record:
    text = "\n".join((header, *lines)) + "\n"
    return read_record(text.encode(), source="calls.csv", zone=UTC_ZONE, offices=offices)
