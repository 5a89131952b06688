"""What the console is given by the room that knows credentials: who a request is from, and how people come and go.

The HTTP room above builds these, so cookies, passwords and limits are dealt with in one place, for pages and calls."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request, Response

from assigner.service.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """`who` raises Forbidden `signed_out` for a request that shows nothing that counts.

    `sign_in` takes email and password and `sign_out` the actor; both put what they have to say of cookies on the
    answer. `sign_in` raises Forbidden, TooMany. `refused` is told who was kept from what, for the
    audit.

    `check_webhook` raises Invalid for an address that the service may not send to, as far as that is known beforehand.
    `invite` makes a link with which an agent chooses a password; it raises NotFound, Conflict, Forbidden.
    `invited` takes what stands in a link to choose a password, `choose_password` that and the password; both raise
    NotFound for a link that counts no more, the other also Invalid.

    `elsewhere` is what the provider is called where people may sign in at one, else None. `go_elsewhere` is told where
    somebody wants to go afterwards, and answers where to send the browser first; `came_back` where it goes in the end.
    Both put cookies on the answer and raise Forbidden."""

    who: Callable[[Request], Awaitable[Actor]]
    sign_in: Callable[[Request, Response, str, str], Awaitable[None]]
    sign_out: Callable[[Request, Response, Actor], Awaitable[None]]
    refused: Callable[[Actor, Request], None]
    check_webhook: Callable[[str], None]
    invite: Callable[[Request, Actor, str], Awaitable[str]]
    invited: Callable[[str], Awaitable[None]]
    choose_password: Callable[[str, str], Awaitable[None]]
    elsewhere: str | None
    go_elsewhere: Callable[[Request, Response, str], Awaitable[str]]
    came_back: Callable[[Request, Response], Awaitable[str]]
