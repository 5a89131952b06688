"""What has ended long ago is deleted, and nothing that is kept is lost: stories, decisions, reports, last holders."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from assigner.listening import missed_since
from assigner.pruner import ONE_PIECE, Pruner
from assigner.service.verify import Verified, verify
from assigner.store.database import Database
from assigner.store.load import CHANGE, CONTACT, CONTACT_DATA, ENDED_WITH
from assigner.store.log_start import LogStart, log_start
from assigner.store.pruning import Bounds
from assigner.testing import Workbench
from tests.faults.test_repeated_decisions import RULES, Day

DAY = 24 * 3600


@pytest.fixture
def bench(database_url: str) -> Iterator[Workbench]:
    with Workbench(database=database_url, rules=RULES) as bench:
        yield bench


def number(bench: Workbench) -> int:
    return bench.product.workspaces()[0]


def prune(bench: Workbench, *, keep_days: int = 1, bounds: Bounds = ONE_PIECE) -> int:
    """Until nothing is left to do; how many pieces it took."""
    pruner, steps = Pruner(bench.product, keep_days=keep_days, bounds=bounds), 0
    while pruner.step(number(bench)):
        steps += 1
    return steps


def start_of(bench: Workbench) -> LogStart | None:
    with bench.product.database.reading() as connection:
        return log_start(connection, number(bench))


def repeated(bench: Workbench) -> Verified:
    database = Database(bench.url)
    verified = verify(database, number(bench))
    database.close()
    return verified


def rows(bench: Workbench) -> dict[str, int]:
    with bench.product.database.reading() as connection:
        return {
            str(table.name): connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (CHANGE, CONTACT, CONTACT_DATA, ENDED_WITH)
        }


def with_whom(bench: Workbench) -> list[tuple[str, int]]:
    """The agents of contacts that have ended, as it is remembered apart."""
    with bench.product.database.reading() as connection:
        return sorted((row.agent_id, row.number) for row in connection.execute(select(ENDED_WITH)))


def ended_with(bench: Workbench) -> list[tuple[str, int]]:
    """The same, as the contacts tell it."""
    ended = select(CONTACT).where(CONTACT.c.closed_at.is_not(None), CONTACT.c.agent_id.is_not(None))
    with bench.product.database.reading() as connection:
        return sorted((row.agent_id, row.number) for row in connection.execute(ended))


def stories(day: Day) -> dict[str, tuple[Any, Any]]:
    """Every contact with its history."""
    found = day.admin.get("/v1/contacts?limit=200").json()
    assert found.get("next_cursor") is None, "the tests of this file are about fewer contacts than a page holds"
    return {
        each["id"]: (each, day.admin.get(f"/v1/contacts/{each['id']}/history?limit=200").json())
        for each in found["items"]
    }


def last_holders(bench: Workbench) -> dict[str, str]:
    with bench.product.reading(number(bench)) as workspace:
        return dict(workspace.floor.last_holder)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_kept_is_as_it_was_and_decisions_can_still_be_repeated(bench: Workbench, seed: int) -> None:
    day = Day(bench, seed)
    day.happen(70)
    bench.advance(2 * DAY)
    day.happen(50)
    cut, before = bench.now - timedelta(days=1), with_whom(bench)
    told, holders = stories(day), last_holders(bench)
    old = {each for each, (contact, _) in told.items() if contact["closed_at"] and _instant(contact["closed_at"]) < cut}

    prune(bench)
    bench.restart()
    verified = repeated(bench)

    assert 0 < len(old) < len(told)
    assert stories(day) == {each: story for each, story in told.items() if each not in old}
    assert last_holders(bench) == holders
    assert 0 < len(with_whom(bench)) < len(before)
    assert with_whom(bench) == ended_with(bench)
    assert verified.differences == ()
    assert verified.since is not None
    assert verified.since <= cut
    assert 0 < verified.decisions < len(told)
    day.happen(25)
    assert repeated(bench).differences == ()


def test_a_log_is_cut_again_and_again_and_goes_on(bench: Workbench) -> None:
    day, sizes = Day(bench, 7), []
    for _ in range(4):
        day.happen(30)
        bench.advance(DAY)
        assert prune(bench, bounds=Bounds(contacts=5, lines=10, followed=40)) > 1
        sizes.append(rows(bench))
        assert repeated(bench).differences == ()
        bench.restart()

    assert sizes[-1]["change"] < 3 * sizes[1]["change"]
    assert sizes[-1]["contact"] == sizes[-1]["contact_data"]


def test_nothing_to_delete_is_nothing_to_do(bench: Workbench) -> None:
    day = Day(bench, 1)
    day.happen(20)

    assert (prune(bench), start_of(bench)) == (0, None)
    assert Pruner(bench.product, keep_days=None).step(number(bench)) is False


def test_pruning_twice_does_nothing_more(bench: Workbench) -> None:
    Day(bench, 1).happen(40)
    bench.advance(3 * DAY)

    assert (prune(bench) > 1, prune(bench)) == (True, 0)


def test_an_id_that_was_deleted_is_that_of_a_new_contact(bench: Workbench) -> None:
    admin = bench.client()
    body = {"id": "c1", "channel": "chat"}
    admin.post("/v1/contacts", json=body).raise_for_status()
    admin.post("/v1/contacts/c1/abandon", json={}).raise_for_status()
    assert admin.post("/v1/contacts", json=body).status_code == 200
    bench.advance(3 * DAY)

    prune(bench)

    assert admin.get("/v1/contacts/c1").status_code == 404
    assert admin.post("/v1/contacts", json=body).status_code == 201
    assert [event["type"] for event in bench.events() if event["subject"] == "c1"] == ["contact.queued"]


def test_what_customers_said_is_not_kept_with_the_board(bench: Workbench) -> None:
    admin = bench.client()
    body = {"id": "c1", "channel": "chat", "customer_id": "anna@example.org", "attributes": {"topic": "private"}}
    admin.post("/v1/contacts", json=body).raise_for_status()
    bench.advance(3 * DAY)
    admin.post("/v1/contacts", json={"id": "c2", "channel": "chat"}).raise_for_status()

    prune(bench)

    with bench.product.database.reading() as connection:
        board = connection.exec_driver_sql("SELECT board FROM log_start").scalar_one()
    assert b"c1" in board
    assert b"anna" not in board
    assert b"private" not in board
    assert admin.get("/v1/contacts/c1").json()["customer_id"] == "anna@example.org"


def test_reports_tell_since_when_they_can(bench: Workbench) -> None:
    day = Day(bench, 3)
    day.happen(40)
    bench.advance(2 * DAY)
    day.happen(30)
    asked = "/v1/reports/contacts?from=2026-01-07&to=2026-01-09&bucket=day"
    agents = "/v1/reports/agents?from=2026-01-07&to=2026-01-09&bucket=day"
    whole, people = day.admin.get(asked).json(), day.admin.get(agents).json()

    prune(bench)

    start = start_of(bench)
    assert start is not None
    kept = start.at.isoformat().replace("+00:00", "Z")
    assert whole["kept_since"] is None
    assert day.admin.get(asked).json() == {**whole, "kept_since": kept}
    assert day.admin.get(agents).json()["items"] == people["items"]
    earlier = day.admin.get("/v1/reports/contacts?from=2026-01-05&to=2026-01-08&bucket=day").json()
    assert [row["complete"] for row in earlier["items"]] == [False, True, False]


def test_events_that_webhooks_have_not_been_sent_yet_are_waited_for(bench: Workbench) -> None:
    admin = bench.client()
    made = admin.post("/v1/webhooks", json={"url": "https://93.184.216.34/", "types": ["contact.queued"]})
    made.raise_for_status()
    webhook = f"/v1/webhooks/{made.json()['id']}"
    admin.post("/v1/contacts", json={"id": "c1", "channel": "chat"}).raise_for_status()
    admin.post("/v1/contacts/c1/abandon", json={}).raise_for_status()
    bench.advance(3 * DAY, run=False)
    admin.post("/v1/contacts", json={"id": "c2", "channel": "chat"}).raise_for_status()

    prune(bench)
    waited = admin.get("/v1/contacts/c1").status_code
    admin.delete(webhook).raise_for_status()
    prune(bench)

    assert (waited, admin.get("/v1/contacts/c1").status_code) == (200, 404)


def test_who_was_away_for_longer_than_the_log_is_kept_reads_everything_again(bench: Workbench) -> None:
    day = Day(bench, 2)
    day.happen(30)
    last_seen = bench.events()[-1]["id"]
    bench.advance(3 * DAY)
    day.happen(5)
    assert missed_since(bench.product, number(bench), last_seen)

    prune(bench)

    newest = bench.events()[-1]["id"]
    assert missed_since(bench.product, number(bench), last_seen) is None
    assert missed_since(bench.product, number(bench), newest) == []


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
