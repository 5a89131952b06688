"""kill -9 at any moment: nothing that was accepted is lost, held twice, or given to who was acknowledged as Busy."""

import os
import secrets
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from assigner.service.verify import verify
from assigner.service.workspace import load_workspace
from assigner.store.database import Database
from assigner.store.load import changes_after, find_contacts, find_workspace
from assigner.store.rows import ContactRecord, Entry
from assigner.wiring import wall_clock
from tests.faults.killing import AGENTS, CAPACITY, Busy, load_and_kill
from tests.faults.served import a_key

ROUNDS = int(os.environ.get("ASSIGNER_KILL_ROUNDS", "5"))
SEED = int(os.environ.get("ASSIGNER_KILL_SEED", secrets.randbits(32)))


OFFERING = {
    "offer": {"timeout": 1, "decline_pause": 1},
    "wrap_up": 1,
    "on_offline": {"contacts": "all", "grace": 0},
}


@pytest.mark.timeout(60 + 10 * ROUNDS)
@pytest.mark.parametrize(
    "settings",
    [pytest.param({}, id="assigned at once"), pytest.param(OFFERING, id="offered, wrapped up and given back")],
)
def test_no_accepted_contact_is_lost_or_held_twice_and_busy_is_respected(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "assigner.db"
    print(f"ASSIGNER_KILL_SEED={SEED} ASSIGNER_KILL_ROUNDS={ROUNDS}")
    headers = {"authorization": f"Bearer {a_key(file)}"}

    memory = load_and_kill(file, headers, settings, rounds=ROUNDS, seed=SEED)

    database = Database(f"sqlite:///{file}")
    try:
        log, contacts, number = read(database, memory.accepted | memory.closed)
        assert len(memory.accepted) > ROUNDS
        assert set(contacts) == memory.accepted | memory.closed
        assert {contacts[each].place.state for each in memory.closed} <= {"closed"}
        assert arrivals_twice(log) == []
        assert states_otherwise(log, contacts) == []
        assert bool(memory.accepted_offers) is ("offer" in settings)
        given = automatic(log)
        assert memory.accepted_offers <= {entry.subject for entry in given if entry.data.get("accepted")}
        assert given_while_busy(given, memory.busy) == []
        assert verify(database, number).differences == ()
    finally:
        database.close()


def read(database: Database, known: set[str]) -> tuple[list[Entry], dict[str, ContactRecord], int]:
    """The log, and the contacts that clients know of, as they are stored; the whole workspace can be loaded."""
    with database.reading() as connection:
        number = find_workspace(connection, "main")
        assert number is not None
        log = [entry for *_, entry in changes_after(connection, number, (0, -1), limit=10_000_000)]
        contacts: dict[str, ContactRecord] = {}
        ids = sorted(known)
        for start in range(0, len(ids), 500):
            contacts |= find_contacts(connection, number, ids[start : start + 500])
        workspace = load_workspace(connection, number, now=wall_clock())
    held = Counter(contact.agent_id for contact in workspace.floor.contacts.values() if contact.agent_id)
    seats = [workspace.floor.seat(agent) for agent in AGENTS]
    assert {each.agent.id: each.load - len(each.wrapping_up) for each in seats} == {each: held[each] for each in AGENTS}
    return log, contacts, number


def automatic(log: list[Entry]) -> list[Entry]:
    """What the engine gave to somebody, or offered."""
    given = [entry for entry in log if entry.kind == "contact.assigned" and entry.data["source"] == "automatic"]
    return [*given, *(entry for entry in log if entry.kind == "contact.offered")]


def given_while_busy(given: list[Entry], stretches: list[Busy]) -> list[tuple[Busy, Entry]]:
    """What was given to an agent, or offered, while the agent was acknowledged as Busy."""
    of_agent: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(given, key=attrgetter("at")):
        of_agent[entry.data["agent_id"]].append(entry)
    found = []
    for stretch in stretches:
        entries = of_agent[stretch.agent_id]
        first = bisect_right(entries, stretch.since, key=attrgetter("at"))
        last = bisect_left(entries, stretch.until, key=attrgetter("at"))
        found += [(stretch, entry) for entry in entries[first:last]]
    return found


def arrivals_twice(log: list[Entry]) -> list[str]:
    counts = Counter(entry.subject for entry in log if entry.kind == "contact.queued")
    return [contact_id for contact_id, count in counts.items() if count > 1]


def states_otherwise(log: list[Entry], contacts: dict[str, ContactRecord]) -> list[str]:
    """Contacts that the log gives to two, or leaves in another state than the table; agents with more than they
    take. What is offered is on the agent's hands as well."""
    state: dict[str, str] = {}
    holds: dict[str, set[str]] = defaultdict(set)
    wrong = []
    for entry in log:
        before = state.get(entry.subject)
        match entry.kind:
            case "contact.queued":
                state[entry.subject] = "queued"
            case "contact.offered" | "contact.assigned":
                agent_id = entry.data["agent_id"]
                is_accepted = before == "offered" and entry.subject in holds[agent_id]
                state[entry.subject] = entry.kind.removeprefix("contact.")
                holds[agent_id].add(entry.subject)
                is_right = is_accepted if entry.data.get("accepted") else before == "queued"
                if len(holds[agent_id]) > CAPACITY or not is_right:
                    wrong.append(entry.subject)
            case "contact.closed" | "contact.returned":
                state[entry.subject] = "closed" if entry.kind == "contact.closed" else "queued"
                for each in holds.values():
                    each.discard(entry.subject)
    differing = (name for name, record in contacts.items() if state.get(name) != record.place.state)
    return [*wrong, *differing]
