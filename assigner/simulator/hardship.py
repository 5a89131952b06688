"""A day on which not all goes well: some offers are missed, and some agents walk away without a word.

The first test of an engine that gives out work: nothing may be left with who is not there. `account` says of single
contacts what they waited for, second by second."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from assigner.core.changes import AssignmentSettings, OfflineReturns, OnOffline
from assigner.core.explain import explain_waiting
from assigner.core.floor import Floor
from assigner.core.model import ContactState
from assigner.simulator.duty import Duty
from assigner.simulator.ledger import Course
from assigner.simulator.workspace import Moment
from presence.model import Status
from rules.model import OfferTerms

TO_ACCEPT = timedelta(seconds=5)
"""How long an agent who looks takes to accept an offer."""
UNNOTICED = timedelta(seconds=180)
"""How long nobody notices that an agent walked away: a lost connection is believed in after three minutes."""
SETTINGS = AssignmentSettings(
    offer=OfferTerms(timeout=20, decline_pause=60), on_offline=OnOffline(contacts=OfflineReturns.ALL, grace=60)
)
"""How contacts are offered and come back on such a day."""
OFFERED = "offered"
COULD_BE_GIVEN = "could_be_given"
"""What an account says of time for which there is no reason; there must be none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardship:
    """So many percent of all offers are missed, spread evenly; `gone` are the agents who walk away, and when."""

    missed_percent: int = 0
    gone: Mapping[str, datetime] = field(default_factory=dict)

    def misses(self, number: int) -> bool:
        """Whether the offer of that number, counted from 1, is missed."""
        return number * self.missed_percent // 100 > (number - 1) * self.missed_percent // 100

    def is_gone(self, agent_id: str, at: datetime) -> bool:
        """Whether an agent has walked away by then."""
        return agent_id in self.gone and at >= self.gone[agent_id]


AS_USUAL = Hardship()
"""A day on which all goes well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One contact: how many seconds it waited in all, however often it came back, and for what."""

    contact_id: str
    seconds: float
    reasons: tuple[tuple[str, float], ...]


def gone_in_the_middle(duty: Duty, count: int) -> Mapping[str, datetime]:
    """So many agents who are Online in the middle of the day, and walk away then: the first by name."""
    online = sorted((each for each in duty.stretches if each.status is Status.ONLINE), key=lambda each: each.start)
    if not online or not count:
        return {}
    middle = online[0].start + (max(each.end for each in online) - online[0].start) / 2
    there = sorted({each.agent_id for each in online if each.start <= middle < each.end})
    return dict.fromkeys(there[:count], middle)


def without(duty: Duty, gone: Mapping[str, datetime]) -> Duty:
    """The duty as it comes to be: who walked away is signed out a while later, and does not come back that day."""
    stretches = []
    for each in duty.stretches:
        noticed = gone[each.agent_id] + UNNOTICED if each.agent_id in gone else each.end
        if each.start < noticed:
            stretches.append(replace(each, end=min(each.end, noticed)))
    return Duty(agents=duty.agents, stretches=tuple(stretches))


def longest_waits(course: Course, count: int) -> tuple[str, ...]:
    """The contacts that waited longest until they were last given to somebody or gave up, or wait still."""
    ended = {each.contact_id: each.given_at or each.abandoned_at or course.end for each in course.outcomes}
    outcomes = sorted(course.outcomes, key=lambda each: each.arrived_at - ended[each.contact_id])
    return tuple(each.contact_id for each in outcomes[:count])


class Accounts:
    """Says of some contacts for what they wait, moment by moment."""

    def __init__(self, floor: Floor, contact_ids: Iterable[str]) -> None:
        self._floor = floor
        self._seconds: dict[str, defaultdict[str, float]] = {each: defaultdict(float) for each in contact_ids}
        self._waits: dict[str, str] = {}
        self._since: datetime | None = None

    def note(self, moment: Moment) -> None:
        """The time up to a moment counts for what was the reason before it."""
        if self._since is not None:
            passed = (moment.now - self._since).total_seconds()
            for contact_id, reason in self._waits.items():
                self._seconds[contact_id][reason] += passed
        self._since = moment.now
        reasons = ((each, self._reason(each, moment.now)) for each in self._seconds)
        self._waits = {contact_id: reason for contact_id, reason in reasons if reason is not None}

    def accounts(self) -> tuple[Account, ...]:
        """What became of each, the longest first."""
        told = [
            Account(contact_id=contact_id, seconds=sum(counts.values()), reasons=_longest_first(counts))
            for contact_id, counts in self._seconds.items()
        ]
        return tuple(sorted(told, key=lambda each: -each.seconds))

    def _reason(self, contact_id: str, now: datetime) -> str | None:
        contact = self._floor.contacts.get(contact_id)
        if contact is None or contact.state is ContactState.ASSIGNED:
            return None
        if contact.state is ContactState.OFFERED:
            return OFFERED
        why = explain_waiting(self._floor, contact_id, now=now)
        left = [stop.steps[-1].left for stop in why.stops if stop.left_at is None]
        return COULD_BE_GIVEN if any(left) else why.waiting_because


def _longest_first(seconds: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(seconds.items(), key=lambda each: -each[1]))
