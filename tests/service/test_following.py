"""A node that follows what others commit has in memory what it would have if it loaded the workspace anew."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assigner.core.snapshot import Snapshot, snapshot
from assigner.service.following import FOLLOWED
from assigner.service.memory import Memory
from assigner.service.workspace import Workspace, load_workspace
from assigner.store.load import LAST_ORDINAL, changes_after, find_workspace
from assigner.store.rows import Entry
from assigner.testing import Client, Workbench

AGENTS, CONTACTS = ("ana", "ben"), ("c1", "c2", "c3", "c4")
RULES = {
    "queues": {"vip": {"priority": 5, "strategy": "least_loaded"}},
    "rules": [{"when": {"channel": "chat"}, "then": {"queue": "vip"}}],
}
OFFERING = {
    "offer": {"timeout": 60, "decline_pause": 30, "missed_limit": 1},
    "wrap_up": 30,
    "on_offline": {"contacts": "unanswered", "grace": 30},
}
OF_THIS_PROCESS = {
    "board",
    "agents",
    "sessions",
    "sessions_at_most",
    "used_links",
    "held_inputs",
    "inputs_due_at",
    "late_inputs",
}
NEVER = datetime.max.replace(tzinfo=UTC)
Do = Callable[[Workbench, Client], Any]


def an_agent(agent: str, **fields: Any) -> Do:
    told = {"name": agent, "email": f"{agent}@example.org", "capacity": 2, "weight": 2, **fields}
    return lambda _, admin: admin.put(f"/v1/agents/{agent}", json=told)


def a_contact(contact: str, **fields: Any) -> Do:
    told = {"id": contact, "channel": "chat", "customer_id": "paul", "attributes": {"plan": "gold"}, **fields}
    return lambda _, admin: admin.post("/v1/contacts", json=told)


def post(path: str, **told: Any) -> Do:
    return lambda _, admin: admin.post(f"/v1/{path}", json=told)


def put(path: str, told: Mapping[str, Any]) -> Do:
    return lambda _, admin: admin.put(f"/v1/{path}", json=told)


def passes(seconds: float) -> Do:
    return lambda bench, _: bench.advance(seconds)


FOR_AGENTS: Mapping[str, Callable[[str], Do]] = {
    "is there": an_agent,
    "is there otherwise": lambda agent: an_agent(agent, email=None, offices=["madrid"], skills={"es": 3}),
    "has gone": lambda agent: lambda _, admin: admin.delete(f"/v1/agents/{agent}?reassign=true"),
    "signs in": lambda agent: post(f"agents/{agent}/sessions", id=f"{agent} 1"),
    "signs in again": lambda agent: post(f"agents/{agent}/sessions", id=f"{agent} 2", expires_in=400),
    "signs out": lambda agent: lambda _, admin: admin.delete(f"/v1/sessions/{agent} 1"),
    "is active": lambda agent: post(f"sessions/{agent} 1/activity", age_ms=1500),
    "lives on": lambda agent: post(f"sessions/{agent} 1/activity", age_ms=10_000_000),
    "is busy": lambda agent: put(f"agents/{agent}/status", {"status": "busy"}),
    "is online": lambda agent: put(f"agents/{agent}/status", {"status": "online"}),
    "ends wrap-up": lambda agent: lambda _, admin: admin.delete(f"/v1/agents/{agent}/wrap-up"),
    "is away for an office": lambda agent: put(f"agents/{agent}/offices/madrid/availability", {"available": False}),
}
FOR_CONTACTS: Mapping[str, Callable[[str], Do]] = {
    "arrives": a_contact,
    "arrives with needs": lambda contact: a_contact(contact, office="madrid", skills={"es": 2}, priority=7),
    "is amended": lambda contact: lambda _, admin: admin.patch(f"/v1/contacts/{contact}", json={"priority": 9}),
    "is given by hand": lambda contact: post(f"contacts/{contact}/assign", agent_id="ana"),
    "is returned": lambda contact: post(f"contacts/{contact}/return", exclude_agent=True),
    "moves": lambda contact: post(f"contacts/{contact}/transfer", queue="everybody"),
    "is held": lambda contact: post(f"contacts/{contact}/hold"),
    "is resumed": lambda contact: post(f"contacts/{contact}/resume"),
    "is accepted": lambda contact: post(f"contacts/{contact}/accept"),
    "is declined": lambda contact: post(f"contacts/{contact}/decline"),
    "is answered": lambda contact: post(f"contacts/{contact}/answered"),
    "is closed": lambda contact: post(f"contacts/{contact}/close"),
    "is abandoned": lambda contact: post(f"contacts/{contact}/abandon"),
}
OTHERS: Mapping[str, Do] = {
    "two minutes pass": passes(120),
    "two seconds pass": passes(2),
    "everybody is away": put("offices/madrid/availability", {"available": False}),
    "an office": put("offices/madrid", {"name": "Madrid", "time_zone": "Europe/Madrid"}),
    "rules": put("rules", RULES),
    "no rules": put("rules", {"rules": []}),
    "a flood limit": put("settings/assignment", {"flood_limit": {"contacts": 1, "per": 300}}),
    "offers": put("settings/assignment", OFFERING),
    "a lease": put("settings/presence", {"lease_after": 180}),
    "inactivity": put("settings/presence", {"away_after": 60, "offline_after": 300}),
}
STEPS: Mapping[str, Do] = {
    **OTHERS,
    **{f"{agent} {name}": of(agent) for name, of in FOR_AGENTS.items() for agent in AGENTS},
    **{f"{contact} {name}": of(contact) for name, of in FOR_CONTACTS.items() for contact in CONTACTS},
}
BEGINNING = ("an office", "inactivity", "ana is there", "ben is there", "ana signs in", "ben signs in", "c1 arrives")


def what_counts(workspace: Workspace) -> tuple[Snapshot, dict[str, Any]]:
    """All of a workspace but for the places of agents in their records, which the board knows better. The numbers under
    which agents were added say only who came first: a node that was started later counts from another one. When to
    look again at an agent may be too early, never too late."""
    board = snapshot(workspace.board)
    in_order = sorted(board.seats, key=lambda seat: seat.added)
    seats = tuple(replace(seat, added=place, look_again_at=None) for place, seat in enumerate(in_order))
    contacts = tuple(sorted(board.contacts, key=lambda contact: contact.number))
    offices = tuple(sorted(board.offices, key=lambda office: office.id))
    beside = {name: getattr(workspace, name) for name in Workspace.__slots__ if name not in OF_THIS_PROCESS}
    agents = {agent: replace(record, seat=record.seat.agent) for agent, record in workspace.agents.items()}  # type: ignore[arg-type]
    return replace(board, seats=seats, contacts=contacts, offices=offices), {**beside, "agents": agents}


def looked_at_later(followed: Workspace, loaded: Workspace) -> list[str]:
    """The agents whom one looks at later than the other, or never."""
    instants = {agent: seat.look_again_at for agent, seat in loaded.floor.roster.seats.items()}
    own = {agent: seat.look_again_at or NEVER for agent, seat in followed.floor.roster.seats.items()}
    return [agent for agent, instant in instants.items() if instant is not None and own[agent] > instant]


@settings(max_examples=40)
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=25))
def test_a_workspace_that_is_followed_equals_one_that_is_loaded(steps: list[str]) -> None:
    told: list[tuple[int, list[Entry]]] = []
    with Workbench() as bench:
        admin, database = bench.client(), bench.product.database
        with database.reading() as connection:
            number = find_workspace(connection, bench.workspace_id)
        assert number is not None
        memory = Memory(database, number, clock=lambda: bench.now, tell=lambda *commit: told.append(commit))
        begun = memory.workspace.board.change_no
        for step in (*BEGINNING, *steps):
            STEPS[step](bench, admin)
            memory.catch_up()
            memory.hear_inputs_since(bench.now - timedelta(hours=1))  # of which the log does not tell

            with database.reading() as connection:
                loaded = load_workspace(connection, number, now=bench.now)
            assert what_counts(memory.workspace) == what_counts(loaded)
            assert loaded.sessions.items() <= memory.workspace.sessions.items()
            assert not looked_at_later(memory.workspace, loaded)
        with database.reading() as connection:
            log = changes_after(connection, number, (begun, LAST_ORDINAL), limit=100_000)
    assert [(change_no, entry) for change_no, entries in told for entry in entries] == [
        (change_no, entry) for change_no, _, entry in log
    ]


def test_everyday_changes_are_followed_without_loading_anything_again() -> None:
    with Workbench() as bench:
        admin, database = bench.client(), bench.product.database
        with database.reading() as connection:
            number = find_workspace(connection, bench.workspace_id)
        assert number is not None
        memory = Memory(database, number, clock=lambda: bench.now, tell=lambda *_: None)
        before = memory.workspace
        everyday = ("ana is there", "ana signs in", "c1 arrives", "c1 is held", "c1 is closed", "ana signs out")
        for step in (*everyday, "an office", "rules", "no rules", "offers", "inactivity"):
            STEPS[step](bench, admin)

        memory.catch_up()

        assert memory.workspace is before
        assert {event["type"].partition(".")[0] + "." for event in bench.events()} <= set(FOLLOWED)
