"""The work of `assigner demo`: a real service on a database for the occasion, and a host application that feeds it.

The sample organisation is set up before the service starts; from then on everybody speaks HTTP, the demo too."""

import asyncio
import secrets
import socket
import threading
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryDirectory

import typer

from assigner.commands import serve_run
from assigner.commands.demo_host import HostApplication
from assigner.commands.opened import opened_alone
from assigner.commands.stopping import exits_with_a_sentence
from assigner.samples import sample_file
from assigner.service.actor import ROLES, Actor
from assigner.service.agents import patch_agent, put_agent, set_password
from assigner.service.keys import NewKey, create_key, new_key
from assigner.service.offices import put_office
from assigner.service.passwords import hashed
from assigner.service.rules import Draft, put_in_force
from assigner.service.settings import save_assignment, save_presence
from assigner.service.unit import Unit
from assigner.settings import Settings
from rules.document import read_document
from rules.parse import parse_rules

PORTS = range(8765, 8865)
ACCOUNTS = {"ada": "admin", "olga": "supervisor", "ana": "agent", "luis": "agent"}
"""Who signs in on the page, with which role; the host application leaves them alone."""

GREETING = """\
The sample organisation is at work. Look at it: {address}

  administrator  {ada}
  supervisor     {olga}
  agent          {ana}
  agent          {luis}
  password       {password}

Send a contact that nobody but Luis can take, for he alone knows enough of tech in Lisbon:
{send}

Ask why it waits; then sign in as Luis, who gets it, and ask again:
{ask}

Let Carla go Busy: nothing more is given to her.
{go_busy}

Ctrl-C ends the demo and removes its database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What lets people and programs in: one password for all accounts, and the key of the host application."""

    password: str
    key: NewKey


def run_service(host: str, port: int | None) -> None:
    """Serve the sample organisation until told to end; nothing is left behind."""
    shown = Secrets(password=f"brisa-{secrets.token_hex(4)}", key=new_key(name="demo", role="admin"))
    stopping = threading.Event()

    def live(address: str) -> None:
        application = HostApplication(address, shown.key.shown, leaves_alone=frozenset(ACCOUNTS))
        application.begin()
        typer.echo(greeting(address, shown))
        application.run(stopping)

    def started(address: str) -> None:
        threading.Thread(target=live, args=(address,), name="host application", daemon=True).start()

    with TemporaryDirectory(prefix="assigner-demo-") as folder, exits_with_a_sentence():
        database = f"sqlite:///{folder}/assigner.db"
        set_up(database, shown)
        try:
            serve_run.run(
                Settings(database=database, host=host, port=free_port(host) if port is None else port), started=started
            )
        finally:
            stopping.set()
    typer.echo("\nThe demo has ended.")


def set_up(database: str, shown: Secrets) -> None:
    """Let there be the sample organisation, its rules, the accounts and the key."""
    password_hash = asyncio.run(hashed(shown.password))
    with opened_alone(database, serve_run.MAIN) as (product, number):
        actor = Actor(name="demo", workspace=number, permissions=ROLES["admin"])
        for request in (_organisation, _rules, partial(_accounts, password_hash=password_hash)):
            product.submit(number, partial(request, actor=actor)).result()
        product.submit(number, partial(create_key, actor=actor, key=shown.key)).result()


def free_port(host: str) -> int:
    """The first port of the demo's that nobody listens at; the very first where all are taken."""
    for port in PORTS:
        try:
            socket.create_server((host, port)).close()
        except OSError:
            continue
        return port
    return PORTS[0]


def greeting(address: str, shown: Secrets) -> str:
    """What there is to look at and to try."""
    key = f"-H 'Authorization: Bearer {shown.key.shown}'"
    json = "-H 'Content-Type: application/json'"
    contact = '{"id": "mine", "office": "lisbon", "skills": {"tech": 3}}'
    return GREETING.format(
        address=address,
        password=shown.password,
        send=f"curl {address}/v1/contacts {key} {json} -d '{contact}'",
        ask=f"curl {address}/v1/contacts/mine/explanation {key}",
        go_busy=f'curl -X PUT {address}/v1/agents/carla/status {key} {json} -d \'{{"status": "busy"}}\'',
        **{agent_id: email(agent_id) for agent_id in ACCOUNTS},
    )


def email(agent_id: str) -> str:
    """What an agent of the demo signs in with."""
    return f"{agent_id}@brisa.example"


def _organisation(unit: Unit, actor: Actor) -> None:
    """The offices never close, so that there is something to see whenever one looks."""
    organisation = read_document(sample_file("organisation.yaml").read_text()).content
    save_presence(unit, actor, {"selectable": ["online", "busy", "away"]})
    save_assignment(unit, actor, {"default_capacity": organisation["default_capacity"]})
    for office_id, office in organisation["offices"].items():
        put_office(unit, actor, office_id, {"name": office["name"], "time_zone": office["time_zone"]})
    for agent_id, agent in organisation["agents"].items():
        put_agent(unit, actor, agent_id, agent)


def _rules(unit: Unit, actor: Actor) -> None:
    """Without the examples: one is about a day on which the offices are closed, and here they never are."""
    text = sample_file("rules.yaml").read_text().partition("\nexamples:")[0]
    put_in_force(unit, actor, Draft(text=text, parsed=parse_rules(text)), note="the rules of the sample organisation")


def _accounts(unit: Unit, actor: Actor, *, password_hash: str) -> None:
    put_agent(unit, actor, "ada", {"name": "Ada Moreno"})
    for agent_id, role in ACCOUNTS.items():
        patch_agent(unit, actor, agent_id, {"email": email(agent_id), "role": role, "takes_contacts": role == "agent"})
        set_password(unit, actor, agent_id, password_hash)
