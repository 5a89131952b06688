"""What a durable assignment costs on SQLite (P4), and a second's inputs of everybody on either database (P11).

A backlog that waits for assignment to be switched on is drained by the dispatcher, with all that the product writes;
beside it the sqlite3 module alone changes one row per transaction. Both wait for the disk (synchronous=FULL)."""

import shutil
import sqlite3
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from assigner.benchmarks.databases import Place, Weighed
from assigner.benchmarks.measure import Figure, Unit, in_turn, per_second
from assigner.benchmarks.prepared import drain, prepare
from assigner.product import Product
from assigner.store.database import Database
from assigner.store.group import take_workspace, write_group
from assigner.store.rows import input_rows
from assigner.wiring import wall_clock
from presence.model import Report

NUMBER = 1
"""Of the only workspace."""


class Backlog:
    """A database with contacts that wait, of which every round drains a copy."""

    def __init__(self, folder: Path, *, agents: int, contacts: int) -> None:
        self._full, self._drained, self._contacts = folder / "full.db", folder / "drained.db", contacts
        self.bytes_per_assignment, self.rows_per_assignment = 0.0, 0.0
        prepare(f"sqlite:///{self._full}", agents=agents, contacts=contacts, enabled=False)

    def drain(self) -> float:
        """Durable assignments per second."""
        _remove(self._drained)
        shutil.copy(self._full, self._drained)
        product = Product(Database(f"sqlite:///{self._drained}"), clock=wall_clock, inline=True)
        product.dispatcher(NUMBER).step()
        rows = _rows_written(product.database)
        rate = drain(product, NUMBER, contacts=self._contacts)
        self.rows_per_assignment = (_rows_written(product.database) - rows) / self._contacts
        grown = self._drained.stat().st_size + _journal(self._drained).stat().st_size - self._full.stat().st_size
        self.bytes_per_assignment = grown / self._contacts
        product.stop()
        return rate


def drain_rate(*, agents: int, contacts: int, single: int, rounds: int) -> list[Figure]:
    """P4: durable assignments per second, of the whole product and one row per transaction."""
    with TemporaryDirectory(prefix="bench-") as folder:
        backlog = Backlog(Path(folder), agents=agents, contacts=contacts)
        alone = partial(_one_row_each, Path(folder) / "alone.db", single)
        rate = in_turn({"product": backlog.drain, "alone": alone}, rounds=rounds)
    return [
        Figure(
            name="P4",
            on="SQLite",
            what=f"durable assignments, draining {contacts:,} with {agents:,} agents ÷ one row per transaction",
            case=rate["product"],
            other=rate["alone"],
            at_least=6.0,
            unit=Unit.RATE,
            remark=f"{backlog.bytes_per_assignment:,.0f} bytes, {backlog.rows_per_assignment:.2f} rows each",
        )
    ]


def input_cost(place: Place, *, agents: int, rounds: int) -> list[Figure]:
    """P11: the share of a second that it takes to write the inputs of everybody, as the product does every second."""
    url = place.new("inputs")
    prepare(url, agents=0)
    database = Database(url)
    write = Weighed(lambda: 1 / per_second(partial(_write_inputs, database, agents), units=1), place, units=agents)
    taken = in_turn({"": write}, rounds=rounds)
    database.close()
    what = f"writing the inputs of {agents:,} agents, every second"
    return [Figure(name="P11", on=place.name, what=what, case=taken[""], at_most=0.1, remark=str(write))]


def _write_inputs(database: Database, agents: int) -> None:
    now = wall_clock()
    with database.writing() as connection:
        taken, _ = take_workspace(connection, NUMBER)
        report = Report(input_at=now, seen_at=now)
        held = {(f"agent-{each}", f"session-{each}"): report for each in range(agents)}
        write_group(connection, NUMBER, taken.change_no, [], [input_rows(NUMBER, held)])


def _one_row_each(file: Path, count: int) -> float:
    """One claim per transaction, as a program without the product would write it."""
    _remove(file)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE contact (id TEXT PRIMARY KEY, state TEXT, agent_id TEXT) WITHOUT ROWID")
    connection.execute("BEGIN")
    waiting = ((f"waiting-{each}", "queued") for each in range(count))
    connection.executemany("INSERT INTO contact (id, state) VALUES (?, ?)", waiting)
    connection.execute("COMMIT")
    claim = "UPDATE contact SET state = 'assigned', agent_id = ? WHERE id = ? AND state = 'queued'"

    def claim_all() -> None:
        for each in range(count):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(claim, (f"agent-{each % 1000}", f"waiting-{each}"))
            connection.execute("COMMIT")

    rate = per_second(claim_all, units=count)
    connection.close()
    return rate


def _rows_written(database: Database) -> int:
    """How many rows the product's connection has written since it was opened."""
    with database.reading() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        return driver.total_changes


def _journal(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def _remove(file: Path) -> None:
    for each in (file, _journal(file), file.with_name(f"{file.name}-shm")):
        each.unlink(missing_ok=True)
