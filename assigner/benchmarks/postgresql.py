"""What a durable assignment costs on PostgreSQL (P1, P2, P3), beside pgbench on the same server.

A backlog is drained by the dispatcher, with all that the product writes. pgbench claims one contact per transaction, as
programs without the product do: in three statements, in one, and looking for the agent who holds least."""

import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from assigner.benchmarks.databases import PostgresqlServer, Weighed
from assigner.benchmarks.measure import Case, Figure, Unit, in_turn
from assigner.benchmarks.prepared import drain, prepare
from assigner.product import Product
from assigner.store.clock import DatabaseClock
from assigner.store.database import Database
from assigner.wiring import wall_clock

NUMBER = 1
"""Of the only workspace."""
CLIENTS = 4
ROWS_WRITTEN = "SELECT tup_inserted + tup_updated + tup_deleted FROM pg_stat_database WHERE datname = 'drained'"
NO_PGBENCH = "pgbench is not on this machine: nothing to compare with"
TABLES = """
CREATE TABLE contact (id bigint PRIMARY KEY, state text, priority int, queued_at timestamptz, payload text);
CREATE INDEX ON contact (priority DESC, queued_at, id) WHERE state = 'queued';
CREATE TABLE agent (id bigint PRIMARY KEY, status text, open_count int, capacity int, last_assigned_at timestamptz);
CREATE TABLE assignment (contact_id bigint, attempt int, agent_id bigint, at timestamptz, UNIQUE (contact_id, attempt));
"""
CLAIM = (
    "UPDATE contact SET state = 'assigned' WHERE id = (SELECT id FROM contact WHERE state = 'queued'"
    " ORDER BY priority DESC, queued_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"
)
GIVE = "UPDATE agent SET open_count = open_count + 1, last_assigned_at = clock_timestamp() WHERE id = :agent"
LEAST = (
    "SELECT id AS agent FROM agent WHERE status = 'online' AND open_count < capacity"
    " ORDER BY open_count, last_assigned_at, id LIMIT 1 FOR UPDATE \\gset\n"
)
WRITE = "INSERT INTO assignment VALUES (:contact, 1, :agent, clock_timestamp());\nCOMMIT;\n"
ANYBODY = "\\set agent random(1, :agents)\n"
SCRIPTS = {
    "three": f"{ANYBODY}BEGIN;\n{CLAIM} AS contact \\gset\n{GIVE};\n{WRITE}",
    "one": f"{ANYBODY}WITH taken AS ({CLAIM}), given AS ({GIVE})"
    " INSERT INTO assignment SELECT id, 1, :agent, clock_timestamp() FROM taken;\n",
    "least": f"BEGIN;\n{CLAIM} AS contact \\gset\n{LEAST}{GIVE};\n{WRITE}",
}


class Backlogs:
    """A backlog for each number of agents, and the tables that pgbench works on."""

    def __init__(self, place: PostgresqlServer, *, contacts: int, seconds: int) -> None:
        self._place = place
        self._contacts = contacts
        self._seconds = seconds
        self.rows_per_assignment = 0.0

    def fill(self, agents: int) -> None:
        """Make the database that drains begin with, and the one for pgbench."""
        prepare(self._place.new(f"full{agents}"), agents=agents, contacts=self._contacts, enabled=False)
        self._place.new(f"claims{agents}")
        many = f"INSERT INTO agent SELECT n, 'online', 0, 1000000, now() FROM generate_series(1, {agents}) AS n"
        self._place.do(TABLES, many, database=f"claims{agents}")

    def drain(self, agents: int) -> float:
        """Durable assignments per second of the product."""
        copy = f"CREATE DATABASE drained TEMPLATE full{agents} STRATEGY file_copy"
        self._place.do("DROP DATABASE IF EXISTS drained", copy, "CHECKPOINT")
        product = Product(Database(self._place.url("drained")), clock=DatabaseClock(wall_clock), inline=True)
        product.dispatcher(NUMBER).step()
        rate = drain(product, NUMBER, contacts=self._contacts)
        product.stop()
        self.rows_per_assignment = self._place.count(ROWS_WRITTEN) / self._contacts
        return rate

    def weighed(self, agents: int) -> Weighed:
        """The drain, and what it makes the server write for each contact."""
        return Weighed(partial(self.drain, agents), self._place, units=self._contacts)

    def claim(self, agents: int, script: str) -> float:
        """Claims per second of pgbench."""
        rows = 20_000 * self._seconds
        filling = f"SELECT n, 'queued', 0, now(), repeat('x', 300) FROM generate_series(1, {rows}) AS n"
        statements = ("TRUNCATE contact, assignment", f"INSERT INTO contact {filling}", "VACUUM ANALYZE", "CHECKPOINT")
        self._place.do(*statements, database=f"claims{agents}")
        with TemporaryDirectory(prefix="pgbench-") as folder:
            file = Path(folder) / "claim.sql"
            file.write_text(SCRIPTS[script])
            options = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(self._seconds)]
            command = ["pgbench", *options, "-D", f"agents={agents}", "-f", str(file)]
            command.append(self._place.url(f"claims{agents}"))
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found = re.search(r"tps = ([\d.]+)", said)
        if found is None:
            raise LookupError(f"pgbench did not say how fast it was: {said}")
        return float(found[1])


def claim_rates(backlogs: Backlogs, *, few: int, many: int, rounds: int) -> list[Figure]:
    """P1 and P2 with few agents, P3 with many; without pgbench the rows say so."""
    for agents in dict.fromkeys((few, many)):
        backlogs.fill(agents)
    of_few, of_many = (backlogs.weighed(agents) for agents in (few, many))
    cases: dict[str, Case] = {"few": of_few, "many": of_many}
    if shutil.which("pgbench") is not None:
        cases |= {script: partial(backlogs.claim, few, script) for script in ("three", "one")}
        cases["least"] = partial(backlogs.claim, many, "least")
    rate = in_turn(cases, rounds=rounds)
    rows = f", {backlogs.rows_per_assignment:.1f} rows"
    return [
        _figure("P1", rate["few"], rate.get("three"), f"{of_few}{rows}"),
        _figure("P2", rate["few"], rate.get("one"), f"{of_few}{rows}"),
        _figure("P3", rate["many"], rate.get("least"), f"{of_many}{rows}"),
    ]


WHAT = {
    "P1": ("drain ÷ claims of three statements, by pgbench", 5.0),
    "P2": ("drain ÷ claims of one statement, by pgbench", 3.5),
    "P3": ("drain with many agents ÷ claims that look for the least loaded, by pgbench", 60.0),
}


def _figure(name: str, case: float, other: float | None, written: str) -> Figure:
    what, goal = WHAT[name]
    return Figure(
        name=name,
        on=PostgresqlServer.name,
        what=what,
        case=case,
        other=other,
        at_least=goal if other else None,
        unit=Unit.RATE,
        remark=written if other else f"{NO_PGBENCH}; {written}",
    )
