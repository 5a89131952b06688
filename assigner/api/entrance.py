"""The second way in for people with a browser: signing in at a provider, where one is set up (`single_sign_on`).

Without one the pages for it do not exist; the package that it takes is then not needed either."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request, Response

from assigner.api.credentials import is_https
from assigner.api.sign_in import begin_in_browser
from assigner.product import Product
from assigner.settings import Provider
from assigner.store.load import find_workspace
from presence.errors import Forbidden, Invalid, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """What the provider is called, and the two steps that lead to it and back, as `console.doors` describes them."""

    name: str | None
    go: Callable[[Request, Response, str], Awaitable[str]]
    come_back: Callable[[Request, Response], Awaitable[str]]


def entrance_of(product: Product, provider: Provider | None) -> Entrance:
    """The way in by a provider, or none. Raises Invalid where the package is missing."""
    if provider is None:
        return Entrance(name=None, go=_nowhere, come_back=_from_nowhere)
    try:
        from assigner.api.single_sign_on import COOKIE, LASTS, SingleSignOn, unpacked
    except ImportError as error:
        message = "a provider to sign in at needs another package: pip install 'contact-assigner[oidc]'"
        raise Invalid("invalid", message) from error
    single_sign_on = SingleSignOn(provider)

    def cookie(request: Request) -> str:
        return f"__Host-{COOKIE}" if is_https(request) else COOKIE

    async def go(request: Request, response: Response, wanted: str) -> str:
        url, trip = await single_sign_on.begin(back_to=_back_to(request), wanted=wanted)
        response.set_cookie(
            cookie(request),
            trip.packed(),
            max_age=LASTS,
            path="/",
            secure=is_https(request),
            httponly=True,
            samesite="lax",
        )
        return url

    async def come_back(request: Request, response: Response) -> str:
        trip = unpacked(request.cookies.get(cookie(request)))
        response.delete_cookie(cookie(request), path="/", secure=is_https(request))
        email = await single_sign_on.email_of(
            request.query_params, trip, back_to=_back_to(request), now=product.clock()
        )
        workspace, agent_id = await asyncio.to_thread(_agent, product, provider, email)
        await begin_in_browser(request, response, workspace, agent_id)
        return trip.wanted if trip is not None else "/"

    return Entrance(name=provider.name, go=go, come_back=come_back)


def _agent(product: Product, provider: Provider, email: str) -> tuple[int, str]:
    """The workspace and the agent with an email. Raises Forbidden."""
    with product.database.reading() as connection:
        number = find_workspace(connection, provider.workspace)
    if number is not None:
        with product.reading(number) as workspace:
            agent_id = workspace.emails.get(email)
        if agent_id is not None:
            return number, agent_id
    raise Forbidden("sign_in_refused", f"nobody here has the email {email!r}; ask an administrator")


def _back_to(request: Request) -> str:
    base = request.app.state.settings.public_url or str(request.base_url).rstrip("/")
    return f"{base}/sign-in/back"


async def _nowhere(request: Request, response: Response, wanted: str) -> str:  # noqa: ARG001 - as where there is one
    raise NotFound("not_found", "no provider to sign in at is set up here; sign in with a password")


async def _from_nowhere(request: Request, response: Response) -> str:
    return await _nowhere(request, response, "/")
