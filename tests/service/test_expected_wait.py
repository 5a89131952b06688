"""What the next contact of a queue may expect to wait: as past ones did, not less than those that wait have waited."""

from collections.abc import Iterator
from contextlib import contextmanager

from assigner.testing import Client, Workbench


@contextmanager
def one_agent() -> Iterator[tuple[Workbench, Client]]:
    """Ana, who holds two contacts at most, in the queue of everybody."""
    with Workbench(rules={"queues": {"all": {}}, "rules": [{"then": {"queue": "all"}}]}) as bench:
        admin = bench.client()
        admin.put("/v1/agents/ana", json={"name": "Ana", "capacity": 2}).raise_for_status()
        yield bench, admin


def send(client: Client, *contacts: str) -> None:
    for each in contacts:
        client.post("/v1/contacts", json={"id": each}).raise_for_status()


def expected(client: Client) -> object:
    return client.get("/v1/queues/all").json()["expected_wait"]


def test_nothing_is_expected_where_nobody_is_there() -> None:
    with one_agent() as (bench, admin):
        send(admin, "c1")
        bench.advance(60)

        assert expected(admin) is None


def test_at_once_where_somebody_is_free_and_nothing_waits() -> None:
    with one_agent() as (bench, admin):
        send(admin, "c1")
        bench.advance(60)
        bench.sign_in("ana")
        bench.settle()

        assert expected(admin) == 0


def test_while_nobody_is_free_it_is_the_middle_past_wait_or_the_middle_age_if_that_is_more() -> None:
    with one_agent() as (bench, admin):
        send(admin, "c1", "c2")
        bench.advance(30)
        bench.sign_in("ana")
        bench.settle()
        send(admin, "c3")
        told = [expected(admin)]
        bench.advance(40)
        told.append(expected(admin))
        send(admin, "c4")
        told.append(expected(admin))
        send(admin, "c5")
        told.append(expected(admin))

        assert told == [30, 40, 30, 30], "c3 alone; it is old; beside c4 in the middle of 40 and 0; beside c4 and c5"


def test_while_nobody_is_free_nobody_is_promised_what_those_had_who_found_somebody_free() -> None:
    with one_agent() as (bench, admin):
        bench.sign_in("ana")
        send(admin, "c1", "c2")

        assert expected(admin) is None


def test_the_age_of_those_who_wait_counts_where_nothing_was_given_out_lately() -> None:
    with one_agent() as (bench, admin):
        bench.sign_in("ana")
        send(admin, "c1", "c2", "c3")
        bench.advance(2 * 3600)

        assert expected(admin) == 2 * 3600


def test_what_needs_more_than_the_queue_says_nothing_while_somebody_is_free() -> None:
    with one_agent() as (bench, admin):
        bench.sign_in("ana")
        admin.post("/v1/contacts", json={"id": "c1", "skills": {"latin": 1}}).raise_for_status()
        bench.advance(300)
        assert expected(admin) is None
        send(admin, "c2")

        assert expected(admin) == 0
