"""The whole product in one process on a virtual clock, for tests of your rules as well as for our own.

Nothing sleeps and nothing listens: a client's request runs through the real HTTP application, is committed to a real
database, and time passes only when `advance` says so. The same tests pass on every machine, at once."""

import json
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Literal, Self

import httpx2
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assigner.api.credentials import hash_of
from assigner.asking import Request
from assigner.bench_nodes import BenchNodes
from assigner.product import Product
from assigner.samples import sample_file
from assigner.service.actor import ROLES, Actor
from assigner.service.ids import new_id
from assigner.service.keys import create_key, new_key
from assigner.service.rules import Draft, put_in_force
from assigner.service.sessions import begin
from assigner.service.told import ABOUT_ACCESS, told
from assigner.service.unit import Unit
from assigner.store.accounts import sign_in_row
from assigner.store.address import is_file
from assigner.store.attempts import forget_attempts
from assigner.store.database import Database
from assigner.store.documents import to_plain
from assigner.store.load import changes_after
from assigner.store.migrate import migrate
from assigner.store.workspaces import create_workspace, erase_workspace
from presence.errors import Invalid
from rules.document import read_document
from rules.parse import parse_rules

Step = Literal["before_commit", "after_commit"]
DATABASE = "ASSIGNER_WORKBENCH_DATABASE"
"""The variable of the environment that names the database of every Workbench that is given none: the same tests run on
SQLite and on PostgreSQL."""
BENCH = "workbench"
"""Who did what a Workbench does by itself."""


class Crash(BaseException):
    """The product dies here. No part of it may catch this, as none could catch a power cut."""


class BenchClock:
    """The clock of a Workbench: it stands still until it is told to go on."""

    def __init__(self, start: str | datetime) -> None:
        instant = datetime.fromisoformat(start) if isinstance(start, str) else start
        if instant.tzinfo is None:
            raise Invalid("invalid", f"the start {start!r} has no time zone; write 2026-01-05T09:00:00Z", field="start")
        self._now = instant.astimezone(UTC)

    def __call__(self) -> datetime:
        """What the clock shows."""
        return self._now

    def in_seconds(self, seconds: float) -> datetime:
        """The instant so many seconds from now, to the millisecond."""
        return self._now + timedelta(milliseconds=round(seconds * 1000))

    def set(self, instant: datetime) -> None:
        """Show another instant from now on."""
        self._now = instant


class Client(TestClient):
    """An HTTP client of the product: `get`, `post`, `put`, `patch`, `delete` and all else of an httpx2 client."""

    def activity(self, *, age_ms: int = 0) -> httpx2.Response:
        """Report input in this session, so many milliseconds ago."""
        return self.post("/v1/sessions/current/activity", json={"age_ms": age_ms})

    def sign_out(self) -> httpx2.Response:
        """End this session."""
        return self.delete("/v1/sessions/current")


@cache
def new_file() -> bytes:
    """What a SQLite file holds that has all tables and nothing in them. Made once: it takes longer than many a test."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/new.db")
        migrate(database)
        database.close()
        return Path(folder, "new.db").read_bytes()


def checked_nodes(nodes: int, database: str | None) -> str | None:
    """The database of a bench that may have so many nodes. Raises Invalid."""
    if nodes < 1:
        raise Invalid("out_of_range", f"{nodes} nodes are none; a bench has at least one", field="nodes")
    if nodes > 1 and (database is None or is_file(database)):
        detail = f"{nodes} nodes need PostgreSQL, since one database file has one: give `database` the URL of a server"
        raise Invalid("invalid", detail, field="nodes")
    return database


def _sign_in(unit: Unit, actor: Actor, agent_id: str, token: str) -> None:
    """A session that does not expire, for whoever shows the token."""
    _, session = begin(unit, actor, agent_id, new_id(now=unit.now))
    unit.put(sign_in_row(unit.workspace.number, agent_id, session, token_hash=hash_of(token)))


class Workbench:
    """One product with an empty workspace, or with the rules or the organisation given.

    `database` is a URL of SQLite or PostgreSQL, by default the one that ASSIGNER_WORKBENCH_DATABASE names, else a
    temporary SQLite file; nothing is left behind on any, and `url` and `workspace_id` tell where the bench lives.
    `start` is the instant at which the clock begins. `rules` is a rule set as a document or the path of one; names in
    it may come to be later. `sample=True` begins with the sample organisation and its rules. With several `nodes`,
    which need PostgreSQL, requests go to each in turn, and one of them decides.

    Example, a test of your own rule set::

        def test_spanish_contacts_wait_for_somebody_who_speaks_it():
            with Workbench(rules=Path("rules.yaml")) as bench:
                admin = bench.client(role="admin")
                admin.put("/v1/offices/madrid", json={"name": "Madrid", "time_zone": "Europe/Madrid"})
                admin.put("/v1/agents/ana", json={"name": "Ana", "offices": ["madrid"], "skills": ["es"]})
                admin.post("/v1/contacts", json={"id": "c1", "channel": "chat", "language": "es"})

                bench.advance(60)
                why = admin.get("/v1/contacts/c1/explanation").json()
                assert why["waiting_because"] == "nobody_online"

                bench.sign_in("ana")
                assert admin.get("/v1/contacts/c1").json()["agent_id"] == "ana"
    """

    def __init__(
        self,
        database: str | None = None,
        start: str | datetime = "2026-01-05T09:00:00Z",
        rules: str | Path | Mapping[str, Any] | None = None,
        sample: bool = False,
        nodes: int = 1,
    ) -> None:
        self._closing = ExitStack()
        self._clock = BenchClock(start)
        self._lock = threading.RLock()
        self._crash_at: Step | None = None
        self.url = checked_nodes(nodes, database or os.environ.get(DATABASE)) or self._temporary_database()
        self.workspace_id = f"{BENCH}-{secrets.token_hex(8)}"
        self._workspace = self._new_workspace()
        self._nodes = BenchNodes(self.url, self._workspace, clock=self._clock, count=nodes, checkpoint=self._pass)
        self._loop = self._closing.enter_context(TestClient(self))
        self._admin = Actor(name=BENCH, workspace=self._workspace, permissions=ROLES["admin"])
        try:
            if sample:
                self._put_organisation(sample_file("organisation.yaml"))
            if sample or rules is not None:
                self._publish(sample_file("rules.yaml") if rules is None else rules)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop the product, and delete all that it wrote."""
        with self.product.database.writing() as connection:
            erase_workspace(connection, self._workspace)
            forget_attempts(connection)
        self._nodes.stop()
        self._closing.close()

    @property
    def product(self) -> Product:
        """The product that runs at the moment; of several nodes that of the one that decides."""
        return self._nodes.deciding.product

    @property
    def now(self) -> datetime:
        """What the clock on the wall shows."""
        return self._clock()

    def client(self, role: str = "admin") -> Client:
        """A program with an API key of this role; it is no agent. Raises Invalid for a role that does not exist."""
        key = new_key(name=f"{BENCH} {role}", role=role)
        self._ask(partial(create_key, actor=self._admin, key=key))
        return self._client(key.shown)

    def sign_in(self, agent_id: str) -> Client:
        """A new session of an agent who is there already, without a password. Raises NotFound."""
        token = secrets.token_urlsafe(24)
        self._ask(partial(_sign_in, actor=self._admin, agent_id=agent_id, token=token))
        return self._client(token)

    def advance(self, seconds: float, *, run: bool = True) -> None:
        """Let time pass, to the millisecond; all that becomes due happens at its instant, in order.

        With `run=False` the machine is paused meanwhile: what has become due happens with the next call, all at
        once."""
        with self._lock:
            until = self._clock.in_seconds(seconds)
            if not run:
                self._clock.set(until)
                return
            self.settle()
            while (due := self._nodes.next_instant()) is not None and due <= until:
                self._clock.set(max(due, self.now))
                self.settle()
            self._clock.set(until)
            self.settle()

    def settle(self) -> None:
        """Until nothing is left to do at this instant."""
        with self._lock, self._survived():
            self._nodes.settle()

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        """Every event behind a number, in the order of commits; `number` counts from 1. Lines about who may come in,
        such as keys that were made, are left out."""
        with self.product.database.reading() as connection:
            lines = changes_after(connection, self._workspace, (0, -1), limit=1_000_000)
        events = [
            to_plain(told(f"{change_no}.{ordinal}", entry))
            for change_no, ordinal, entry in lines
            if not entry.kind.startswith(ABOUT_ACCESS)
        ]
        return [{"number": number, **event} for number, event in enumerate(events, start=1)][after:]

    def step_clock(self, seconds: float) -> None:
        """The clock on the wall is set forward or back; time itself goes on evenly."""
        with self._lock:
            self._clock.set(self._clock.in_seconds(seconds))

    def restart(self) -> None:
        """Kill the product without a farewell and start it again on the same database. Clients and sessions stay."""
        with self._lock:
            self._nodes.restart()

    def crash(self, at: Step) -> None:
        """Let the product die at the next commit, right before it or right after, and start again. Of several nodes the
        one that commits dies, and if it decided, another does from then on.

        The request that it was for ends in httpx2.RemoteProtocolError, as with a connection that broke."""
        self._crash_at = at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The HTTP application of the product that runs at the moment."""
        try:
            await self._nodes.take().app(scope, receive, send)
        except Crash as crash:
            with self._lock:
                self._nodes.bury()
            raise httpx2.RemoteProtocolError(f"the product died {crash}") from None

    def _client(self, credential: str) -> Client:
        client = Client(self, base_url="http://workbench", headers={"authorization": f"Bearer {credential}"})
        client.portal = self._loop.portal
        return client

    def _ask(self, request: Request[Any]) -> None:
        """Have something done without HTTP."""
        with self._lock:
            self.product.submit(self._workspace, request).result()

    def _publish(self, rules: str | Path | Mapping[str, Any]) -> None:
        text = rules.read_text() if isinstance(rules, Path) else rules if isinstance(rules, str) else json.dumps(rules)
        self._ask(partial(put_in_force, actor=self._admin, draft=Draft(text=text, parsed=parse_rules(text))))

    def _put_organisation(self, file: Path) -> None:
        """Put the offices and agents of an organisation document, as a client would."""
        organisation, admin = read_document(file.read_text()).content, self.client(role="admin")
        for kind in ("offices", "agents"):
            for name, document in organisation.get(kind, {}).items():
                admin.put(f"/v1/{kind}/{name}", json=document).raise_for_status()

    def _temporary_database(self) -> str:
        folder = self._closing.enter_context(TemporaryDirectory(prefix="workbench-"))
        Path(folder, "assigner.db").write_bytes(new_file())
        return f"sqlite:///{folder}/assigner.db"

    def _new_workspace(self) -> int:
        database = Database(self.url)
        migrate(database)
        with database.writing() as connection:
            number = create_workspace(connection, self.workspace_id)
        database.close()
        return number

    def _pass(self, step: str) -> None:
        """Called by the product at every step of a commit."""
        if step == self._crash_at:
            self._crash_at = None
            raise Crash(step)

    @contextmanager
    def _survived(self) -> Iterator[None]:
        """Start again after a crash of work that nobody asked for."""
        try:
            yield
        except Crash:
            self._nodes.bury()
            self._nodes.settle()
