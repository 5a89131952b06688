"""Health, metrics, the documentation of the calls, and problems that no call is to blame for."""

from collections.abc import Iterator

import pytest

from assigner.api.errors import ASK_AGAIN, PROBLEM
from assigner.store.database import OutcomeUnknown, StoreUnavailable
from tests.api.service import Service


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    service = Service(database_url)
    yield service
    service.product.stop()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_service_in_order_says_so_to_everybody(service: Service, path: str) -> None:
    answer = service.client("").get(path)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_database_that_cannot_be_written_is_told_with_the_reason(service: Service) -> None:
    client = service.client()
    client.get("/v1/contacts")
    service.make_read_only()

    answers = [client.get("/readyz"), client.post("/v1/contacts", json={"id": "c1"})]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(503, "store_unavailable")] * 2
    assert all("read" in answer.json()["detail"] for answer in answers)
    assert all(answer.headers["retry-after"] == "1" for answer in answers)
    assert client.get("/v1/contacts").json()["items"] == []


def test_a_service_that_has_stopped_is_not_ready(database_url: str) -> None:
    service = Service(database_url, inline=False)
    client = service.client()
    client.get("/v1/contacts?state=queued")
    assert client.get("/readyz").status_code == 200

    service.product.stop()

    assert client.get("/readyz").json()["code"] == "stopped"
    service.product.database.close()


def test_metrics_tell_what_waits_and_what_was_decided(service: Service) -> None:
    service.add_agent("ana", capacity=1)
    service.sign_in("ana")
    client = service.client()
    client.post("/v1/contacts", json={})
    client.post("/v1/contacts", json={})
    service.pass_seconds(90)

    lines = service.client("").get("/metrics").text.splitlines()

    assert {
        'assigner_waiting_contacts{queue="everybody",workspace="1"} 1.0',
        'assigner_oldest_wait_seconds{queue="everybody",workspace="1"} 90.0',
        'assigner_waiting_because{reason="everybody_at_capacity",workspace="1"} 1.0',
        'assigner_decisions_total{outcome="assigned",reason="turn"} 1.0',
        "assigner_assignment_seconds_count 1.0",
        "assigner_redecided_plans_total 0.0",
    } <= set(lines)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        pytest.param("GET", "/v1/nothing", 404, "not_found", id="unknown call"),
        pytest.param("GET", "/nothing", 404, "not_found", id="nothing at all"),
        pytest.param("DELETE", "/v1/contacts", 405, "method_not_allowed", id="wrong method"),
        pytest.param("GET", "/v1/contacts/c1/", 404, "not_found", id="a slash too many"),
    ],
)
def test_calls_that_there_are_not_are_problems(
    service: Service, method: str, path: str, status: int, code: str
) -> None:
    answer = service.client().request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == PROBLEM


def test_what_nobody_foresaw_says_nothing_of_the_inside(service: Service) -> None:
    @service.app.get("/broken")
    def broken() -> None:
        raise RuntimeError("secret")

    answer = service.client().get("/broken")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text


def test_a_store_that_is_gone_is_no_defect(service: Service) -> None:
    @service.app.get("/gone")
    def gone() -> None:
        raise StoreUnavailable("disk full")

    assert service.client().get("/gone").json()["code"] == "store_unavailable"


def test_a_commit_of_which_nobody_knows_whether_it_happened_is_answered_as_such(service: Service) -> None:
    @service.app.get("/unknown")
    def unknown() -> None:
        raise OutcomeUnknown("server closed the connection unexpectedly")

    answer = service.client().get("/unknown")

    assert (answer.status_code, answer.json()["code"]) == (503, "outcome_unknown")
    assert (answer.headers["retry-after"], ASK_AGAIN in answer.json()["detail"]) == ("1", True)


def test_every_call_is_documented_with_its_problems(service: Service) -> None:
    schema = service.client("").get("/openapi.json").json()
    calls = [(path, method, call) for path, of_path in schema["paths"].items() for method, call in of_path.items()]

    for path, method, call in calls:
        where = f"{method} {path}"
        assert call.get("description"), where
        if path.startswith("/v1/"):
            assert PROBLEM in call["responses"].get("401", call["responses"].get("422"))["content"], where


def test_a_node_that_is_older_than_the_tables_is_not_ready(service: Service) -> None:
    client = service.client()
    with service.product.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["code"]) == (503, "newer_schema")
    assert "revision '9999'" in answer.json()["detail"]


def test_metrics_tell_who_decides_and_what_is_known(service: Service) -> None:
    service.add_agent("ana", capacity=1)
    service.sign_in("ana")
    client = service.client()
    for _ in range(3):
        client.post("/v1/contacts", json={})

    lines = set(service.client("").get("/metrics").text.splitlines())

    with service.product.reading(1) as workspace:
        change_no = workspace.board.change_no
    assert {
        'assigner_lock_held{workspace="1"} 1.0',
        f'assigner_change_no{{workspace="1"}} {float(change_no)}',
        'assigner_open_contacts{state="assigned",workspace="1"} 1.0',
        'assigner_open_contacts{state="queued",workspace="1"} 2.0',
    } <= lines
