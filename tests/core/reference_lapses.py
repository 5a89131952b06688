"""What becomes true in the reference without anybody's doing, and which queues need a person's eye.

Every question is asked of every contact and every agent, each time. `reference` lets things happen and decides."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from assigner.core import alarms
from assigner.core import changes as happened
from assigner.core.model import ContactState, Stop
from rules.model import OfferTerms, Takes
from tests.core.reference_checks import Checks, Person, Request

Timer = tuple[datetime, int, str, int, happened.Change]


class Lapses(Checks):
    """What follows from the facts as time passes. `raised` are the alarms that were told."""

    def __init__(self) -> None:
        super().__init__()
        self.raised: set[str] = set()

    def terms(self, queue_name: str | None) -> tuple[int | None, int, int | None]:
        """Timeout, pause and limit of the offers of a queue: its own, else the workspace's."""
        queue = self.queue(queue_name or "")
        general = self.settings.offer or OfferTerms()
        own = queue.offer if queue is not None and queue.offer is not None else general
        pause = general.decline_pause if own.decline_pause is None else own.decline_pause
        limit = general.missed_limit if own.missed_limit is None else own.missed_limit
        return own.timeout, pause or 0, limit

    def next_lapse(self, now: datetime) -> happened.Change | None:
        """What has become true by now and was not told."""
        for request in sorted(self.requests.values(), key=lambda each: -each.number):
            if request.state is ContactState.OFFERED and not self.may_stand(request, now):
                return happened.OfferEnded(at=now, contact_id=request.id, because=happened.OfferEnd.WITHDRAWN)
        for person in self.people.values():
            if not person.agent.active and self.held(person):
                first = min(self.held(person), key=lambda each: each.number)
                return happened.ContactReturned(at=now, contact_id=first.id, because=happened.ReturnReason.DEACTIVATED)
        due = min((each for each in self.timers() if each[0] <= now), key=lambda each: each[:4], default=None)
        return due[-1] if due else None

    def may_stand(self, request: Request, now: datetime) -> bool:
        """Whether the agent passes every check of what the agent may do, the offer itself not counted."""
        stop = next((each for each in request.asked if each.queue == request.queue), None)
        if stop is None or not self.settings.enabled or request.holder is None:
            return False
        person, self.requests[request.id] = (
            self.people[request.holder],
            Request(request.contact, number=request.number, match=request.match),
        )
        stands = self.is_eligible(request, stop, person, now)
        self.requests[request.id] = request
        return stands

    def is_eligible(self, request: Request, stop: Stop, person: Person, now: datetime) -> bool:
        standing = self.standing_failure(request, stop, person, now)
        return standing is None and self.room_failure(request, stop, person, now) is None

    def timers(self) -> Iterator[Timer]:
        """Offers that run out, and contacts that come back."""
        for request in self.requests.values():
            if request.state is ContactState.OFFERED and request.offered_until is not None:
                ended = happened.OfferEnded(
                    at=request.offered_until, contact_id=request.id, because=happened.OfferEnd.MISSED
                )
                yield request.offered_until, 0, request.id, 0, ended
        rule = self.settings.on_offline
        for person in self.people.values():
            if person.offline_since is None or rule.contacts is happened.OfflineReturns.NONE:
                continue
            due = max(person.offline_since + timedelta(seconds=rule.grace), person.settled_at or person.offline_since)
            for request in self.held(person):
                queue = self.queue(request.queue or "")
                stays = queue is not None and queue.takes is not Takes.ONLINE
                stays = stays or (rule.contacts is happened.OfflineReturns.UNANSWERED and request.answered)
                given_at = request.given_at or person.offline_since
                stays = stays or (request.given_while_offline and given_at >= person.offline_since)
                if not stays:
                    back = happened.ContactReturned(
                        at=due, contact_id=request.id, because=happened.ReturnReason.OFFLINE
                    )
                    yield due, 1, person.agent.id, request.number, back

    def alarms(self, now: datetime) -> list[happened.Change]:
        """The alarms to clear and to raise."""
        reasons: dict[str, alarms.AlarmReason] = {}
        for request in self.requests.values():
            if request.state is ContactState.ASSIGNED or not request.asked:
                continue
            name = request.asked[0].queue
            queue = self.queue(name)
            target = queue.target if queue is not None else None
            if target is not None and now >= request.contact.arrived_at + timedelta(seconds=target):
                reasons.setdefault(name, alarms.AlarmReason.TARGET_MISSED)
            if self.is_lost(request, now):
                reasons[name] = alarms.AlarmReason.NOBODY_THERE
        cleared = [alarms.AlarmCleared(at=now, queue=each) for each in sorted(self.raised - reasons.keys())]
        news = sorted(reasons.keys() - self.raised)
        return [*cleared, *(alarms.AlarmRaised(at=now, queue=each, because=reasons[each]) for each in news)]

    def is_lost(self, request: Request, now: datetime) -> bool:
        """Whether nobody is there at any stop of a contact that waits, however free."""
        waits = request.state is ContactState.QUEUED and self.settings.enabled
        return waits and not any(self.anybody_there(request, stop, now) for stop in request.asked)
