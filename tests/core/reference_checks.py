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

    def give_to(self, agent_id: str, queue: str | None) -> None:
        self.state, self.holder, self.queue, self.on_hold = ContactState.ASSIGNED, agent_id, queue, False


class Checks:
    """The facts of a workspace and the checks on them.

    `history` are the automatic assignments in order: to whom, when, and whether there was a flood limit to count it."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.joined = 0
        self.offices: dict[str, Office] = {}
        self.rule_set = RuleSet()
        self.settings = AssignmentSettings()
        self.requests: dict[str, Request] = {}
        self.arrivals: list[str] = []
        self.history: list[tuple[Person, datetime, bool]] = []
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
        return None

    def room_failure(self, request: Request, stop: Stop, person: Person, now: datetime) -> Reason | None:
        """The checks of how much an agent was given and holds."""
        if self.is_flooded(person, now):
            return Reason.FLOOD_LIMIT
        load = [each for each in self.held(person) if not each.on_hold]
        total = self.capacity(person)
        if total is not None and len(load) >= total:
            return Reason.AT_CAPACITY
        channel = request.contact.channel
        of_channel = person.agent.capacity.channels.get(channel) if person.agent.capacity else None
        if of_channel is not None and len([each for each in load if each.contact.channel == channel]) >= of_channel:
            return Reason.AT_CHANNEL_CAPACITY
        queue = self.queue(stop.queue)
        of_queue = queue.capacity if queue else None
        if of_queue is not None and len([each for each in load if each.queue == stop.queue]) >= of_queue:
            return Reason.AT_QUEUE_CAPACITY
        return None

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
        wanted = request.contact.preferred_agent_id or (request.previous if wish else None)
        person = self.people.get(wanted or "")
        if person is None or self.standing_failure(request, stop, person, now) is not None:
            return None
        waited_for = now < stop.entered_at + timedelta(seconds=wish.hold if wish else 0)
        return person if waited_for or self.room_failure(request, stop, person, now) is None else None

    def is_flooded(self, person: Person, now: datetime) -> bool:
        """Whether the last assignments that the limit allows are all younger than its period."""
        limit = self.settings.flood_limit
        if limit is None:
            return False
        counted = [instant for who, instant, counts in self.history if who is person and counts]
        return len(counted) >= limit.contacts and now < counted[-limit.contacts] + timedelta(seconds=limit.per)

    def held(self, person: Person) -> list[Request]:
        """What an agent holds, on hold or not."""
        return [each for each in self.requests.values() if each.holder == person.agent.id]

    def capacity(self, person: Person) -> int | None:
        own = person.agent.capacity
        return own.total if own is not None and own.total is not None else self.settings.default_capacity

    def turn(self, person: Person) -> int:
        """The number of an agent's last automatic assignment among all; 0: none yet."""
        return max([number for number, (who, _, _) in enumerate(self.history, start=1) if who is person], default=0)
