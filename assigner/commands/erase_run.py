"""What `assigner erase` does, with the same request as over HTTP, and how it tells it."""

from functools import partial

import typer

from assigner.commands.opened import opened_alone
from assigner.service.actor import ROLES, Actor
from assigner.service.erasure import Erased, Erasure, erase_customer, reworded_rules
from assigner.service.ids import new_id
from assigner.store.erasure import contacts_of_customer
from assigner.wiring import wall_clock


def run(url: str, workspace_id: str, customer_id: str) -> None:
    """Forget a customer, and tell what was erased. Raises Conflict, AlreadyServed."""
    with opened_alone(url, workspace_id) as (product, number):
        erasure = f"erasure-{new_id(now=wall_clock())}"

        def contacts() -> list[str]:
            with product.database.reading() as connection:
                return contacts_of_customer(connection, number, customer_id)

        with product.database.reading() as connection:
            rules = reworded_rules(connection, number, customer_id, erasure)
        actor = Actor(name="command line", workspace=number, permissions=ROLES["admin"])
        asked = Erasure(id=erasure, customer_id=customer_id, rules=rules, contacts=contacts)
        erased = product.submit(number, partial(erase_customer, actor=actor, asked=asked)).result()
    typer.echo(_told(erased))


def _told(erased: Erased) -> str:
    if erased.erasure is None:
        return "nothing is known of this customer"
    what = f"{erased.contacts} contacts and {erased.rule_versions} versions of the rules"
    return f"{what} do not name the customer any more; the audit tells of it as {erased.erasure}"
