"""Webhooks over HTTP: who may see and change them, what is refused, and what is shown only once."""

from collections.abc import Iterator
from typing import Any

import pytest

from assigner.service.actor import ROLES, Actor
from assigner.service.told import may_see
from assigner.store.rows import Entry
from tests.api.service import Service

URL = "https://shop.example.org/events"


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    service = Service(database_url)
    yield service
    service.product.stop()


def test_a_webhook_is_made_read_changed_and_deleted(service: Service) -> None:
    admin = service.client("admin")
    made = admin.post("/v1/webhooks", json={"id": "shop", "url": URL, "types": ["contact.*"]})
    secret = made.json().pop("secret")
    shown = admin.get("/v1/webhooks/shop").json()

    assert (made.status_code, made.headers["location"]) == (201, "/v1/webhooks/shop")
    assert secret.startswith("whsec_")
    assert {**shown, "secret": secret} == made.json()
    assert shown == {
        "id": "shop",
        "url": URL,
        "description": None,
        "types": ["contact.*"],
        "format": "event",
        "active": True,
        "stopped_because": None,
        "created_at": "2026-01-05T09:00:00Z",
        "created_by": "key:admin",
        "version": 1,
        "delivered_up_to": None,
        "last_taken_at": None,
        "retrying": 0,
        "dead": 0,
        "secrets": [{"made_at": "2026-01-05T09:00:00Z", "until": None}],
    }
    changed = admin.patch("/v1/webhooks/shop", json={"active": False}, headers={"If-Match": "1"}).json()
    assert (changed["active"], changed["types"], changed["version"]) == (False, ["contact.*"], 2)
    assert admin.patch("/v1/webhooks/shop", json={}, headers={"If-Match": "1"}).status_code == 412
    assert admin.delete("/v1/webhooks/shop").status_code == 204
    assert admin.get("/v1/webhooks/shop").status_code == 404
    assert admin.get("/v1/webhooks").json() == {"items": [], "next_cursor": None}


def test_secrets_are_told_once_and_never_in_the_audit_events_or_lists(service: Service) -> None:
    admin = service.client("admin")
    secrets = [admin.post("/v1/webhooks", json={"id": "shop", "url": URL}).json()["secret"]]
    secrets.append(admin.post("/v1/webhooks/shop/rotate", json={}).json()["secret"])
    told = "".join(admin.get(f"/v1/{path}").text for path in ("webhooks", "webhooks/shop", "audit"))

    assert secrets[0] != secrets[1]
    assert [each for each in secrets if each in told] == []
    assert "webhook.rotated" in told


def test_rotating_twice_leaves_two_secrets(service: Service) -> None:
    admin = service.client("admin")
    admin.post("/v1/webhooks", json={"id": "shop", "url": URL}).raise_for_status()
    for _ in range(2):
        service.pass_seconds(10)
        admin.post("/v1/webhooks/shop/rotate", json={"overlap": 60}).raise_for_status()

    assert admin.get("/v1/webhooks/shop").json()["secrets"] == [
        {"made_at": "2026-01-05T09:00:10Z", "until": "2026-01-05T09:01:20Z"},
        {"made_at": "2026-01-05T09:00:20Z", "until": None},
    ]


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        pytest.param({}, 422, "invalid", "url", id="no address"),
        pytest.param({"url": "shop"}, 422, "invalid", "url", id="no address at all"),
        pytest.param({"url": "ftp://shop.example.org/"}, 422, "invalid", "url", id="another protocol"),
        pytest.param({"url": "https://[shop/"}, 422, "invalid", "url", id="a broken address"),
        pytest.param({"url": "https://u:p@shop.example.org/"}, 422, "invalid", "url", id="a password"),
        pytest.param({"url": "https://shop.example.org/ x"}, 422, "invalid", "url", id="a space"),
        pytest.param({"url": "http://127.0.0.1:9/x"}, 422, "address_refused", "url", id="this machine"),
        pytest.param({"url": "http://[::1]/x"}, 422, "address_refused", "url", id="this machine, IPv6"),
        pytest.param({"url": "http://169.254.169.254/"}, 422, "address_refused", "url", id="metadata of a cloud"),
        pytest.param({"url": URL, "types": ["contact"]}, 422, "unknown_value", "types", id="no type"),
        pytest.param({"url": URL, "types": ["api_key.*"]}, 422, "unknown_value", "types", id="a type that is not sent"),
        pytest.param({"url": URL, "format": "xml"}, 422, "invalid", "format", id="another format"),
        pytest.param({"url": URL, "id": "a b"}, 422, "invalid", "id", id="an id that cannot stand in a header"),
        pytest.param({"url": URL, "id": "there"}, 409, "conflict", "id", id="an id in use"),
        pytest.param({"url": URL, "secret": "x"}, 422, "invalid", "secret", id="a secret of one's own"),
    ],
)
def test_webhooks_that_are_not_made(service: Service, body: dict[str, Any], status: int, code: str, field: str) -> None:
    admin = service.client("admin")
    admin.post("/v1/webhooks", json={"id": "there", "url": URL}).raise_for_status()

    answer = admin.post("/v1/webhooks", json=body)

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, field)
    assert len(admin.get("/v1/webhooks").json()["items"]) == 1


def test_there_is_a_limit(service: Service) -> None:
    admin = service.client("admin")
    statuses = [admin.post("/v1/webhooks", json={"url": URL}).status_code for _ in range(51)]

    assert statuses == [201] * 50 + [409]
    assert len(admin.get("/v1/webhooks?limit=20").json()["items"]) == 20


CALLS = [
    ("GET", "/v1/webhooks", None),
    ("POST", "/v1/webhooks", {"url": URL}),
    ("GET", "/v1/webhooks/shop", None),
    ("PATCH", "/v1/webhooks/shop", {"active": False}),
    ("DELETE", "/v1/webhooks/shop", None),
    ("POST", "/v1/webhooks/shop/rotate", {}),
    ("POST", "/v1/webhooks/shop/test", None),
    ("GET", "/v1/webhooks/shop/deliveries", None),
    ("POST", "/v1/webhooks/shop/redeliver", None),
    ("POST", "/v1/webhooks/shop/deliveries/1.0/redeliver", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS, ids=[f"{method} {path}" for method, path, _ in CALLS])
def test_every_call_needs_its_permission_and_stays_in_its_workspace(
    service: Service, method: str, path: str, body: dict[str, Any] | None
) -> None:
    admin = service.client("admin")
    before = admin.post("/v1/webhooks", json={"id": "shop", "url": URL}).json()
    before.pop("secret")

    def ask(role: str) -> tuple[int, str]:
        answer = service.client(role).request(method, path, json=body)
        return answer.status_code, answer.json().get("code")

    assert ask("") == (401, "signed_out")
    assert ask("supervisor") == (403, "forbidden")
    if "shop" in path:
        assert ask("admin2") == (404, "not_found")
    assert admin.get("/v1/webhooks").json()["items"] == [before]


@pytest.mark.parametrize("event", ["1.0", "9.0", "x", "2.7"])
def test_only_an_event_that_was_sent_can_be_sent_again(service: Service, event: str) -> None:
    admin = service.client("admin")
    admin.post("/v1/contacts", json={"id": "before"}).raise_for_status()
    admin.post("/v1/webhooks", json={"id": "shop", "url": URL}).raise_for_status()
    admin.post("/v1/contacts", json={"id": "c1"}).raise_for_status()

    assert admin.post(f"/v1/webhooks/shop/deliveries/{event}/redeliver").status_code == 404


def test_deliveries_come_page_by_page_newest_first(service: Service) -> None:
    admin = service.client("admin")
    admin.post("/v1/webhooks", json={"id": "shop", "url": URL, "types": ["contact.*"]}).raise_for_status()
    for number in range(5):
        admin.post("/v1/contacts", json={"id": f"c{number}"}).raise_for_status()
    subjects, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = admin.get("/v1/webhooks/shop/deliveries", params=params).json()
        subjects += [(item["subject"], item["state"]) for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break

    assert subjects == [(f"c{number}", "waiting") for number in reversed(range(5))]


def test_who_may_not_manage_webhooks_does_not_hear_of_them(service: Service) -> None:
    created = Entry(at=service.now, kind="webhook.created", subject="shop", by="key:admin", data={})
    actors = {role: Actor(name=role, workspace=1, permissions=permissions) for role, permissions in ROLES.items()}

    assert {role: may_see(actor, created) for role, actor in actors.items()} == {
        "agent": False,
        "supervisor": False,
        "admin": True,
    }


def test_the_audit_tells_who_made_a_webhook(service: Service) -> None:
    service.client("admin").post("/v1/webhooks", json={"url": URL}).raise_for_status()

    [told] = service.client("admin").get("/v1/audit", params={"action": "webhook.*"}).json()["items"]
    assert (told["action"], told["by"], told["after"]["url"]) == ("webhook.created", "key:admin", URL)
