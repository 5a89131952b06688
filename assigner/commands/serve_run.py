"""Running the product until somebody ends it: lock, migrate, load, listen.

On SIGTERM other nodes may decide at once, the live streams are closed, for a web server waits for those that are open,
and webhooks are sent nothing new; requests in flight are answered, and the process is gone within two seconds."""

import asyncio
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType

import uvicorn

from assigner.api.app import create_app
from assigner.commands.sockets import listening_at
from assigner.logs import tell_operators
from assigner.node import Node
from assigner.old_garbage import old_garbage_waits
from assigner.product import Product
from assigner.pruner import Pruner
from assigner.settings import Settings
from assigner.store.address import is_file, shown
from assigner.store.clock import DatabaseClock
from assigner.store.database import Database
from assigner.store.file_lock import FileLock
from assigner.store.leases import NAME, Leases
from assigner.store.migrate import migrate
from assigner.store.workspaces import create_workspace, workspaces
from assigner.webhooks.metrics import WebhookMetrics
from assigner.webhooks.sender import Sender
from assigner.wiring import wall_clock

MAIN = "main"
"""The workspace that there always is."""
Ending = Callable[[], object]
"""Begins to end something, and does not wait for it."""


class Server(uvicorn.Server):
    """A web server that begins to end everything else as soon as it is told to end."""

    def __init__(self, config: uvicorn.Config, *, started: Callable[[int], None], ends: Sequence[Ending]) -> None:
        super().__init__(config)
        self._started = started
        self._ends = ends

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say at which port."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if self.started:
            self._started(self.servers[0].sockets[0].getsockname()[1])

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Begin to end, in the loop since a signal interrupts anything; the rest ends by itself."""
        for end in self._ends:
            self._loop.call_soon_threadsafe(end)
        self.should_exit = True


def run(settings: Settings, *, started: Callable[[str], None] | None = None) -> None:
    """Serve until told to end; once it listens, `started` is told the address instead of the terminal.

    Raises AlreadyServed, CannotListen, NewerSchema, StoreUnavailable."""

    def listens(port: int) -> None:
        address = settings.public_url or f"http://{settings.host}:{port}"
        if started is not None:
            started(address)
        else:
            print(f"assigner serves {address} (database {shown(settings.database)})", flush=True)

    tell_operators(settings.log_level, settings.log_form)
    lock = FileLock(settings.database)
    lock.take()
    try:
        sockets = listening_at(settings.host, settings.port)
        product, node = open_product(settings.database)
        app = create_app(product, settings)
        sender = Sender(product, allowed=settings.webhook_networks, source=settings.public_url or "")
        app.state.metrics.look_up(partial(WebhookMetrics, product, sender))
        config = uvicorn.Config(
            app,
            log_config=None,  # its lines come out with ours, and ours tell of requests
            access_log=False,
            timeout_graceful_shutdown=1,  # one request that hangs must not keep the process
        )
        sender.start()
        pruner = Pruner(product, keep_days=settings.keep_days)
        pruner.start()
        try:
            ends = [product.close_streams, sender.begin_to_stop]
            if node is not None:
                ends.insert(0, threading.Thread(target=node.hand_over, name="hand over").start)
            with old_garbage_waits():
                Server(config, started=listens, ends=ends).run(sockets)
        finally:
            sender.stop()
            pruner.stop()
            product.stop()
            if node is not None:
                node.stop()
    finally:
        lock.let_go()


def open_product(url: str) -> tuple[Product, Node | None]:
    """The product on a database that is up to date, with every workspace at work; on PostgreSQL as one of several
    nodes. The caller holds the lock of a file."""
    leases = None if is_file(url) else Leases(url, secrets.token_hex(4))
    if leases is not None:
        leases.connect()
    database = Database(url) if leases is None else Database(url, name=f"{NAME}{leases.node_id}")
    migrate(database)
    with database.writing() as connection:
        create_workspace(connection, MAIN)
        numbers = workspaces(connection).values()
    clock = wall_clock if leases is None else DatabaseClock(wall_clock)
    product = Product(database, clock=clock, leases=leases)
    for number in numbers:
        with product.reading(number):
            pass
    if leases is None:
        return product, None
    node = Node(product, leases)
    node.start()
    return product, node
