"""The webhooks in the settings: where events are sent to, made and changed, with a secret that is shown once, and
deleted. What became of each event is on the page of its deliveries."""

from functools import partial
from typing import Any

from fastapi import Request, Response

from assigner.console.filled import Filled, filled_in, ticked
from assigner.console.forms import do, save, show_once
from assigner.console.frame import frame_of
from assigner.console.language import N_
from assigner.console.notices import Notice
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.service import webhooks
from assigner.service.ids import new_id
from assigner.service.unit import Unit
from assigner.service.webhooks import Rotated
from assigner.store.webhooks import Format, State, WebhookRecord, count_deliveries
from presence.errors import Invalid, Refused
from presence.wording import sentence

router = pages()

LIST, ONE = "/settings/webhooks", "/settings/webhooks/one"
SAVED = Notice(code="", text=N_("The webhook is saved."))
GONE = Notice(code="", text=N_("The webhook is deleted; nothing is sent there any more."))
HOUR = 3600


@router.get(LIST)
def webhooks_page(visit: Visiting) -> Response:
    """All webhooks, with what waits to be sent again."""
    visit.actor.need(webhooks.MANAGES)
    with visit.reading() as workspace:
        frame, known = frame_of(visit, workspace), tuple(workspace.webhooks.values())
    with visit.stored() as connection:
        counts = count_deliveries(connection, visit.actor.workspace)
    listed = [
        (each, {state.value: counts.get((each.id, state.value), 0) for state in State})
        for each in sorted(known, key=lambda webhook: webhook.id)
    ]
    return frame.page("settings/webhooks.html", listed=listed)


@router.get(ONE)
def webhook_page(visit: Visiting, id: str = "") -> Response:  # noqa: A002 - as the address says it
    """One webhook to change; without an id, a new one."""
    visit.actor.need(webhooks.MANAGES)
    return _page(visit, id)


@router.post(ONE)
async def save_webhook(request: Request, visit: Visiting, id: str = "") -> Response:  # noqa: A002
    """A webhook comes to be, and its secret is shown; or it changes."""
    visit.actor.need(webhooks.MANAGES)
    filled, doors = await filled_in(request), request.app.state.doors

    def ask(unit: Unit) -> WebhookRecord:
        asked = _asked(filled)
        doors.check_webhook(asked["url"])
        if id:
            return webhooks.patch_webhook(unit, visit.actor, id, asked, expected=filled.whole("version"))
        webhook_id = filled.text("id") or f"wh-{new_id(now=unit.now)}"
        return webhooks.create_webhook(unit, visit.actor, webhook_id, asked)

    def again(refused: Refused) -> Response:
        return _page(visit, id, refused=refused, filled=filled)

    def shown(made: WebhookRecord) -> Response:
        return _page(visit, made.id, secret=made.secrets[-1].secret)

    if id:
        return await save(visit, ask, back=LIST, done=SAVED, again=again)
    return await show_once(visit, ask, shown=shown, again=again)


@router.post(f"{ONE}/rotate")
async def rotate(request: Request, visit: Visiting, id: str) -> Response:  # noqa: A002
    """A new secret, and for a while the one before counts as well."""
    visit.actor.need(webhooks.MANAGES)
    filled = await filled_in(request)

    def ask(unit: Unit) -> Rotated:
        return webhooks.rotate_secret(unit, visit.actor, id, overlap=(filled.whole("overlap") or 0) * HOUR)

    def again(refused: Refused) -> Response:
        return _page(visit, id, refused=refused)

    def shown(rotated: Rotated) -> Response:
        return _page(visit, id, secret=rotated.secret)

    return await show_once(visit, ask, shown=shown, again=again)


@router.post(f"{ONE}/delete")
async def delete(visit: Visiting, id: str) -> Response:  # noqa: A002
    """Nothing is sent any more, and what was not taken is forgotten."""
    ask = partial(webhooks.delete_webhook, actor=visit.actor, webhook_id=id)
    return await do(visit, ask, back=LIST, done=GONE)


def _page(
    visit: Visit, webhook_id: str, *, refused: Refused | None = None, filled: Filled | None = None, secret: str = ""
) -> Response:
    """A webhook as it stands, or as it was filled in; without an id, a new one. Raises NotFound."""
    with visit.reading() as workspace:
        frame = frame_of(visit, workspace)
        webhook = webhooks.webhook_of(workspace, webhook_id) if webhook_id else None
    values: dict[str, Any] = {
        "webhook": webhook,
        "filled": filled or _filled(webhook),
        "formats": tuple(Format),
        "secret": secret,
    }
    if refused is not None:
        return frame.again("settings/webhook.html", refused, **values)
    return frame.page("settings/webhook.html", **values)


def _filled(webhook: WebhookRecord | None) -> Filled:
    if webhook is None:
        return Filled(fields={"active": ticked(True), "format": (Format.EVENT,)})
    definition = webhook.definition
    fields = {
        "version": (str(webhook.version),),
        "url": (definition.url,),
        "description": (definition.description or "",),
        "types": (", ".join(definition.types),),
        "format": (definition.format.value,),
        "active": ticked(definition.active),
    }
    return Filled(fields=fields)


def _asked(filled: Filled) -> dict[str, Any]:
    """What the form asks for. Raises Invalid."""
    written = filled.text("format")
    if written not in tuple(Format):
        raise Invalid(
            "unknown_value",
            sentence("%(written)r is no format; choose one that is offered", written=written),
            field="format",
        )
    return {
        "url": filled.text("url"),
        "description": filled.text("description") or None,
        "types": [each.strip() for each in filled.text("types").split(",") if each.strip()],
        "format": Format(written),
        "active": filled.has("active"),
    }
