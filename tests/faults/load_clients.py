"""Clients of several nodes: each asks whichever node answers, again until it knows, and remembers all of it."""

import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

import httpx2

from tests.faults.history import History

PRODUCERS = 16
CONTACTS_EACH = 25.0
"""How many contacts a producer sends in a second, at most."""
ANSWERED_WITHIN = 6


class Clients:
    """Everybody who speaks to the nodes. Start and stop them around the faults."""

    def __init__(self, addresses: Sequence[str], headers: dict[str, str], history: History, seed: int) -> None:
        self._addresses = addresses
        self._headers = headers
        self._history = history
        self._seed = seed
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, agents: Sequence[str], *, come_and_go: bool) -> None:
        """Producers send contacts; where they come and go, agents close contacts and are Busy now and then."""
        tasks: list[Callable[[Client], None]] = [partial(self._produce, name=f"p{each}") for each in range(PRODUCERS)]
        if come_and_go:
            tasks += [self._close, *(partial(self._come_and_go, agent=agent) for agent in agents[:2])]
        for number, task in enumerate(tasks):
            client = Client(self._addresses, self._headers, self._seed + number)
            self._threads.append(threading.Thread(target=self._run, args=(task, client)))
            self._threads[-1].start()

    def stop(self) -> None:
        """Let everybody finish what is being asked."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, task: Callable[["Client"], None], client: "Client") -> None:
        with client.http:
            task(client)

    def _produce(self, client: "Client", name: str) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            contact = f"{name}-{number}"
            status: int | None = None
            while status is None:
                with self._history.call("arrive", contact=contact) as call:
                    answer = client.ask("POST", "/v1/contacts", {"id": contact, "channel": "chat"})
                    call.status = None if answer is None else answer.status_code
                assert call.status in (None, 200, 201, 500, 503), contact
                status = call.status if call.status in (200, 201) else None  # else it is asked again
            self._stop.wait(timeout=1 / CONTACTS_EACH)

    def _close(self, client: "Client") -> None:
        while not self._stop.is_set():
            found = client.ask("GET", "/v1/contacts?state=assigned&limit=20")
            for contact in found.json()["items"] if found is not None and found.is_success else ():
                with self._history.call("close", contact=contact["id"]) as call:
                    answer = client.ask("POST", f"/v1/contacts/{contact['id']}/close", {})
                    call.status = None if answer is None else answer.status_code

    def _come_and_go(self, client: "Client", agent: str) -> None:
        while not self._stop.is_set():
            for chosen in ("busy", "online"):
                with self._history.call("choose", agent=agent, chosen=chosen) as call:
                    answer = client.ask("PUT", f"/v1/agents/{agent}/status", {"status": chosen})
                    call.status = None if answer is None else answer.status_code
                self._stop.wait(timeout=0.1)


class Client:
    """One client. Whoever does not answer is not asked for the next time."""

    def __init__(self, addresses: Sequence[str], headers: dict[str, str], seed: int) -> None:
        self.http = httpx2.Client(headers=headers, timeout=ANSWERED_WITHIN)
        self._addresses = list(addresses)
        self._chance = random.Random(seed)
        self._at = self._chance.choice(self._addresses)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx2.Response | None:
        """The answer; None where there is none."""
        try:
            answer = self.http.request(method, f"{self._at}{path}", json=body)
        except httpx2.TransportError:
            answer = None
        if answer is None or answer.status_code >= 500:
            self._at = self._chance.choice(self._addresses)
            time.sleep(0.02)
        elif self._chance.random() < 0.02:
            self._at = self._chance.choice(self._addresses)
        return answer


class Listener:
    """Hears every event, from whichever node, and goes on after the last one heard when a stream breaks."""

    def __init__(self, addresses: Sequence[str], headers: dict[str, str], history: History, seed: int) -> None:
        self.last_id = "0.0"
        self.assigned_at: list[datetime] = []
        self._addresses = list(addresses)
        self._headers = headers
        self._history = history
        self._chance = random.Random(seed)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def stop(self) -> None:
        """Hear no more."""
        self._stop.set()
        self._thread.join()

    def _listen(self) -> None:
        while not self._stop.is_set():
            with suppress(httpx2.TransportError):
                self._hear(self._chance.choice(self._addresses))
            time.sleep(0.05)

    def _hear(self, address: str) -> None:
        headers = {**self._headers, "Last-Event-ID": self.last_id}
        with httpx2.stream("GET", f"{address}/v1/events", headers=headers, timeout=3) as stream:
            for line in stream.iter_lines():
                if self._stop.is_set():
                    return
                if line.startswith("data: "):
                    event = json.loads(line.removeprefix("data: "))
                    assert event["type"] != "resync", event
                    self.last_id = event["id"]
                    self._history.note(event=event)
                    if event["type"] == "contact.assigned":
                        self.assigned_at.append(datetime.fromisoformat(event["at"]))
