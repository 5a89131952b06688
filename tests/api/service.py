"""A running service for tests: the whole product in this process, on a clock that the test moves."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event
from starlette.testclient import TestClient

from assigner.api.app import create_app
from assigner.api.credentials import hash_of
from assigner.asking import Request
from assigner.core.changes import AgentPut, OfficePut
from assigner.core.snapshot import SeatRecord
from assigner.product import Product
from assigner.service.actor import ROLES, Actor
from assigner.service.presence import sign_in
from assigner.service.unit import Unit
from assigner.store import tables
from assigner.store.database import Database
from assigner.store.rows import AgentRecord, table_of
from assigner.store.to_write import Row
from presence.model import OfficeFlag, PresenceFacts
from rules.organisation import Agent, Capacity, Office

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SETUP = Actor(name="setup", workspace=1, permissions=ROLES["admin"])


class Service:
    """The product with one workspace, and clients that ask it. Workspace 2 is somebody else's."""

    def __init__(self, url: str, *, inline: bool = True) -> None:
        self.now = START
        database = Database(url)
        make_workspaces(database)
        self.product = Product(database, clock=lambda: self.now, inline=inline)
        self.app = create_app(self.product)

    def client(self, role: str = "supervisor") -> TestClient:
        """A client with the key of a role; "supervisor2" is one of the other workspace, "" has none."""
        headers = {"Authorization": f"Bearer ak_{role}_secret"} if role else {}
        return TestClient(self.app, headers=headers, raise_server_exceptions=False)

    def sign_in(self, agent_id: str, *, again: bool = False, expires_in: float | None = None) -> TestClient:
        """A client with the session of an agent, who is Online; `again`: of the session there is."""
        expires_at = self.now + timedelta(seconds=expires_in) if expires_in is not None else None
        if not again:
            self.do(lambda unit: _sign_in(unit, agent_id, expires_at))
        return TestClient(self.app, headers={"Authorization": f"Bearer {agent_id}-token"})

    def add_office(self, office_id: str) -> None:
        """An office that is always open."""
        office = Office(id=office_id, name=office_id.title())
        self.do(
            lambda unit: unit.record("office.put", office_id, by="setup", change=OfficePut(at=unit.now, office=office))
        )

    def add_agent(
        self, agent_id: str, *, offices: tuple[str, ...] = (), capacity: int | None = None, role: str = "agent"
    ) -> None:
        """An agent who is Offline."""
        limit = Capacity(total=capacity) if capacity is not None else None
        agent = Agent(id=agent_id, name=agent_id.title(), offices=offices, capacity=limit)
        self.do(lambda unit: _put_agent(unit, agent, role))

    def do(self, request: Request[Any]) -> None:
        """Have the service do something that no call of these tests is about."""
        self.product.submit(1, request).result(timeout=10)

    def make_read_only(self) -> None:
        """Let the database refuse every write from now on."""

        def only_read(connection: Any, *_: Any) -> None:
            shared = self.product.database.is_shared
            connection.execute("SET default_transaction_read_only = on" if shared else "PRAGMA query_only=ON")
            connection.commit()

        self.product.database.engine.dispose()
        event.listen(self.product.database.engine, "connect", only_read)

    def pass_seconds(self, seconds: float) -> None:
        """Let time pass, and what is due be done."""
        self.now += timedelta(seconds=seconds)
        self.product.settle()


def make_workspaces(database: Database) -> None:
    """Two workspaces and the keys of all roles."""
    with database.writing() as connection:
        for number in (1, 2):
            values = {"number": number, "id": f"w{number}", "change_no": 0, "arrivals": 0, "turns": 0, "epoch": 0}
            connection.execute(table_of(tables.Workspace).insert(), values)
        keys = [_key(role, 1) for role in ROLES] + [_key(f"{role}2", 2) for role in ROLES]
        connection.execute(table_of(tables.ApiKey).insert(), keys)


def _key(role: str, workspace: int) -> dict[str, Any]:
    return {
        "id": role,
        "workspace": workspace,
        "name": role,
        "role": role.removesuffix("2"),
        "secret_hash": hash_of("secret"),
        "created_at": START,
        "created_by": None,
    }


def _put_agent(unit: Unit, agent: Agent, role: str) -> None:
    flags = tuple(OfficeFlag(office=office, switched_on=True) for office in agent.offices)
    unit.record("agent.changed", agent.id, by="setup", change=AgentPut(at=unit.now, agent=agent))
    seat = SeatRecord(agent=agent, added=0)
    unit.workspace.agents[agent.id] = AgentRecord(seat=seat, facts=PresenceFacts(offices=flags), role=role)


def _sign_in(unit: Unit, agent_id: str, expires_at: datetime | None) -> None:
    sign_in(unit, SETUP, agent_id, f"{agent_id}-session", expires_at=expires_at)
    values = {
        "token_hash": hash_of(f"{agent_id}-token"),
        "workspace": 1,
        "session_id": f"{agent_id}-session",
        "agent_id": agent_id,
        "expires_at": expires_at or datetime(2027, 1, 1, tzinfo=UTC),
    }
    unit.put(Row(table_of(tables.SignIn), values))
