"""A product that is stopped answers what was asked, and forgets nothing that it held back."""

from datetime import UTC, datetime, timedelta
from functools import partial

from assigner.product import Product
from assigner.service import agents, presence
from assigner.service.actor import ROLES, Actor
from assigner.service.workspace import load_workspace
from assigner.store.database import Database
from assigner.store.rows import Entry
from assigner.store.workspaces import create_workspace

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_input_that_was_held_back_for_a_second_is_written_at_the_end(database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as connection:
        number = create_workspace(connection, "main")
    admin = Actor(name="admin", workspace=number, permissions=ROLES["admin"])
    clock = [START]
    product = Product(database, clock=lambda: clock[0])
    product.submit(number, partial(agents.put_agent, actor=admin, agent_id="ana", asked={"name": "Ana"})).result(10)
    product.submit(number, partial(presence.sign_in, actor=admin, agent_id="ana", session_id="desk")).result(10)
    clock[0] += timedelta(seconds=30)
    report = partial(presence.report_activity, actor=admin, agent_id="ana", session_id="desk", age_ms=0)
    changed_status = product.submit(number, report).result(10)

    product.stop()

    again = Database(database_url)
    with again.reading() as connection:
        facts = load_workspace(connection, number, now=clock[0]).facts("ana")
    again.close()
    assert (changed_status, facts.last_input_at) == (False, START + timedelta(seconds=30))


def test_what_was_asked_before_the_end_is_carried_out(database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as connection:
        number = create_workspace(connection, "main")
    admin = Actor(name="admin", workspace=number, permissions=ROLES["admin"])
    product = Product(database, clock=lambda: START)
    asked = [partial(agents.put_agent, actor=admin, agent_id=f"a{each}", asked={"name": "A"}) for each in range(50)]
    answers = [product.submit(number, request) for request in asked]

    product.stop()

    assert [answer.result(0)["id"] for answer in answers] == [f"a{each}" for each in range(50)]


def failing(change_no: int, entries: list[Entry]) -> None:
    """A listener with a defect."""
    raise LookupError(f"{len(entries)} lines of commit {change_no} come to nobody")


def test_a_listener_that_fails_takes_no_answer_away(database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as connection:
        number = create_workspace(connection, "main")
    admin = Actor(name="admin", workspace=number, permissions=ROLES["admin"])
    product = Product(database, clock=lambda: START)
    product.dispatcher(number).committed.insert(0, failing)

    answer = product.submit(number, partial(agents.put_agent, actor=admin, agent_id="ana", asked={"name": "Ana"}))

    assert answer.result(10)["id"] == "ana"
    product.stop()
