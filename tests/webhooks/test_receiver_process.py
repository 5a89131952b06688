"""A receiver in a process of its own fails, hangs, is killed and comes back, while a service goes on sending.

Every event arrives, in order for each contact, and the library verifies every signature."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from freezegun import freeze_time
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.testclient import TestClient

from assigner.api.app import create_app
from assigner.product import Product
from assigner.settings import Settings
from assigner.store.database import Database
from assigner.store.load import changes_after
from assigner.webhooks.address import LOOPBACK
from assigner.webhooks.metrics import WebhookMetrics
from assigner.webhooks.sender import Sender
from tests.api.service import START, make_workspaces
from tests.webhooks.receiver import Received

HALF_AN_HOUR = timedelta(minutes=30)


class MovingClock:
    """A clock that goes on with every look, and jumps when it is told to."""

    def __init__(self) -> None:
        self.jumped = timedelta()
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        return START + self.jumped + timedelta(seconds=time.monotonic() - self._began)


class Program:
    """The receiver as a process."""

    def __init__(self, file: Path, *, port: int = 0) -> None:
        command = [sys.executable, "-m", "tests.webhooks.receiver", str(port), str(file)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self._said()

    def become(self, mood: str) -> None:
        """Take, fail or hang from now on."""
        assert self._process.stdin is not None
        print(mood, file=self._process.stdin, flush=True)
        assert self._said() == mood

    def kill(self) -> int:
        """Kill it. Returns the port that it listened at."""
        self._process.kill()
        self._process.communicate()
        return urlsplit(self.url).port or 0

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


class Shop:
    """A service that sends to a receiver, and a program that has it do things."""

    def __init__(self, database_url: str) -> None:
        database = Database(database_url)
        make_workspaces(database)
        self.clock = MovingClock()
        self.product = Product(database, clock=self.clock)
        self.app = create_app(self.product, Settings(webhook_networks=LOOPBACK))
        self.sender = Sender(self.product, allowed=LOOPBACK, patience=1.0)
        self.app.state.metrics.look_up(partial(WebhookMetrics, self.product, self.sender))
        self.admin = TestClient(self.app, headers={"Authorization": "Bearer ak_admin_secret"})
        self.sent = 0

    def contacts_come_and_go(self) -> None:
        """Five contacts come, and four of those there were give up: two events at once for some of them."""
        waiting = [f"c{number}" for number in range(self.sent - 1, self.sent + 3)]
        for _ in range(5):
            self.admin.post("/v1/contacts", json={"id": f"c{self.sent}", "channel": "chat"}).raise_for_status()
            self.sent += 1
        for contact_id in waiting:
            self.admin.post(f"/v1/contacts/{contact_id}/abandon")

    def time_flies(self) -> None:
        """A slow machine may let a request fail that would have been taken: it is tried again after a pause."""
        self.clock.jumped += timedelta(seconds=10)

    def expected(self) -> dict[str, list[str]]:
        """The events of every contact, in order, as the log has them."""
        with self.product.database.reading() as connection:
            lines = changes_after(connection, 1, (0, -1), limit=10_000)
        return by_subject(
            (entry.subject, f"{number}.{ordinal}") for number, ordinal, entry in lines if "contact." in entry.kind
        )


def by_subject(events: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """The ids of events by subject, each once, in the order in which they came first."""
    found: dict[str, dict[str, None]] = {}
    for subject, event_id in events:
        found.setdefault(subject, {})[event_id] = None
    return {subject: list(ids) for subject, ids in found.items()}


def until(holds: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None) -> None:
    """Wait until something holds; the clock of the test ends a wait that is in vain."""
    while not holds():
        meanwhile()
        time.sleep(0.02)


@contextmanager
def a_shop(database_url: str) -> Iterator[Shop]:
    shop = Shop(database_url)
    shop.sender.start()
    try:
        yield shop
    finally:
        shop.sender.stop()
        shop.product.stop()


def test_every_event_arrives_in_order_whatever_the_receiver_does(tmp_path: Path, database_url: str) -> None:
    file = tmp_path / "taken.jsonl"
    program = Program(file)
    with a_shop(database_url) as shop:
        made = shop.admin.post("/v1/webhooks", json={"url": program.url, "types": ["contact.*"]}).json()

        def state() -> dict[str, object]:
            found: dict[str, object] = shop.admin.get(f"/v1/webhooks/{made['id']}").json()
            return found

        def attempts() -> int:
            return sum(shop.sender.attempts.values())

        for mood in ("take", "fail", "hang", "take", "hang", "fail"):
            before = attempts()
            program.become(mood)
            shop.clock.jumped += HALF_AN_HOUR
            shop.contacts_come_and_go()
            until(lambda before=before: attempts() > before + 3)  # type: ignore[misc]
        port = program.kill()
        shop.clock.jumped += HALF_AN_HOUR
        shop.contacts_come_and_go()
        until(lambda: any(outcome == "unreachable" for *_, outcome in shop.sender.attempts))
        metrics = shop.admin.get("/metrics").text

        program = Program(file, port=port)
        shop.clock.jumped += HALF_AN_HOUR
        until(lambda: state()["retrying"] == 0 and written(file) == shop.expected(), meanwhile=shop.time_flies)
        program.kill()
        expected = shop.expected()

        assert {outcome for *_, outcome in shop.sender.attempts} == {
            "taken",
            "answered_otherwise",
            "timed_out",
            "unreachable",
        }
        assert f'assigner_webhook_requests_total{{outcome="timed_out",webhook="{made["id"]}",workspace="1"}}' in metrics
        assert "assigner_webhook_lag_seconds{" in metrics
        assert state()["active"] is True
    assert verified(file, made["secret"]) >= sum(map(len, expected.values()))


def written(file: Path) -> dict[str, list[str]]:
    """The events that the receiver took, by subject."""
    return by_subject((each.event["subject"], each.event["id"]) for each in taken(file))


def taken(file: Path) -> list[Received]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [Received(**json.loads(line)) for line in lines if line.endswith("}")]


def verified(file: Path, secret: str) -> int:
    """How many messages the library verifies, each at the instant of its signature; nothing else may run meanwhile."""
    webhook, messages = Webhook(secret), taken(file)
    for message in messages:
        with freeze_time(datetime.fromtimestamp(int(message.headers["webhook-timestamp"]), UTC)):
            webhook.verify(message.body, message.headers)
            with pytest.raises(WebhookVerificationError):
                webhook.verify(message.body + " ", message.headers)
    return len(messages)
