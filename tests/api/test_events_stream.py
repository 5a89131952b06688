"""Live events: what is sent to whom, from where a listener left off, and how a stream ends."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, cast

import pytest

from assigner.api.events import stream
from assigner.listening import Listener
from assigner.service.actor import ROLES, Actor
from assigner.service.hub import BACKLOG
from tests.api.service import SETUP, Service

ANA = Actor(name="agent:ana", workspace=1, permissions=ROLES["agent"], agent_id="ana")
Sent = dict[str, Any]


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    service = Service(database_url)
    service.add_agent("ana", capacity=1)
    yield service
    service.product.stop()


async def opened(service: Service, actor: Actor = SETUP, last_id: str | None = None) -> AsyncIterator[bytes]:
    """A stream that listens already."""
    listener = Listener(service.product, actor.workspace)
    body = stream(service.product, actor, listener, last_id, as_(actor))
    assert await anext(body) == b": connected\n\n"
    return body


def as_(actor: Actor | None) -> Callable[[], Awaitable[Actor | None]]:
    """Whom a stream finds when it looks again who listens; None: nobody that is known any more."""

    async def looked_up() -> Actor | None:
        return actor

    return looked_up


async def rest(service: Service, body: AsyncIterator[bytes]) -> list[Sent]:
    """All that a stream sends until the service closes it."""
    service.product.close_streams()
    return [parsed(message) async for message in body]


def parsed(message: bytes) -> Sent:
    """An event as its data tells it; the other lines say the same."""
    fields = dict(line.split(": ", 1) for line in message.decode().strip().splitlines())
    told: Sent = json.loads(fields["data"])
    assert (fields["id"], fields["event"]) == (told["id"], told["type"])
    return told


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Let a test with streams run to its end."""
    asyncio.run(cast("Any", test()))


def send(service: Service, contact_id: str, **fields: Any) -> None:
    assert service.client().post("/v1/contacts", json={"id": contact_id, **fields}).status_code == 201


def test_a_supervisor_is_sent_everything_in_order_without_accounts_of_decisions(service: Service) -> None:
    async def scenario() -> None:
        body = await opened(service)
        await asyncio.to_thread(send, service, "c1")
        await asyncio.to_thread(service.sign_in, "ana")

        told = [(each["type"], each["subject"], each["data"]) for each in await rest(service, body)]

        assert [each[:2] for each in told] == [
            ("contact.queued", "c1"),
            ("queue.alarm", "everybody"),
            ("agent.status", "ana"),
            ("contact.assigned", "c1"),
            ("queue.clear", "everybody"),
        ]
        assert told[-2][2] == {"agent_id": "ana", "queue": "everybody", "source": "automatic"}

    run(scenario)


def test_an_agent_is_sent_own_contacts_and_everybodys_status(service: Service) -> None:
    async def scenario() -> None:
        service.add_agent("luis")
        body = await opened(service, ANA)
        for agent_id in ("ana", "luis"):
            await asyncio.to_thread(service.sign_in, agent_id)
        for contact_id in ("c1", "c2"):
            await asyncio.to_thread(send, service, contact_id, exclude_agents=["luis" if contact_id == "c1" else "ana"])
        await asyncio.to_thread(service.client().post, "/v1/contacts/c1/transfer", json={"agent_id": "luis"})

        told = [(each["type"], each["subject"]) for each in await rest(service, body)]

        assert told == [
            ("agent.status", "ana"),
            ("agent.status", "luis"),
            ("contact.assigned", "c1"),
            ("contact.assigned", "c1"),
        ]

    run(scenario)


def test_a_listener_goes_on_where_it_left_off(service: Service) -> None:
    async def scenario() -> None:
        first = await opened(service)
        for contact_id in ("c1", "c2", "c3"):
            await asyncio.to_thread(send, service, contact_id)
        seen = await rest(service, first)

        second = await opened(service, last_id=seen[0]["id"])
        await asyncio.to_thread(send, service, "c4")
        missed = await rest(service, second)

        assert missed[:3] == seen[1:]
        assert [each["subject"] for each in missed] == ["everybody", "c2", "c3", "c4"]

    run(scenario)


@pytest.mark.parametrize(
    "last_id",
    [
        pytest.param("nonsense", id="no id"),
        pytest.param("999999.0", id="from the future"),
        pytest.param("9" * 30 + ".0", id="too long"),
        pytest.param("", id="empty"),
    ],
)
def test_who_cannot_be_caught_up_is_told_to_read_again(service: Service, last_id: str) -> None:
    async def scenario() -> None:
        body = await opened(service, last_id=last_id)
        (only,) = await rest(service, body)
        assert only["type"] == "resync"

        again = await opened(service, last_id=only["id"])
        await asyncio.to_thread(send, service, "c1")
        assert [each["subject"] for each in await rest(service, again)] == ["c1", "everybody"]

    run(scenario)


def test_a_listener_that_does_not_keep_up_is_cut_off_and_keeps_nobody_else_waiting(service: Service) -> None:
    async def scenario() -> None:
        slow = await opened(service)
        sent = {"contacts": [{"id": f"c{number}"} for number in range(BACKLOG + 5)]}
        await asyncio.to_thread(service.client().post, "/v1/contacts/batch", json=sent)

        got = [parsed(message)["subject"] async for message in slow]

        assert got == [f"c{number}" for number in range(BACKLOG)]

    run(scenario)


def test_a_quiet_stream_shows_that_it_lives_until_its_credential_ends(service: Service) -> None:
    async def scenario() -> None:
        for actor, sent in ((SETUP, b": ping\n\n"), (None, None)):
            listener = Listener(service.product, 1, ping_seconds=0.0)
            body = stream(service.product, SETUP, listener, None, as_(actor))
            await anext(body)
            assert await anext(body, None) == sent
            await body.aclose()

    run(scenario)


def test_the_stream_over_http_is_server_sent_events(service: Service) -> None:
    answer = service.client("").get("/v1/events")

    assert answer.status_code == 401
