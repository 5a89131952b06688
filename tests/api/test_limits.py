"""How often somebody may ask: failed sign-ins over all nodes, and contacts per credential and minute."""

import pytest
from starlette.testclient import TestClient

from assigner.api.app import create_app
from assigner.settings import Settings
from assigner.testing import Client, Workbench
from tests.api.service import Service

PASSWORD = "correct horse battery"


def with_ana(bench: Workbench) -> Client:
    """Somebody who is not signed in; Ana could be."""
    admin = bench.client(role="admin")
    for agent_id in ("ana", "ben"):
        admin.put(f"/v1/agents/{agent_id}", json={"email": f"{agent_id}@example.com"}).raise_for_status()
        admin.put(f"/v1/agents/{agent_id}/password", json={"password": PASSWORD}).raise_for_status()
    del admin.headers["authorization"]
    return admin


def sign_in(client: TestClient, password: str, agent_id: str = "ana") -> int:
    sent = {"email": f"{agent_id}@example.com", "password": password}
    return int(client.post("/v1/sessions", json=sent).status_code)


@pytest.mark.timeout(120)
def test_whoever_fails_to_sign_in_ten_times_waits_for_a_quarter_of_an_hour() -> None:
    with Workbench() as bench:
        client = with_ana(bench)
        failed = [sign_in(client, "wrong horse battery") for _ in range(10)]
        bench.advance(300)
        refused = client.post("/v1/sessions", json={"email": "ana@example.com", "password": PASSWORD})
        somebody_else = sign_in(client, PASSWORD, "ben")
        bench.advance(599)
        still = sign_in(client, PASSWORD)
        bench.advance(1)
        again = sign_in(client, PASSWORD)

    assert failed == [401] * 10
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.headers["retry-after"] == "600"
    assert (somebody_else, still, again) == (201, 429, 201)


@pytest.mark.timeout(120)
def test_sign_ins_that_succeed_do_not_count() -> None:
    with Workbench() as bench:
        client = with_ana(bench)
        assert [sign_in(client, PASSWORD) for _ in range(12)] == [201] * 12


@pytest.mark.timeout(120)
def test_what_one_node_has_counted_another_one_knows() -> None:
    with Workbench() as bench:
        client = with_ana(bench)
        settings = Settings(sign_in_limit=2)
        nodes = [TestClient(create_app(bench.product, settings)) for _ in range(2)]
        answers = [sign_in(node, "wrong horse battery") for node in (*nodes, *nodes)]

        assert answers == [401, 401, 429, 429]
        assert sign_in(client, PASSWORD) == 201


def test_contacts_of_one_credential_have_a_limit_per_minute(database_url: str) -> None:
    service = Service(database_url)
    app = create_app(service.product, Settings(intake_limit=3))
    one, other = (
        TestClient(app, headers={"Authorization": f"Bearer ak_{role}_secret"}) for role in ("supervisor", "admin")
    )
    batch = {"contacts": [{"id": "b1"}, {"id": "b2"}]}
    answers = [one.post("/v1/contacts", json={"id": "c1"}), one.post("/v1/contacts/batch", json=batch)]
    refused = one.post("/v1/contacts", json={"id": "c2"})
    answers.append(other.post("/v1/contacts", json={"id": "c3"}))
    service.pass_seconds(60)
    answers.append(one.post("/v1/contacts", json={"id": "c2"}))

    assert [answer.status_code for answer in answers] == [201, 200, 201, 201]
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    service.product.stop()
