"""What was acknowledged is respected, at whichever step of the commit a decision is that is in flight."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from assigner.asking import Request
from assigner.product import Product
from assigner.service import agents, contacts, offers, offices, presence, rules, sessions, settings
from assigner.service.actor import ROLES, Actor
from assigner.store.database import Database
from assigner.store.load import changes_after
from assigner.store.workspaces import create_workspace
from presence.errors import Conflict
from presence.model import Status
from rules.model import Contact
from rules.parse import parse_rules

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
STEPS = ("begun", "decided", "before_commit", "after_commit")
PATIENCE = 10

Ask = Callable[[Actor], Request[Any]]


def published(text: str, *, actor: Actor) -> Request[Any]:
    return partial(rules.publish, actor=actor, draft=rules.Draft(text=text, parsed=parse_rules(text)))


INTERVENTIONS: Mapping[str, Ask] = {
    "busy": lambda actor: partial(presence.choose_status, actor=actor, agent_id="ana", status=Status.BUSY),
    "office away": lambda actor: partial(
        presence.set_available_for_office, actor=actor, agent_id="ana", office="madrid", available=False
    ),
    "capacity filled by hand": lambda actor: partial(
        contacts.assign, actor=actor, contact_id="by-hand", agent_id="ana"
    ),
    "deactivated": lambda actor: partial(agents.patch_agent, actor=actor, agent_id="ana", changes={"active": False}),
    "assignment off": lambda actor: partial(settings.save_assignment, actor=actor, asked={"enabled": False}),
    "rules published": lambda actor: published("rules: [{then: {hold: true}}]", actor=actor),
}


class Gate:
    """Lets a thread that reaches one step of a commit wait there, once."""

    def __init__(self, at: str) -> None:
        self.reached, self._open, self._at = threading.Event(), threading.Event(), at

    def open(self) -> None:
        self._open.set()

    def __call__(self, step: str) -> None:
        if step == self._at and not self.reached.is_set():
            self.reached.set()
            assert self._open.wait(PATIENCE)


class Running:
    """A product with its dispatcher in a thread of its own, as it is served."""

    def __init__(self, url: str) -> None:
        database = Database(url)
        with database.writing() as connection:
            self.number = create_workspace(connection, "main")
        self.product = Product(database, clock=lambda: NOON)
        self.admin = Actor(name="key:1", workspace=self.number, permissions=ROLES["admin"])

    def send(self, request: Request[Any]) -> Callable[[], Any]:
        """Ask for something. Returns what waits for the answer."""
        answer = self.product.submit(self.number, request)
        return lambda: answer.result(PATIENCE)

    def arrive(self, contact_id: str, **fields: Any) -> Callable[[], Any]:
        contact = Contact(id=contact_id, channel="chat", office="madrid", arrived_at=NOON, **fields)
        return self.send(partial(contacts.accept, actor=self.admin, contact=contact, sent=contact_id.encode()))

    def holder(self, contact_id: str) -> str | None:
        with self.product.reading(self.number) as workspace:
            return workspace.floor.contacts[contact_id].agent_id

    def decided(self) -> list[str]:
        """The contacts that the engine gave away, in order of the log."""
        with self.product.database.reading() as connection:
            lines = changes_after(connection, self.number, (0, -1), limit=1000)
        return [entry.subject for *_, entry in lines if entry.data.get("source") == "automatic"]


@contextmanager
def ana_is_online_with_room_for_two(url: str) -> Iterator[Running]:
    running = Running(url)
    admin = running.admin
    running.send(partial(offices.put_office, actor=admin, office_id="madrid", asked={"name": "Madrid"}))()
    asked = {"name": "Ana", "offices": ["madrid"], "capacity": 2}
    running.send(partial(agents.put_agent, actor=admin, agent_id="ana", asked=asked))()
    running.send(partial(sessions.begin, actor=admin, agent_id="ana", session_id="s1"))()
    running.arrive("by-hand", skills={"juggling": 1})()
    try:
        yield running
    finally:
        running.product.stop()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("intervention", INTERVENTIONS)
def test_nothing_is_assigned_after_a_change_that_was_acknowledged(
    intervention: str, step: str, database_url: str
) -> None:
    with ana_is_online_with_room_for_two(database_url) as running:
        gate = Gate(step)
        running.product.dispatcher(running.number).checkpoint = gate

        in_flight = running.arrive("in-flight")
        assert gate.reached.wait(PATIENCE)
        acknowledged = running.send(INTERVENTIONS[intervention](running.admin))
        right_behind = running.arrive("right-behind")
        gate.open()
        in_flight()
        acknowledged()
        running.arrive("afterwards")()
        right_behind()

        assert running.decided() == ["in-flight"]
        assert [running.holder(each) for each in ("right-behind", "afterwards")] == [None, None]


@pytest.mark.parametrize("step", STEPS)
def test_the_same_contact_sent_twice_while_the_first_is_in_flight_is_one(step: str, database_url: str) -> None:
    with ana_is_online_with_room_for_two(database_url) as running:
        gate = Gate(step)
        running.product.dispatcher(running.number).checkpoint = gate

        first = running.arrive("c1")
        assert gate.reached.wait(PATIENCE)
        again = running.arrive("c1")
        gate.open()

        assert [first().created, again().created] == [True, False]
        assert running.decided() == ["c1"]


OFFERING = {"offer": {"timeout": 20, "decline_pause": 60}, "wrap_up": 30, "on_offline": {"contacts": "all", "grace": 0}}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("intervention", [each for each in INTERVENTIONS if each != "capacity filled by hand"])
def test_nothing_is_offered_after_a_change_that_was_acknowledged_and_what_was_is_taken_back(
    intervention: str, step: str, database_url: str
) -> None:
    with ana_is_online_with_room_for_two(database_url) as running:
        running.send(partial(settings.save_assignment, actor=running.admin, asked=OFFERING))()
        gate = Gate(step)
        running.product.dispatcher(running.number).checkpoint = gate

        in_flight = running.arrive("in-flight")
        assert gate.reached.wait(PATIENCE)
        acknowledged = running.send(INTERVENTIONS[intervention](running.admin))
        too_late = running.send(
            partial(offers.accept_offer, actor=running.admin, contact_id="in-flight", agent_id="ana")
        )
        right_behind = running.arrive("right-behind")
        gate.open()
        in_flight()
        acknowledged()
        right_behind()

        with pytest.raises(Conflict):
            too_late()
        assert [running.holder(each) for each in ("in-flight", "right-behind")] == [None, None]


@pytest.mark.parametrize("step", STEPS)
def test_of_an_answer_and_its_opposite_only_the_first_counts(step: str, database_url: str) -> None:
    with ana_is_online_with_room_for_two(database_url) as running:
        running.send(partial(settings.save_assignment, actor=running.admin, asked=OFFERING))()
        running.arrive("c1")()
        gate = Gate(step)
        running.product.dispatcher(running.number).checkpoint = gate

        accepted = running.send(partial(offers.accept_offer, actor=running.admin, contact_id="c1", agent_id="ana"))
        assert gate.reached.wait(PATIENCE)
        declined = running.send(partial(offers.decline_offer, actor=running.admin, contact_id="c1", agent_id="ana"))
        again = running.send(partial(offers.accept_offer, actor=running.admin, contact_id="c1", agent_id="ana"))
        gate.open()

        assert accepted().place.agent_id == again().place.agent_id == "ana"
        with pytest.raises(Conflict):
            declined()
        assert running.decided() == ["c1"]
