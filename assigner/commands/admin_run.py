"""What `assigner admin` does, with the same requests as over HTTP."""

import asyncio
import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

import typer

from assigner.commands.opened import opened_alone
from assigner.service.actor import ROLES, Actor
from assigner.service.agents import check_password, put_agent, set_password
from assigner.service.keys import create_key, new_key
from assigner.service.passwords import hashed

COMMAND_LINE = "command line"


def create_administrator(url: str, workspace_id: str, agent_id: str, *, asked: Mapping[str, Any]) -> None:
    """Make an administrator with a password that is asked for. Raises Invalid, AlreadyServed."""
    password = _password()
    check_password(password)
    with opened_alone(url, workspace_id) as (product, number):
        actor = _actor(number)
        product.submit(number, partial(put_agent, actor=actor, agent_id=agent_id, asked=asked)).result()
        request = partial(set_password, actor=actor, agent_id=agent_id, password_hash=asyncio.run(hashed(password)))
        product.submit(number, request).result()
    typer.echo(f"{asked['email']} can sign in as administrator {agent_id!r} of workspace {workspace_id!r}.")


def print_new_key(url: str, workspace_id: str, *, name: str, role: str) -> None:
    """Make a key and print it, and nothing else, so that a script can keep it. Raises Invalid, AlreadyServed."""
    key = new_key(name=name, role=role)
    with opened_alone(url, workspace_id) as (product, number):
        product.submit(number, partial(create_key, actor=_actor(number), key=key)).result()
    typer.echo(key.shown)


def _actor(number: int) -> Actor:
    return Actor(name=COMMAND_LINE, workspace=number, permissions=ROLES["admin"])


def _password() -> str:
    if sys.stdin.isatty():
        asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return asked
    return sys.stdin.readline().rstrip("\n")
