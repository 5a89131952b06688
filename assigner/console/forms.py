"""What every form does: read its fields, have one thing done, and go back to a page that shows what came of it.

Without scripts that is post, redirect, get. With scripts the same form is sent in the background, and the page that
answers is morphed into the one that is there (see README.md)."""

import asyncio
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from assigner.asking import Request as AskedFor
from assigner.console.notices import Notice, of_refusal, say
from assigner.console.visit import Answer, Visit
from presence.errors import Invalid, Refused
from presence.wording import sentence

DONE = Notice(code="", text="")
"""Nothing is said: the page shows it."""


async def fields_of(request: Request, names: Iterable[str]) -> dict[str, str]:
    """The fields of a form, without blanks around them. Raises Invalid for one that is missing."""
    form = await request.form(max_files=0)
    fields = {name: _text(form, name) for name in names}
    for name, value in fields.items():
        if value is None:
            raise Invalid(
                "invalid",
                sentence("the form has no field %(name)r; go back and reload the page", name=name),
                field=name,
            )
    return {name: value for name, value in fields.items() if value is not None}


async def field_of(request: Request, name: str) -> str | None:
    """A field that may be missing or empty: None then."""
    return _text(await request.form(max_files=0), name) or None


async def text_of(request: Request, name: str) -> str:
    """A field of several lines, just as it was written, but with the line ends of a file. Raises Invalid."""
    value = (await request.form(max_files=0)).get(name)
    if not isinstance(value, str):
        raise Invalid(
            "invalid", sentence("the form has no field %(name)r; go back and reload the page", name=name), field=name
        )
    return value.replace("\r\n", "\n")


def _text(form: FormData, name: str) -> str | None:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else None


async def do(
    visit: Visit,
    request: AskedFor[Answer],
    *,
    back: str,
    contact_ids: tuple[str, ...] = (),
    done: Notice = DONE,
) -> Response:
    """Have it done and go back; `done` is what is said then. Where it is refused, the page that is gone back to says
    why."""
    response = go_to(back)
    try:
        await visit.ask(request, contact_ids=contact_ids)
    except Refused as refused:
        if refused.code == "signed_out":
            raise
        visit.note(refused)
        say(response, of_refusal(refused, visit.looks.language))
    else:
        if done.text:
            say(response, done)
    return response


async def save(
    visit: Visit, request: AskedFor[object], *, back: str, done: Notice, again: Callable[[Refused], Response]
) -> Response:
    """Have a form saved, and go on to `back`. Where what was filled in is refused, `again` shows it with the reason.

    A form is sent to the address of its page: who saves what somebody changed meanwhile is shown what stands there."""
    url = visit.request.url
    try:
        await visit.ask(request)
    except Refused as refused:
        if refused.code == "signed_out":
            raise
        visit.note(refused)
        if refused.code != "precondition_failed":
            return again(refused)
        response = go_to(url.path + (f"?{url.query}" if url.query else ""))
        said = of_refusal(refused, visit.looks.language)
    else:
        response, said = go_to(back), done
    say(response, said)
    return response


async def show_once(
    visit: Visit,
    request: AskedFor[Answer],
    *,
    shown: Callable[[Answer], Response],
    again: Callable[[Refused], Response],
) -> Response:
    """Have something done that ends in a secret: the answer itself shows it, for it stands in no other."""
    try:
        answer = await visit.ask(request)
    except Refused as refused:
        if refused.code == "signed_out":
            raise
        visit.note(refused)
        return await asyncio.to_thread(again, refused)
    return await asyncio.to_thread(shown, answer)


def go_to(path: str) -> RedirectResponse:
    """On to another page of this console; a path that leads anywhere else leads to the first page."""
    return RedirectResponse(local(path), status_code=303)


def local(path: str | None) -> str:
    """A path of this console as it is, `/` for anything that leads elsewhere."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or urlsplit(path).netloc:
        return "/"
    return path
