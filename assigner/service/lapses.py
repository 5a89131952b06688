"""What becomes true without anybody's doing, logged by whoever meets it, at the instant at which it did.

Statuses that time has changed, offers that ran out or may not stand any more, contacts that come back from an agent who
is gone: each follows from stored facts, so a restart loses none, and meeting it late changes nothing but when it is
told."""

import heapq
from collections.abc import Iterable
from datetime import datetime

from assigner.core.changes import OfferEnd
from assigner.core.lapses import Lapse, next_lapse
from assigner.core.terms import offer_terms
from assigner.service.presence import set_away, tell_board
from assigner.service.unit import ENGINE, Unit


def record_lapses(unit: Unit, agent_ids: Iterable[str]) -> None:
    """Log all that time has changed by now, in the order in which it did; the statuses of these agents first of all."""
    board, floor = unit.workspace.board, unit.workspace.floor
    crossings: list[tuple[datetime, str]] = []
    while True:
        for agent_id in agent_ids:
            crossing = floor.seat(agent_id).look_again_at
            if crossing is not None and crossing <= unit.now:
                heapq.heappush(crossings, (crossing, agent_id))
        if crossings:
            at, agent_id = heapq.heappop(crossings)
            _let_lapse(unit, now=at)
            if floor.seat(agent_id).look_again_at == at:
                tell_board(unit, agent_id, by=ENGINE, at=at)
                _let_lapse(unit, now=at)
        elif not _let_lapse(unit, now=unit.now):
            break
        agent_ids = board.agents_to_look_at(now=unit.now)


def record_consequences(unit: Unit) -> None:
    """Log what follows at once from what a request has changed, before the next request is looked at."""
    while (lapse := next_lapse(unit.workspace.floor, now=unit.now)) is not None:
        _record(unit, lapse)


def _let_lapse(unit: Unit, *, now: datetime) -> bool:
    """Log what has become true by an instant, statuses apart. Whether there was anything."""
    lines = len(unit.entries)
    while (lapse := unit.workspace.board.next_lapse(now=now)) is not None:
        _record(unit, lapse)
    return len(unit.entries) > lines


def _record(unit: Unit, lapse: Lapse) -> None:
    """An offer that ended or a contact that came back: it waits again, and the log says why."""
    contact = unit.workspace.floor.contacts[lapse.contact_id]
    told = {"agent_id": contact.agent_id, "queue": contact.queue, "reason": lapse.because}
    unit.record("contact.returned", contact.id, by=ENGINE, data=told, change=lapse)
    if lapse.because is OfferEnd.MISSED and contact.agent_id is not None:
        _count_missed(unit, contact.agent_id, contact.queue, at=lapse.at)


def _count_missed(unit: Unit, agent_id: str, queue: str | None, *, at: datetime) -> None:
    """Who has missed too many offers in a row is set Away, and is not asked again until the next choice."""
    floor = unit.workspace.floor
    limit = offer_terms(floor.queue_of(queue or ""), floor.roster.settings).missed_limit
    if limit is not None and floor.seat(agent_id).missed >= limit:
        set_away(unit, agent_id, at=at)
