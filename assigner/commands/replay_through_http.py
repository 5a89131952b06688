"""The whole product beside the board alone: what a record does to the board is sent to Workbench as HTTP calls.

Both live through the same moments, so the first assignment that is not the same stands out. What happens at one instant
is sent while assignment is switched off: one decision follows it all, as on the board."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import quote

import httpx2

from assigner.core.changes import Change, ContactAbandoned, ContactArrived, ContactClosed
from assigner.service.agents import document_of_agent
from assigner.service.offices import document_of_office
from assigner.service.verify import Verified, verify
from assigner.simulator.duty import Stretch
from assigner.simulator.ledger import Course
from assigner.simulator.replay import POLICY, Scenario
from assigner.simulator.workspace import Moment
from assigner.store.database import Database
from assigner.store.documents import to_plain
from assigner.store.workspaces import workspaces
from assigner.testing import Client, Workbench
from presence.model import Status
from presence.presets import policy_document
from rules.model import Contact, Strategy

Call = Callable[[], httpx2.Response]
Given = tuple[str | None, datetime]
"""To whom a contact was given, and when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What became of every contact that was given to somebody, with the board alone and with the whole product.

    `repeated` is what came of repeating every decision of the product from its log."""

    alone: Mapping[str, Given]
    through_http: Mapping[str, Given]
    repeated: Verified

    @property
    def differing(self) -> tuple[str, ...]:
        """The contacts that were not given to the same agent at the same instant, in the order of the board."""
        contacts = dict.fromkeys((*self.alone, *self.through_http))
        return tuple(each for each in contacts if self.alone.get(each) != self.through_http.get(each))


class ServedTwin:
    """The product in Workbench, told moment by moment what happened on the board; it decides for itself."""

    def __init__(self, bench: Workbench, scenario: Scenario) -> None:
        self._bench = bench
        self._admin = bench.client()
        self._sessions: dict[str, list[Client]] = defaultdict(list)
        self._settings = to_plain(scenario.settings)
        self._duty = deque(_in_order(scenario.duty.stretches))
        self._put("/v1/settings/assignment", self._settings)
        self._put("/v1/settings/presence", policy_document(POLICY))
        for office in scenario.organisation.offices.values():
            self._put(f"/v1/offices/{_quoted(office.id)}", document_of_office(office))
        for agent in scenario.organisation.agents.values():
            self._put(f"/v1/agents/{_quoted(agent.id)}", document_of_agent(agent))

    def follow(self, moment: Moment) -> None:
        """Let the product live through a moment of the board. Moments come in order."""
        self._bench.advance((moment.now - self._bench.now).total_seconds(), run=False)
        calls = tuple(self._calls(moment))
        if len(calls) == 1:
            calls[0]().raise_for_status()
        elif calls:
            self._put("/v1/settings/assignment", {**self._settings, "enabled": False})
            for call in calls:
                call().raise_for_status()
            self._put("/v1/settings/assignment", self._settings)
        self._bench.settle()

    def compare(self, course: Course) -> Comparison:
        """What the product did beside what the board did."""
        events = (event for event in self._bench.events() if event["type"] == "contact.assigned")
        return Comparison(
            alone={each.contact_id: (each.agent, each.given_at) for each in course.outcomes if each.given_at},
            through_http={
                event["subject"]: (event["data"]["agent_id"], datetime.fromisoformat(event["at"])) for event in events
            },
            repeated=self._repeat(),
        )

    def _repeat(self) -> Verified:
        with closing(Database(self._bench.url)) as database:
            with database.reading() as connection:
                number = workspaces(connection)[self._bench.workspace_id]
            return verify(database, number)

    def _calls(self, moment: Moment) -> Iterator[Call]:
        """What happened at a moment, in the order of the board: closings, duty, abandonments, arrivals."""
        yield from (partial(self._act, each, "close") for each in _ids(moment, ContactClosed))
        while self._duty and self._duty[0][0] <= moment.now:
            _, stretch, begins = self._duty.popleft()
            yield from self._duty_calls(stretch, begins=begins)
        yield from (partial(self._act, each, "abandon") for each in _ids(moment, ContactAbandoned))
        for change in moment.changes:
            if isinstance(change, ContactArrived):
                yield partial(self._admin.post, "/v1/contacts", json=_contact_document(change.contact))

    def _duty_calls(self, stretch: Stretch, *, begins: bool) -> Iterator[Call]:
        agent = f"/v1/agents/{_quoted(stretch.agent_id)}"
        if stretch.status is Status.ONLINE:
            if begins:
                yield partial(self._sign_in, stretch.agent_id)
            else:
                yield from (partial(each.delete, "/v1/sessions/current") for each in self._sessions[stretch.agent_id])
                self._sessions[stretch.agent_id] = []
        elif stretch.offices:
            speaker = next(iter(self._sessions[stretch.agent_id]), self._admin)
            for office in stretch.offices:
                path = f"{agent}/offices/{_quoted(office)}/availability"
                yield partial(speaker.put, path, json={"available": not begins})
        else:
            yield partial(
                self._admin.put, f"{agent}/status", json={"status": stretch.status if begins else Status.ONLINE}
            )

    def _sign_in(self, agent_id: str) -> httpx2.Response:
        client = self._bench.sign_in(agent_id)
        self._sessions[agent_id].append(client)
        return client.get("/v1/sessions/current")

    def _act(self, contact_id: str, action: str) -> httpx2.Response:
        return self._admin.post(f"/v1/contacts/{_quoted(contact_id)}/{action}")

    def _put(self, path: str, document: Mapping[str, Any]) -> None:
        self._admin.put(path, json=document).raise_for_status()


@contextmanager
def served_twin(scenario: Scenario, rules: Mapping[str, Any] | None) -> Iterator[ServedTwin]:
    """The product with the organisation of a scenario and its rules, as a document, at the scenario's start."""
    with Workbench(start=scenario.start, rules=rules) as bench:
        yield ServedTwin(bench, scenario)


def document_with_strategy(document: Mapping[str, Any], strategy: Strategy, scenario: Scenario) -> dict[str, Any]:
    """The rules as a document, with this strategy in every queue, as `with_strategy` has it in values."""
    queues: dict[str, Any] = dict(document.get("queues") or {})
    for name in scenario.rule_set.queues:
        own = {"offices": [name]} if name in scenario.organisation.offices else {}
        queues[name] = {**(queues.get(name) or own), "strategy": strategy}
    return {**document, "queues": queues}


def _in_order(stretches: tuple[Stretch, ...]) -> list[tuple[datetime, Stretch, bool]]:
    """When stretches begin (true) and end, by the instant; at one instant in the order of the stretches."""
    ends = chain.from_iterable(((each.start, each, True), (each.end, each, False)) for each in stretches)
    return sorted(ends, key=lambda each: each[0])


def _ids(moment: Moment, kind: type[ContactClosed | ContactAbandoned]) -> Iterator[str]:
    changes: tuple[Change, ...] = moment.changes
    return (change.contact_id for change in changes if isinstance(change, kind))


def _contact_document(contact: Contact) -> dict[str, Any]:
    document: dict[str, Any] = to_plain(contact)
    del document["arrived_at"]
    return document


def _quoted(name: str) -> str:
    return quote(name, safe="")
