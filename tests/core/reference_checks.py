"""The reference's facts, and its answer to the question who may take a contact at a stop, check by check.

Every check is asked of one agent at a time, in the order that the architecture fixes; an agent counts at the first
that fails. `reference` lets things happen and decides, `reference_ranking` chooses among the candidates."""

from datetime import datetime, timedelta

from assigner.core.changes import AssignmentSettings
from assigner.core.model import ContactState, Step, Stop, StopAccount
from assigner.core.reasons import Reason
from presence.model import Status
from rules.hours import opening
from rules.match import Match
from rules.model import Contact, Queue, RuleSet, Takes
from rules.organisation import Agent, Office

NOT_THERE = (
    Reason.NOT_IN_QUEUE,
    Reason.NOT_ONLINE,
    Reason.AWAY_FOR_OFFICE,
    Reason.OFFICE_CLOSED,
    Reason.MISSING_SKILL,
)
"""Whoever fails one of these is not there for a contact; all others are, even if full."""

ADMITTED = {
    Takes.ONLINE: [Status.ONLINE],
    Takes.ONLINE_OR_OFFLINE: [Status.ONLINE, Status.OFFLINE],
    Takes.ANYONE: [Status.ONLINE, Status.BUSY, Status.AWAY, Status.OFFLINE],
}


class Refused(Exception):
    """What was asked for is not possible."""


class Person:
    """An agent with what is known about the agent now."""

    def __init__(self, agent: Agent, *, joined: int) -> None:
        self.agent = agent
        self.joined = joined
        self.status = Status.OFFLINE
        self.switched_on: set[str] = set()
        self.idle_since: datetime | None = None
        self.offline_since: datetime | None = None
        self.settled_at: datetime | None = None
        self.wrap_ups: list[tuple[datetime, str, str | None]] = []
        self.missed = 0
        self.given: list[datetime] = []
        self.credit = 0


class Request:
    """A contact that is open. `unasked` are the queues of which it is a newcomer: it has not been looked at there."""

    def __init__(self, contact: Contact, *, number: int, match: Match) -> None:
        self.contact = contact
        self.number = number
        self.match = match
        self.previous: str | None = None
        self.state = ContactState.QUEUED
        self.stops: list[Stop] = []
        self.pinned = False
        self.unasked: set[str] = set()
        self.holder: str | None = None
        self.queue: str | None = None
        self.on_hold = False
        self.offered_until: datetime | None = None
        self.shares: dict[str, int] = {}
        self.given_at: datetime | None = None
        self.answered = False
        self.given_while_offline = False
        self.refused: list[str] = []
        self.pauses: dict[str, datetime] = {}
        self.came_back: list[str] = []

    @property
    def id(self) -> str:
        return self.contact.id

    @property
    def asked(self) -> list[Stop]:
        return [stop for stop in self.stops if stop.left_at is None]

    @property
    def asked_queues(self) -> list[str]:
        return [stop.queue for stop in self.asked]

    def enter(self, queue: str, instant: datetime) -> None:
        self.stops.append(Stop(queue=queue, entered_at=instant))
        self.unasked.add(queue)

    def give_to(self, agent_id: str, queue: str | None, instant: datetime) -> None:
        self.state, self.holder, self.queue, self.on_hold = ContactState.ASSIGNED, agent_id, queue, False
        self.offered_until, self.given_at, self.answered = None, instant, False

    def ask(self, agent_id: str) -> None:
        """The contact goes to an agent. Who refused it is asked again only when all had, and then all are."""
        if agent_id in self.refused:
            self.refused = []

    def refuse(self, agent_id: str, until: datetime | None) -> None:
        """An agent does not take it, and is not to be asked again before that instant."""
        self.refused.append(agent_id)
        self.pauses.pop(agent_id, None)
        if until is not None:
            self.pauses[agent_id] = until


class Checks:
    """The facts of a workspace and the checks on them.

    `history` are the automatic assignments in order: to whom."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.joined = 0
        self.offices: dict[str, Office] = {}
        self.rule_set = RuleSet()
        self.settings = AssignmentSettings()
        self.requests: dict[str, Request] = {}
        self.arrivals: list[str] = []
        self.history: list[Person] = []
        self.last_holder: dict[str, str] = {}

    def queue(self, name: str) -> Queue | None:
        return self.rule_set.queue(name, offices=frozenset(self.offices))

    # ------------------------------------------------------------------ all checks together

    def candidates(self, request: Request, stop: Stop, now: datetime) -> list[Person]:
        """Who passes all checks, the least recently served first."""
        passing = [each for each in self.people.values() if self.why_not(request, stop, each, now) is None]
        return sorted(passing, key=lambda person: (self.turn(person), person.joined))

    def account(self, request: Request, stop: Stop, now: datetime) -> StopAccount:
        """How many agents fail each check first; the first step is always told, the others where somebody fails."""
        failures = [(person, self.why_not(request, stop, person, now)) for person in self.people.values()]
        steps, left = [], len(failures)
        for reason in Reason:
            removed = [person for person, failure in failures if failure is reason]
            left -= len(removed)
            if removed or reason is Reason.NOT_IN_QUEUE:
                statuses = [(status, len([each for each in removed if each.status is status])) for status in Status]
                told = tuple(pair for pair in statuses if pair[1]) if reason is Reason.NOT_ONLINE else ()
                steps.append(Step(reason=reason, removed=len(removed), left=left, statuses=told))
        return StopAccount(queue=stop.queue, steps=tuple(steps))

    def anybody_there(self, request: Request, stop: Stop, now: datetime) -> bool:
        return any(self.why_not(request, stop, person, now) not in NOT_THERE for person in self.people.values())

    def why_not(self, request: Request, stop: Stop, person: Person, now: datetime) -> Reason | None:
        """The first check that an agent fails; None for a candidate."""
        failure = self.standing_failure(request, stop, person, now)
        if failure is None and self.is_declined(request, person, now):
            failure = Reason.DECLINED
        if failure is None:
            first = self.comes_first(request, stop, now)
            if first is not None and first is not person:
                failure = Reason.HELD_FOR_PREFERRED
        if failure is None:
            failure = self.room_failure(request, stop, person, now)
        return failure

    def standing_failure(self, request: Request, stop: Stop, person: Person, now: datetime) -> Reason | None:
        """The checks that do not depend on what anybody holds."""
        queue = self.queue(stop.queue)
        if queue is None or not self.is_member(person, queue):
            return Reason.NOT_IN_QUEUE
        if person.status not in ADMITTED[queue.takes]:
            return Reason.NOT_ONLINE
        if not self.is_switched_on(request, queue, person):
            return Reason.AWAY_FOR_OFFICE
        if self.is_closed(request, stop, now):
            return Reason.OFFICE_CLOSED
        for skill, level in self.skills_needed(request, queue, now).items():
            if person.agent.skills.get(skill, 0) < level:
                return Reason.MISSING_SKILL
        if person.agent.id in request.match.excluded:
            return Reason.EXCLUDED
        if person.agent.id in request.came_back and person.status is not Status.ONLINE:
            return Reason.EXCLUDED
        return None

    def is_declined(self, request: Request, person: Person, now: datetime) -> bool:
        """Paused after a refusal, or refused while somebody who is there for it has not."""
        agent_id = person.agent.id
        if agent_id in request.pauses and now < request.pauses[agent_id]:
            return True
        others = [each for each in self.people.values() if each.agent.id not in request.refused]
        return agent_id in request.refused and any(
            self.standing_failure(request, stop, each, now) is None for stop in request.asked for each in others
        )

    def room_failure(self, request: Request, stop: Stop, person: Person, now: datetime) -> Reason | None:
        """The checks of how much an agent was given and holds."""
        if self.is_flooded(person, now):
            return Reason.FLOOD_LIMIT
        channel, queue = request.contact.channel, self.queue(stop.queue)
        busy = [(each.contact.channel, each.queue) for each in self.busy_with(person)]
        wrap_up = [(channel_then, queue_then) for until, channel_then, queue_then in person.wrap_ups if until > now]
        of_channel = person.agent.capacity.channels.get(channel) if person.agent.capacity else None
        limits = [
            (Reason.AT_CAPACITY, self.capacity(person), len(busy), len(wrap_up)),
            (
                Reason.AT_CHANNEL_CAPACITY,
                of_channel,
                len([each for each in busy if each[0] == channel]),
                len([each for each in wrap_up if each[0] == channel]),
            ),
            (
                Reason.AT_QUEUE_CAPACITY,
                queue.capacity if queue else None,
                len([each for each in busy if each[1] == stop.queue]),
                len([each for each in wrap_up if each[1] == stop.queue]),
            ),
        ]
        if any(limit is not None and count < limit <= count + more for _, limit, count, more in limits):
            return Reason.WRAP_UP
        return next((reason for reason, limit, count, _ in limits if limit is not None and count >= limit), None)

    # ------------------------------------------------------------------ one by one

    def is_member(self, person: Person, queue: Queue) -> bool:
        if not person.agent.active or not person.agent.takes_contacts:
            return False
        return not queue.offices or any(office in queue.offices for office in person.agent.offices)

    def is_switched_on(self, request: Request, queue: Queue, person: Person) -> bool:
        """The flag of the contact's office for those who belong to it, else any of the queue's, else any own."""
        own = person.agent.offices
        if request.contact.office in own:
            return request.contact.office in person.switched_on
        if queue.offices:
            return any(office in person.switched_on for office in queue.offices)
        return bool(person.switched_on) or not own

    def is_closed(self, request: Request, stop: Stop, now: datetime) -> bool:
        """The contact's office where the queue lists it, else all of the queue's; without offices never."""
        queue = self.queue(stop.queue)
        if queue is None or not queue.offices:
            return False
        asked = [request.contact.office] if request.contact.office in queue.offices else queue.offices
        return not any(self.is_open(office, now) for office in asked)

    def is_open(self, office_id: str | None, now: datetime) -> bool:
        """An office that does not exist is not open: unknown means no."""
        return office_id in self.offices and opening(self.offices[office_id], now=now).open

    def skills_needed(self, request: Request, queue: Queue, now: datetime) -> dict[str, int]:
        """The contact's, the rule's and the queue's, the highest level counts; then what time has relaxed."""
        needed = dict(request.match.skills)
        for skill, level in queue.skills.items():
            needed[skill] = max(level, needed.get(skill, 0))
        for step in queue.relax:
            if now >= request.contact.arrived_at + timedelta(seconds=step.after):
                needed.update(step.skills)
                for skill in step.drop_skills:
                    needed.pop(skill, None)
        return needed

    def comes_first(self, request: Request, stop: Stop, now: datetime) -> Person | None:
        """The preferred agent, while nobody else is asked: free, or busy and still waited for."""
        queue = self.queue(stop.queue)
        wish = queue.preferred if queue else None
        wanted, waits = request.contact.preferred_agent_id, wish.hold if wish else 0
        if wanted is None and request.came_back:
            wanted, waits = request.came_back[-1], 0
        elif wanted is None and wish:
            wanted = request.previous
        person = self.people.get(wanted or "")
        if person is None or self.standing_failure(request, stop, person, now) is not None:
            return None
        if self.is_declined(request, person, now):
            return None
        waited_for = now < stop.entered_at + timedelta(seconds=waits)
        return person if waited_for or self.room_failure(request, stop, person, now) is None else None

    def is_flooded(self, person: Person, now: datetime) -> bool:
        """Whether the last assignments that the limit allows are all younger than its period."""
        limit = self.settings.flood_limit
        if limit is None:
            return False
        given, left = person.given, limit.contacts - len(self.offers(person))
        return left <= 0 or (len(given) >= left and now < given[-left] + timedelta(seconds=limit.per))

    def held(self, person: Person) -> list[Request]:
        """What an agent holds, on hold or not."""
        return [
            each
            for each in self.requests.values()
            if each.holder == person.agent.id and each.state is ContactState.ASSIGNED
        ]

    def offers(self, person: Person) -> list[Request]:
        """What an agent is offered."""
        return [
            each
            for each in self.requests.values()
            if each.holder == person.agent.id and each.state is ContactState.OFFERED
        ]

    def busy_with(self, person: Person) -> list[Request]:
        """What an agent holds and is not on hold, and what the agent is offered."""
        return [each for each in self.held(person) if not each.on_hold] + self.offers(person)

    def capacity(self, person: Person) -> int | None:
        own = person.agent.capacity
        return own.total if own is not None and own.total is not None else self.settings.default_capacity

    def turn(self, person: Person) -> int:
        """The number of an agent's last automatic assignment among all; 0: none yet."""
        return max([number for number, who in enumerate(self.history, start=1) if who is person], default=0)
