"""The host application of the demo: it signs agents in and out, sends contacts and closes them, over HTTP with a key.

What it does is drawn by lot with a seed. It remembers nothing but the sessions it began; all else it asks for."""

import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from random import Random
from typing import Any
from urllib.parse import quote

import httpx2

SEED = 1
TICK = 0.5
"""Seconds between two looks at what there is to do."""
BETWEEN_CONTACTS = 0.7
BETWEEN_MOVES = 2.0
TALK = 30.0
PATIENCE = 60.0
"""Seconds on average: from contact to contact, until an agent comes or goes, of a conversation, of who waits."""
PRESENT_FIRST = ("bruno", "carla", "diego", "fatima", "gonzalo", "joana", "marta", "nuno")
STAYS = "carla"
"""Carla's status is for whoever tries the demo."""
OWN = "demo-"
"""How the ids of the demo's contacts begin."""

CONTACTS: tuple[dict[str, Any], ...] = (
    {"channel": "chat", "language": "es"},
    {"channel": "chat", "language": "pt"},
    {"channel": "chat", "language": "es", "office": "sevilla"},
    {"channel": "email", "language": "en", "office": "lisbon"},
    {"channel": "email", "attributes": {"topic": "invoice"}},
    {"channel": "chat", "office": "madrid", "skills": {"tech": 3}},
    {"channel": "voice", "language": "es", "customer_id": "vip-7", "attributes": {"bookings": 5}},
)
WEIGHTS = (6, 5, 4, 3, 3, 2, 1)


class HostApplication:
    """A chat system with agents and customers, as far as the service can tell."""

    def __init__(self, address: str, key: str, *, leaves_alone: frozenset[str] = frozenset()) -> None:
        self._client = httpx2.Client(base_url=address, headers={"authorization": f"Bearer {key}"}, timeout=5)
        self._leaves_alone = leaves_alone | {STAYS}
        self._lot = Random(SEED)
        self._sessions: dict[str, str] = {}
        self._sent = 0

    def begin(self) -> None:
        """Sign in the agents who are there from the first moment on."""
        for agent_id in PRESENT_FIRST:
            with suppress(httpx2.TransportError):
                self._sign_in(agent_id)

    def run(self, stopping: threading.Event) -> None:
        """Go on until told to stop; what the service does not answer is left."""
        with closing(self._client):
            while not stopping.wait(TICK):
                with suppress(httpx2.TransportError):
                    self._tick()

    def _tick(self) -> None:
        if self._happens_every(BETWEEN_CONTACTS):
            self._send_contact()
        if self._happens_every(BETWEEN_MOVES):
            self._move_somebody()
        for contact_id in self._contacts("assigned"):
            if self._happens_every(TALK):
                self._client.post(f"/v1/contacts/{quote(contact_id)}/close", json={"outcome": "solved"})
        for contact_id in self._contacts("queued"):
            if contact_id.startswith(OWN) and self._happens_every(PATIENCE):
                self._client.post(f"/v1/contacts/{quote(contact_id)}/abandon")

    def _send_contact(self) -> None:
        self._sent += 1
        [contact] = self._lot.choices(CONTACTS, WEIGHTS)
        self._client.post("/v1/contacts", json={"id": f"{OWN}{self._sent}", **contact})

    def _move_somebody(self) -> None:
        """Somebody comes, or comes back; of those who are online, every second goes."""
        rows = self._items("/v1/presence")
        agents = [row for row in rows if row["takes_contacts"] and row["agent_id"] not in self._leaves_alone]
        agent = self._lot.choice(agents)
        agent_id, status = agent["agent_id"], agent["status"]
        if status == "offline":
            self._sign_in(agent_id)
        elif status != "online":
            self._choose(agent_id, "online")
        elif self._lot.random() < 0.5:
            self._leave(agent_id)

    def _leave(self, agent_id: str) -> None:
        how = self._lot.choice(("busy", "away", "offline"))
        if how == "offline" and agent_id in self._sessions:
            self._client.delete(f"/v1/sessions/{self._sessions.pop(agent_id)}")
        else:
            self._choose(agent_id, "busy" if how == "offline" else how)

    def _sign_in(self, agent_id: str) -> None:
        answer = self._client.post(f"/v1/agents/{agent_id}/sessions")
        if answer.is_success:
            self._sessions[agent_id] = answer.json()["id"]

    def _choose(self, agent_id: str, status: str) -> None:
        self._client.put(f"/v1/agents/{agent_id}/status", json={"status": status})

    def _contacts(self, state: str) -> Iterator[str]:
        return (contact["id"] for contact in self._items(f"/v1/contacts?state={state}"))

    def _items(self, path: str) -> list[Any]:
        answer = self._client.get(path)
        items: list[Any] = answer.json()["items"] if answer.is_success else []
        return items

    def _happens_every(self, seconds: float) -> bool:
        return self._lot.random() < TICK / seconds
