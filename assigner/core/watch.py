"""Which queues need a person's eye: where a contact has waited longer than the target, or nobody could take it.

A contact waits until somebody holds it, so one that is offered counts. What was raised is known from the changes; a
decision compares it with what is so now."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from assigner.core.alarms import AlarmChange, AlarmCleared, AlarmRaised, AlarmReason


class Watch:
    """The targets of what waits, and the alarms. `raised` are those that were told; only changes move it."""

    def __init__(self) -> None:
        self.raised: dict[str, AlarmReason] = {}
        self._targets: dict[str, tuple[datetime, str]] = {}
        self._coming: list[tuple[datetime, str, str]] = []
        self._late: defaultdict[str, set[str]] = defaultdict(set)

    def expect(self, contact_id: str, queue: str, *, by: datetime, now: datetime) -> None:
        """A contact waits in a queue, and is late from that instant on."""
        target = by, queue
        if self._targets.get(contact_id) == target:
            return
        self.forget(contact_id)
        self._targets[contact_id] = target
        if by <= now:
            self._late[queue].add(contact_id)
        else:
            heapq.heappush(self._coming, (by, contact_id, queue))

    def forget(self, contact_id: str) -> None:
        """A contact waits no longer, or no longer there."""
        target = self._targets.pop(contact_id, None)
        if target is not None and (late := self._late.get(target[1])) is not None:
            late.discard(contact_id)
            if not late:
                del self._late[target[1]]

    def advance(self, *, now: datetime) -> None:
        """Some are late by now."""
        while self._coming and self._coming[0][0] <= now:
            by, contact_id, queue = heapq.heappop(self._coming)
            if self._targets.get(contact_id) == (by, queue):
                self._late[queue].add(contact_id)

    def begin_again(self, *, now: datetime) -> None:
        """The clock was set back: who is late is worked out anew."""
        self._late.clear()
        self._coming = [(by, contact_id, queue) for contact_id, (by, queue) in self._targets.items()]
        heapq.heapify(self._coming)
        self.advance(now=now)

    def next_instant(self) -> datetime | None:
        """When the next contact is late."""
        while self._coming:
            by, contact_id, queue = self._coming[0]
            if self._targets.get(contact_id) == (by, queue):
                return by
            heapq.heappop(self._coming)
        return None

    def news(self, nobody_there: Iterable[str], *, now: datetime) -> Iterator[AlarmChange]:
        """The alarms to raise and to clear, by queue; `nobody_there` are the queues with a contact that nobody could
        take."""
        reasons = dict.fromkeys(self._late, AlarmReason.TARGET_MISSED)
        reasons |= dict.fromkeys(nobody_there, AlarmReason.NOBODY_THERE)
        for queue in sorted(self.raised.keys() - reasons.keys()):
            yield AlarmCleared(at=now, queue=queue)
        for queue in sorted(reasons.keys() - self.raised.keys()):
            yield AlarmRaised(at=now, queue=queue, because=reasons[queue])
