"""Sends events to webhooks, from the log: at least once, and in order for each subject.

Every webhook goes its own way, so a receiver that hangs delays nobody else. `serve` runs a sender in a thread;
Workbench steps it. How far it has come is written with a group commit; what a kill leaves unwritten is sent again."""

import asyncio
import logging
import threading
from collections import Counter
from contextlib import suppress
from datetime import datetime
from functools import partial

import httpcore2

from assigner.product import Product
from assigner.service.webhook_progress import Chain, Failure, Round, note_round
from assigner.store.database import StoreUnavailable
from assigner.store.webhooks import Place, WebhookRecord, next_due
from assigner.webhooks.address import Network
from assigner.webhooks.message import message_of
from assigner.webhooks.post import PATIENCE, Outcome, connections, post
from assigner.webhooks.rounds import Plan, Standing, ToSend, plan_round, round_of

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 8
"""How many requests a receiver gets at the same time."""
DOWN_AFTER = 20
"""After so many failures with nothing taken in between, only what failed is tried again, one event at a time."""
POLL = 1.0
GATHERED = 0.05
"""Seconds between two looks without a wake-up, and for which events are gathered after one."""
LET_END = 0.5
"""Seconds that requests on their way are given when the service stops."""
SKIPPED = 1000
"""How many changes that hold nothing for a webhook are passed over before that is written down."""

Key = tuple[int, str]
"""The workspace and the id of a webhook."""


class Sender:
    """Sends for all workspaces of a product. `source` says in CloudEvents where they come from; a receiver has
    `patience` seconds to answer."""

    def __init__(
        self, product: Product, *, allowed: tuple[Network, ...] = (), source: str = "", patience: float = PATIENCE
    ) -> None:
        self.attempts: Counter[tuple[int, str, Outcome]] = Counter()
        self._product = product
        self._allowed = allowed
        self._source = source
        self._patience = patience
        self._read_up_to: dict[Key, Place] = {}
        self._failed_in_a_row: Counter[Key] = Counter()
        self._stopping = False
        self._on_their_way: set[asyncio.Task[Chain | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._is_needed = False
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="webhooks", daemon=True)
        product.committed.append(self._wake)

    def start(self) -> None:
        """Send in a thread until told to stop."""
        self._thread.start()

    def begin_to_stop(self) -> None:
        """Send nothing new. Waits for nothing."""
        self._stopping = True
        self._is_needed = True
        self._wake()

    def stop(self) -> None:
        """Send nothing new, and write down what was taken. Requests on their way have a moment to end."""
        self.begin_to_stop()
        if self._thread.ident is not None:
            self._thread.join()

    def step(self) -> bool:
        """Send one round to every webhook (Workbench). False where there was nothing to do."""
        keys = self._webhooks()
        if not keys:
            return False
        did: list[bool] = []
        failures: list[BaseException] = []

        def send() -> None:
            try:
                did.extend(asyncio.run(self._step(keys)))
            except BaseException as failure:
                failures.append(failure)

        thread = threading.Thread(target=send)  # whoever steps may be in an event loop already
        thread.start()
        thread.join()
        if failures:
            raise failures[0]
        return any(did)

    def next_instant(self) -> datetime | None:
        """When an event is to be tried again."""
        found: list[datetime] = []
        keys = self._webhooks()
        if keys:
            with self._product.database.reading() as connection:
                found += (due for key in keys if (due := next_due(connection, *key)) is not None)
        return min(found, default=None)

    def read_up_to(self, workspace: int, webhook: WebhookRecord) -> Place:
        """The place up to which the log holds nothing new for a webhook."""
        return max(webhook.position, self._read_up_to.get((workspace, webhook.id), webhook.position))

    async def _step(self, keys: list[Key]) -> list[bool]:
        async with connections(self._allowed) as pool:
            return [await self._send_round(pool, key) for key in keys]

    async def _run(self) -> None:
        """Keep one task for each webhook that has something to send."""
        self._loop = asyncio.get_running_loop()
        busy: dict[Key, asyncio.Task[None]] = {}
        async with connections(self._allowed) as pool:
            while not self._stopping:
                self._woken.clear()
                busy = {key: task for key, task in busy.items() if not task.done()}
                keys = self._webhooks()
                self._is_needed = bool(keys)
                for key in keys:
                    if key not in busy:
                        busy[key] = asyncio.create_task(self._send_all(pool, key))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), POLL)
                await asyncio.sleep(0 if self._stopping else GATHERED)
            if self._on_their_way:
                await asyncio.wait(self._on_their_way, timeout=LET_END)
            for task in self._on_their_way:
                task.cancel()
            await asyncio.gather(*busy.values(), return_exceptions=True)

    async def _send_all(self, pool: httpcore2.AsyncConnectionPool, key: Key) -> None:
        """Send until nothing is left to do now."""
        try:
            while not self._stopping and await self._send_round(pool, key):
                pass
        except Exception:
            log.exception("webhook %s: nothing could be sent; trying again in %s s", key[1], POLL)

    async def _send_round(self, pool: httpcore2.AsyncConnectionPool, key: Key) -> bool:
        """Send what is next to a webhook, and have it written down. False where there was nothing to do."""
        webhook = self._webhook(key)
        if webhook is None:
            return False
        at = Standing(
            workspace=key[0],
            read_up_to=self.read_up_to(key[0], webhook),
            is_down=self._failed_in_a_row[key] >= DOWN_AFTER,
        )
        with self._product.database.reading() as connection:
            plan = plan_round(connection, webhook, at, now=self._product.clock())
        if not plan.to_send:
            return await self._pass_over(key, webhook, plan)
        sent = round_of(plan, at, await self._send_chains(pool, key, plan))
        if not sent.chains and sent.position == webhook.position:
            return False
        await self._note(key, sent)
        return True

    async def _pass_over(self, key: Key, webhook: WebhookRecord, plan: Plan) -> bool:
        """Leave lines behind that hold nothing to send. That is written down now and then, or with what is sent
        next."""
        if not plan.places:
            return False
        self._read_up_to[key] = plan.places[-1]
        if plan.places[-1][0] - webhook.position[0] >= SKIPPED:
            await self._note(key, Round(chains=(), position=plan.places[-1]))
        return True

    async def _note(self, key: Key, sent: Round) -> None:
        request = partial(note_round, webhook_id=key[1], sent=sent)
        await asyncio.wrap_future(self._product.submit(key[0], request))

    async def _send_chains(self, pool: httpcore2.AsyncConnectionPool, key: Key, plan: Plan) -> list[Chain | None]:
        """Send the events of several subjects side by side."""
        side_by_side = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(each: ToSend) -> Chain | None:
            with suppress(asyncio.CancelledError):  # the service stops before it is the turn of this one
                async with side_by_side:
                    return await self._send_chain(pool, key, each)
            return None

        tasks = [asyncio.create_task(one(each)) for each in plan.to_send]
        self._on_their_way.update(tasks)
        try:
            return await asyncio.gather(*tasks)
        finally:
            self._on_their_way.difference_update(tasks)

    async def _send_chain(self, pool: httpcore2.AsyncConnectionPool, key: Key, each: ToSend) -> Chain | None:
        """Send the events of one subject until one is not taken, or the service stops."""
        taken = 0
        try:
            for place, entry in each.lines:
                webhook = self._webhook(key)
                is_down = each.delivery is None and self._failed_in_a_row[key] >= DOWN_AFTER
                if webhook is None or self._stopping or is_down:
                    return each.left_at(taken)
                message = message_of(webhook, place, entry, source=self._source_of(key), now=self._product.clock())
                answer = await post(pool, webhook.definition.url, message, patience=self._patience)
                self.attempts[*key, answer.outcome] += 1
                if answer.outcome is not Outcome.TAKEN:
                    self._failed_in_a_row[key] += 1
                    failure = Failure(place=place, problem=answer.problem, is_final=answer.is_gone)
                    return each.failed(taken, failure)
                self._failed_in_a_row[key] = 0
                taken += 1
        except asyncio.CancelledError:  # the service stops: what was on its way is sent again when it is back
            return each.left_at(taken)
        return each.left_at(taken)

    def _source_of(self, key: Key) -> str:
        return f"{self._source}/workspaces/{key[0]}"

    def _webhook(self, key: Key) -> WebhookRecord | None:
        """A webhook to which this node sends events; None where that is over."""
        if not self._product.decides(key[0]):
            return None
        with self._product.reading(key[0]) as workspace:
            webhook = workspace.webhooks.get(key[1])
        return webhook if webhook is not None and webhook.definition.active else None

    def _webhooks(self) -> list[Key]:
        """All webhooks to which this node sends events; of each workspace, the node that decides for it does."""
        found: list[Key] = []
        for number in filter(self._product.decides, self._product.workspaces()):
            with suppress(StoreUnavailable), self._product.reading(number) as workspace:
                found += ((number, each.id) for each in workspace.webhooks.values() if each.definition.active)
        return found

    def _wake(self, *_: object) -> None:
        """Look again soon. Called after every commit, in whichever thread; what it misses is found a second later."""
        if self._is_needed and self._loop is not None and not self._loop.is_closed() and not self._woken.is_set():
            self._loop.call_soon_threadsafe(self._woken.set)
