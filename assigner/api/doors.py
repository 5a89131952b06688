"""The doors of the console: pages let people in and out with the very calls that programs use.

They are built here, in the room that knows credentials, and handed to the console, which knows none."""

import asyncio
from functools import partial

from fastapi import Request, Response
from pydantic import ValidationError

from assigner.api import sessions
from assigner.api import sign_in as sign_ins
from assigner.api.credentials import caller, signed_out
from assigner.api.entrance import entrance_of
from assigner.api.refusals import Refusals
from assigner.api.webhooks import check_host
from assigner.console.doors import Doors
from assigner.product import Product
from assigner.service.actor import Actor
from assigner.settings import Settings


def doors(product: Product, refusals: Refusals, settings: Settings) -> Doors:
    """Who is there, how people sign in and how they sign out, and how they are given a password. Raises Invalid where a
    provider to sign in at is set up and its package is missing."""
    entrance = entrance_of(product, settings.provider)

    async def sign_in(request: Request, response: Response, email: str, password: str) -> None:
        try:
            body = sign_ins.SignInIn(email=email, password=password)
        except ValidationError:
            raise signed_out("no email or password is that long") from None
        await sign_ins.sign_in(request, response, body, product)

    async def sign_out(request: Request, response: Response, actor: Actor) -> None:
        await sessions.sign_out(request, response, actor, product)

    async def invite(request: Request, actor: Actor, agent_id: str) -> str:
        return (await sign_ins.invite(agent_id, request, actor, product)).url

    async def invited(token: str) -> None:
        await asyncio.to_thread(sign_ins.invitation_of, product, token)

    return Doors(
        who=caller,
        sign_in=sign_in,
        sign_out=sign_out,
        refused=refusals.note,
        check_webhook=partial(check_host, settings.webhook_networks),
        invite=invite,
        invited=invited,
        choose_password=partial(sign_ins.choose_password, product),
        elsewhere=entrance.name,
        go_elsewhere=entrance.go,
        came_back=entrance.come_back,
    )
