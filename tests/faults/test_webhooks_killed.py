"""`assigner serve` is killed while it sends to webhooks, and loses no event; told to end, it does not wait for a
receiver that hangs."""

import signal
import threading
import time

import httpx2
from standardwebhooks import Webhook

from tests.faults.served import a_key, served
from tests.webhooks.receiver import TAKE, Received, Receiver, receiving

ALLOWED = {"ASSIGNER_WEBHOOK_NETWORKS": "127.0.0.0/8"}
KILLS = 3


def test_every_event_of_a_service_that_is_killed_again_and_again_arrives_in_order(database_url: str) -> None:
    headers = {"authorization": f"Bearer {a_key(database_url)}"}
    wanted: list[str] = []
    with receiving(Receiver()) as receiver:
        for kill in range(KILLS + 1):
            with (
                served(database_url, **ALLOWED) as (process, address),
                httpx2.Client(base_url=address, headers=headers) as client,
            ):
                if kill == 0:
                    body = {"id": "shop", "url": receiver.url, "types": ["contact.*"]}
                    secret = client.post("/v1/webhooks", json=body).json()["secret"]
                for number in range(20):
                    contact_id = f"{kill}-{number}"
                    client.post("/v1/contacts", json={"id": contact_id, "channel": "chat"}).raise_for_status()
                    client.post(f"/v1/contacts/{contact_id}/abandon").raise_for_status()
                    wanted.append(contact_id)
                if kill < KILLS:
                    process.kill()
                else:
                    while len({message.headers["webhook-id"] for message in receiver.taken}) < 2 * len(wanted):
                        time.sleep(0.02)

        first: dict[str, list[str]] = {}
        for message in receiver.taken:
            event = Webhook(secret).verify(message.body, message.headers)
            types = first.setdefault(event["subject"], [])
            if event["type"] not in types:
                types.append(event["type"])
        assert first == {each: ["contact.queued", "contact.abandoned"] for each in wanted}


def test_a_service_that_is_told_to_end_waits_for_no_receiver(database_url: str) -> None:
    headers = {"authorization": f"Bearer {a_key(database_url)}"}
    asked, end = threading.Event(), threading.Event()

    def hang(_: Received) -> int:
        asked.set()
        end.wait(30)
        return TAKE

    with receiving(Receiver(answer=hang)) as receiver, served(database_url, **ALLOWED) as (process, address):
        with httpx2.Client(base_url=address, headers=headers) as client:
            client.post("/v1/webhooks", json={"url": receiver.url}).raise_for_status()
            client.post("/v1/contacts", json={"id": "c1", "channel": "chat"}).raise_for_status()
        assert asked.wait(10)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(10)
        took = time.monotonic() - began
        end.set()

    assert code == 0
    assert took < 2.0
