"""`assigner erase`, as somebody at a terminal meets it."""

from functools import partial

import pytest
from typer.testing import CliRunner, Result

from assigner.cli import app
from assigner.commands.opened import opened_alone
from assigner.service import contacts
from assigner.service.actor import ROLES, Actor
from assigner.store.database import Database
from assigner.store.export import rows_of
from assigner.wiring import wall_clock
from rules.model import Contact


def assigner_erase(database: str, *arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(app, ["erase", *arguments, "--database", database], input=answer)


@pytest.fixture
def database(database_url: str) -> str:
    """One with two contacts of customer k17, one of which has ended."""
    with opened_alone(database_url, "main") as (product, number):
        admin = Actor(name="test", workspace=number, permissions=ROLES["admin"])
        for contact_id in ("c1", "c2"):
            contact = Contact(id=contact_id, arrived_at=wall_clock(), channel="chat", customer_id="k17")
            product.submit(number, partial(contacts.accept, actor=admin, contact=contact, sent=b"")).result()
        product.submit(number, partial(contacts.abandon, actor=admin, contact_id="c1")).result()
    return database_url


def abandon_the_other(database: str) -> None:
    with opened_alone(database, "main") as (product, number):
        admin = Actor(name="test", workspace=number, permissions=ROLES["admin"])
        product.submit(number, partial(contacts.abandon, actor=admin, contact_id="c2")).result()


def exported(database: str) -> str:
    opened = Database(database)
    with opened.reading() as connection:
        told = str(list(rows_of(connection, 1)))
    opened.close()
    return told


def test_a_customer_is_erased_once(database: str) -> None:
    abandon_the_other(database)
    assert "k17" in exported(database)

    erased, again = (assigner_erase(database, "k17", "--yes") for _ in range(2))

    assert erased.stdout.startswith(
        "2 contacts and 0 versions of the rules do not name the customer any more; the audit"
    )
    assert again.stdout == "nothing is known of this customer\n"
    assert "k17" not in exported(database)


def test_a_customer_with_an_open_contact_is_refused(database: str) -> None:
    refused = assigner_erase(database, "k17", "--yes")

    assert refused.exit_code == 2
    assert "this customer has 1 open contacts; close or abandon them first" in refused.stderr
    assert "k17" in exported(database)


def test_nothing_is_erased_without_a_yes(database: str) -> None:
    abandon_the_other(database)

    refused = assigner_erase(database, "k17", answer="n\n")

    assert (refused.exit_code, "k17" in exported(database)) == (1, True)
