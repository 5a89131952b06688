"""A Workbench whose workspace offers, wraps up and takes back, and short ways to say what happens there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from assigner.testing import Workbench


class Offering:
    """A bench with agents of one contact each, all signed in unless told otherwise; `settings` are the assignment's."""

    def __init__(self, bench: Workbench, *agents: str, capacity: int | None = 1, **settings: Any) -> None:
        self.bench = bench
        self.admin = bench.client()
        self.set(**settings)
        for agent_id in agents:
            self.admin.put(f"/v1/agents/{agent_id}", json={"capacity": capacity}).raise_for_status()
        self.clients = {agent_id: bench.sign_in(agent_id) for agent_id in agents}

    def set(self, **settings: Any) -> None:
        """Save the assignment settings."""
        self.admin.put("/v1/settings/assignment", json=settings).raise_for_status()

    def send(self, *contact_ids: str) -> None:
        """Contacts arrive, one after the other, and all that follows is done."""
        for contact_id in contact_ids:
            self.admin.post("/v1/contacts", json={"id": contact_id}).raise_for_status()
        self.bench.settle()

    def post(self, agent_id: str, call: str, **body: Any) -> dict[str, Any]:
        """An agent does something with a contact: `c1/accept`."""
        answer = self.clients[agent_id].post(f"/v1/contacts/{call}", json=body or None)
        self.bench.settle()
        return answer.raise_for_status().json()  # type: ignore[no-any-return]

    def where(self, contact_id: str = "c1") -> tuple[str, str | None]:
        """State and agent of a contact."""
        contact = self.admin.get(f"/v1/contacts/{contact_id}").json()
        return contact["state"], contact["agent_id"]

    def why(self, contact_id: str = "c1", **query: str) -> dict[str, Any]:
        """The explanation of a contact."""
        return self.admin.get(f"/v1/contacts/{contact_id}/explanation", params=query).json()  # type: ignore[no-any-return]

    def row(self, agent_id: str) -> dict[str, Any]:
        """The row of an agent in who's online."""
        rows = self.admin.get("/v1/presence").json()["items"]
        return next(row for row in rows if row["agent_id"] == agent_id)

    def told(self, *kinds: str) -> list[tuple[float, str, str, dict[str, Any]]]:
        """Events of some kinds: seconds since the start, type, subject, and what they say."""
        start = datetime.fromisoformat("2026-01-05T09:00:00+00:00")
        return [
            ((datetime.fromisoformat(each["at"]) - start).total_seconds(), each["type"], each["subject"], each["data"])
            for each in self.bench.events()
            if each["type"] in kinds
        ]


@contextmanager
def offering(*agents: str, **settings: Any) -> Iterator[Offering]:
    """A fresh bench that offers each contact for 20 seconds, unless `settings` say otherwise."""
    with Workbench() as bench:
        yield Offering(bench, *agents, **{"offer": {"timeout": 20}, **settings})
