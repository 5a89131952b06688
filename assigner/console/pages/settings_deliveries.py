"""What became of the events of a webhook: the newest, or those that were not taken; sent again one by one or all at
once, and a test to begin with."""

import asyncio
from functools import partial

from fastapi import Request, Response

from assigner.console.filled import filled_in
from assigner.console.forms import do
from assigner.console.frame import frame_of
from assigner.console.language import N_
from assigner.console.live import live_news
from assigner.console.notices import Notice
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.service import deliveries, webhooks
from assigner.store.rows import Entry
from assigner.store.webhooks import Place, State, WebhookRecord
from presence.errors import Invalid
from presence.wording import sentence

router = pages()

PAGE, AT_ONCE = "/settings/webhooks/deliveries", 50
TESTED = Notice(code="", text=N_("A test is on its way; what becomes of it is told here."))
AGAIN = Notice(code="", text=N_("It is sent again; what becomes of it is told here."))


@router.get(PAGE)
def deliveries_page(visit: Visiting, id: str, state: str = "", after: str = "") -> Response:  # noqa: A002
    """The events of a webhook, newest first; with a state those that were not taken, oldest first."""
    if state not in ("", *State):
        raise Invalid(
            "unknown_value",
            sentence("there is no state %(state)r; go back and choose another", state=state),
            field="state",
        )
    webhook, place = _webhook(visit, id), deliveries.place_of(after)
    with visit.reading() as workspace:
        frame = frame_of(visit, workspace)
    with visit.stored() as connection:
        if state:
            key = visit.actor.workspace, id
            found = deliveries.not_taken(connection, key, State(state), after=place, limit=AT_ONCE)
        else:
            found = deliveries.newest(connection, visit.actor.workspace, webhook, before=place, limit=AT_ONCE)
    more = "" if found.next is None else f"{found.next[0]}.{found.next[1]}"
    return frame.page("settings/deliveries.html", webhook=webhook, found=found, state=state, more=more)


@router.get(f"{PAGE}/live")
async def deliveries_live(visit: Visiting, id: str) -> Response:  # noqa: A002
    """That more has happened that is sent to a webhook, or that it was sent again."""
    webhook = _webhook(visit, id)
    return live_news(visit, lambda batch: batch.everything or any(_concerns(webhook, each) for each in batch.entries))


@router.post(f"{PAGE}/test")
async def send_test(request: Request, visit: Visiting, id: str) -> Response:  # noqa: A002
    """An event of type `webhook.test` goes to this webhook and no other."""
    back = (await filled_in(request)).text("back")
    ask = partial(webhooks.send_test, actor=visit.actor, webhook_id=id)
    return await do(visit, ask, back=back, done=TESTED)


@router.post(f"{PAGE}/again")
async def send_again(request: Request, visit: Visiting, id: str) -> Response:  # noqa: A002
    """One event is sent again; without an event, all that were not taken."""
    filled = await filled_in(request)
    event, ask = filled.text("event"), partial(webhooks.redeliver_all, actor=visit.actor, webhook_id=id)
    if event:
        place, subject = await asyncio.to_thread(_sent, visit, _webhook(visit, id), event)
        ask = partial(webhooks.redeliver, actor=visit.actor, webhook_id=id, place=place, subject=subject)
    return await do(visit, ask, back=filled.text("back"), done=AGAIN)


def _webhook(visit: Visit, webhook_id: str) -> WebhookRecord:
    """A webhook, for who may see it. Raises Forbidden, NotFound."""
    visit.actor.need(webhooks.MANAGES)
    with visit.reading() as workspace:
        return webhooks.webhook_of(workspace, webhook_id)


def _concerns(webhook: WebhookRecord, entry: Entry) -> bool:
    is_about_it = entry.kind.startswith("webhook.") and entry.subject == webhook.id
    return is_about_it or webhooks.is_sent(webhook, entry)


def _sent(visit: Visit, webhook: WebhookRecord, event: str) -> tuple[Place, str]:
    with visit.stored() as connection:
        return deliveries.sent(connection, visit.actor.workspace, webhook, event)
