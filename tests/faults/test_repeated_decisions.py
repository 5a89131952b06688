"""From the log alone, and from the tables alone: the same decisions again, after a day of everything that happens."""

import random
from typing import Any

import pytest
from sqlalchemy import select

from assigner.service.verify import verify
from assigner.store import tables
from assigner.store.database import Database
from assigner.store.rows import table_of
from assigner.store.workspaces import workspaces
from assigner.testing import Client, Workbench

RULES: dict[str, Any] = {
    "rules": [
        {"when": {"field": "language", "equals": "es"}, "then": {"queue": "spanish", "priority": 2}},
        {"when": {"field": "attributes.vip", "exists": True}, "then": {"priority": 9}},
    ],
    "queues": {
        "spanish": {
            "skills": ["es"],
            "strategy": "least_loaded",
            "preferred": {"agent": "previous", "for": 30},
            "overflow": [{"when": "longer_than", "length": 3, "to": "everybody"}, {"after": 60, "to": "everybody"}],
        },
        "everybody": {"strategy": "round_robin", "ageing": 30},
    },
}
AGENTS = ("ana", "ben", "eva", "ida")


class Day:
    """Clients of every kind who do what comes to their mind, as the seed decides."""

    def __init__(self, bench: Workbench, seed: int) -> None:
        self.bench = bench
        self.chance = random.Random(seed)
        self.admin = bench.client()
        self.arrived = 0
        self.sessions: dict[str, Client] = {}
        put(self.admin, "/v1/settings/presence", offline_after=120)
        put(self.admin, "/v1/settings/assignment", default_capacity=2, flood_limit={"contacts": 4, "per": 60})
        put(self.admin, "/v1/offices/madrid", name="Madrid")
        for position, agent_id in enumerate(AGENTS):
            fields = {"offices": ["madrid"] if position % 2 else [], "skills": ["es"] if position > 1 else []}
            put(self.admin, f"/v1/agents/{agent_id}", name=agent_id, weight=1 + position, **fields)
            self.sessions[agent_id] = bench.sign_in(agent_id)

    def happen(self, steps: int) -> None:
        for _ in range(steps):
            self.chance.choices(
                (self.arrive, self.end, self.pass_time, self.choose, self.act, self.amend, self.publish),
                (8, 5, 4, 2, 2, 1, 0.3),
            )[0]()

    def arrive(self) -> None:
        self.arrived += 1
        body: dict[str, Any] = {"id": f"c{self.arrived}", "channel": "chat"}
        body["customer_id"] = f"customer-{self.chance.randrange(5)}"
        if self.chance.random() < 0.5:
            body["language"] = "es"
        if self.chance.random() < 0.3:
            body |= {"office": "madrid", "priority": self.chance.randrange(5)}
        if self.chance.random() < 0.1:
            body["attributes"] = {"vip": True}
        self.admin.post("/v1/contacts", json=body).raise_for_status()

    def amend(self) -> None:
        """What a contact asked for before is known to the log alone, which has what the rules said of it."""
        found = self.admin.get("/v1/contacts?state=queued&limit=200").json()["items"]
        if found:
            body: dict[str, Any] = self.chance.choice(
                ({"attributes": {"vip": True}}, {"attributes": {}}, {"priority": 7})
            )
            self.admin.patch(f"/v1/contacts/{self.chance.choice(found)['id']}", json=body).raise_for_status()

    def end(self) -> None:
        found = self.admin.get("/v1/contacts?state=assigned&limit=200").json()["items"]
        if found:
            how = self.chance.choice(("close", "close", "close", "return", "hold", "resume"))
            self.admin.post(f"/v1/contacts/{self.chance.choice(found)['id']}/{how}", json={}).raise_for_status()

    def pass_time(self) -> None:
        self.bench.advance(self.chance.choice((0.25, 1, 5, 30)))

    def choose(self) -> None:
        agent_id = self.chance.choice(AGENTS)
        status = self.chance.choice(("online", "online", "busy"))
        put(self.admin, f"/v1/agents/{agent_id}/status", status=status)

    def act(self) -> None:
        self.sessions[self.chance.choice(AGENTS)].activity().raise_for_status()

    def publish(self) -> None:
        put(self.admin, "/v1/rules", **RULES, name=f"version {self.chance.random()}")


def put(client: Client, path: str, **document: Any) -> None:
    client.put(path, json=document).raise_for_status()


@pytest.mark.parametrize("seed", range(2))
def test_the_log_gives_every_decision_again(seed: int, database_url: str) -> None:
    with Workbench(database=database_url, rules=RULES) as bench:
        Day(bench, seed).happen(150)
        database = Database(database_url)
        with database.reading() as connection:
            (number,) = workspaces(connection).values()

        verified = verify(database, number)

        database.close()
        given = [event for event in bench.events() if event["data"].get("source") == "automatic"]
        assert verified.decisions >= len(given) > 10
        assert (verified.differences, verified.matched_otherwise, verified.erased) == ((), (), ())


def test_an_account_that_was_tampered_with_is_found(database_url: str) -> None:
    with Workbench(database=database_url) as bench:
        admin = bench.client()
        put(admin, "/v1/agents/ana", name="Ana")
        bench.sign_in("ana")
        for contact_id in ("c1", "c2"):
            admin.post("/v1/contacts", json={"id": contact_id, "channel": "chat"}).raise_for_status()
        database = Database(database_url)
        with database.writing() as connection:
            (number,) = workspaces(connection).values()
            change = table_of(tables.Change)
            about = (change.c.kind == "contact.assigned") & (change.c.subject == "c2")
            account = connection.execute(select(change.c.data).where(about)).scalar_one()
            tampered_with = account.replace(b"everybody", b"anybody")
            connection.execute(change.update().where(about).values(data=tampered_with))

        found = [verify(database, number), verify(database, number, "c1"), verify(database, number, "c2")]

        database.close()
        assert [(each.decisions, [one.contact_id for one in each.differences]) for each in found] == [
            (2, ["c2"]),
            (1, []),
            (1, ["c2"]),
        ]


@pytest.mark.parametrize("seed", range(2))
def test_a_product_that_is_restarted_again_and_again_decides_as_if_it_never_was(seed: int) -> None:
    def lived(*, restarts: bool) -> list[tuple[str, str, str, Any]]:
        with Workbench(rules=RULES) as bench:
            day = Day(bench, seed)
            for _ in range(12):
                day.happen(10)
                bench.advance(1)
                if restarts:
                    bench.restart()
            return [
                (event["at"], event["type"], event["subject"], event["data"].get("agent_id"))
                for event in bench.events()
            ]

    assert lived(restarts=True) == lived(restarts=False)


def test_a_contact_of_which_the_rules_say_something_else_is_found(database_url: str) -> None:
    rules = {
        "rules": [{"when": {"field": "attributes.topic", "equals": "x"}, "then": {"queue": "x"}}],
        "queues": {"x": {}},
    }
    with Workbench(database=database_url, rules=rules) as bench:
        admin = bench.client()
        for contact_id in ("c1", "c2"):
            admin.post("/v1/contacts", json={"id": contact_id, "attributes": {"topic": "y"}}).raise_for_status()
        admin.patch("/v1/contacts/c1", json={"attributes": {"topic": "x"}}).raise_for_status()
        database = Database(database_url)
        with database.writing() as connection:
            (number,) = workspaces(connection).values()
            found = [verify(database, number).matched_otherwise]
            told = table_of(tables.ContactDetails)
            connection.execute(told.update().where(told.c.contact_id == "c2").values(attributes=b'{"topic":"x"}'))
        found.append(verify(database, number).matched_otherwise)
        with database.writing() as connection:  # closed contacts may be kept for a shorter time than the log
            for table, name in ((table_of(tables.Contact), "id"), (told, "contact_id")):
                connection.execute(table.delete().where(table.c[name] == "c1"))
        found.append(verify(database, number).matched_otherwise)

        database.close()
        assert found == [(), ("c2",), ("c2",)]
