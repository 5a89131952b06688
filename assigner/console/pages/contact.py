"""One contact: how it stands and why, its story on a time line, and to whom it can be given by hand.

Each thing that can be done with it is a form, here and on the desk; all go to the same few functions below."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response

from assigner.asking import Request as AskedFor
from assigner.console.forms import do, field_of, fields_of, go_to
from assigner.console.frame import Frame, frame_of
from assigner.console.language import N_
from assigner.console.live import Batch, Shown, live
from assigner.console.notices import Notice, say
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.core.explain import StopExplanation
from assigner.core.model import ContactState
from assigner.core.sentences import stop_sentence
from assigner.service import contacts, offers
from assigner.service.explanations import naming, why_assigned, why_waiting
from assigner.service.reading import visible_queues
from assigner.service.stories import ASSIGNED, recipients, story
from assigner.service.workspace import Workspace
from assigner.sight import visible_contact
from assigner.store.load import changes_after
from assigner.store.rows import ContactRecord, Entry
from presence.errors import NotFound, Refused

router = pages()

DESK, NOT_YOURS = "/desk", Notice(code="", text=N_("The contact is not with you any more."))
LINES = 500
"""How many lines of a story are shown."""
PEOPLE = 60
"""How many people are offered to give a contact to, those who could take it first."""

ACTIONS: dict[str, Callable[..., ContactRecord]] = {
    "hold": contacts.hold,
    "resume": contacts.resume,
    "return": contacts.give_back,
    "accept": offers.accept_offer,
    "decline": offers.decline_offer,
}
"""What can be done with a contact without saying more."""


@router.get("/contacts/{contact_id}")
def contact_page(visit: Visiting, contact_id: str) -> Response:
    """How it stands, why, and what happened. Raises NotFound, Forbidden."""
    record, entries = _stored(visit, contact_id)
    with visit.reading() as workspace:
        frame = frame_of(visit, workspace)
        shown = _shown(visit, workspace, record, entries)
    return frame.page("contact.html", **shown)


@router.get("/contacts/{contact_id}/live")
async def contact_live(visit: Visiting, contact_id: str) -> Response:
    """What changes of it, and of those to whom it could be given."""
    await asyncio.to_thread(visible_contact, visit.product, visit.actor, contact_id)
    return live(visit, partial(_changed, contact_id), pace=1.0)


@router.post("/contacts/{contact_id}/give")
async def give(request: Request, visit: Visiting, contact_id: str) -> Response:
    """Give it to somebody, who may be oneself: assigned where it waits, else transferred."""
    fields = await fields_of(request, ("agent", "back"))
    ask = partial(contacts.transfer_to_agent, actor=visit.actor, contact_id=contact_id, agent_id=fields["agent"])
    record = await asyncio.to_thread(visible_contact, visit.product, visit.actor, contact_id)
    if record.place.state is ContactState.QUEUED:
        ask = partial(contacts.assign, actor=visit.actor, contact_id=contact_id, agent_id=fields["agent"])
    return await _do(visit, ask, contact_id, back=fields["back"])


@router.post("/contacts/{contact_id}/move")
async def move(request: Request, visit: Visiting, contact_id: str) -> Response:
    """Let it wait in another queue."""
    fields = await fields_of(request, ("queue", "back"))
    ask = partial(contacts.transfer, actor=visit.actor, contact_id=contact_id, queue=fields["queue"])
    return await _do(visit, ask, contact_id, back=fields["back"])


@router.post("/contacts/{contact_id}/close")
async def close(request: Request, visit: Visiting, contact_id: str) -> Response:
    """End it, with an outcome where one is given."""
    fields, outcome = await fields_of(request, ("back",)), await field_of(request, "outcome")
    ask = partial(contacts.close, actor=visit.actor, contact_id=contact_id, outcome=outcome)
    return await _do(visit, ask, contact_id, back=fields["back"])


@router.post("/contacts/{contact_id}/{action}")
async def act(request: Request, visit: Visiting, contact_id: str, action: str) -> Response:
    """Hold it, resume it, let it wait again, or answer an offer."""
    if action not in ACTIONS:
        raise NotFound("not_found", f"nothing is called {action!r}; the contact's page has what can be done")
    fields = await fields_of(request, ("back",))
    ask = partial(ACTIONS[action], actor=visit.actor, contact_id=contact_id)
    return await _do(visit, ask, contact_id, back=fields["back"])


async def _do(visit: Visit, ask: AskedFor[object], contact_id: str, *, back: str) -> Response:
    """Have it done. Who may not see the contact any more goes on to the desk instead of a page that is closed."""
    response = await do(visit, ask, back=back, contact_ids=(contact_id,))
    try:
        await asyncio.to_thread(visible_contact, visit.product, visit.actor, contact_id)
    except Refused:
        if urlsplit(back).path != DESK:
            response = go_to(DESK)
            say(response, NOT_YOURS)
            if "hx-request" in visit.request.headers:
                response.status_code, response.headers["hx-redirect"] = 200, DESK
    return response


def _stored(visit: Visit, contact_id: str) -> tuple[ContactRecord, tuple[Entry, ...]]:
    """A contact that the visitor may see, and its lines of the log."""
    record = visible_contact(visit.product, visit.actor, contact_id)
    with visit.product.database.reading() as connection:
        about = "contact.", contact_id
        lines = changes_after(connection, visit.actor.workspace, (0, -1), limit=LINES, about=about)
    return record, tuple(entry for *_, entry in lines)


def _changed(contact_id: str, visit: Visit, workspace: Workspace, batch: Batch) -> Shown | None:
    """Everything below the heading, where something happened to the contact or to anybody's status or load."""
    if not batch.tells_of("agent.status", "agent.availability", "contact.", "rules.", "settings.", "office."):
        return None
    try:
        shown = _shown(visit, workspace, *_stored(visit, contact_id))
    except Refused:
        return lambda frame: frame.part("contact/gone.html", said=NOT_YOURS.text)

    def html(frame: Frame) -> str:
        return frame.part("contact/all.html", **shown)

    return html


def _shown(visit: Visit, workspace: Workspace, record: ContactRecord, entries: tuple[Entry, ...]) -> dict[str, Any]:
    """What the page shows of a contact."""
    language, now, contact = visit.looks.language, visit.now, record.place
    name = naming(workspace)
    stops: tuple[StopExplanation, ...] = ()
    sentence = None
    if contact.state is ContactState.QUEUED:
        why, sentence = why_waiting(workspace, contact.id, language=language, now=now)
        stops = why.stops
    elif last := next((entry for entry in reversed(entries) if entry.kind == ASSIGNED), None):
        given = why_assigned(workspace, record, last, language=language)
        stops, sentence = given.stops, given.sentence
    is_open = contact.state not in (ContactState.CLOSED, ContactState.ABANDONED)
    mine = contact.state is ContactState.ASSIGNED and visit.actor.is_agent(contact.agent_id)
    queues = sorted(visible_queues(workspace, visit.actor), key=lambda each: name(each).casefold())
    return {
        "record": record,
        "contact": contact,
        "holder": name(contact.agent_id) if contact.agent_id else None,
        "sentence": sentence,
        "accounts": [(name(stop.queue), stop, _account(stop, workspace, language=language)) for stop in stops],
        "story": story(workspace, record, entries, language=language),
        "mine": mine,
        "may_answer": contact.state is ContactState.OFFERED
        and (visit.actor.is_agent(contact.agent_id) or visit.may("contacts.write")),
        "may_handle": is_open and (mine or visit.may("contacts.write")),
        "may_give": is_open and (mine or visit.may("contacts.assign")),
        "may_take": contact.state is ContactState.QUEUED
        and visit.may("contacts.take")
        and not visit.may("contacts.assign"),
        "people": recipients(workspace, record, language=language, now=now, at_most=PEOPLE) if is_open else (),
        "queues": [(each, name(each)) for each in queues],
    }


def _account(stop: StopExplanation, workspace: Workspace, *, language: str) -> str | None:
    return stop_sentence(stop, language=language, name=naming(workspace)) if stop.steps else None
