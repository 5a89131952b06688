"""Lists of contacts with their filters and cursors, and what an agent sees of them."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.api.service import Service


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    """Ana of Madrid holds m1; m2, m3 and l1 of Lisbon wait, m3 the most urgent; m4 was abandoned."""
    service = Service(database_url)
    for office in ("madrid", "lisbon"):
        service.add_office(office)
    service.add_agent("ana", offices=("madrid",), capacity=1)
    service.sign_in("ana")
    client = service.client()
    for contact_id, office, priority in (
        ("m1", "madrid", 0),
        ("m2", "madrid", 0),
        ("l1", "lisbon", 0),
        ("m3", "madrid", 5),
    ):
        client.post("/v1/contacts", json={"id": contact_id, "office": office, "priority": priority})
    client.post("/v1/contacts", json={"id": "m4", "office": "madrid"})
    client.post("/v1/contacts/m4/abandon")
    yield service
    service.product.stop()


def all_pages(client: TestClient, query: str) -> list[str]:
    """The ids of a whole list, read two at a time."""
    found: list[str] = []
    cursor = ""
    while True:
        page = client.get(f"/v1/contacts?{query}&limit=2{cursor}").json()
        found += (item["id"] for item in page["items"])
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param("", ["m1", "m2", "l1", "m3", "m4"], id="all, as they arrived"),
        pytest.param("state=queued", ["m3", "m2", "l1"], id="waiting, in the order of serving"),
        pytest.param("state=queued&queue=madrid", ["m3", "m2"], id="waiting in a queue"),
        pytest.param("state=queued&office=lisbon", ["l1"], id="waiting for an office"),
        pytest.param("state=assigned", ["m1"], id="held"),
        pytest.param("state=abandoned", ["m4"], id="abandoned"),
        pytest.param("agent=ana", ["m1"], id="held by one"),
        pytest.param("queue=lisbon", ["l1"], id="of a queue"),
        pytest.param("office=madrid", ["m1", "m2", "m3", "m4"], id="of an office"),
        pytest.param("agent=nobody", [], id="of nobody"),
    ],
)
def test_lists_are_filtered_and_paged(service: Service, query: str, ids: list[str]) -> None:
    assert all_pages(service.client(), query) == ids


@pytest.mark.parametrize(
    ("query", "field"),
    [
        pytest.param("state=waiting", "state", id="unknown state"),
        pytest.param("limit=0", "limit", id="limit too small"),
        pytest.param("cursor=nonsense", "cursor", id="a cursor of nowhere"),
        pytest.param("state=queued&cursor=MQ", "cursor", id="a cursor of another list"),
    ],
)
def test_a_bad_query_is_refused(service: Service, query: str, field: str) -> None:
    answer = service.client().get(f"/v1/contacts?{query}")

    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param("", ["m1", "m2", "m3"], id="own and waiting"),
        pytest.param("state=queued", ["m3", "m2"], id="waiting"),
    ],
)
def test_an_agent_sees_own_contacts_and_those_that_wait_in_own_queues(
    service: Service, query: str, ids: list[str]
) -> None:
    assert all_pages(service.sign_in("ana", again=True), query) == ids


@pytest.mark.parametrize(
    ("contact_id", "status"),
    [
        pytest.param("m1", 200, id="own"),
        pytest.param("m2", 200, id="waits in an own queue"),
        pytest.param("l1", 403, id="waits elsewhere"),
        pytest.param("m4", 403, id="ended elsewhere"),
        pytest.param("m9", 404, id="none"),
    ],
)
@pytest.mark.parametrize("what", ["", "/explanation", "/history"])
def test_an_agent_asks_for_one_contact(service: Service, contact_id: str, status: int, what: str) -> None:
    assert service.sign_in("ana", again=True).get(f"/v1/contacts/{contact_id}{what}").status_code == status


def test_a_key_of_the_role_agent_is_no_agent_and_sees_nothing(service: Service) -> None:
    assert service.client("agent").get("/v1/contacts").json()["items"] == []


@pytest.fixture
def many_ended(service: Service) -> Service:
    """Ana has ended m1, m2 and m3, and holds m5; Ben has ended l1; m4 ended with nobody."""
    service.add_agent("ben", offices=("lisbon",), capacity=1)
    service.sign_in("ben")
    client = service.client()
    for contact_id in ("l1", "m1", "m3", "m2"):
        client.post(f"/v1/contacts/{contact_id}/close").raise_for_status()
    client.post("/v1/contacts", json={"id": "m5", "office": "madrid"})
    return service


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param("", ["m1", "m2", "l1", "m3", "m4", "m5"], id="all, as they arrived"),
        pytest.param("state=closed", ["m1", "m2", "l1", "m3"], id="closed"),
        pytest.param("agent=ana", ["m1", "m2", "m3", "m5"], id="of one"),
        pytest.param("agent=ana&state=closed", ["m1", "m2", "m3"], id="closed by one"),
        pytest.param("agent=ana&state=assigned", ["m5"], id="held by one"),
        pytest.param("agent=ana&state=abandoned", [], id="abandoned by one"),
        pytest.param("agent=ben&queue=lisbon", ["l1"], id="of one, and a queue"),
        pytest.param("agent=ben&queue=madrid", [], id="of one, and another queue"),
    ],
)
def test_contacts_that_have_ended_are_listed_with_whom_they_ended(
    many_ended: Service, query: str, ids: list[str]
) -> None:
    assert all_pages(many_ended.client(), query) == ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param("", ["m1", "m2", "m3", "m5"], id="all"),
        pytest.param("state=closed", ["m1", "m2", "m3"], id="closed"),
        pytest.param("state=abandoned", [], id="ended with nobody"),
        pytest.param("agent=ana", ["m1", "m2", "m3", "m5"], id="own by name"),
        pytest.param("agent=ben", [], id="of another"),
        pytest.param("agent=ben&state=closed", [], id="closed by another"),
    ],
)
def test_an_agent_sees_what_ended_with_that_agent_and_with_nobody_else(
    many_ended: Service, query: str, ids: list[str]
) -> None:
    assert all_pages(many_ended.sign_in("ana", again=True), query) == ids
