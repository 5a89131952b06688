"""Nodes of one database, each with its threads, in this process: for what is about two products and not about two
processes."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from assigner.asking import Request
from assigner.node import Node
from assigner.product import Product
from assigner.service import agents, contacts, sessions
from assigner.service.actor import ROLES, Actor
from assigner.service.workspace import Workspace
from assigner.store.clock import DatabaseClock
from assigner.store.database import Database
from assigner.store.leases import NAME, Leases
from assigner.store.workspaces import create_workspace
from assigner.wiring import wall_clock
from rules.model import Contact

PATIENCE = 20


class RunningNode:
    """One node, and what can be asked of it. `id` is the name in its leases."""

    def __init__(self, url: str, *workspace_ids: str) -> None:
        self.id = secrets.token_hex(4)
        self.leases = Leases(url, self.id)
        database = Database(url, name=f"{NAME}{self.id}")
        with database.writing() as connection:
            self.numbers = [create_workspace(connection, each) for each in workspace_ids or ("main",)]
        self.enter(self.numbers[0])
        self.product = Product(database, clock=DatabaseClock(wall_clock), leases=self.leases)
        self.node = Node(self.product, self.leases)
        self.node.start()

    def enter(self, number: int) -> None:
        """Ask and look in this workspace from now on."""
        self.number = number
        self.admin = Actor(name="key:1", workspace=number, permissions=ROLES["admin"])

    def ask(self, request: Request[Any]) -> Any:
        """Ask for something, and wait for the answer."""
        return self.product.submit(self.number, request).result(PATIENCE)

    def let_ana_be_online(self, *agent_ids: str, **asked: Any) -> None:
        """Agents are there, and Online."""
        for agent_id in agent_ids or ("ana",):
            asked = {"name": agent_id, **asked}
            self.ask(partial(agents.put_agent, actor=self.admin, agent_id=agent_id, asked=asked))
            self.ask(partial(sessions.begin, actor=self.admin, agent_id=agent_id, session_id=f"{agent_id} 1"))

    def send(self, contact_id: str) -> Any:
        """A contact arrives."""
        contact = Contact(id=contact_id, channel="chat", arrived_at=self.product.clock())
        return self.ask(partial(contacts.accept, actor=self.admin, contact=contact, sent=contact_id.encode()))

    def seen(self, look: Callable[[Workspace], Any]) -> Any:
        """What the workspace looks like here."""
        with self.product.reading(self.number) as workspace:
            return look(workspace)

    def holder(self, contact_id: str) -> str | None:
        """Who holds a contact, as this node knows it."""
        return self.seen(lambda workspace: workspace.floor.contacts[contact_id].agent_id)  # type: ignore[no-any-return]

    def stop(self) -> None:
        """Stop as `serve` does."""
        self.product.stop()
        self.node.stop()


@contextmanager
def two_nodes(url: str, *workspace_ids: str) -> Iterator[tuple[RunningNode, RunningNode]]:
    """The first decides for the first workspace, the second for none where there is only one."""
    first = RunningNode(url, *workspace_ids)
    second = RunningNode(url, *workspace_ids)
    try:
        yield first, second
    finally:
        for each in (first, second):
            each.stop()


def wait_until(is_so: Callable[[], Any], *, within: float = PATIENCE) -> float:
    """How many seconds it took until something was so. Fails where that takes too long."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < within, "it did not come about"
        time.sleep(0.01)
    return time.monotonic() - began
