"""What a client is told when the way to the database breaks: done, not done, or that nobody knows; never half of it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from assigner.service import contacts
from assigner.service.contacts import Accepted
from assigner.store.database import OutcomeUnknown, StoreUnavailable
from assigner.store.load import changes_after
from rules.model import Contact
from tests.databases import Server
from tests.faults.test_races import Gate
from tests.postgres.breaking import BreakingProxy, Trouble, breaking
from tests.postgres.nodes import PATIENCE, RunningNode, wait_until


@pytest.fixture
def broken(server: Server, tmp_path: Path) -> Iterator[tuple[RunningNode, BreakingProxy]]:
    """A node behind a proxy, with an agent who is Online."""
    with server.migrated() as url, breaking(tmp_path, url) as (proxy, behind):
        node = RunningNode(behind)
        wait_until(lambda: node.product.decides(node.number))
        node.let_ana_be_online()
        yield node, proxy
        node.stop()


def send(node: RunningNode, contact_id: str) -> Accepted:
    contact = Contact(id=contact_id, channel="chat", arrived_at=node.product.clock())
    request = partial(contacts.accept, actor=node.admin, contact=contact, sent=contact_id.encode())
    return node.product.submit(node.number, request, contact_ids=(contact_id,)).result(PATIENCE)


def arrivals(node: RunningNode) -> list[str]:
    with node.product.database.reading() as connection:
        lines = changes_after(connection, node.number, (0, -1), limit=1000)
    return [entry.subject for *_, entry in lines if entry.kind == "contact.queued"]


@pytest.mark.parametrize(
    ("trouble", "was_done"), [(Trouble.LOST_BEFORE_COMMIT, False), (Trouble.LOST_AFTER_COMMIT, True)]
)
def test_a_commit_whose_outcome_nobody_knows_is_answered_as_such_and_can_be_asked_again(
    broken: tuple[RunningNode, BreakingProxy], trouble: Trouble, was_done: bool
) -> None:
    node, proxy = broken
    proxy.trouble = trouble

    with pytest.raises(OutcomeUnknown):
        send(node, "c1")
    again = send(node, "c1")

    assert again.created is not was_done
    wait_until(lambda: node.holder("c1") == "ana")
    assert arrivals(node) == ["c1"]


def test_a_full_disk_refuses_changes_clearly_and_nothing_is_half_done_when_there_is_room_again(
    broken: tuple[RunningNode, BreakingProxy],
) -> None:
    node, proxy = broken
    proxy.trouble = Trouble.DISK_FULL

    with pytest.raises(StoreUnavailable, match="No space left on device"):
        send(node, "c1")
    assert arrivals(node) == []
    proxy.trouble = None

    assert send(node, "c1").created
    wait_until(lambda: node.holder("c1") == "ana")


def test_a_connection_that_is_ended_before_anything_was_written_costs_a_moment_and_no_answer(
    broken: tuple[RunningNode, BreakingProxy], server: Server
) -> None:
    node, _ = broken
    gate = Gate("decided")
    node.product.dispatcher(node.number).checkpoint = gate
    contact = Contact(id="c1", channel="chat", arrived_at=node.product.clock())
    request = partial(contacts.accept, actor=node.admin, contact=contact, sent=b"c1")
    answer = node.product.submit(node.number, request, contact_ids=("c1",))
    assert gate.reached.wait(PATIENCE)

    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
            " AND application_name = %s",
            (f"assigner {node.id}",),
        )
    gate.open()

    assert answer.result(PATIENCE).created
    wait_until(lambda: node.holder("c1") == "ana")
    assert arrivals(node) == ["c1"]


def test_a_pool_without_a_free_connection_is_waited_for_and_then_told_of(
    broken: tuple[RunningNode, BreakingProxy],
) -> None:
    node, _ = broken
    pool = node.product.database.engine
    taken = [pool.connect() for _ in range(20)]

    with pytest.raises(StoreUnavailable, match="QueuePool limit"):
        node.seen(lambda workspace: workspace)
    for each in taken:
        each.close()

    assert node.seen(lambda workspace: set(workspace.agents)) == {"ana"}
