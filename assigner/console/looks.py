"""How somebody likes to look at the console: the language, and light or dark. Kept in cookies of the browser.

Who has not chosen is shown the language that the browser asks for, and the light of the system."""

from dataclasses import dataclass

from fastapi import Request, Response

from presence.labels import LANGUAGES, accepted_language

LANGUAGE_COOKIE, LIGHT_COOKIE = "assigner_language", "assigner_light"
LIGHTS = ("auto", "light", "dark")
YEAR = 365 * 24 * 3600

NAMES = {"en": "English", "de": "Deutsch", "es": "Español"}
"""What each language calls itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """A language of LANGUAGES and a light of LIGHTS."""

    language: str
    light: str


def looks_of(request: Request) -> Looks:
    """What a browser has chosen; what it sends and is not known counts as not chosen."""
    language, light = request.cookies.get(LANGUAGE_COOKIE), request.cookies.get(LIGHT_COOKIE)
    return Looks(
        language=language if language in LANGUAGES else accepted_language(request.headers.get("accept-language", "")),
        light=light if light in LIGHTS else "auto",
    )


def keep(response: Response, looks: Looks, *, secure: bool) -> None:
    """Let the browser remember."""
    for name, value in ((LANGUAGE_COOKIE, looks.language), (LIGHT_COOKIE, looks.light)):
        response.set_cookie(name, value, max_age=YEAR, path="/", secure=secure, httponly=True, samesite="lax")
