"""Why a contact waits, was assigned, or does not go to somebody: over HTTP, in three languages."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.service import Service


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    """Ana of Madrid is full with c1, Luis of Madrid is offline; c2 waits; c3 was given to Luis by hand."""
    service = Service(database_url)
    service.add_office("madrid")
    service.add_agent("ana", offices=("madrid",), capacity=1)
    service.add_agent("luis", offices=("madrid",))
    service.sign_in("ana")
    client = service.client()
    for contact_id in ("c1", "c2", "c3"):
        client.post("/v1/contacts", json={"id": contact_id, "office": "madrid"})
    client.post("/v1/contacts/c3/assign", json={"agent_id": "luis"})
    client.post("/v1/contacts", json={"id": "c4", "office": "madrid"})
    client.post("/v1/contacts/c4/abandon")
    yield service
    service.product.stop()


def test_a_waiting_contact_is_explained_step_by_step(service: Service) -> None:
    assert service.client().get("/v1/contacts/c2/explanation").json() == {
        "contact_id": "c2",
        "state": "queued",
        "queue": "madrid",
        "rule": None,
        "passed_over": [],
        "rule_set": "default",
        "rule_set_version": 0,
        "waiting_because": "everybody_at_capacity",
        "sentence": "Everybody is at capacity. 2 in Madrid: 1 offline, 1 at capacity.",
        "stops": [
            {
                "queue": "madrid",
                "entered_at": "2026-01-05T09:00:00Z",
                "left_at": None,
                "steps": [
                    {"reason": "not_in_queue", "removed": 0, "left": 2, "statuses": {}},
                    {"reason": "not_online", "removed": 1, "left": 1, "statuses": {"offline": 1}},
                    {"reason": "at_capacity", "removed": 1, "left": 0, "statuses": {}},
                ],
            }
        ],
        "next_change_at": None,
        "source": None,
        "actor": None,
        "winner": None,
        "runner_up": None,
        "key": None,
        "decided_at": None,
        "agents": [],
    }


@pytest.mark.parametrize("end", [pytest.param(False, id="while held"), pytest.param(True, id="after the end")])
def test_an_assigned_contact_is_explained_as_it_was(service: Service, end: bool) -> None:
    client = service.client()
    if end:
        client.post("/v1/contacts/c1/close")

    why = client.get("/v1/contacts/c1/explanation").json()

    told = {name: why[name] for name in ("source", "actor", "winner", "runner_up", "key", "decided_at", "sentence")}
    assert told == {
        "source": "automatic",
        "actor": "engine",
        "winner": "ana",
        "runner_up": None,
        "key": "turn",
        "decided_at": "2026-01-05T09:00:00Z",
        "sentence": "Ana: least recently served.",
    }
    assert [step["reason"] for step in why["stops"][0]["steps"]] == ["not_in_queue", "not_online"]


def test_a_contact_given_by_hand_says_by_whom(service: Service) -> None:
    why = service.client().get("/v1/contacts/c3/explanation").json()

    assert (why["source"], why["actor"], why["winner"], why["key"]) == ("manual", "key:supervisor", "luis", None)
    assert why["sentence"] == "Luis: given by hand, by key:supervisor."


@pytest.mark.parametrize(
    ("query", "accepts", "sentence"),
    [
        pytest.param("", "", "Ana: at capacity.", id="english"),
        pytest.param("&language=de", "", "Ana: ausgelastet.", id="german"),
        pytest.param("", "fr, es-MX;q=0.8, en;q=0.1", "Ana: al máximo de capacidad.", id="accepted"),
        pytest.param("&language=en", "de", "Ana: at capacity.", id="asked for before accepted"),
        pytest.param("", "fr", "Ana: at capacity.", id="none that there is"),
    ],
)
def test_the_language_follows_the_reader(service: Service, query: str, accepts: str, sentence: str) -> None:
    answer = service.client().get(f"/v1/contacts/c2/explanation?agent=ana{query}", headers={"Accept-Language": accepts})

    assert answer.json() == {
        "contact_id": "c2",
        "agent_id": "ana",
        "queue": "madrid",
        "eligible": False,
        "reason": "at_capacity",
        "status": "online",
        "sentence": sentence,
        "may_change_at": None,
    }


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        pytest.param("c2/explanation?agent=anna", 404, "not_found", id="unknown agent"),
        pytest.param("c2/explanation?language=fr", 422, "invalid", id="unknown language"),
        pytest.param("c1/explanation?agent=ana", 409, "already_assigned", id="an agent for what is held"),
        pytest.param("c4/explanation", 409, "already_closed", id="never assigned"),
        pytest.param("c9/explanation", 404, "not_found", id="no contact"),
        pytest.param("c1/candidates", 409, "already_assigned", id="candidates for what is held"),
        pytest.param("c4/candidates", 409, "already_closed", id="candidates for what has ended"),
        pytest.param("c9/history", 404, "not_found", id="history of no contact"),
        pytest.param("c1/history?cursor=MQ", 422, "invalid", id="a cursor of another list"),
    ],
)
def test_what_cannot_be_explained_is_refused(service: Service, path: str, status: int, code: str) -> None:
    answer = service.client().get(f"/v1/contacts/{path}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_candidates_say_every_reason(service: Service) -> None:
    rows = service.client().get("/v1/contacts/c2/candidates").json()["items"]

    assert rows == [
        {
            "agent_id": "ana",
            "name": "Ana",
            "status": "online",
            "eligible": False,
            "reasons": ["at_capacity"],
            "open_contacts": 1,
            "capacity": 1,
        },
        {
            "agent_id": "luis",
            "name": "Luis",
            "status": "offline",
            "eligible": False,
            "reasons": ["not_online", "away_for_office"],
            "open_contacts": 1,
            "capacity": None,
        },
    ]


def test_history_tells_events_without_the_account_of_decisions(service: Service) -> None:
    client = service.client()
    first = client.get("/v1/contacts/c1/history?limit=1").json()
    rest = client.get(f"/v1/contacts/c1/history?cursor={first['next_cursor']}").json()
    events: list[dict[str, Any]] = first["items"] + rest["items"]

    told = [(event["type"], event["by"], event["subject"], event["data"]) for event in events]
    assert told == [
        (
            "contact.queued",
            "key:supervisor",
            "c1",
            {"queue": "madrid", "rule": None, "channel": "chat", "office": "madrid"},
        ),
        ("contact.assigned", "engine", "c1", {"agent_id": "ana", "queue": "madrid", "source": "automatic"}),
    ]
    assert rest["next_cursor"] is None


def test_a_queue_says_who_could_serve_and_why_not(service: Service) -> None:
    assert service.client().get("/v1/queues/madrid").json() == {
        "name": "madrid",
        "offices": ["madrid"],
        "strategy": "round_robin",
        "waiting": 1,
        "oldest_queued_at": "2026-01-05T09:00:00Z",
        "alarm": None,
        "expected_wait": 0,
        "members": {"online": 1, "busy": 0, "away": 0, "offline": 1},
        "steps": [
            {"reason": "not_in_queue", "removed": 0, "left": 2, "statuses": {}},
            {"reason": "not_online", "removed": 1, "left": 1, "statuses": {"offline": 1}},
            {"reason": "at_capacity", "removed": 1, "left": 0, "statuses": {}},
        ],
        "agents": [
            {"agent_id": "ana", "name": "Ana", "status": "online", "eligible": False, "reason": "at_capacity"},
            {"agent_id": "luis", "name": "Luis", "status": "offline", "eligible": False, "reason": "not_online"},
        ],
    }


def test_queues_are_listed_and_an_agent_sees_the_own(service: Service) -> None:
    service.add_office("lisbon")

    def names(client: Any) -> list[str]:
        return [queue["name"] for queue in client.get("/v1/queues").json()["items"]]

    assert names(service.client()) == ["everybody", "lisbon", "madrid"]
    first = service.client().get("/v1/queues?limit=2").json()
    second = service.client().get("/v1/queues", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [len(first["items"]), [each["name"] for each in second["items"]], second["next_cursor"]] == [
        2,
        ["madrid"],
        None,
    ]
    ana = service.sign_in("ana", again=True)
    assert names(ana) == ["everybody", "madrid"]
    assert ana.get("/v1/queues/lisbon").json()["code"] == "forbidden"
    assert ana.get("/v1/queues/madird").json()["code"] == "not_found"
