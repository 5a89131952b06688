"""What can be asked about webhooks: where events are sent to, of which types, signed with which secrets.

A webhook begins with the next change. Its secret is shown once, when it is made; for a while after a rotation messages
are signed with the old one as well. How far it has come is noted by `webhook_progress`."""

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from assigner.service.actor import Actor, Permission
from assigner.service.asked import need_version
from assigner.service.log import edited
from assigner.service.unit import Unit
from assigner.service.workspace import Workspace
from assigner.store.load import LAST_ORDINAL
from assigner.store.rows import Entry
from assigner.store.webhooks import (
    Definition,
    Delivery,
    Format,
    Place,
    Secret,
    State,
    WebhookRecord,
    delivery_row,
    due_at_once,
    secret_rows,
    tried_again,
    webhook_gone,
    webhook_row,
)
from presence.errors import Conflict, Invalid, NotFound, did_you_mean
from presence.wording import sentence

MANAGES = Permission.WEBHOOKS_MANAGE
AT_MOST = 50
"""How many webhooks a workspace has at most."""
LONGEST_OVERLAP = timedelta(days=30)
SECRET_BYTES = 32
"""Standard Webhooks asks for 24 to 64."""
FAMILIES = ("agent.", "contact.", "office.", "queue.", "rules.", "settings.")
"""How the types begin that are sent. Who holds keys and webhooks is nobody's business outside."""
TEST = "webhook.test"
ID = r"^[A-Za-z0-9-]{1,64}$"
TYPE = re.compile(r"[a-z_]+\.(?:\*|[a-z_]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """A new secret, shown once, and until when the one before is good as well."""

    secret: str
    previous_until: datetime


def create_webhook(unit: Unit, actor: Actor, webhook_id: str, asked: Mapping[str, Any]) -> WebhookRecord:
    """Events are sent from the next change on. Raises Invalid, Conflict for an id in use or one webhook too many."""
    actor.need(MANAGES)
    known = unit.workspace.webhooks
    if not re.match(ID, webhook_id):
        raise Invalid(
            "invalid",
            sentence("%(webhook_id)r is no id; write up to 64 letters, digits and hyphens", webhook_id=webhook_id),
            field="id",
        )
    if webhook_id in known:
        raise Conflict(
            "conflict",
            sentence("webhook %(webhook_id)r exists already; change it with PATCH", webhook_id=webhook_id),
            field="id",
        )
    if len(known) >= AT_MOST:
        raise Conflict(
            "too_many", sentence("there are %(most)s webhooks already; delete one that nobody needs", most=AT_MOST)
        )
    definition = _read(Definition(url="", created_at=unit.now, created_by=actor.name), asked)
    webhook = WebhookRecord(
        id=webhook_id,
        version=unit.change_no,
        definition=definition,
        secrets=(Secret(secret=_new_secret(), made_at=unit.now),),
        begins=unit.change_no,
        position=(unit.change_no, LAST_ORDINAL),
    )
    _save(unit, webhook)
    for row in secret_rows(unit.workspace.number, webhook):
        unit.put(row)
    unit.record("webhook.created", webhook_id, by=actor.name, data=edited(None, document_of_webhook(definition)))
    return webhook


def patch_webhook(
    unit: Unit, actor: Actor, webhook_id: str, changes: Mapping[str, Any], *, expected: int | None = None
) -> WebhookRecord:
    """Change some fields. One that is made active again goes on where it stopped. Raises NotFound, Invalid."""
    actor.need(MANAGES)
    webhook = webhook_of(unit.workspace, webhook_id)
    need_version(f"webhook {webhook_id!r}", found=webhook.version, expected=expected)
    before, after = webhook.definition, _read(webhook.definition, changes)
    if after == before:
        return webhook
    webhook = replace(webhook, definition=after, version=unit.change_no)
    _save(unit, webhook)
    if after.active and not before.active:
        unit.put(tried_again(unit.workspace.number, webhook_id, State.RETRYING, now=unit.now))
    told = edited(document_of_webhook(before), document_of_webhook(after))
    unit.record("webhook.changed", webhook_id, by=actor.name, data=told)
    return webhook


def delete_webhook(unit: Unit, actor: Actor, webhook_id: str, *, expected: int | None = None) -> None:
    """Nothing is sent any more; a request that is on its way may still arrive. Raises NotFound."""
    actor.need(MANAGES)
    webhook = webhook_of(unit.workspace, webhook_id)
    need_version(f"webhook {webhook_id!r}", found=webhook.version, expected=expected)
    del unit.workspace.webhooks[webhook_id]
    for row in webhook_gone(unit.workspace.number, webhook_id):
        unit.put(row)
    told = edited(document_of_webhook(webhook.definition), None)
    unit.record("webhook.deleted", webhook_id, by=actor.name, data=told)


def rotate_secret(unit: Unit, actor: Actor, webhook_id: str, *, overlap: int) -> Rotated:
    """Sign with a new secret, and for `overlap` seconds with the one before as well; an older one ends at once.

    Raises NotFound, Invalid `out_of_range`."""
    actor.need(MANAGES)
    webhook = webhook_of(unit.workspace, webhook_id)
    if not 0 <= overlap <= LONGEST_OVERLAP.total_seconds():
        message = sentence(
            "an overlap has 0 to %(longest)s seconds, not %(overlap)s",
            longest=round(LONGEST_OVERLAP.total_seconds()),
            overlap=overlap,
        )
        raise Invalid("out_of_range", message, field="overlap")
    until = unit.now + timedelta(seconds=overlap)
    new = Secret(secret=_new_secret(), made_at=unit.now)
    webhook = replace(webhook, secrets=(replace(webhook.secrets[-1], until=until), new))
    unit.workspace.webhooks[webhook_id] = webhook
    for row in secret_rows(unit.workspace.number, webhook):
        unit.put(row)
    unit.record("webhook.rotated", webhook_id, by=actor.name, data={"previous_until": until})
    return Rotated(secret=new.secret, previous_until=until)


def send_test(unit: Unit, actor: Actor, webhook_id: str) -> None:
    """Have one event of type `webhook.test` sent to this webhook and no other. Raises NotFound."""
    actor.need(MANAGES)
    webhook_of(unit.workspace, webhook_id)
    unit.record(TEST, webhook_id, by=actor.name, data={"message": "It works."})


def redeliver_all(unit: Unit, actor: Actor, webhook_id: str) -> None:
    """Try every event again now that was not taken, dead ones included. Raises NotFound."""
    actor.need(MANAGES)
    webhook_of(unit.workspace, webhook_id)
    number = unit.workspace.number
    unit.put(due_at_once(number, webhook_id, now=unit.now))
    unit.put(tried_again(number, webhook_id, State.DEAD, now=unit.now))
    unit.record("webhook.redelivered", webhook_id, by=actor.name)


def redeliver(unit: Unit, actor: Actor, webhook_id: str, *, place: Place, subject: str) -> None:
    """Send one event again, whatever became of it, outside the order of its subject. Raises NotFound."""
    actor.need(MANAGES)
    webhook_of(unit.workspace, webhook_id)
    again = Delivery(
        place=place,
        subject=subject,
        holds=False,
        state=State.RETRYING,
        attempts=0,
        failing_since=unit.now,
        next_at=unit.now,
    )
    unit.put(delivery_row(unit.workspace.number, webhook_id, again))
    told = {"event": f"{place[0]}.{place[1]}"}
    unit.record("webhook.redelivered", webhook_id, by=actor.name, data=told)


def webhook_of(workspace: Workspace, webhook_id: str) -> WebhookRecord:
    """A webhook. Raises NotFound."""
    known = workspace.webhooks
    if webhook_id not in known:
        hint = did_you_mean(webhook_id, known)
        raise NotFound("not_found", f"webhook {webhook_id!r} does not exist{hint}; GET /v1/webhooks lists all")
    return known[webhook_id]


def is_sent(webhook: WebhookRecord, entry: Entry) -> bool:
    """Whether an event is for a webhook."""
    if entry.kind == TEST:
        return entry.subject == webhook.id
    types = webhook.definition.types
    return entry.kind.startswith(FAMILIES) and (not types or any(_matches(each, entry.kind) for each in types))


def document_of_webhook(definition: Definition) -> dict[str, Any]:
    """What makes a webhook, in the form in which it can be sent."""
    return {
        "url": definition.url,
        "description": definition.description,
        "types": list(definition.types),
        "format": definition.format.value,
        "active": definition.active,
    }


def _save(unit: Unit, webhook: WebhookRecord) -> None:
    unit.workspace.webhooks[webhook.id] = webhook
    unit.put(webhook_row(unit.workspace.number, webhook))


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _matches(pattern: str, kind: str) -> bool:
    return kind.startswith(pattern[:-1]) if pattern.endswith("*") else kind == pattern


def _read(there: Definition, asked: Mapping[str, Any]) -> Definition:
    """A definition with what is asked in place of what is there. Raises Invalid."""
    definition = replace(there, **{**asked, "types": tuple(asked.get("types", there.types))})
    _check_url(definition.url)
    for each in definition.types:
        if not TYPE.fullmatch(each) or not each.startswith(FAMILIES):
            families = ", ".join(f"{family}*" for family in FAMILIES)
            message = sentence(
                "%(each)r is no type of event that is sent; write one as in contact.assigned, or %(families)s",
                each=each,
                families=families,
            )
            raise Invalid("unknown_value", message, field="types")
    if definition.active:
        return replace(definition, format=Format(definition.format), stopped_because=None)
    return replace(definition, format=Format(definition.format))


def _check_url(url: str) -> None:
    """Raises Invalid for an address that nothing can be sent to, or that would show a password."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or not url.isascii() or any(character <= " " for character in url):
        raise Invalid("invalid", sentence("%(url)r is no address; write https://HOST/PATH", url=url), field="url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        message = sentence(
            "the address holds a user, a password or a fragment; leave it out: messages are signed instead"
        )
        raise Invalid("invalid", message, field="url")
