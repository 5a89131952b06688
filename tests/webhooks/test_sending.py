"""What a receiver gets, on a clock that the test holds: what was asked for, signed, and nothing that is secret."""

import json
from collections import Counter
from datetime import datetime

import pytest
from standardwebhooks import Webhook

from assigner.testing import Workbench
from assigner.wiring import wall_clock
from tests.webhooks.builders import abandon, deliveries, make, send, state_of, told
from tests.webhooks.receiver import TAKE, Receiver, receiving


def test_an_event_arrives_as_on_the_stream_and_is_verified_by_the_library() -> None:
    with receiving(Receiver()) as receiver, Workbench(start=wall_clock()) as bench:
        admin = bench.client()
        secret = make(admin, receiver.url, types=["contact.*"])["secret"]
        send(admin, "c1")
        bench.settle()

        [message] = receiver.taken
        [event] = [event for event in bench.events() if event["type"] == "contact.queued"]
        event.pop("number")
        assert Webhook(secret).verify(message.body, message.headers) == event
        assert message.headers["content-type"] == "application/json"
        assert message.headers["webhook-id"] == f"shop_{event['id'].replace('.', '_')}"


def test_a_cloud_event_is_a_structured_envelope() -> None:
    with receiving(Receiver()) as receiver, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url, types=["contact.queued"], format="cloudevents")
        send(admin, "c1")
        bench.settle()

        [message] = receiver.taken
        assert message.headers["content-type"].startswith("application/cloudevents+json")
        event = message.event
        assert event.pop("source").startswith("/workspaces/")
        assert event.pop("by").startswith("key:")
        assert event.pop("id") == next(each["id"] for each in bench.events() if each["type"] == "contact.queued")
        assert event == {
            "specversion": "1.0",
            "type": "contact.queued",
            "subject": "c1",
            "time": "2026-01-05T09:00:00Z",
            "datacontenttype": "application/json",
            "data": {"queue": "everybody", "rule": None, "channel": "chat", "office": None},
        }


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        pytest.param([], ["contact.queued", "contact.abandoned", "office.changed"], id="all that are sent"),
        pytest.param(["contact.*"], ["contact.queued", "contact.abandoned"], id="a family"),
        pytest.param(["office.changed", "contact.queued"], ["contact.queued", "office.changed"], id="two types"),
        pytest.param(["rules.*"], [], id="another family"),
    ],
)
def test_only_wanted_types_are_sent(types: list[str], expected: list[str]) -> None:
    with receiving(Receiver()) as receiver, Workbench() as bench:
        admin = bench.client()
        send(admin, "before")
        make(admin, receiver.url, types=types)
        send(admin, "c1")
        abandon(admin, "c1")
        bench.client("agent")
        admin.put("/v1/offices/madrid", json={}).raise_for_status()
        bench.settle()

        assert Counter(receiver.types()) == Counter(expected)


def test_after_a_rotation_both_secrets_verify_for_a_while() -> None:
    with receiving(Receiver()) as receiver, Workbench(start=wall_clock()) as bench:
        admin = bench.client()
        old = make(admin, receiver.url, types=["contact.*"])["secret"]
        rotated = admin.post("/v1/webhooks/shop/rotate", json={"overlap": 60}).json()
        send(admin, "c1")
        bench.advance(60)
        send(admin, "c2")
        bench.settle()

        first, second = receiver.taken
        assert [Webhook(each).verify(first.body, first.headers)["subject"] for each in (old, rotated["secret"])] == [
            "c1",
            "c1",
        ]
        assert Webhook(rotated["secret"]).verify(second.body, second.headers)["subject"] == "c2"
        assert len(second.headers["webhook-signature"].split()) == 1
        assert datetime.fromisoformat(rotated["previous_until"]) == bench.now


def test_a_test_event_goes_to_its_webhook_only_whatever_its_types() -> None:
    with receiving(Receiver()) as receiver, receiving(Receiver()) as other, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url, types=["contact.*"])
        make(admin, other.url, id="other")
        assert admin.post("/v1/webhooks/shop/test").status_code == 202
        bench.settle()

        assert (told(receiver), told(other)) == ([("shop", "webhook.test")], [])


def test_an_event_that_was_delivered_can_be_sent_again_with_the_same_id() -> None:
    with receiving(Receiver()) as receiver, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url, types=["contact.*"])
        send(admin, "c1")
        abandon(admin, "c1")
        bench.settle()
        first = deliveries(admin)[-1]["event"]
        assert admin.post(f"/v1/webhooks/shop/deliveries/{first}/redeliver").status_code == 202
        bench.settle()

        assert receiver.types() == ["contact.queued", "contact.abandoned", "contact.queued"]
        assert receiver.taken[2].headers["webhook-id"] == receiver.taken[0].headers["webhook-id"]
        assert state_of(admin)["retrying"] == 0


def test_a_deleted_webhook_gets_nothing_and_leaves_nothing() -> None:
    with receiving(Receiver(answer=lambda _: 500)) as receiver, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url, types=["contact.*"])
        send(admin, "c1")
        bench.settle()
        assert admin.delete("/v1/webhooks/shop").status_code == 204
        send(admin, "c2")
        bench.advance(3600)
        assert len(receiver.received) == 1

        receiver.answer = lambda _: TAKE
        make(admin, receiver.url)
        bench.settle()
        assert (state_of(admin)["retrying"], deliveries(admin)) == (0, [])


def test_nothing_that_a_customer_said_is_sent() -> None:
    with receiving(Receiver()) as receiver, Workbench() as bench:
        admin = bench.client()
        make(admin, receiver.url)
        body = {"id": "c1", "customer_id": "SECRET", "attributes": {"name": "SECRET"}}
        admin.post("/v1/contacts", json=body).raise_for_status()
        bench.settle()

        assert sorted(receiver.subjects()) == ["c1", "everybody"]  # the contact, and the alarm of its queue
        assert "SECRET" not in json.dumps([message.body for message in receiver.taken])
