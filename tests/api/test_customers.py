"""Erasing a customer: afterwards nothing of it is anywhere, and every decision can still be repeated."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from assigner.service.verify import verify
from assigner.store import tables
from assigner.store.workspaces import workspaces
from assigner.testing import Client, Workbench
from tests.webhooks.receiver import Receiver, receiving

WHO = "maria@example.com"
RULES = f"""\
# {WHO} is not to be given to bruno
rules:
- name: loyal
  when: {{any: [{{field: customer_id, equals: {WHO}}}, {{field: attributes.topic, equals: loyalty}}]}}
  then: {{queue: loyal}}
queues: {{loyal: {{preferred: {{agent: previous, for: 60}}}}}}
exclusions:
- {{customer_id: {WHO}, agent: bruno}}
"""


@pytest.fixture
def bench() -> Iterator[Workbench]:
    with Workbench() as bench:
        admin = bench.client()
        for agent_id in ("ana", "bruno"):
            admin.put(f"/v1/agents/{agent_id}", json={}).raise_for_status()
        for version in (RULES + "name: first\n", RULES):
            answer = admin.put("/v1/rules", content=version)
            answer.raise_for_status()
        bench.sign_in("ana")
        yield bench


def serve(admin: Client, contact_id: str, **fields: object) -> None:
    """A contact from its arrival to its end."""
    body = {"id": contact_id, "customer_id": WHO, "attributes": {"said": f"I am {WHO}"}, **fields}
    admin.post("/v1/contacts", json=body).raise_for_status()
    admin.patch(f"/v1/contacts/{contact_id}", json={"attributes": {"said": f"still {WHO}"}})
    admin.post(f"/v1/contacts/{contact_id}/close", json={}).raise_for_status()


def erase(admin: Client, customer_id: str = WHO) -> dict[str, object]:
    answer = admin.post("/v1/customers/erase", json={"customer_id": customer_id})
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.json()
    return told


def stored(bench: Workbench) -> str:
    """Every cell of every table."""
    with bench.product.database.reading() as connection:
        return "".join(
            cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell)
            for table in tables.Table.metadata.sorted_tables
            for row in connection.execute(select(table))
            for cell in row
        )


def test_nothing_of_an_erased_customer_is_left_anywhere(bench: Workbench) -> None:
    admin = bench.client()
    with receiving(Receiver(answer=lambda _: 500)) as receiver:
        admin.post("/v1/webhooks", json={"id": "shop", "url": receiver.url}).raise_for_status()
        serve(admin, "c1")
        serve(admin, "c2")
        bench.client("agent").post("/v1/customers/erase", json={"customer_id": WHO})
        bench.settle()
        assert WHO in stored(bench)

        erased = erase(admin)
        bench.advance(60)

    assert (erased["contacts"], erased["rule_versions"]) == (2, 2)
    assert WHO not in stored(bench)
    reads = (
        *("export", "export/organisation", "audit", "contacts", "contacts/c1", "contacts/c1/history", "agents"),
        *("contacts/c1/explanation", "rules", "rules/versions", "rules/versions/1", "webhooks/shop/deliveries"),
    )
    told = {path: admin.get(f"/v1/{path}") for path in reads}
    assert {path: answer.status_code for path, answer in told.items() if answer.status_code != 200} == {}
    assert [path for path, answer in told.items() if WHO in answer.text] == []
    assert [message for message in receiver.received if WHO in message.body or WHO in str(message.headers)] == []
    assert WHO not in json.dumps(bench.events())


def test_the_audit_tells_of_it_without_the_name(bench: Workbench) -> None:
    admin = bench.client()
    serve(admin, "c1")

    erased = erase(admin)

    [told] = admin.get("/v1/audit", params={"action": "customer.*"}).json()["items"]
    assert (told["action"], told["subject"], told["outcome"]) == ("customer.erased", erased["erasure"], "done")
    assert told["after"] == {"contacts": 1, "rule_versions": 2}


def test_decisions_can_be_repeated_afterwards(bench: Workbench) -> None:
    admin = bench.client()
    serve(admin, "c1")
    admin.post("/v1/contacts", json={"id": "other", "attributes": {"topic": "loyalty"}}).raise_for_status()
    erase(admin)
    with bench.product.database.reading() as connection:
        number = workspaces(connection)[bench.workspace_id]

    verified = verify(bench.product.database, number)

    assert (verified.decisions, verified.differences, verified.matched_otherwise) == (2, (), ())
    assert verified.erased == ("c1",)


def test_a_customer_with_open_contacts_is_not_erased(bench: Workbench) -> None:
    admin = bench.client()
    admin.post("/v1/contacts", json={"id": "c1", "customer_id": WHO}).raise_for_status()
    before = stored(bench)

    refused = admin.post("/v1/customers/erase", json={"customer_id": WHO})

    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert "1 open contacts" in refused.json()["detail"]
    assert stored(bench) == before
    admin.post("/v1/contacts/c1/close", json={}).raise_for_status()
    assert erase(admin)["contacts"] == 1


@pytest.mark.parametrize("again", [False, True], ids=["at once", "after a restart"])
def test_an_erased_customer_is_a_new_one(bench: Workbench, again: bool) -> None:
    admin = bench.client()
    serve(admin, "c1")
    erase(admin)
    if again:
        bench.restart()
    admin = bench.client()
    admin.post("/v1/contacts", json={"id": "c2", "customer_id": WHO}).raise_for_status()

    explanation = admin.get("/v1/contacts/c2").json()
    assert (explanation["customer_id"], explanation["queue"]) == (WHO, "everybody")  # the rule names nobody now
    assert admin.post("/v1/contacts", json={"id": "c1", "customer_id": WHO}).status_code == 409


def test_erasing_again_or_somebody_unknown_changes_nothing(bench: Workbench) -> None:
    admin = bench.client()
    serve(admin, "c1")
    erase(admin)
    before = stored(bench)

    assert erase(admin) == {"erasure": None, "contacts": 0, "rule_versions": 0}
    assert erase(admin, "nobody") == {"erasure": None, "contacts": 0, "rule_versions": 0}
    assert stored(bench) == before


def test_other_customers_stay(bench: Workbench) -> None:
    admin = bench.client()
    serve(admin, "c1")
    serve(admin, "c2", customer_id=f"x{WHO}")

    erase(admin)

    assert admin.get("/v1/contacts/c2").json()["customer_id"] == f"x{WHO}"
    assert admin.get("/v1/contacts/c1").json()["customer_id"] is None


def test_a_customer_of_another_workspace_is_not_touched(bench: Workbench) -> None:
    serve(bench.client(), "c1")
    with Workbench(database=bench.url) as other:
        assert erase(other.client())["contacts"] == 0

    assert bench.client().get("/v1/contacts/c1").json()["customer_id"] == WHO


def test_who_may_erase(bench: Workbench) -> None:
    answer = bench.client("supervisor").post("/v1/customers/erase", json={"customer_id": WHO})

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
