"""Load on a real `assigner serve` that is killed at random moments, and what the clients remember of it.

Producers send contacts until each is accepted, a closer ends what is assigned, and an agent goes Busy and back. Each
notes only what was acknowledged, and when, by the clock that the server has as well."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from assigner.wiring import wall_clock
from tests.faults.served import served

AGENTS = ("ana", "ben", "eva")
CAPACITY = 3
PRODUCERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """A stretch in which an agent had an acknowledged Busy: from the answer on, until Online was asked for."""

    agent_id: str
    since: datetime
    until: datetime


class Memory:
    """What the clients were told."""

    def __init__(self) -> None:
        self.accepted: set[str] = set()
        self.closed: set[str] = set()
        self.accepted_offers: set[str] = set()
        self.busy: list[Busy] = []


class Clients:
    """Everybody who speaks to one server until it is killed; where contacts are `offered`, agents answer."""

    def __init__(
        self, address: str, headers: dict[str, str], memory: Memory, chance: random.Random, *, offered: bool
    ) -> None:
        self._http = httpx2.Client(base_url=address, headers=headers, timeout=5)
        self._memory = memory
        self._chance = chance
        self._offered = offered
        self._stop = threading.Event()

    def work(self, round_number: int, *, seconds: float, kill: Callable[[], None]) -> None:
        """Load the server for so long, and kill it under the load."""
        tasks = [
            *(lambda name=f"{round_number}-{each}": self._produce(name) for each in range(PRODUCERS)),
            self._close,
            *(lambda agent=agent: self._come_and_go(agent) for agent in AGENTS[:2]),
        ]
        if self._offered:
            tasks += [self._answer_offers, lambda: self._leave_and_return(AGENTS[2])]
        threads = [threading.Thread(target=self._until_killed, args=(task,)) for task in tasks]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        kill()
        self._stop.set()
        for thread in threads:
            thread.join()
        self._http.close()

    def _until_killed(self, task: Callable[[], None]) -> None:
        try:
            task()
        except httpx2.TransportError:
            return

    def _produce(self, name: str) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            contact_id = f"{name}-{number}"
            answer = self._http.post("/v1/contacts", json={"id": contact_id, "channel": "chat"})
            assert answer.status_code in (200, 201), answer.text
            self._memory.accepted.add(contact_id)

    def _close(self) -> None:
        while not self._stop.is_set():
            for contact in self._http.get("/v1/contacts?state=assigned&limit=50").json()["items"]:
                if self._http.post(f"/v1/contacts/{contact['id']}/close", json={}).is_success:
                    self._memory.closed.add(contact["id"])

    def _answer_offers(self) -> None:
        """Of five offers one is declined, one is left alone, and three are accepted."""
        while not self._stop.is_set():
            for contact in self._http.get("/v1/contacts?state=offered&limit=50").json()["items"]:
                lot = self._chance.randrange(5)
                if lot == 0:
                    self._http.post(f"/v1/contacts/{contact['id']}/decline", json={"agent_id": contact["agent_id"]})
                elif lot > 1:
                    body = {"agent_id": contact["agent_id"]}
                    if self._http.post(f"/v1/contacts/{contact['id']}/accept", json=body).is_success:
                        self._memory.accepted_offers.add(contact["id"])

    def _leave_and_return(self, agent_id: str) -> None:
        """Offline for a moment, in which the contacts come back."""
        while not self._stop.is_set():
            for session in self._http.get(f"/v1/agents/{agent_id}/sessions").json()["items"]:
                self._http.delete(f"/v1/sessions/{session['id']}")
            self._stop.wait(0.02)
            self._http.post(f"/v1/agents/{agent_id}/sessions", json={})
            self._stop.wait(0.1)

    def _come_and_go(self, agent_id: str) -> None:
        while not self._stop.is_set():
            answer = self._http.put(f"/v1/agents/{agent_id}/status", json={"status": "busy"})
            assert answer.is_success, answer.text
            since = wall_clock()
            try:
                self._stop.wait(0.02)
                until = wall_clock()
                self._http.put(f"/v1/agents/{agent_id}/status", json={"status": "online"})
            finally:
                self._memory.busy.append(Busy(agent_id=agent_id, since=since, until=until))


def load_and_kill(
    database: Path, headers: dict[str, str], settings: dict[str, Any], *, rounds: int, seed: int
) -> Memory:
    """Serve, load and kill so many times, at moments that the seed decides; `settings` are those of assignment. Returns
    what the clients remember."""
    chance, memory = random.Random(seed), Memory()
    for each in range(rounds):
        with served(database) as (process, address):
            if each == 0:
                sign_in_everybody(address, headers, settings)
            clients = Clients(address, headers, memory, chance, offered="offer" in settings)
            clients.work(each, seconds=chance.uniform(0.2, 1.0), kill=process.kill)
    return memory


def sign_in_everybody(address: str, headers: dict[str, str], settings: dict[str, Any]) -> None:
    with httpx2.Client(base_url=address, headers=headers) as http:
        http.put("/v1/settings/assignment", json=settings).raise_for_status()
        for agent_id in AGENTS:
            http.put(f"/v1/agents/{agent_id}", json={"name": agent_id, "capacity": CAPACITY}).raise_for_status()
            http.post(f"/v1/agents/{agent_id}/sessions", json={}).raise_for_status()
