"""An event as the request that tells a receiver of it: a JSON body, signed as Standard Webhooks says.

The id of a message is the same however often it is sent, so a receiver can leave out what it has seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

import msgspec
from standardwebhooks import Webhook

from assigner.service.told import told
from assigner.store.rows import Entry
from assigner.store.webhooks import Format, Place, WebhookRecord

USER_AGENT = f"contact-assigner/{version('contact-assigner')}"
CONTENT_TYPES = {Format.EVENT: "application/json", Format.CLOUDEVENTS: "application/cloudevents+json; charset=utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is posted."""

    headers: Mapping[str, str]
    body: bytes


def message_of(webhook: WebhookRecord, place: Place, entry: Entry, *, source: str, now: datetime) -> Message:
    """The message for an event, signed with every secret that is good `now`; `source` says where events come from."""
    event = told(f"{place[0]}.{place[1]}", entry)
    body = msgspec.json.encode(event if webhook.definition.format is Format.EVENT else _cloud_event(event, source))
    message_id = f"{webhook.id}_{place[0]}_{place[1]}"
    good = (each.secret for each in webhook.secrets if each.until is None or each.until > now)
    signatures = (Webhook(secret).sign(message_id, now, body.decode()) for secret in good)
    headers = {
        "content-type": CONTENT_TYPES[webhook.definition.format],
        "user-agent": USER_AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Message(headers=headers, body=body)


def _cloud_event(event: Mapping[str, Any], source: str) -> dict[str, Any]:
    """The event in the structured mode of CloudEvents 1.0; who did it is the extension `by`."""
    told = {
        "specversion": "1.0",
        "id": event["id"],
        "source": source,
        "type": event["type"],
        "subject": event["subject"],
        "time": event["at"],
        "datacontenttype": "application/json",
        "data": event["data"],
    }
    return told if event["by"] is None else {**told, "by": event["by"]}
