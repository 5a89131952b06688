"""Where contacts wait in the reference: matched by the rules, at their first stop, and in their old place again.

Between `reference_lapses`, which says what becomes true by itself, and `reference`, which lets things happen."""

from datetime import datetime, timedelta
from typing import Any

from assigner.core.model import ContactState
from rules.match import match
from rules.model import Contact
from tests.core.reference_checks import Person, Request
from tests.core.reference_lapses import Lapses

QUEUED, ASSIGNED = ContactState.QUEUED, ContactState.ASSIGNED


class Places(Lapses):
    """The moves of contacts between their stops, and of what agents have to wrap up."""

    def match(self, contact: Contact) -> Any:
        return match(self.rule_set, contact, offices=frozenset(self.offices))

    def begin(self, request: Request, instant: datetime, *, pinned_to: str | None = None) -> None:
        """Wait from the first stop on: where a person put the contact, else where its rule sends it."""
        request.stops, request.unasked, request.pinned = [], set(), pinned_to is not None
        if pinned_to is not None:
            request.enter(pinned_to, instant)
        elif request.match.queue is not None and not request.match.hold:
            request.enter(request.match.queue, instant)

    def match_again(self, request: Request, instant: datetime) -> None:
        """Stay where the first stop is unchanged, else begin anew."""
        request.match = self.match(request.contact)
        first = request.stops[0].queue if request.stops else None
        if request.pinned:
            stays = self.queue(first or "") is not None
        else:
            stays = first is not None and first == request.match.queue and not request.match.hold
        if not stays:
            self.begin(request, instant)

    def match_all_again(self, instant: datetime) -> None:
        self.settle_graces(instant)
        for request in [each for each in self.requests.values() if each.state is not ASSIGNED]:
            self.match_again(request, instant)

    def settle_graces(self, instant: datetime) -> None:
        """From now on it is settled otherwise what becomes of the contacts of who is Offline."""
        for person in self.people.values():
            person.settled_at = instant

    def release(self, request: Request, instant: datetime) -> None:
        """Nobody holds the contact any more, nor is asked about it."""
        if request.holder is not None and request.state is ASSIGNED:
            self.people[request.holder].idle_since = instant
        request.state, request.holder, request.queue, request.on_hold = QUEUED, None, None, False
        request.offered_until, request.answered = None, False

    def begin_wrap_up(self, person: Person, request: Request, instant: datetime) -> None:
        """Capacity stays held; wrap-ups that have ended are forgotten."""
        queue = self.queue(request.queue or "")
        of_queue = queue.wrap_up if queue is not None else None
        said = [seconds for seconds in (person.agent.wrap_up, of_queue) if seconds is not None]
        seconds = said[0] if said else self.settings.wrap_up
        if seconds:
            until = instant + timedelta(seconds=seconds)
            going_on = [each for each in person.wrap_ups if each[0] > instant]
            person.wrap_ups = [*going_on, (until, request.contact.channel, request.queue)]
