"""The thread that prunes: it works while nobody asks for it, and goes on after a failure."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from assigner.pruner import Pruner
from assigner.testing import Client, Workbench
from tests.postgres.nodes import wait_until

OFTEN = 0.01
THREE_DAYS = 3 * 24 * 3600


@contextmanager
def pruning(bench: Workbench, *, keep_days: int | None) -> Iterator[None]:
    pruner = Pruner(bench.product, keep_days=keep_days, every=OFTEN)
    pruner.start()
    try:
        yield
    finally:
        pruner.stop()


def with_an_old_contact(bench: Workbench) -> Client:
    """One that ended three days ago, and one that waits since."""
    admin = bench.client()
    for contact_id in ("ended", "waits"):
        admin.post("/v1/contacts", json={"id": contact_id, "channel": "chat"}).raise_for_status()
    admin.post("/v1/contacts/ended/abandon").raise_for_status()
    bench.advance(THREE_DAYS)
    return admin


def contacts(admin: Client) -> list[str]:
    return [each["id"] for each in admin.get("/v1/contacts?limit=200").json()["items"]]


def test_what_has_ended_long_ago_is_deleted_while_nobody_asks(database_url: str) -> None:
    with Workbench(database=database_url) as bench:
        admin = with_an_old_contact(bench)
        with pruning(bench, keep_days=1):
            wait_until(lambda: len(contacts(admin)) == 1)

        assert contacts(admin) == ["waits"]


def test_a_failure_is_told_and_the_next_round_goes_on(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    with Workbench(database=database_url) as bench:
        admin = with_an_old_contact(bench)
        rename(bench, "log_start", "mislaid")
        with caplog.at_level(logging.ERROR), pruning(bench, keep_days=1):
            wait_until(lambda: "could not be pruned; trying again in 0.01 s" in caplog.text)
            assert sorted(contacts(admin)) == ["ended", "waits"]
            rename(bench, "mislaid", "log_start")
            wait_until(lambda: contacts(admin) == ["waits"])


def rename(bench: Workbench, table: str, other: str) -> None:
    with bench.product.database.writing() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {other}"))
