"""What the product asks of the database all the time finds its rows by keys, or by an index that holds only open work:
however many contacts have ended, it reads no more."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import event

from assigner.benchmarks.statements import heard
from assigner.store.database import Database
from assigner.store.log_start import LogStart
from assigner.store.pruning import Bounds, sweep
from assigner.testing import Client, Workbench
from tests.store.ended import COPIES, GROWING, fill

ALLOWED = {
    "contact": {"pk_contact of workspace, id", "ix_contact_open of workspace", "ix_contact_open of workspace, number"},
    "contact_data": {"pk_contact_data of workspace, contact_id"},
    "ended_with": {"pk_ended_with of workspace, agent_id"},
    "change": {"pk_change of workspace"},
}
EQUALS = r"(\w+)\)?(?:::\w+)? ?= ?"
"""A column and what it must be, as the databases spell it: "id=?", "((id)::text = 'x'::text)"."""
KNOWN = ("ModifyTable", "Tid Scan")
"""Steps of a plan that find nothing: they are told which rows."""


@pytest.mark.parametrize("is_analyzed", [False, True], ids=["nothing known", "known to be large"])
def test_hot_statements_stay_on_keys_and_on_the_index_of_open_work(database_url: str, is_analyzed: bool) -> None:
    with Workbench(database=database_url) as bench:
        admin = bench.client()
        admin.put("/v1/agents/ana", json={"name": "Ana"}).raise_for_status()
        session = bench.sign_in("ana")
        live(admin, session, "ended")
        fill(bench.product.database)
        if is_analyzed:
            with bench.product.database.writing() as connection:
                connection.exec_driver_sql("ANALYZE")

        with listening(bench.product.database) as made:
            live(admin, session, "c1")
            bench.restart()
        with listening(bench.product.database) as after_the_start:
            admin.get("/v1/contacts/ended").raise_for_status()
            live(admin, session, "c2")

        plans = {sql: plan(bench.product.database, sql, given) for sql, given in (made | after_the_start).items()}

    used = {(table, index) for found in plans.values() for table, index in found}
    assert {table for table, _ in used} >= {"contact", "contact_data"}
    assert [(sql, found) for sql, found in plans.items() if any(not allowed(*each) for each in found)] == []
    of_open = [(sql.split()[0], found) for sql, found in plans.items() if "closed_at IS NULL" in sql]
    found_by = {"SELECT": "ix_contact_open of workspace", "UPDATE": "ix_contact_open of workspace, number"}
    assert {what for what, _ in of_open} == {*found_by}
    assert all(("contact", found_by[what]) in found for what, found in of_open)


def test_pruning_finds_with_whom_contacts_have_ended_by_whole_keys(database_url: str) -> None:
    with Workbench(database=database_url) as bench:
        bench.client().put("/v1/agents/ana", json={"name": "Ana"}).raise_for_status()
        live(bench.client(), bench.sign_in("ana"), "ended")
        database = bench.product.database
        fill(database)
        start = LogStart(change_no=COPIES, at=bench.now)

        with listening(database) as made, database.writing() as connection:
            assert sweep(connection, 1, start, Bounds(contacts=5))
        plans = [plan(database, sql, given) for sql, given in made.items() if "FROM ended_with" in sql]

    assert plans
    assert {*chain(*plans)} == {("ended_with", "pk_ended_with of workspace, agent_id, number")}


@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM contact WHERE queue = 'x'", "SELECT * FROM change WHERE at > '2026-01-05'"],
    ids=["contacts", "log"],
)
def test_a_statement_that_reads_what_has_ended_would_be_found(database_url: str, sql: str) -> None:
    with Workbench(database=database_url) as bench:
        found = plan(bench.product.database, sql, ())

    assert found
    assert not any(allowed(*each) for each in found)


def live(admin: Client, session: Client, contact_id: str) -> None:
    """All that happens to contacts and agents all the time."""
    body = {"id": contact_id, "channel": "chat", "customer_id": "anna"}
    admin.post("/v1/contacts", json=body).raise_for_status()
    admin.post("/v1/contacts", json=body).raise_for_status()
    for what in ("hold", "resume", "return"):
        admin.post(f"/v1/contacts/{contact_id}/{what}", json={}).raise_for_status()
    session.activity().raise_for_status()
    admin.get("/v1/contacts?state=queued").raise_for_status()
    for who, path in (
        (admin, "?agent=ana"),
        (admin, "?agent=ana&state=closed"),
        (session, ""),
        (session, "?state=closed"),
    ):
        who.get(f"/v1/contacts{path}").raise_for_status()
    admin.post(f"/v1/contacts/{contact_id}/close", json={}).raise_for_status()


@contextmanager
def listening(database: Database) -> Iterator[dict[str, Any]]:
    """Every statement that is made meanwhile, with what it was given; SQLite tells both as one text."""
    made: dict[str, Any] = {}

    def note(sql: str, given: Any = ()) -> None:
        if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)", sql) and "CREATE" not in sql:
            made.setdefault(sql, given)

    if database.is_shared:
        with heard(database, lambda _, sql, given: note(sql, given)):
            yield made
        return

    def begin(driver: Any, *_: Any) -> None:
        driver.set_trace_callback(note)

    def end(driver: Any, *_: Any) -> None:
        driver.set_trace_callback(None)

    event.listen(database.engine, "checkout", begin)
    event.listen(database.engine, "checkin", end)
    yield made
    event.remove(database.engine, "checkout", begin)
    event.remove(database.engine, "checkin", end)


def plan(database: Database, sql: str, given: Any) -> set[tuple[str, str]]:
    """How a statement would find rows of the tables that grow: (table, index), "" where it reads all of it."""
    with database.engine.connect() as connection:
        if database.is_shared:
            (explained,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}", given).scalars()
            return set(_of_postgresql((explained if isinstance(explained, list) else json.loads(explained))[0]["Plan"]))
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all()
    return {found for row in rows for found in _of_sqlite(row[3])}


def _of_postgresql(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if node.get("Relation Name") in GROWING and node["Node Type"] not in KNOWN:
        reading = next((each for each in (node, *node.get("Plans", [])) if "Index Name" in each), node)
        yield node["Relation Name"], named(reading.get("Index Name", ""), reading.get("Index Cond", ""))
    for inner in node.get("Plans", []):
        yield from _of_postgresql(inner)


def _of_sqlite(detail: str) -> Iterator[tuple[str, str]]:
    found = re.match(r"(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?(.*)", detail)
    if found and found[2] in GROWING:
        index = named(found[3] or "", found[4]) if found[1] == "SEARCH" else ""
        yield found[2], re.sub(r"sqlite_autoindex_(\w+)_1", r"pk_\1", index)


def named(index: str, condition: str) -> str:
    """An index, and the columns of which one value each is looked for."""
    return f"{index} of {', '.join(dict.fromkeys(re.findall(EQUALS, condition)))}" if index else ""


def allowed(table: str, index: str) -> bool:
    """Whether what is found like this does not grow."""
    return index in ALLOWED[table]
