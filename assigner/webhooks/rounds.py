"""What to send to one webhook next: events that failed and are due again, else those of the log behind its position.

Events of one subject make a chain, sent one after the other until one is not taken; chains are sent side by side. A
round begins with failures only or with new events only, so a subject is never in two chains."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from assigner.service.webhook_progress import Chain, Failure, Round
from assigner.service.webhooks import is_sent
from assigner.store.load import changes_after
from assigner.store.rows import Entry
from assigner.store.webhooks import Delivery, Place, WebhookRecord, deliveries_due, held_subjects, lines_about

LINES = 100
"""How many lines of the log, or failed events, one round begins with: what a kill makes a receiver see twice."""
CHAIN = 50
"""How many events of one subject follow one another in a round."""
HELD = 1000
"""How many subjects may wait; while there are more, nothing new is begun."""

Line = tuple[Place, Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a webhook stands: up to where the log holds nothing new for it, and whether its receiver seems to be
    down."""

    workspace: int
    read_up_to: Place
    is_down: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSend:
    """The events of one subject to send, in order. `delivery` is the one that failed before; `later` follows them."""

    subject: str
    lines: tuple[Line, ...]
    delivery: Delivery | None = None
    later: Place | None = None

    def failed(self, taken: int, failure: Failure) -> Chain:
        """What became of it when so many were taken, and the next was not."""
        rest = self.lines[taken + 1 :]
        later = rest[0][0] if rest else self.later
        return Chain(subject=self.subject, taken=taken, failure=failure, delivery=self.delivery, later=later)

    def left_at(self, taken: int) -> Chain | None:
        """What became of it when so many were taken, and nothing else was tried; None where nothing was begun."""
        if taken == 0 and self.lines:
            return None
        later = self.lines[taken][0] if taken < len(self.lines) else self.later
        return Chain(subject=self.subject, taken=taken, delivery=self.delivery, later=later)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a round sends. `places` are those of the log that it moves over, in order."""

    to_send: tuple[ToSend, ...]
    places: tuple[Place, ...] = ()


def plan_round(connection: Connection, webhook: WebhookRecord, at: Standing, *, now: datetime) -> Plan:
    """The next round of a webhook; with nothing to send in it, there is nothing to do now."""
    at_once = 1 if at.is_down else LINES
    due = deliveries_due(connection, at.workspace, webhook.id, now=now, limit=at_once)
    if due:
        return Plan(to_send=tuple(_again(connection, webhook, at, each) for each in due))
    held = held_subjects(connection, at.workspace, webhook.id)
    if len(held) >= HELD or (held and at.is_down):
        return Plan(to_send=())
    lines = changes_after(connection, at.workspace, at.read_up_to, limit=LINES)
    chains: dict[str, list[Line]] = {}
    for change_no, ordinal, entry in lines:
        if is_sent(webhook, entry) and entry.subject not in held:
            chains.setdefault(entry.subject, []).append(((change_no, ordinal), entry))
    to_send = tuple(ToSend(subject=subject, lines=tuple(chain)) for subject, chain in chains.items())
    return Plan(to_send=to_send, places=tuple((change_no, ordinal) for change_no, ordinal, _ in lines))


def round_of(plan: Plan, at: Standing, ended: Iterable[Chain | None]) -> Round:
    """What became of a plan. A chain that was not begun (None) is sent another time: the position stays before it."""
    chains = list(ended)
    left = [
        each.lines[0][0]
        for each, chain in zip(plan.to_send, chains, strict=True)
        if chain is None and each.delivery is None
    ]
    passed = (place for place in plan.places if not left or place < min(left))
    position = max(passed, default=at.read_up_to)
    return Round(chains=tuple(chain for chain in chains if chain is not None), position=position)


def _again(connection: Connection, webhook: WebhookRecord, at: Standing, delivery: Delivery) -> ToSend:
    """An event that failed, with those of its subject that wait for it."""
    until = at.read_up_to if delivery.holds else delivery.place
    between = delivery.place, until
    lines = lines_about(connection, at.workspace, delivery.subject, between=between, limit=CHAIN + 1)
    wanted = [line for line in lines[:CHAIN] if is_sent(webhook, line[1])]
    later = lines[CHAIN][0] if len(lines) > CHAIN else None
    return ToSend(subject=delivery.subject, lines=tuple(wanted), delivery=delivery, later=later)
