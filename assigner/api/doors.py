"""The doors of the console: pages let people in and out with the very calls that programs use."""

from fastapi import Request, Response
from pydantic import ValidationError

from assigner.api import sessions
from assigner.api.credentials import caller, signed_out
from assigner.api.refusals import Refusals
from assigner.console.doors import Doors
from assigner.product import Product
from assigner.service.actor import Actor


def doors(product: Product, refusals: Refusals) -> Doors:
    """Who is there, how people sign in and how they sign out."""

    async def sign_in(request: Request, response: Response, email: str, password: str) -> None:
        try:
            body = sessions.SignInIn(email=email, password=password)
        except ValidationError:
            raise signed_out("no email or password is that long") from None
        await sessions.sign_in(request, response, body, product)

    async def sign_out(response: Response, actor: Actor) -> None:
        await sessions.sign_out(response, actor, product)

    return Doors(who=caller, sign_in=sign_in, sign_out=sign_out, refused=refusals.note)
