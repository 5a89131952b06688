"""The driver: the order of things at one instant, lapses that happen by themselves, and what is due later."""

from dataclasses import replace

import pytest

from assigner.core.alarms import AlarmCleared, AlarmRaised
from assigner.core.changes import (
    AssignmentSettings,
    Change,
    ContactAbandoned,
    ContactArrived,
    ContactAssigned,
    ContactClosed,
    PresenceChanged,
    SettingsSaved,
)
from assigner.simulator.workspace import Moment, Workspace
from presence.errors import NotFound
from presence.model import PresencePolicy, Status
from rules.model import Contact
from rules.organisation import Agent, Office, Organisation
from tests.simulator.builders import START, at, contact

ONE_AT_A_TIME = AssignmentSettings(default_capacity=1)


def a_workspace(*agents: str, policy: PresencePolicy | None = None) -> Workspace:
    organisation = Organisation(agents={agent: Agent(id=agent) for agent in agents})
    return Workspace(organisation, now=START, settings=ONE_AT_A_TIME, policy=policy)


def kinds(moment: Moment) -> list[type[Change]]:
    return [type(change) for change in moment.changes]


def statuses(moments: list[Moment]) -> list[tuple[float, Status]]:
    return [
        ((change.at - START).total_seconds(), change.status)
        for moment in moments
        for change in moment.changes
        if isinstance(change, PresenceChanged)
    ]


def test_what_falls_due_at_one_instant_has_its_order_however_it_was_said() -> None:
    workspace = a_workspace("ana", policy=PresencePolicy(away_after=60))
    workspace.sign_in("ana", at=at(0))
    workspace.arrive(contact("first"))
    workspace.arrive(contact("impatient", arrived=1))
    workspace.arrive(contact("newcomer", arrived=60))
    workspace.abandon("impatient", at=at(60))
    workspace.change(SettingsSaved(at=at(60), settings=ONE_AT_A_TIME))
    workspace.close("first", at=at(60))

    *_, last = workspace.moments()

    assert kinds(last) == [
        *(ContactClosed, SettingsSaved, ContactAbandoned, PresenceChanged, ContactArrived),
        AlarmRaised,
    ]


def test_a_place_that_becomes_free_at_the_last_instant_comes_too_late_for_who_gives_up_then() -> None:
    workspace = a_workspace("ana")
    workspace.sign_in("ana", at=at(0))
    workspace.arrive(contact("first"))
    workspace.arrive(contact("second", arrived=1))
    workspace.close("first", at=at(10))
    workspace.abandon("second", at=at(10))

    *_, last = workspace.moments()

    assert kinds(last) == [ContactClosed, ContactAbandoned]


def test_nobody_gives_up_after_being_assigned() -> None:
    workspace = a_workspace("ana")
    workspace.sign_in("ana", at=at(0))
    workspace.arrive(contact("first"))
    workspace.abandon("first", at=at(10))

    moments = list(workspace.moments())

    assert [kinds(moment) for moment in moments] == [[PresenceChanged, ContactArrived, ContactAssigned], []]


def test_an_agent_becomes_away_and_offline_without_anybody_saying_so() -> None:
    workspace = a_workspace("ana", policy=PresencePolicy(away_after=60, offline_after=120))
    workspace.sign_in("ana", at=at(0))

    moments = list(workspace.moments(until=at(1000)))

    assert statuses(moments) == [(0, Status.ONLINE), (60, Status.AWAY), (120, Status.OFFLINE)]


def test_activity_puts_a_lapse_off_and_brings_the_status_back() -> None:
    workspace = a_workspace("ana", policy=PresencePolicy(away_after=60))
    workspace.sign_in("ana", at=at(0))
    workspace.activity("ana", at=at(59))
    workspace.activity("ana", at=at(200))

    moments = list(workspace.moments())

    assert statuses(moments) == [(0, Status.ONLINE), (59, Status.ONLINE), (119, Status.AWAY), (200, Status.ONLINE)]


def test_a_contact_that_waits_is_given_out_when_an_agent_comes_back_from_a_break() -> None:
    workspace = a_workspace("ana")
    workspace.sign_in("ana", at=at(0))
    workspace.choose("ana", Status.BUSY, at=at(5))
    workspace.choose("ana", Status.ONLINE, at=at(30))
    workspace.arrive(contact("first", arrived=10))

    *_, last = workspace.moments()

    assert (last.now, kinds(last)) == (at(30), [PresenceChanged, ContactAssigned, AlarmCleared])


def test_an_agent_who_is_away_for_one_office_is_there_for_the_other() -> None:
    offices = {name: Office(id=name) for name in ("madrid", "sevilla")}
    ana = Agent(id="ana", offices=("madrid", "sevilla"))
    workspace = Workspace(Organisation(offices=offices, agents={"ana": ana}), now=START)
    workspace.sign_in("ana", at=at(0))
    workspace.switch("ana", "sevilla", on=False, at=at(1))
    for office in offices:
        workspace.arrive(Contact(id=office, arrived_at=at(2), office=office))

    *_, last = workspace.moments()

    assert [decision.contact_id for decision in last.decisions] == ["madrid"]


def test_an_office_that_opens_makes_a_moment_of_its_own() -> None:
    hours = {START.weekday(): ((9 * 60 + 1, 18 * 60),)}
    madrid = Office(id="madrid", hours=hours)
    ana = Agent(id="ana", offices=("madrid",))
    workspace = Workspace(Organisation(offices={"madrid": madrid}, agents={"ana": ana}), now=START)
    workspace.sign_in("ana", at=at(0))
    workspace.arrive(replace(contact("first"), office="madrid"))

    moments = list(workspace.moments(until=at(60)))

    assert [(moment.now, len(moment.decisions)) for moment in moments] == [(at(0), 0), (at(60), 1)]


def test_signing_out_ends_every_session_and_signing_in_again_works() -> None:
    workspace = a_workspace("ana")
    workspace.sign_in("ana", at=at(0))
    workspace.sign_in("ana", at=at(1))
    workspace.sign_out("ana", at=at(2))
    workspace.sign_in("ana", at=at(2))

    moments = list(workspace.moments())

    assert statuses(moments) == [(0, Status.ONLINE), (2, Status.OFFLINE), (2, Status.ONLINE)]


def test_an_unknown_agent_is_refused() -> None:
    with pytest.raises(NotFound) as refused:
        a_workspace("ana").sign_in("anna", at=at(0))

    assert str(refused.value) == "agent 'anna' does not exist; add the agent first"


def test_nothing_can_be_scheduled_for_the_past() -> None:
    workspace = a_workspace("ana")
    workspace.sign_in("ana", at=at(10))
    list(workspace.moments())

    with pytest.raises(ValueError) as refused:
        workspace.sign_out("ana", at=at(9))

    assert str(refused.value) == (
        "2026-01-05T09:00:09+00:00 is past, it is 2026-01-05T09:00:10+00:00: schedule for now or later"
    )
