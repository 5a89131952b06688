"""A floor with agents and contacts, spoken to over HTTP only, as the seeds' help pages describe it from outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from assigner.testing import Client, Workbench

MINUTE, HOUR = 60, 3600
RESPOND_IO, TIC_1980, EMPLIFI, OCELOT = "respond_io", "1980tic", "emplifi_care", "ocelot"
PRESETS = (RESPOND_IO, TIC_1980, EMPLIFI, OCELOT)


class Floor:
    """What a supervisor sees and does, in a word each."""

    def __init__(self, bench: Workbench, preset: str | None) -> None:
        self.bench = bench
        self.admin = bench.client(role="admin")
        if preset is not None:
            done(self.admin.post("/v1/settings/preset", json={"name": preset}))

    def office(self, office_id: str) -> None:
        done(self.admin.put(f"/v1/offices/{office_id}", json={"name": office_id.title()}))

    def agent(self, agent_id: str, *offices: str, **fields: Any) -> None:
        for office in offices:
            self.office(office)
        done(self.admin.put(f"/v1/agents/{agent_id}", json={"name": agent_id.title(), "offices": offices, **fields}))

    def signed_in(self, agent_id: str, *offices: str) -> Client:
        """A new agent who is there and wants contacts."""
        self.agent(agent_id, *offices)
        client = self.bench.sign_in(agent_id)
        if self.status(agent_id) != "online":
            done(client.put(f"/v1/agents/{agent_id}/availability", json={"available": True}))
        assert self.status(agent_id) == "online"
        return client

    def contact(self, contact_id: str, **fields: Any) -> None:
        done(self.admin.post("/v1/contacts", json={"id": contact_id, "channel": "chat", **fields}))

    def holder(self, contact_id: str) -> str | None:
        holder: str | None = done(self.admin.get(f"/v1/contacts/{contact_id}")).json()["agent_id"]
        return holder

    def why(self, contact_id: str) -> str:
        """Why a contact waits."""
        because: str = done(self.admin.get(f"/v1/contacts/{contact_id}/explanation")).json()["waiting_because"]
        return because

    def presence(self, agent_id: str) -> dict[str, Any]:
        row: dict[str, Any] = done(self.admin.get(f"/v1/agents/{agent_id}/status")).json()
        return row

    def status(self, agent_id: str) -> str:
        status: str = self.presence(agent_id)["status"]
        return status

    def own_offices(self, agent_id: str) -> dict[str, bool]:
        """For which of the own offices an agent is available."""
        return {office["id"]: office["available"] for office in self.presence(agent_id)["offices"]}

    def settings(self, **fields: Any) -> httpx2.Response:
        """Save the presence settings: what is named, the rest from the preset or the default."""
        return self.admin.put("/v1/settings/presence", json=fields)

    def rules(self, document: dict[str, Any]) -> None:
        done(self.admin.put("/v1/rules", json=document))


@contextmanager
def a_floor(preset: str | None = None) -> Iterator[Floor]:
    """A workspace of its own, with one of the four products' settings."""
    with Workbench() as bench:
        yield Floor(bench, preset)


def choose(client: Client, agent_id: str, status: str) -> httpx2.Response:
    """Press the indicator and choose from the list."""
    return client.put(f"/v1/agents/{agent_id}/status", json={"status": status})


def toggle(client: Client, agent_id: str, office: str, *, available: bool) -> httpx2.Response:
    """Switch an agent on or off for one office."""
    return client.put(f"/v1/agents/{agent_id}/offices/{office}/availability", json={"available": available})


def done(answer: httpx2.Response) -> httpx2.Response:
    """An answer that says that it was done."""
    assert answer.is_success, answer.text
    return answer


def code(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]
