"""What a page says once about the form that led to it: done, or refused and why. It travels in a cookie of seconds.

So every form works without scripts as post, redirect, get, and reloading a page repeats nothing."""

import json
from dataclasses import dataclass
from urllib.parse import quote, unquote

from fastapi import Request, Response

from assigner.console.language import REFUSALS, told, translations
from presence.errors import Refused
from presence.wording import Sentence

COOKIE = "assigner_notice"
SECONDS = 30
LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`code` is that of a refusal, whose sentence is `text`, in the language that is named; or "" and what was done, in
    English, to be translated where it is shown."""

    code: str
    text: str
    language: str = "en"


def notice_of(request: Request) -> Notice | None:
    """What is to be said on the page that is asked for."""
    try:
        code, text, language = json.loads(unquote(request.cookies[COOKIE]))
        return Notice(code=str(code), text=str(text), language=str(language)) if text else None
    except (KeyError, ValueError, TypeError):
        return None


def say(response: Response, notice: Notice) -> None:
    """Have the next page say it."""
    value = quote(json.dumps([notice.code, notice.text[:LONGEST], notice.language]))
    response.set_cookie(COOKIE, value, max_age=SECONDS, path="/", httponly=True, samesite="lax")


def taken(response: Response) -> None:
    """It has been said."""
    response.delete_cookie(COOKIE, path="/")


def of_refusal(refused: Refused, language: str) -> Notice:
    """A refusal as it is said to people."""
    is_worded = refused.code in REFUSALS or isinstance(refused.message, Sentence)
    text = told(refused, translations(language).gettext)
    return Notice(code=refused.code, text=text, language=language if is_worded else "en")
