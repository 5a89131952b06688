"""The server starts anew, or dies and its standby leads: nodes find it, by the URL's list of servers or by an address
that moves."""

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from assigner.store.database import Database, StoreUnavailable
from assigner.store.migrate import migrate
from assigner.store.private_server import PrivateServer
from tests.faults.cluster import Proxy
from tests.postgres.nodes import RunningNode, wait_until
from tests.postgres.standby import leading_and_following, let_lead

pytestmark = pytest.mark.timeout(240)
"""Processes and servers start slowly where others want the machine as well."""

Way = tuple[str, Callable[[], None]]
"""The URL of a node, and what happens to it when another server leads."""


@contextmanager
def list_of_servers(leading: PrivateServer, following: PrivateServer, _: Path) -> Iterator[Way]:
    hosts = "&".join(f"host={Path(each.socket).parent}" for each in (following, leading))
    yield f"postgresql://postgres@/postgres?{hosts}&target_session_attrs=read-write", lambda: None


@contextmanager
def address_that_moves(leading: PrivateServer, following: PrivateServer, folder: Path) -> Iterator[Way]:
    proxy = Proxy(folder / "proxy", leading.socket)

    def move() -> None:
        proxy.lead_to(following.socket)

    yield f"postgresql://postgres@/postgres?host={proxy.folder}", move
    proxy.close()


@pytest.mark.parametrize("way", [list_of_servers, address_that_moves])
def test_work_goes_on_where_it_stood_when_another_server_leads(
    way: Callable[[PrivateServer, PrivateServer, Path], AbstractContextManager[Way]], tmp_path: Path
) -> None:
    with leading_and_following() as (leading, following), way(leading, following, tmp_path) as (url, move):
        database = Database(url)
        migrate(database)
        node = RunningNode(url)
        node.let_ana_be_online()
        node.send("c1")
        wait_until(lambda: node.holder("c1") == "ana")

        let_lead(leading, following)
        move()
        took = wait_until(lambda: is_taken(node, "c2"))
        wait_until(lambda: node.holder("c2") == "ana")
        decides, before = node.product.decides(node.number), node.holder("c1")
        node.stop()
        database.close()

    print(f"taken in again after {took:.1f} s")
    assert (decides, before) == (True, "ana")
    assert took < 10


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["in order", "as in a crash"])
def test_work_goes_on_where_it_stood_when_the_server_has_started_anew(how: signal.Signals) -> None:
    server = PrivateServer()
    server.start()
    database = Database(server.url())
    migrate(database)
    node = RunningNode(server.url())
    node.let_ana_be_online()
    node.send("c1")
    wait_until(lambda: node.holder("c1") == "ana")

    server.restart(how=how)
    node.send("c2")
    wait_until(lambda: node.holder("c2") == "ana")
    decides, before = node.product.decides(node.number), node.holder("c1")
    node.stop()
    database.close()
    server.stop()

    assert (decides, before) == (True, "ana")


def test_a_standby_is_read_only_and_said_to_be_as_long_as_it_follows() -> None:
    with leading_and_following() as (leading, following):
        database = Database(leading.url())
        migrate(database)
        database.close()
        standby = Database(following.url())
        with pytest.raises(StoreUnavailable) as refused:
            standby.check_writable()

        let_lead(leading, following)
        standby.drop_idle()
        standby.check_writable()
        standby.close()

    assert "standby" in str(refused.value)


def is_taken(node: RunningNode, contact_id: str) -> bool:
    """Whether a contact is taken in, after what fails meanwhile has been told clearly."""
    try:
        node.send(contact_id)
    except StoreUnavailable:
        return False
    return True
