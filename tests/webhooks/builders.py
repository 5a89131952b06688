"""A bench with a webhook, and what is asked of it."""

from typing import Any

from assigner.testing import Client
from tests.webhooks.receiver import Receiver


def make(admin: Client, url: str, **fields: Any) -> dict[str, Any]:
    made = admin.post("/v1/webhooks", json={"id": "shop", "url": url, **fields})
    assert made.status_code == 201, made.text
    webhook: dict[str, Any] = made.json()
    return webhook


def send(admin: Client, *contact_ids: str) -> None:
    for contact_id in contact_ids:
        admin.post("/v1/contacts", json={"id": contact_id, "channel": "chat"}).raise_for_status()


def abandon(admin: Client, *contact_ids: str) -> None:
    for contact_id in contact_ids:
        admin.post(f"/v1/contacts/{contact_id}/abandon").raise_for_status()


def state_of(admin: Client) -> dict[str, Any]:
    found: dict[str, Any] = admin.get("/v1/webhooks/shop").json()
    return found


def deliveries(admin: Client, **only: Any) -> list[dict[str, Any]]:
    answer = admin.get("/v1/webhooks/shop/deliveries", params=only)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def told(receiver: Receiver) -> list[tuple[str, str]]:
    return [(message.event["subject"], message.event["type"]) for message in receiver.taken]
