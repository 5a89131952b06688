"""Workbench keeps the promises of its description: the whole product, on a clock that the test holds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from assigner.store.database import Database
from assigner.store.tables import Table
from assigner.store.workspaces import workspaces
from assigner.testing import Client, Workbench
from presence.errors import Invalid, NotFound
from rules.findings import RulesInvalid

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def put_agent(admin: Client, agent_id: str, **fields: object) -> None:
    admin.put(f"/v1/agents/{agent_id}", json={"name": agent_id.title(), **fields}).raise_for_status()


def send(admin: Client, contact_id: str, **fields: object) -> None:
    admin.post("/v1/contacts", json={"id": contact_id, "channel": "chat", **fields}).raise_for_status()


def holder(admin: Client, contact_id: str) -> str | None:
    agent_id: str | None = admin.get(f"/v1/contacts/{contact_id}").json()["agent_id"]
    return agent_id


def told(bench: Workbench) -> list[tuple[str, str, str]]:
    """What happened, to whom, and how many seconds after the start."""
    return [
        (event["type"], event["subject"], str((datetime.fromisoformat(event["at"]) - START).total_seconds()))
        for event in bench.events()
    ]


def test_a_fresh_bench_is_empty() -> None:
    with Workbench() as bench:
        admin = bench.client()
        found = {name: admin.get(f"/v1/{name}").json()["items"] for name in ("agents", "offices", "contacts")}

        assert found == {"agents": [], "offices": [], "contacts": []}
        assert (bench.events(), bench.now) == ([], START)


def test_time_passes_to_the_millisecond_and_only_when_told() -> None:
    with Workbench(start="2026-01-05T10:00:00+01:00") as bench:
        bench.advance(0.0014)
        bench.advance(600)

        assert bench.now == START + timedelta(seconds=600, milliseconds=1)


def test_a_start_without_a_time_zone_is_refused() -> None:
    with pytest.raises(Invalid, match="has no time zone"):
        Workbench(start="2026-01-05T09:00:00")


@pytest.mark.parametrize(
    ("nodes", "database", "refusal"),
    [
        pytest.param(0, None, "a bench has at least one", id="none"),
        pytest.param(2, "sqlite:///bench.db", "2 nodes need PostgreSQL", id="several on one file"),
    ],
)
def test_a_number_of_nodes_that_cannot_be_is_refused(nodes: int, database: str | None, refusal: str) -> None:
    with pytest.raises(Invalid, match=refusal):
        Workbench(database, nodes=nodes)


def test_the_roles_of_clients_differ() -> None:
    with Workbench() as bench:
        answers = [bench.client(role=role).get("/v1/api-keys").status_code for role in ("agent", "supervisor", "admin")]

        assert answers == [403, 403, 200]
        with pytest.raises(Invalid, match="'admn' does not exist"):
            bench.client(role="admn")


def test_only_an_agent_who_is_there_can_be_signed_in() -> None:
    with Workbench() as bench, pytest.raises(NotFound, match="'ana' does not exist"):
        bench.sign_in("ana")


def test_all_that_becomes_due_happens_at_its_instant_and_in_order() -> None:
    with Workbench() as bench:
        admin = bench.client()
        admin.put("/v1/settings/presence", json={"away_after": 60, "offline_after": 120}).raise_for_status()
        for agent_id in ("ana", "ben"):
            put_agent(admin, agent_id)
        bench.sign_in("ana")
        bench.advance(30)
        bench.sign_in("ben")
        before = len(bench.events())

        bench.advance(600)

        assert told(bench)[before:] == [
            ("agent.status", "ana", "60.0"),
            ("agent.status", "ben", "90.0"),
            ("agent.status", "ana", "120.0"),
            ("agent.status", "ben", "150.0"),
        ]


def test_what_a_paused_machine_missed_is_logged_when_it_was_and_decided_once() -> None:
    with Workbench(
        rules={"queues": {"everybody": {"overflow": [{"after": 60, "to": "second"}]}, "second": {}}}
    ) as bench:
        admin = bench.client()
        admin.put("/v1/settings/presence", json={"offline_after": 100}).raise_for_status()
        put_agent(admin, "ana", capacity=0)
        bench.sign_in("ana")
        send(admin, "c1")
        before = len(bench.events())

        bench.advance(600, run=False)
        paused = bench.events()[before:]
        bench.settle()

        assert paused == []
        assert told(bench)[before:] == [
            ("agent.status", "ana", "100.0"),
            ("contact.moved", "c1", "600.0"),
            ("queue.alarm", "everybody", "600.0"),
        ]


def test_events_are_numbered_and_can_be_asked_for_from_one_on() -> None:
    with Workbench() as bench:
        admin = bench.client()
        for contact_id in ("c1", "c2"):
            send(admin, contact_id)

        assert [(event["number"], event["subject"]) for event in bench.events(after=1)] == [(2, "everybody"), (3, "c2")]


def test_a_clock_that_is_set_back_makes_nobody_idle_for_longer_than_the_step() -> None:
    with Workbench() as bench:
        admin = bench.client()
        admin.put("/v1/settings/presence", json={"offline_after": 60}).raise_for_status()
        put_agent(admin, "ana")
        bench.sign_in("ana")

        bench.step_clock(-30)
        bench.advance(59)
        still = admin.get("/v1/agents/ana/status").json()["status"]
        bench.advance(31)

        assert (still, admin.get("/v1/agents/ana/status").json()["status"]) == ("online", "offline")
        assert bench.now == START + timedelta(seconds=60)


def test_clients_sessions_and_timers_survive_a_restart() -> None:
    with Workbench() as bench:
        admin = bench.client()
        admin.put("/v1/settings/presence", json={"offline_after": 600}).raise_for_status()
        put_agent(admin, "ana", capacity=1)
        ana = bench.sign_in("ana")
        for contact_id in ("c1", "c2"):
            send(admin, contact_id)
        bench.advance(599)

        bench.restart()

        assert ana.get("/v1/sessions/current").status_code == 200
        assert [holder(admin, each) for each in ("c1", "c2")] == ["ana", None]
        bench.advance(1)
        assert admin.get("/v1/agents/ana/status").json()["status"] == "offline"


def test_an_input_that_was_written_survives_a_restart() -> None:
    with Workbench() as bench:
        admin = bench.client()
        admin.put("/v1/settings/presence", json={"offline_after": 600}).raise_for_status()
        put_agent(admin, "ana")
        ana = bench.sign_in("ana")
        bench.advance(500)
        assert ana.activity().status_code == 202
        bench.advance(2)

        bench.restart()
        bench.advance(597)

        assert admin.get("/v1/agents/ana/status").json()["status"] == "online"
        bench.advance(1)
        assert admin.get("/v1/agents/ana/status").json()["status"] == "offline"


def test_rules_may_name_what_comes_to_be_later() -> None:
    rules = {"rules": [{"when": {"field": "language", "equals": "es"}, "then": {"queue": "spanish"}}]}
    with Workbench(rules={**rules, "queues": {"spanish": {"offices": ["madrid"], "skills": ["es"]}}}) as bench:
        admin = bench.client()
        send(admin, "c1", language="es")
        admin.put("/v1/offices/madrid", json={"name": "Madrid"}).raise_for_status()
        put_agent(admin, "ana", offices=["madrid"], skills=["es"])
        waited = admin.get("/v1/contacts/c1/explanation").json()["waiting_because"]

        bench.sign_in("ana")

        assert (waited, holder(admin, "c1")) == ("nobody_online", "ana")


def test_rules_that_cannot_be_read_are_refused_and_leave_nothing(database_url: str) -> None:

    with pytest.raises(RulesInvalid, match="quues"):
        Workbench(database=database_url, rules={"quues": {}})

    database = Database(database_url)
    with database.reading() as connection:
        assert workspaces(connection) == {}
    database.close()


def test_the_sample_is_the_sample_organisation_with_its_rules() -> None:
    with Workbench(sample=True) as bench:
        admin = bench.client()

        assert "madrid" in {office["id"] for office in admin.get("/v1/offices").json()["items"]}
        assert admin.get("/v1/rules").json()["name"] == "everyday"


def test_an_answer_that_is_waited_for_comes_settled() -> None:
    with Workbench() as bench:
        admin = bench.client()
        put_agent(admin, "ana")
        bench.sign_in("ana")

        answer = admin.post("/v1/contacts", json={"id": "c1", "channel": "chat"}, headers={"prefer": "wait=30"})

        assert (answer.json()["state"], bench.now) == ("assigned", START)


def test_clients_can_be_used_from_several_threads() -> None:
    with Workbench() as bench:
        admin = bench.client()
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda number: send(admin, f"c{number}"), range(40)))

        assert len(admin.get("/v1/contacts?limit=200").json()["items"]) == 40


def test_on_a_database_that_is_given_nothing_is_left_behind(database_url: str) -> None:
    before = rows(database_url)
    with Workbench(database=database_url, sample=True) as one, Workbench(database=database_url) as other:
        send(one.client(), "c1")
        assert other.client().get("/v1/contacts/c1").status_code == 404
        wrong = {"email": "ana@example.org", "password": "wrong horse battery"}
        assert one.client().post("/v1/sessions", json=wrong).status_code == 401

    assert rows(database_url) == before
    assert before["workspace"] == 0


def rows(url: str) -> dict[str, int]:
    """How many rows each table has."""
    database = Database(url)
    with database.reading() as connection:
        found = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Table.metadata.sorted_tables
        }
    database.close()
    return found
