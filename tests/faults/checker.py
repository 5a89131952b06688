"""Decides from what clients remember of a run whether the guarantees held. It knows nothing of the product's code.

    python -m tests.faults.checker HISTORY        prints what was broken, and ends with 1 where anything was

A history has lines for agents ({"agent", "capacity"}), calls ({"call", ..., "asked", "answered", "status"}), events
({"event": ...}) and the contacts at the end ({"end": {id: {"state", "agent_id"}}}). All contacts ask one queue."""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

Line = dict[str, Any]
DONE = (200, 201)


@dataclass(slots=True)
class Agent:
    """An agent as the events tell: `turn` is the place in the turn order."""

    capacity: int | None
    turn: int
    status: str = "offline"
    holds: set[str] = field(default_factory=set)

    @property
    def is_candidate(self) -> bool:
        """Whether the agent can be given a contact."""
        return self.status == "online" and (self.capacity is None or len(self.holds) < self.capacity)


class Checker:
    """Goes through a history once. `broken` tells what was found, the guarantee first."""

    def __init__(self, history: list[Line], *, least_loaded: bool) -> None:
        self.broken: list[str] = []
        self._least_loaded = least_loaded
        self._calls = [line for line in history if "call" in line]
        self._events = [line["event"] for line in history if "event" in line]
        self._end: dict[str, Line] = next((line["end"] for line in history if "end" in line), {})
        in_order = [line for line in history if "agent" in line and "call" not in line]
        self._agents = {line["agent"]: Agent(line["capacity"], turn) for turn, line in enumerate(in_order)}
        self._turns = len(self._agents)
        self._waiting: dict[str, None] = {}
        self._states: dict[str, str] = {}
        self._automatic: list[tuple[str, datetime]] = []

    def check(self) -> list[str]:
        """What was broken."""
        self._check_that_events_are_in_order()
        for event in self._events:
            self._follow(event)
        self._check_answers()
        self._check_end()
        self._check_acknowledged_absences()
        return self.broken

    def _check_that_events_are_in_order(self) -> None:
        ids = [tuple(map(int, event["id"].split("."))) for event in self._events]
        if ids != sorted(set(ids)):
            self._break("G1", "the events are not in order, or some came twice")

    def _follow(self, event: Line) -> None:
        subject, data = event["subject"], event["data"]
        match event["type"]:
            case "contact.queued":
                if subject in self._states:
                    self._break("G2", f"{subject} arrived twice")
                self._states[subject] = "queued"
                self._waiting[subject] = None
            case "contact.assigned":
                self._assign(subject, data, event)
            case "contact.closed" | "contact.abandoned":
                if subject not in self._states:
                    self._break("G1", f"{subject} ended, and had never arrived")
                self._states[subject] = event["type"].partition(".")[2]
                self._waiting.pop(subject, None)
                for agent in self._agents.values():
                    agent.holds.discard(subject)
            case "agent.status":
                self._agents[subject].status = data["status"]

    def _assign(self, contact: str, data: Line, event: Line) -> None:
        if self._states.get(contact) != "queued":
            self._break("G2", f"{contact} was given to {data['agent_id']}, but was {self._states.get(contact)}")
        agent = self._agents[data["agent_id"]]
        if not agent.is_candidate:
            self._break(
                "G3", f"{contact} was given to {data['agent_id']}, who was {agent.status} with {len(agent.holds)}"
            )
        if self._waiting and next(iter(self._waiting)) != contact:
            self._break("G5", f"{contact} was given away before {next(iter(self._waiting))}")
        candidates = [each for each in self._agents.values() if each.is_candidate]
        if agent.is_candidate and agent is not min(candidates, key=self._rank):
            self._break("G6", f"{contact} was given to {data['agent_id']}, whose turn it was not")
        self._waiting.pop(contact, None)
        self._states[contact] = "assigned"
        agent.holds.add(contact)
        agent.turn, self._turns = self._turns, self._turns + 1
        self._automatic.append((data["agent_id"], datetime.fromisoformat(event["at"])))

    def _rank(self, agent: Agent) -> tuple[int, int]:
        return (len(agent.holds) if self._least_loaded else 0), agent.turn

    def _check_answers(self) -> None:
        """What was answered as done was done."""
        for call in self._calls:
            if call["status"] not in DONE:
                continue
            contact = str(call.get("contact"))
            if call["call"] == "arrive" and contact not in self._states:
                self._break("G1", f"{contact} was accepted, and nothing was heard of it")
            if call["call"] == "close" and self._states.get(contact) != "closed":
                self._break("G1", f"{contact} was answered as closed, and is {self._states.get(contact)}")

    def _check_end(self) -> None:
        for contact, state in self._states.items():
            found = self._end.get(contact, {"state": "lost", "agent_id": None})
            if found["state"] != state:
                self._break("G1", f"{contact} is {found['state']} at the end, and was {state} by the events")
            holders = [name for name, agent in self._agents.items() if contact in agent.holds]
            if state == "assigned" and holders != [found["agent_id"]]:
                self._break(
                    "G2", f"{contact} is held by {found['agent_id']} at the end, and by {holders} by the events"
                )
        for contact in self._end.keys() - self._states.keys():
            self._break("G1", f"{contact} is there at the end, and its arrival was never told")
        free = sorted(name for name, agent in self._agents.items() if agent.is_candidate)
        if self._waiting and free:
            self._break("G4", f"{len(self._waiting)} wait at the end, and {', '.join(free)} could take them")

    def _check_acknowledged_absences(self) -> None:
        """Nobody is given anything after Busy was acknowledged and before Online was asked for."""
        since: dict[str, datetime] = {}
        chosen = (call for call in self._calls if call["call"] == "choose")
        for call in sorted(chosen, key=lambda call: call["asked"]):
            agent = call["agent"]
            if call["chosen"] == "busy" and call["status"] in DONE:
                since[agent] = datetime.fromisoformat(call["answered"])
            elif agent in since:
                until, began = datetime.fromisoformat(call["asked"]), since.pop(agent)
                for given_to, at in self._automatic:
                    if given_to == agent and began < at < until:
                        self._break("G3", f"{agent} was given a contact at {at} after being acknowledged as Busy")

    def _break(self, guarantee: str, what: str) -> None:
        self.broken.append(f"{guarantee}: {what}")


def loads(history: list[Line]) -> Counter[str]:
    """How many contacts each agent holds at the end."""
    end: dict[str, Line] = next((line["end"] for line in history if "end" in line), {})
    return Counter(each["agent_id"] for each in end.values() if each["state"] == "assigned")


if __name__ == "__main__":
    lines = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
    found = Checker(lines, least_loaded="round_robin" not in sys.argv[2:]).check()
    print("\n".join(found) or f"{len(lines)} lines, nothing broken")
    sys.exit(1 if found else 0)
