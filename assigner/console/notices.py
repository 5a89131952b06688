"""What a page says once about the form that led to it: done, or refused and why. It travels in a cookie of seconds.

So every form works without scripts as post, redirect, get, and reloading a page repeats nothing."""

import json
from dataclasses import dataclass
from urllib.parse import quote, unquote

from fastapi import Request, Response

from presence.errors import Refused

COOKIE = "assigner_notice"
SECONDS = 30
LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`code` is that of a refusal, whose own sentence is `text`; or "" and something that was done, in English."""

    code: str
    text: str


def notice_of(request: Request) -> Notice | None:
    """What is to be said on the page that is asked for."""
    try:
        code, text = json.loads(unquote(request.cookies[COOKIE]))
        return Notice(code=str(code), text=str(text)) if text else None
    except (KeyError, ValueError, TypeError):
        return None


def say(response: Response, notice: Notice) -> None:
    """Have the next page say it."""
    value = quote(json.dumps([notice.code, notice.text[:LONGEST]]))
    response.set_cookie(COOKIE, value, max_age=SECONDS, path="/", httponly=True, samesite="lax")


def taken(response: Response) -> None:
    """It has been said."""
    response.delete_cookie(COOKIE, path="/")


def of_refusal(refused: Refused) -> Notice:
    """A refusal as it is said to people."""
    return Notice(code=refused.code, text=refused.message)
