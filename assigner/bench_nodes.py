"""The nodes of a Workbench: whole products on one database and one clock, of which one decides.

What LISTEN and NOTIFY do between real nodes is done here at once: the others hear of every commit before it is
answered, and the one that decides does so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import cycle

from sqlalchemy import Connection

from assigner.api.app import create_app
from assigner.dispatcher import earliest
from assigner.product import Product
from assigner.settings import Settings
from assigner.store.database import Database
from assigner.store.group import Taken
from assigner.store.leases import COUNT_UP
from assigner.store.rows import Entry
from assigner.webhooks.address import LOOPBACK
from assigner.webhooks.sender import Sender


class Turn:
    """Which of some nodes decides, and whether it has written a decision yet."""

    def __init__(self) -> None:
        self.index = 0
        self.is_new = True


class Right:
    """What lets one node decide while it is its turn, as `Leases` do for a node that serves."""

    age = 0.0

    def __init__(self, turn: Turn, index: int, database: Database) -> None:
        self._turn = turn
        self._index = index
        self._database = database

    def is_held(self, _number: int, /) -> bool:
        """Whether it is this node's turn."""
        return self._turn.index == self._index

    @contextmanager
    def writing(self, _number: int, /) -> Iterator[Connection]:
        """A transaction. Raises StoreUnavailable, OutcomeUnknown."""
        with self._database.writing() as connection:
            yield connection
        self._turn.is_new = False

    def confirm(self, connection: Connection, number: int, _taken: Taken, /) -> None:
        """The first commit of a node that has come to decide counts up the epoch."""
        if self._turn.is_new:
            connection.exec_driver_sql(COUNT_UP, (number,))


class BenchNode:
    """One product, with what sends its events and answers its requests."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime], right: Right | None) -> None:
        self.product = Product(database, clock=clock, inline=True, leases=right)
        self.sender = Sender(self.product, allowed=LOOPBACK)
        self.app = create_app(self.product, Settings(webhook_networks=LOOPBACK))

    def settle(self) -> None:
        """Decide and send until nothing is left."""
        self.product.settle()
        while self.sender.step():
            self.product.settle()


class BenchNodes:
    """As many nodes as were asked for. `checkpoint` is called with the name of each step of a commit."""

    def __init__(
        self, url: str, number: int, *, clock: Callable[[], datetime], count: int, checkpoint: Callable[[str], None]
    ) -> None:
        self._url = url
        self._number = number
        self._clock = clock
        self._checkpoint = checkpoint
        self._turn = Turn()
        self._committing = 0
        self._commits = 0
        self._is_alone = count == 1
        self._nodes: list[BenchNode] = []
        self._nodes += [self._begun(index) for index in range(count)]
        self._in_turn = cycle(range(count))

    @property
    def deciding(self) -> BenchNode:
        """The node that decides."""
        return self._nodes[self._turn.index]

    def take(self) -> BenchNode:
        """The node that is asked next: each in turn, as behind a load balancer."""
        return self._nodes[next(self._in_turn)]

    def settle(self) -> None:
        """Until no node has anything left to do at this instant."""
        before = -1
        while before != self._commits:
            before = self._commits
            for node in self._nodes:
                node.settle()

    def next_instant(self) -> datetime | None:
        """When there is something to do, or to send again."""
        products = (node.product.next_instant() for node in self._nodes)
        return earliest(*products, *(node.sender.next_instant() for node in self._nodes))

    def restart(self) -> None:
        """Kill all nodes and start them again."""
        for index in range(len(self._nodes)):
            self._replace(index)

    def bury(self) -> None:
        """The node that died while it committed starts again; where it was the one that decided, the next does now."""
        self._replace(self._committing)
        if self._turn.index == self._committing and not self._is_alone:
            self._turn.index = (self._turn.index + 1) % len(self._nodes)
            self._turn.is_new = True

    def stop(self) -> None:
        """End all nodes."""
        for node in self._nodes:
            node.product.stop()

    def _begun(self, index: int) -> BenchNode:
        database = Database(self._url)
        node = BenchNode(
            database, clock=self._clock, right=None if self._is_alone else Right(self._turn, index, database)
        )
        node.product.dispatcher(self._number).checkpoint = partial(self._pass, index)
        node.product.written.append(partial(self._heard, index))
        return node

    def _replace(self, index: int) -> None:
        self._nodes[index].product.database.close()
        self._nodes[index] = self._begun(index)

    def _pass(self, index: int, step: str) -> None:
        self._committing = index
        self._checkpoint(step)

    def _heard(self, index: int, workspace: int, change_no: int, _entries: list[Entry]) -> None:
        """The other nodes hear that one has committed; the one that decides follows at once."""
        self._commits += 1
        for other, node in enumerate(self._nodes):
            if other != index:
                node.product.dispatcher(workspace).hear(change_no)
                if other == self._turn.index:
                    node.product.settle()
