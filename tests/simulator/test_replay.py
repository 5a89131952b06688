"""A record lived through once more: a day computed by hand, and what holds for every record."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assigner.core.changes import ContactAssigned
from assigner.measures import Fairness
from assigner.simulator.figures import AgentFigures, Figures, measure
from assigner.simulator.ledger import Outcome, recorded_course
from assigner.simulator.record import RecordedContact
from assigner.simulator.replay import Replay, Scenario, with_strategy
from presence.model import Status
from rules.model import Queue, RuleSet, Strategy
from rules.organisation import Office, Organisation
from tests.simulator.builders import abandoned, answered, at, course, duty, on_duty, scenario

BY_HAND = (
    answered("a", waited=30, handled=100, agent="ana"),
    answered("b", arrived=10, waited=90, handled=200, agent="ana"),
    abandoned("c", arrived=20, waited=40),
    abandoned("d", arrived=130, waited=500),
    answered("e", arrived=3590, handled=20, agent="luis"),
    answered("f", arrived=3700, handled=10, agent="luis"),
)
"""Ana is on duty from 0 to 3600 and has a break from 50 to 100; luis is never there."""

ANA = duty(on_duty("ana"), on_duty("ana", 50, 100, Status.BUSY))


def test_a_day_computed_by_hand() -> None:
    outcomes = {outcome.contact_id: outcome for outcome in course(scenario(*BY_HAND, agents=ANA)).outcomes}

    assert outcomes == {
        "a": Outcome(contact_id="a", arrived_at=at(0), given_at=at(0), agent="ana", closed_at=at(100)),
        "b": Outcome(contact_id="b", arrived_at=at(10), given_at=at(100), agent="ana", closed_at=at(300)),
        "c": Outcome(contact_id="c", arrived_at=at(20), abandoned_at=at(60)),
        # Nobody knows how long d would have been handled: the median of 10, 20, 100 and 200 seconds.
        "d": Outcome(contact_id="d", arrived_at=at(130), given_at=at(300), agent="ana", closed_at=at(360)),
        "e": Outcome(contact_id="e", arrived_at=at(3590), given_at=at(3590), agent="ana", closed_at=at(3610)),
        "f": Outcome(contact_id="f", arrived_at=at(3700)),
    }


def test_its_figures_computed_by_hand() -> None:
    ana = AgentFigures(
        agent_id="ana",
        contacts=4,
        online_s=3550,
        contacts_per_hour=4 / (3550 / 3600),
        occupancy=(50 + 200 + 60 + 10) / 3550,
    )

    assert measure(course(scenario(*BY_HAND, agents=ANA))) == Figures(
        contacts=6,
        answered=4,
        abandoned=1,
        unfinished=1,
        mean_wait=(0 + 90 + 170 + 0) / 4,
        p90_wait=170,
        within_20s=2 / 6,
        agents=(ana,),
        fairness=Fairness(max_minus_min=0, jain=1),
    )


def test_the_record_is_measured_in_the_same_way() -> None:
    figures = measure(recorded_course(BY_HAND, course(scenario(*BY_HAND, agents=ANA))))

    luis = AgentFigures(agent_id="luis", contacts=2, online_s=0, contacts_per_hour=None, occupancy=None)
    assert figures == Figures(
        contacts=6,
        answered=4,
        abandoned=2,
        unfinished=0,
        mean_wait=(30 + 90 + 0 + 0) / 4,
        p90_wait=90,
        within_20s=2 / 6,
        agents=(
            AgentFigures(
                agent_id="ana",
                contacts=2,
                online_s=3550,
                contacts_per_hour=2 / (3550 / 3600),
                occupancy=(20 + 30 + 170) / 3550,
            ),
            luis,
        ),
        fairness=Fairness(max_minus_min=0, jain=1),
    )


def test_who_has_no_patience_is_still_assigned_where_somebody_is_free() -> None:
    free, nobody = duty(on_duty("ana")), duty(on_duty("ana", 10))

    outcomes = [course(scenario(abandoned("a"), agents=agents)).outcomes[0] for agents in (free, nobody)]

    assert [(outcome.agent, outcome.abandoned_at) for outcome in outcomes] == [("ana", None), (None, at(0))]


def test_a_contact_that_takes_no_time_frees_its_agent_at_once() -> None:
    contacts = (answered("a", handled=0), answered("b", handled=0))

    outcomes = course(scenario(*contacts, agents=duty(on_duty("ana")))).outcomes

    assert [outcome.given_at for outcome in outcomes] == [at(0), at(0)]


@pytest.mark.parametrize("strategy", list(Strategy))
def test_a_strategy_replaces_that_of_every_queue(strategy: Strategy) -> None:
    offices = {"madrid": Office(id="madrid"), "lisbon": Office(id="lisbon")}
    written = {"madrid": Queue(name="madrid", offices=("madrid",), capacity=3), "night": Queue(name="night")}

    rule_set = with_strategy(RuleSet(queues=written), strategy, Organisation(offices=offices))

    assert rule_set.queues == {
        "madrid": replace(written["madrid"], strategy=strategy),
        "night": Queue(name="night", strategy=strategy),
        "lisbon": Queue(name="lisbon", offices=("lisbon",), strategy=strategy),
        "everybody": Queue(name="everybody", strategy=strategy),
    }


RECORDED = st.builds(
    lambda arrived, waited, handled: (arrived, waited, handled),
    st.integers(0, 300),
    st.integers(0, 200),
    st.none() | st.integers(0, 300),
)
STRETCHES = st.lists(st.tuples(st.sampled_from(["ana", "luis", "eva"]), st.integers(0, 300)), max_size=3)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Small records with any duty, one stretch for each agent, and any strategy."""
    contacts: list[RecordedContact] = []
    for number, (arrived, waited, handled) in enumerate(draw(st.lists(RECORDED, max_size=12))):
        if handled is None:
            contacts.append(abandoned(f"k{number}", arrived=arrived, waited=waited))
        else:
            contacts.append(answered(f"k{number}", arrived=arrived, waited=waited, handled=handled))
    contacts.sort(key=lambda recorded: recorded.contact.arrived_at)
    starts = dict(draw(STRETCHES))
    small = scenario(*contacts, agents=duty(*(on_duty(agent, start, start + 200) for agent, start in starts.items())))
    return replace(small, rule_set=with_strategy(RuleSet(), draw(st.sampled_from(Strategy)), small.organisation))


@given(scenarios())
@settings(max_examples=60)
def test_answered_abandoned_and_unfinished_are_all_contacts(small: Scenario) -> None:
    figures = measure(course(small))

    assert figures.answered + figures.abandoned + figures.unfinished == figures.contacts == len(small.contacts)


@given(scenarios())
@settings(max_examples=60)
def test_no_contact_is_assigned_twice_and_no_agent_holds_two(small: Scenario) -> None:
    moments = list(Replay(small).moments())

    assigned = Counter(
        change.contact_id for moment in moments for change in moment.changes if isinstance(change, ContactAssigned)
    )
    assert all(times == 1 for times in assigned.values())
    for agent in small.duty.agents:
        held = [outcome for outcome in course(small).outcomes if outcome.agent == agent]
        held.sort(key=lambda outcome: (outcome.given_at, outcome.closed_at))
        assert all(
            before.closed_at is not None and after.given_at is not None and before.closed_at <= after.given_at
            for before, after in pairwise(held)
        )


@given(scenarios())
@settings(max_examples=30)
def test_a_replay_is_deterministic(small: Scenario) -> None:
    assert list(Replay(small).moments()) == list(Replay(small).moments())
