"""How far a webhook has come: what a round of sending means for its position and for the events that were not taken.

The position moves over everything that was taken or is remembered as not taken. An event that was not taken holds back
the later ones of its subject, which are found again in the log when it is taken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assigner.service.unit import ENGINE, Unit
from assigner.store.webhooks import (
    Delivery,
    Place,
    State,
    WebhookRecord,
    delivery_gone,
    delivery_row,
    due_at_once,
    webhook_row,
)

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800))
"""How long to wait after the first failure of an event, the second, ...; the last one again and again."""
GIVEN_UP_AFTER = timedelta(hours=24)
"""How long an event may fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An event that was not taken. `is_final`: the receiver said that it wants nothing any more (410)."""

    place: Place
    problem: str
    is_final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What became of events of one subject that were sent one after the other, until one was not taken.

    `delivery` is the event that was not taken before, which the chain began with; `later` is the first event after the
    one that was not taken or after all of them, where there is one and it is behind the position."""

    subject: str
    taken: int
    failure: Failure | None = None
    delivery: Delivery | None = None
    later: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What was sent to a webhook together, and the place up to which nothing of the log is left to begin with."""

    chains: tuple[Chain, ...]
    position: Place

    @property
    def taken(self) -> int:
        """How many events were taken."""
        return sum(chain.taken for chain in self.chains)


def note_round(unit: Unit, webhook_id: str, sent: Round) -> None:
    """Remember what became of a round. One for a webhook that is no more is forgotten."""
    webhook = unit.workspace.webhooks.get(webhook_id)
    if webhook is None:
        return
    number, now = unit.workspace.number, unit.now
    webhook = replace(webhook, position=sent.position, taken_at=now if sent.taken else webhook.taken_at)
    if any(chain.delivery is not None and chain.taken for chain in sent.chains):
        unit.put(due_at_once(number, webhook_id, now=now))
    because: str | None = None
    for chain in sent.chains:
        if chain.delivery is not None:
            unit.put(delivery_gone(number, webhook_id, chain.delivery))
        for delivery in _not_taken(chain, webhook, now=now):
            unit.put(delivery_row(number, webhook_id, delivery))
        because = because or _why_to_stop(chain, webhook, now=now)
    if because is not None and webhook.definition.active:
        definition = replace(webhook.definition, active=False, stopped_because=because)
        webhook = replace(webhook, definition=definition, version=unit.change_no)
        unit.record("webhook.stopped", webhook_id, by=ENGINE, data={"because": because})
    unit.workspace.webhooks[webhook_id] = webhook
    unit.put(webhook_row(number, webhook))


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def _not_taken(chain: Chain, webhook: WebhookRecord, *, now: datetime) -> Sequence[Delivery]:
    """What is to be remembered of a chain."""
    holds = chain.delivery is None or chain.delivery.holds
    nothing = Delivery(
        place=(0, 0),
        subject=chain.subject,
        holds=holds,
        state=State.RETRYING,
        attempts=0,
        failing_since=now,
        next_at=now,
    )
    later = [replace(nothing, place=chain.later)] if chain.later is not None else []
    if chain.failure is None:
        return later
    known = chain.delivery if chain.delivery is not None and chain.delivery.place == chain.failure.place else nothing
    attempts = known.attempts + 1
    failed = replace(
        nothing,
        place=chain.failure.place,
        attempts=attempts,
        failing_since=known.failing_since,
        next_at=now + pause_after(attempts),
        problem=chain.failure.problem,
    )
    if not _is_given_up(failed, webhook, now=now):
        return [failed]
    return [replace(failed, state=State.DEAD, holds=False), *later]


def _is_given_up(failed: Delivery, webhook: WebhookRecord, *, now: datetime) -> bool:
    """Whether an event is dead: it fails for a day in which others were taken."""
    return now - failed.failing_since >= GIVEN_UP_AFTER and _took_others(failed.failing_since, webhook)


def _took_others(since: datetime, webhook: WebhookRecord) -> bool:
    return webhook.taken_at is not None and webhook.taken_at >= since


def _why_to_stop(chain: Chain, webhook: WebhookRecord, *, now: datetime) -> str | None:
    """Why nothing is to be sent any more: nothing at all was taken for a day, or the receiver said so. The events stay
    in the log, so nothing is lost by it."""
    if chain.failure is None:
        return None
    if chain.failure.is_final:
        return chain.failure.problem
    begun = chain.delivery
    if begun is None or begun.place != chain.failure.place or now - begun.failing_since < GIVEN_UP_AFTER:
        return None
    return (
        None if _took_others(begun.failing_since, webhook) else f"nothing was taken for a day: {chain.failure.problem}"
    )
