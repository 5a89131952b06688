"""The engine once more, slow and obvious: lists, dictionaries and loops, written from the requirements alone.

The fast board must decide exactly like this one, whatever happens (`test_against_reference`). It shares with the board
only values and the matching of rules; `reference_checks` says who may take a contact, this module what happens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from assigner.core import alarms
from assigner.core import changes as happened
from assigner.core.model import Assign, ContactState, NextStop, Offer, StopAccount
from presence.model import Status
from rules.model import OverflowWhen
from tests.core.reference_checks import Person, Refused, Request
from tests.core.reference_places import Places
from tests.core.reference_ranking import ranked

QUEUED, OFFERED, ASSIGNED = ContactState.QUEUED, ContactState.OFFERED, ContactState.ASSIGNED
Planned = Assign | Offer | NextStop


class Reference(Places):
    """A workspace: how it decides, and what becomes of it when something happens."""

    def settle(self, now: datetime) -> list[Planned]:
        """Take the waiting contacts in order; ask for each until it is given to somebody or waits.

        Where assignment is switched off, nothing is asked, and who came meanwhile is no newcomer afterwards."""
        decisions = []
        for request in self.in_order():
            while self.settings.enabled and request.state is QUEUED and (decision := self.decision(request, now)):
                decisions.append(decision)
                self.apply(change_of(decision, now))
            request.unasked.clear()
        return decisions

    def decision(self, request: Request, now: datetime) -> Planned | None:
        """An agent, at once or as an offer, or one more queue, or neither."""
        accounts: list[StopAccount] = []
        for stop in request.asked:
            accounts.append(self.account(request, stop, now))
            candidates = self.candidates(request, stop, now)
            if candidates:
                chosen = ranked(self, request, stop, candidates, now)
                account = tuple(accounts)
                told: dict[str, Any] = {"contact_id": request.id, "queue": stop.queue, "ranked": chosen}
                timeout, *_ = self.terms(stop.queue)
                if timeout is None:
                    return Assign(**told, accounts=account)
                return Offer(**told, accounts=account, expires_at=now + timedelta(seconds=timeout))
        for stop in request.asked:
            queue = self.queue(stop.queue)
            for step in queue.overflow if queue else ():
                entered_before = step.to in [each.queue for each in request.stops]
                if entered_before or self.queue(step.to) is None:
                    continue
                if step.when is OverflowWhen.CLOSED:
                    time_has_come = self.is_closed(request, stop, now)
                elif step.when is OverflowWhen.NOBODY_THERE:
                    time_has_come = not self.anybody_there(request, stop, now)
                elif step.when is OverflowWhen.LONGER_THAN:
                    time_has_come = stop.queue in request.unasked and self.length(request, stop.queue) > (
                        step.length or 0
                    )
                else:
                    time_has_come = now >= stop.entered_at + timedelta(seconds=step.after or 0)
                if time_has_come:
                    leaves = stop.queue if step.leave else None
                    return NextStop(contact_id=request.id, queue=step.to, leaves=leaves, accounts=tuple(accounts))
        return None

    def length(self, newcomer: Request, queue: str) -> int:
        """How many wait in a queue as a newcomer finds it: those who have been looked at there, and itself."""
        others = [each for each in self.requests.values() if each is not newcomer and each.state is QUEUED]
        return 1 + len([each for each in others if queue in each.asked_queues and queue not in each.unasked])

    def in_order(self) -> list[Request]:
        """The waiting contacts in the order of serving."""
        return sorted([each for each in self.requests.values() if each.state is QUEUED], key=self.place)

    def place(self, request: Request) -> tuple[int, int, datetime, int]:
        """Queue priority of the first stop, priority of the contact unless it ages, age, arrival."""
        queue = self.queue(request.stops[0].queue) if request.stops else None
        priority, queued_at = request.match.priority, request.contact.arrived_at
        if queue is None:
            return 0, -priority, queued_at, request.number
        if queue.ageing:
            return -queue.priority, 0, queued_at - timedelta(seconds=queue.ageing * priority), request.number
        return -queue.priority, -priority, queued_at, request.number

    def apply(self, change: happened.Change) -> None:
        """Let one thing happen. Raises Refused."""
        HAPPENS[type(change)](self, change)

    def request(self, contact_id: str, *states: ContactState) -> Request:
        """An open contact in one of these states."""
        request = self.requests.get(contact_id)
        if request is None or request.state not in states:
            raise Refused(contact_id)
        return request

    def person(self, agent_id: str) -> Person:
        """An agent who exists."""
        if agent_id not in self.people:
            raise Refused(agent_id)
        return self.people[agent_id]

    def office_put(self, change: happened.OfficePut) -> None:
        self.offices[change.office.id] = change.office
        self.match_all_again(change.at)

    def office_removed(self, change: happened.OfficeRemoved) -> None:
        if change.office_id not in self.offices:
            raise Refused(change.office_id)
        del self.offices[change.office_id]
        self.match_all_again(change.at)

    def agent_put(self, change: happened.AgentPut) -> None:
        if change.agent.id in self.people:
            person = self.people[change.agent.id]
            person.agent = change.agent
            person.switched_on &= set(change.agent.offices)
        else:
            self.joined += 1
            self.people[change.agent.id] = Person(change.agent, joined=self.joined)

    def agent_removed(self, change: happened.AgentRemoved) -> None:
        person = self.person(change.agent_id)
        if self.held(person) or self.offers(person):
            raise Refused(change.agent_id)
        del self.people[change.agent_id]

    def presence_changed(self, change: happened.PresenceChanged) -> None:
        person = self.person(change.agent_id)
        if change.status is Status.ONLINE and person.status is not Status.ONLINE:
            person.idle_since = change.at
            person.missed = 0
        if change.status is not Status.OFFLINE:
            person.offline_since = None
        elif person.status is not Status.OFFLINE:
            person.offline_since = person.settled_at = change.at
        elif person.settled_at is not None:
            person.settled_at = min(person.settled_at, change.at)
        person.status = change.status
        person.switched_on = set(change.switched_on) & set(person.agent.offices)

    def rules_published(self, change: happened.RulesPublished) -> None:
        self.rule_set = change.rule_set
        self.match_all_again(change.at)

    def settings_saved(self, change: happened.SettingsSaved) -> None:
        self.settings = change.settings
        self.settle_graces(change.at)

    def customer_forgotten(self, change: happened.CustomerForgotten) -> None:
        self.last_holder.pop(change.customer_id, None)

    def arrived(self, change: happened.ContactArrived) -> None:
        contact = change.contact
        if contact.id in self.requests:
            raise Refused(contact.id)
        request = Request(contact, number=len(self.arrivals) + 1, match=self.match(contact))
        request.previous = self.last_holder.get(contact.customer_id or "")
        self.arrivals.append(contact.id)
        self.requests[contact.id] = request
        self.begin(request, change.at)

    def amended(self, change: happened.ContactAmended) -> None:
        request = self.request(change.contact.id, QUEUED, OFFERED)
        request.contact = replace(change.contact, arrived_at=request.contact.arrived_at)
        self.match_again(request, change.at)

    def stop_entered(self, change: happened.StopEntered) -> None:
        request = self.request(change.contact_id, QUEUED)
        if change.queue in [stop.queue for stop in request.stops]:
            raise Refused(change.queue)
        request.stops = [
            replace(stop, left_at=change.at) if stop.queue == change.leaves else stop for stop in request.stops
        ]
        request.enter(change.queue, change.at)

    def assigned(self, change: happened.ContactAssigned) -> None:
        request = self.request(change.contact_id, QUEUED)
        person = self.person(change.agent_id)
        for agent_id, credit in change.credits:
            self.people[agent_id].credit = credit
        self.note_given(person, change.at)
        request.ask(change.agent_id)
        self.give(request, person, change.queue, change.at)

    def give(self, request: Request, person: Person, queue: str | None, instant: datetime) -> None:
        request.give_to(person.agent.id, queue, instant)
        request.given_while_offline = person.status is Status.OFFLINE

    def note_given(self, person: Person, instant: datetime) -> None:
        """It was the agent's turn. Under a flood limit it counts; what counts no longer by then is forgotten."""
        self.history.append(person)
        limit = self.settings.flood_limit
        if limit is not None:
            person.given.append(instant)
            while instant >= person.given[0] + timedelta(seconds=limit.per):
                person.given.pop(0)

    def offered(self, change: happened.ContactOffered) -> None:
        request = self.request(change.contact_id, QUEUED)
        self.person(change.agent_id)
        request.ask(change.agent_id)
        request.unasked.clear()
        request.state, request.holder, request.queue = OFFERED, change.agent_id, change.queue
        request.offered_until = change.expires_at
        request.shares = {agent_id: credit - self.people[agent_id].credit for agent_id, credit in change.credits}

    def accepted(self, change: happened.OfferAccepted) -> None:
        request = self.request(change.contact_id, OFFERED)
        person = self.people[request.holder or ""]
        person.missed = 0
        for agent_id, share in request.shares.items():
            if agent_id in self.people:
                self.people[agent_id].credit += share
        self.note_given(person, change.at)
        self.give(request, person, request.queue, change.at)

    def offer_ended(self, change: happened.OfferEnded) -> None:
        request = self.request(change.contact_id, OFFERED)
        agent_id = request.holder or ""
        if change.because is not happened.OfferEnd.WITHDRAWN:
            _, pause, _ = self.terms(request.queue)
            request.refuse(agent_id, change.at + timedelta(seconds=pause) if pause else None)
            missed = change.because is happened.OfferEnd.MISSED
            self.people[agent_id].missed = self.people[agent_id].missed + 1 if missed else 0
        self.release(request, change.at)

    def answered(self, change: happened.ContactAnswered) -> None:
        self.request(change.contact_id, ASSIGNED).answered = True

    def wrap_up_ended(self, change: happened.WrapUpEnded) -> None:
        self.person(change.agent_id).wrap_ups = []

    def alarm_raised(self, change: alarms.AlarmRaised) -> None:
        self.raised.add(change.queue)

    def alarm_cleared(self, change: alarms.AlarmCleared) -> None:
        self.raised.discard(change.queue)

    def taken(self, change: happened.ContactTaken) -> None:
        request = self.request(change.contact_id, QUEUED, OFFERED, ASSIGNED)
        person = self.person(change.agent_id)
        queue = next(iter(request.asked_queues), None) if request.state is QUEUED else request.queue
        self.release(request, change.at)
        self.give(request, person, queue, change.at)

    def moved(self, change: happened.ContactMoved) -> None:
        request = self.request(change.contact_id, QUEUED, OFFERED, ASSIGNED)
        if change.queue is not None and self.queue(change.queue) is None:
            raise Refused(change.queue)
        self.release(request, change.at)
        if change.office is not None:
            request.contact = replace(request.contact, office=change.office)
        request.match = self.match(request.contact)
        target = change.queue or change.office or ""
        self.begin(request, change.at, pinned_to=target if self.queue(target) else None)

    def returned(self, change: happened.ContactReturned) -> None:
        request = self.request(change.contact_id, ASSIGNED)
        if change.because is happened.ReturnReason.OFFLINE and request.holder is not None:
            request.came_back.append(request.holder)
            if request.came_back.count(request.holder) > 1:
                request.refuse(request.holder, None)
        self.release(request, change.at)
        if change.exclude_agent is not None:
            excluded = request.contact.exclude_agents | {change.exclude_agent}
            request.contact = replace(request.contact, exclude_agents=excluded)
        request.match = self.match(request.contact)
        stays = request.pinned and self.queue(request.stops[0].queue) is not None
        self.begin(request, change.at, pinned_to=request.stops[0].queue if stays else None)

    def held_back(self, change: happened.ContactHeld) -> None:
        self.request(change.contact_id, ASSIGNED).on_hold = True

    def resumed(self, change: happened.ContactResumed) -> None:
        self.request(change.contact_id, ASSIGNED).on_hold = False

    def closed(self, change: happened.ContactClosed) -> None:
        request = self.request(change.contact_id, QUEUED, OFFERED, ASSIGNED)
        if request.state is ASSIGNED and request.holder is not None:
            if request.contact.customer_id is not None:
                self.last_holder[request.contact.customer_id] = request.holder
            self.begin_wrap_up(self.people[request.holder], request, change.at)
        self.release(request, change.at)
        del self.requests[request.id]

    def abandoned(self, change: happened.ContactAbandoned) -> None:
        del self.requests[self.request(change.contact_id, QUEUED, OFFERED).id]


def change_of(decision: Planned, now: datetime) -> happened.Change:
    """What happens when a decision is carried out."""
    if isinstance(decision, Offer):
        return happened.ContactOffered(
            at=now,
            contact_id=decision.contact_id,
            agent_id=decision.ranked.winner,
            queue=decision.queue,
            expires_at=decision.expires_at,
            credits=decision.ranked.credits,
        )
    if isinstance(decision, Assign):
        return happened.ContactAssigned(
            at=now,
            contact_id=decision.contact_id,
            agent_id=decision.ranked.winner,
            queue=decision.queue,
            credits=decision.ranked.credits,
        )
    return happened.StopEntered(at=now, contact_id=decision.contact_id, queue=decision.queue, leaves=decision.leaves)


HAPPENS: dict[type[happened.Change], Callable[[Reference, Any], None]] = {
    happened.OfficePut: Reference.office_put,
    happened.OfficeRemoved: Reference.office_removed,
    happened.AgentPut: Reference.agent_put,
    happened.AgentRemoved: Reference.agent_removed,
    happened.PresenceChanged: Reference.presence_changed,
    happened.RulesPublished: Reference.rules_published,
    happened.SettingsSaved: Reference.settings_saved,
    happened.CustomerForgotten: Reference.customer_forgotten,
    happened.ContactArrived: Reference.arrived,
    happened.ContactAmended: Reference.amended,
    happened.StopEntered: Reference.stop_entered,
    happened.ContactAssigned: Reference.assigned,
    happened.ContactOffered: Reference.offered,
    happened.OfferAccepted: Reference.accepted,
    happened.OfferEnded: Reference.offer_ended,
    happened.ContactAnswered: Reference.answered,
    happened.WrapUpEnded: Reference.wrap_up_ended,
    alarms.AlarmRaised: Reference.alarm_raised,
    alarms.AlarmCleared: Reference.alarm_cleared,
    happened.ContactTaken: Reference.taken,
    happened.ContactMoved: Reference.moved,
    happened.ContactReturned: Reference.returned,
    happened.ContactHeld: Reference.held_back,
    happened.ContactResumed: Reference.resumed,
    happened.ContactClosed: Reference.closed,
    happened.ContactAbandoned: Reference.abandoned,
}
