"""Databases to measure: agents who are Online, and contacts that wait because assignment is switched off.

Everything is asked of the product as clients ask it, so a measured database holds what a served one would."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from assigner.asking import Request
from assigner.benchmarks.measure import per_second
from assigner.old_garbage import old_garbage_waits
from assigner.product import Product
from assigner.service.actor import ROLES, Actor
from assigner.service.agents import put_agent
from assigner.service.batch import accept_all
from assigner.service.keys import create_key, new_key
from assigner.service.presence import sign_in
from assigner.service.rules import Draft, put_in_force
from assigner.service.settings import save_assignment
from assigner.store.database import Database
from assigner.store.migrate import migrate
from assigner.store.workspaces import create_workspace
from assigner.wiring import wall_clock
from rules.model import Contact
from rules.parse import parse_rules

WORKSPACE = "main"
GROUP = 500
RULES = "queues: {everybody: {strategy: least_loaded}}"


def prepare(url: str, *, agents: int, contacts: int = 0, enabled: bool = True, capacity: int | None = None) -> str:
    """Fill a new database and return an API key for it. Agents `agent-N` have a session `session-N`, contacts are
    called `waiting-N`."""
    database = Database(url)
    migrate(database)
    with database.writing() as connection:
        number = create_workspace(connection, WORKSPACE)
    product = Product(database, clock=wall_clock, inline=True)
    actor = Actor(name="benchmark", workspace=number, permissions=ROLES["admin"])
    key = new_key(name="benchmark", role="admin")
    _ask(product, number, [partial(create_key, actor=actor, key=key), *_settings(actor, enabled=enabled)])
    _ask(
        product,
        number,
        (
            partial(put_agent, actor=actor, agent_id=f"agent-{each}", asked={"capacity": capacity})
            for each in range(agents)
        ),
    )
    _ask(product, number, (_sign_in(actor, each) for each in range(agents)))
    for first in range(0, contacts, GROUP):
        _ask(product, number, [_contacts(actor, first, min(GROUP, contacts - first))])
    product.stop()
    return key.shown


def drain(product: Product, number: int, *, contacts: int) -> float:
    """Give out all contacts that waited for it: durable assignments per second. Raises LookupError where some wait
    still."""
    switched = product.dispatcher(number).submit(switch_on(number))
    with old_garbage_waits():
        rate = per_second(product.settle, units=contacts)
    switched.result()
    with product.reading(number) as workspace:
        if len(workspace.floor.waiting):
            raise LookupError(f"{len(workspace.floor.waiting)} of {contacts} contacts were not given out")
    return rate


def switch_on(number: int) -> Request[object]:
    """The request that lets all contacts be given out that waited for it."""
    actor = Actor(name="benchmark", workspace=number, permissions=ROLES["admin"])
    return partial(save_assignment, actor=actor, asked={"enabled": True})


def _settings(actor: Actor, *, enabled: bool) -> list[Request[object]]:
    return [
        partial(save_assignment, actor=actor, asked={"enabled": enabled}),
        partial(put_in_force, actor=actor, draft=Draft(text=RULES, parsed=parse_rules(RULES))),
    ]


def _sign_in(actor: Actor, each: int) -> Request[object]:
    return partial(sign_in, actor=actor, agent_id=f"agent-{each}", session_id=f"session-{each}")


def _contacts(actor: Actor, first: int, count: int) -> Request[object]:
    now = wall_clock() - timedelta(seconds=1)
    sent = tuple(
        (
            Contact(id=f"waiting-{each}", arrived_at=now, channel="chat", customer_id=f"customer-{each}"),
            b"",
        )
        for each in range(first, first + count)
    )
    return partial(accept_all, actor=actor, sent=sent)


def _ask(product: Product, number: int, requests: Iterable[Request[object]]) -> None:
    """Have requests carried out, many in one group."""
    dispatcher = product.dispatcher(number)
    answers = [dispatcher.submit(request) for request in requests]
    while dispatcher.step():
        pass
    for answer in answers:
        answer.result()
