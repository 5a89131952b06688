"""The board and the slow, obvious reference live through the same, and decide the same at every step.

CONTACT_ASSIGNER_EXAMPLES multiplies the number of examples, for a long search."""

import os
from collections import Counter
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from assigner.core import changes as happened
from assigner.core.model import Assign, ContactState
from assigner.core.reasons import Reason
from tests.core import happenings
from tests.core.happenings import Happening, TimePasses
from tests.core.twins import Twins

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

    @rule(change=st.one_of(happenings.publishes, happenings.saves))
    def a_supervisor_tunes(self, change: happened.Change) -> None:
        self.twins.live(change)

    @rule()
    def a_plan_is_dropped_and_decided_again(self) -> None:
        self.twins.settle(drop=True)


BoardAndReference.TestCase.settings = settings(max_examples=60 * MULTIPLE, stateful_step_count=40)
TestBoardAndReference = BoardAndReference.TestCase
