"""The board and the slow, obvious reference live through the same, and decide the same at every step.

CONTACT_ASSIGNER_EXAMPLES multiplies the number of examples, for a long search."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from assigner.core import alarms
from assigner.core import changes as happened
from assigner.core.model import Assign, ContactState, NextStop, Offer, RankKey
from assigner.core.reasons import Reason
from tests.core import happenings
from tests.core.happenings import Happening, TimePasses
from tests.core.twins import Decision, Twins

pytestmark = pytest.mark.timeout(400)
"""Finding the smallest example of a failure takes hypothesis up to five minutes."""

MULTIPLE = int(os.environ.get("CONTACT_ASSIGNER_EXAMPLES", "1"))


class BoardAndReference(RuleBasedStateMachine):
    """Whatever happens, in whatever order: after every step both decide alike."""

    @initialize(world=happenings.worlds())
    def begin(self, world: list[happened.Change]) -> None:
        self.twins = Twins(world)
        self.twins.settle()

    @rule(arrival=happenings.arrives)
    def contact_arrives(self, arrival: happened.ContactArrived) -> None:
        self.twins.live(arrival)

    @rule(arrivals=st.lists(happenings.arrives, min_size=2, max_size=5))
    def contacts_arrive_together(self, arrivals: list[happened.ContactArrived]) -> None:
        for arrival in arrivals:
            self.twins.let(arrival)
        self.twins.settle()

    @rule(passed=happenings.time_passes)
    def time_passes(self, passed: TimePasses) -> None:
        self.twins.live(passed)

    @rule(passed=happenings.time_passes)
    def more_time_passes(self, passed: TimePasses) -> None:
        self.twins.live(passed)

    @rule(passed=happenings.steps_back)
    def the_clock_steps_back(self, passed: TimePasses) -> None:
        self.twins.live(passed)

    @rule(change=st.one_of(happenings.closes, happenings.abandons))
    def contact_ends(self, change: happened.Change) -> None:
        self.twins.live(change)

    @rule(change=st.one_of(happenings.accepts, happenings.accepts, happenings.declines))
    def an_offer_is_answered(self, change: happened.Change) -> None:
        self.twins.live(change)

    @rule(change=st.one_of(happenings.answers, happenings.ends_wrap_up))
    def an_agent_reports(self, change: happened.Change) -> None:
        self.twins.live(change)

    @rule(change=st.one_of(happenings.holds, happenings.resumes))
    def contact_is_held_or_resumed(self, change: happened.Change) -> None:
        self.twins.live(change)

    @rule(change=st.one_of(happenings.takes, happenings.moves, happenings.returns, happenings.amends))
    def a_person_acts(self, change: happened.Change) -> None:
        self.twins.live(change)

    @rule(change=happenings.is_there)
    def presence_changes(self, change: happened.PresenceChanged) -> None:
        self.twins.live(change)

    @rule(change=st.one_of(happenings.puts_agent, happenings.removes_agent, happenings.puts_office))
    def the_organisation_changes(self, change: happened.Change) -> None:
        self.twins.live(change)

    @rule(change=st.one_of(happenings.publishes, happenings.saves, happenings.forgets))
    def a_supervisor_tunes(self, change: happened.Change) -> None:
        self.twins.live(change)

    @rule()
    def a_plan_is_dropped_and_decided_again(self) -> None:
        self.twins.settle(drop=True)


BoardAndReference.TestCase.settings = settings(max_examples=80 * MULTIPLE, stateful_step_count=40)
TestBoardAndReference = BoardAndReference.TestCase


def test_the_random_worlds_are_full_of_what_there_is_to_decide() -> None:
    """No property of this package is empty: every reason, every key and every kind of move occurs, and often."""
    seen: Counter[object] = Counter()

    @settings(max_examples=300, derandomize=True, database=None)
    @given(world=happenings.worlds(), history=happenings.histories())
    def live(world: list[happened.Change], history: Sequence[Happening]) -> None:
        twins = Twins(world)
        for happening in history:
            seen.update([type(happening)])
            for decision in twins.live(happening).decisions:
                seen.update(what_is_decided(decision))
            seen.update(what_is_waited_for(twins))

    live()

    assert not {reason for reason in Reason if seen[reason] < 10} - {Reason.DEACTIVATED}
    assert not {key for key in RankKey if seen[key] < 10}
    assert not {
        kind for kind in ("enters a queue", "leaves a queue", "relaxed", "on hold", "pinned") if seen[kind] < 10
    }
    assert seen[Assign] > 400
    assert seen[Offer] > 400
    assert not {kind for kind in get_args(happened.Change) if kind not in BY_THE_BOARD and seen[kind] < 10}


BY_THE_BOARD = (
    happened.ContactAssigned,
    happened.ContactOffered,
    happened.StopEntered,
    alarms.AlarmRaised,
    alarms.AlarmCleared,
    happened.OfficeRemoved,
)
"""What no person does here: the board's own decisions. Offices are never removed, for queues name them."""


def what_is_decided(decision: Decision) -> Iterator[object]:
    yield type(decision)
    if isinstance(decision, NextStop):
        yield "enters a queue" if decision.leaves is None else "leaves a queue"
    else:
        yield decision.ranked.key


def what_is_waited_for(twins: Twins) -> Iterator[object]:
    """The reasons of all contacts that wait, and what else there is to see at a moment."""
    reference, now = twins.reference, twins.now
    if not reference.settings.enabled:
        yield Reason.ASSIGNMENT_DISABLED
    for request in reference.requests.values():
        if request.on_hold:
            yield "on hold"
        if request.state is ContactState.QUEUED:
            if not request.asked:
                yield Reason.HELD_BY_RULE
            if request.pinned:
                yield "pinned"
            for stop in request.asked:
                yield from (step.reason for step in reference.account(request, stop, now).steps)
                queue = reference.queue(stop.queue)
                if queue and reference.skills_needed(request, queue, now) != reference.skills_needed(
                    request, replace(queue, relax=()), now
                ):
                    yield "relaxed"
