"""Matching: what each operator means, which rule decides, and what a rule adds to a contact."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.match import Match, holds, match
from rules.model import (
    AllOf,
    AnyOf,
    ArrivedCondition,
    Condition,
    Exclusion,
    Not,
    Queue,
    Rule,
    RuleSet,
)
from tests.rules.builders import a_contact, a_field, conditions, contacts, rule_sets

LABELLED = a_contact(
    channel="chat",
    language="es",
    skills={"billing": 2},
    priority=5,
    attributes={"labels": ["vip", 3], "text": "a refund", "count": 4, "yes": True, "nothing": None, "of": {"a": 1}},
)


@pytest.mark.parametrize(
    ("field", "operator", "value", "expected"),
    [
        pytest.param("channel", "equals", "chat", True, id="equal text"),
        pytest.param("channel", "equals", "Chat", False, id="case counts"),
        pytest.param("priority", "equals", 5, True, id="equal number"),
        pytest.param("priority", "equals", 5.0, True, id="a whole decimal is the same number"),
        pytest.param("priority", "equals", "5", False, id="a number is not text"),
        pytest.param("attributes.yes", "equals", True, True, id="equal truth"),
        pytest.param("attributes.yes", "equals", 1, False, id="true is not 1"),
        pytest.param("office", "equals", "madrid", False, id="a missing field equals nothing"),
        pytest.param("attributes.labels", "equals", "vip", False, id="a list is not its member"),
        pytest.param("language", "in", ("pt", "es"), True, id="one of"),
        pytest.param("language", "in", ("pt", 3), False, id="none of"),
        pytest.param("language", "in", (), False, id="none of nothing"),
        pytest.param("office", "in", ("madrid",), False, id="a missing field is one of nothing"),
        pytest.param("attributes.labels", "contains", "vip", True, id="a member of a list"),
        pytest.param("attributes.labels", "contains", "vi", False, id="part of a member is no member"),
        pytest.param("attributes.labels", "contains", 3, True, id="a number in a list"),
        pytest.param("attributes.text", "contains", "refund", True, id="part of a text"),
        pytest.param("attributes.text", "contains", 3, False, id="a number is no part of a text"),
        pytest.param("attributes.count", "contains", 4, False, id="a number contains nothing"),
        pytest.param("skills", "contains", "billing", True, id="a skill"),
        pytest.param("skills", "contains", "tech", False, id="another skill"),
        pytest.param("attributes.of", "contains", "a", True, id="a name in a mapping"),
        pytest.param("attributes.text", "matches", "a *", True, id="a pattern"),
        pytest.param("attributes.count", "matches", "*", False, id="a pattern fits text only"),
        pytest.param("office", "matches", "*", False, id="no pattern fits a missing field"),
        pytest.param("attributes.count", "greater", 3, True, id="greater"),
        pytest.param("attributes.count", "greater", 4, False, id="equal is not greater"),
        pytest.param("attributes.count", "less", 4.5, True, id="less"),
        pytest.param("attributes.text", "greater", 0, False, id="text is not greater than a number"),
        pytest.param("attributes.yes", "greater", 0, False, id="true is not greater than a number"),
        pytest.param("attributes.missing", "less", 9, False, id="a missing field is not less"),
        pytest.param("channel", "exists", True, True, id="exists"),
        pytest.param("office", "exists", True, False, id="does not exist"),
        pytest.param("office", "exists", False, True, id="is missing"),
        pytest.param("attributes.nothing", "exists", True, False, id="null does not exist"),
        pytest.param("attributes.missing", "exists", False, True, id="an attribute is missing"),
        pytest.param("unheard-of", "exists", False, True, id="no such field"),
    ],
)
def test_operators(field: str, operator: str, value: Any, expected: bool) -> None:
    assert holds(a_field(field, operator, value), LABELLED) is expected


def test_no_skills_are_missing_skills() -> None:
    assert holds(a_field("skills", "exists", False), a_contact())


SPANISH = a_field("language", "equals", "es")
ENGLISH = a_field("language", "equals", "en")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param(AllOf(conditions=(SPANISH, Not(condition=ENGLISH))), True, id="all"),
        pytest.param(AllOf(conditions=(SPANISH, ENGLISH)), False, id="not all"),
        pytest.param(AllOf(conditions=()), True, id="all of nothing"),
        pytest.param(AnyOf(conditions=(ENGLISH, SPANISH)), True, id="any"),
        pytest.param(AnyOf(conditions=(ENGLISH,)), False, id="not any"),
        pytest.param(AnyOf(conditions=()), False, id="any of nothing"),
        pytest.param(Not(condition=a_field("office", "equals", "madrid")), True, id="not, of a missing field"),
    ],
)
def test_connectives(condition: Condition, expected: bool) -> None:
    assert holds(condition, LABELLED) is expected


EVENING = ArrivedCondition(days=(0,), start=18 * 60, end=22 * 60, time_zone="Europe/Madrid")
NIGHT = ArrivedCondition(days=(0,), start=22 * 60, end=6 * 60, time_zone="Europe/Madrid")
WHOLE_DAY = ArrivedCondition(days=(0,), start=9 * 60, end=9 * 60, time_zone="UTC")
TO_MIDNIGHT = ArrivedCondition(days=(0,), start=0, end=24 * 60, time_zone="UTC")


@pytest.mark.parametrize(
    ("condition", "arrived_at", "expected"),
    [
        pytest.param(EVENING, datetime(2026, 1, 5, 17, 0, tzinfo=UTC), True, id="at the start, in local time"),
        pytest.param(EVENING, datetime(2026, 1, 5, 16, 59, 59, tzinfo=UTC), False, id="before the start"),
        pytest.param(EVENING, datetime(2026, 1, 5, 20, 59, 59, tzinfo=UTC), True, id="just before the end"),
        pytest.param(EVENING, datetime(2026, 1, 5, 21, 0, tzinfo=UTC), False, id="at the end"),
        pytest.param(EVENING, datetime(2026, 1, 6, 17, 0, tzinfo=UTC), False, id="another day"),
        pytest.param(EVENING, datetime(2026, 7, 6, 16, 0, tzinfo=UTC), True, id="in summer an hour earlier"),
        pytest.param(NIGHT, datetime(2026, 1, 5, 23, 30, tzinfo=UTC), True, id="past midnight, the next day"),
        pytest.param(NIGHT, datetime(2026, 1, 6, 5, 0, tzinfo=UTC), False, id="at the end of the night"),
        pytest.param(NIGHT, datetime(2026, 1, 5, 3, 0, tzinfo=UTC), False, id="the night of the day before"),
        pytest.param(WHOLE_DAY, datetime(2026, 1, 6, 8, 59, tzinfo=UTC), True, id="until the same time next day"),
        pytest.param(WHOLE_DAY, datetime(2026, 1, 6, 9, 0, tzinfo=UTC), False, id="a day later"),
        pytest.param(TO_MIDNIGHT, datetime(2026, 1, 5, 23, 59, 59, tzinfo=UTC), True, id="until midnight"),
        pytest.param(TO_MIDNIGHT, datetime(2026, 1, 6, 0, 0, tzinfo=UTC), False, id="at midnight"),
    ],
)
def test_arrival(condition: Condition, arrived_at: datetime, expected: bool) -> None:
    assert holds(condition, a_contact(arrived_at=arrived_at)) is expected


def test_the_first_rule_that_holds_decides() -> None:
    rules = (
        Rule(name="english", when=ENGLISH, queue="london"),
        Rule(name="spanish", when=SPANISH, queue="madrid", priority=3, skills={"es": 2, "billing": 1}),
        Rule(name="all", queue="everybody"),
    )
    exclusions = (Exclusion(customer_id="c1", agent="ana"), Exclusion(customer_id="c2", agent="rui"))
    contact = a_contact(
        language="es", skills={"billing": 2}, customer_id="c1", exclude_agents=frozenset({"eva"}), office="sevilla"
    )

    found = match(RuleSet(rules=rules, exclusions=exclusions), contact, offices=frozenset({"sevilla"}))

    assert found == Match(
        rule="spanish",
        queue="madrid",
        priority=3,
        skills={"es": 2, "billing": 2},
        hold=False,
        passed_over=("english",),
        excluded=frozenset({"ana", "eva"}),
    )


def without_rules(queue: str, **changes: Any) -> Match:
    nothing: dict[str, Any] = {"rule": None, "queue": queue, "priority": 0, "skills": {}, "hold": False}
    return Match(**nothing | {"passed_over": (), "excluded": frozenset()} | changes)


@pytest.mark.parametrize(
    ("rule_set", "office", "expected"),
    [
        pytest.param(RuleSet(), None, without_rules("everybody"), id="no office"),
        pytest.param(RuleSet(), "madrid", without_rules("madrid"), id="the queue of an office"),
        pytest.param(RuleSet(), "paris", without_rules("everybody"), id="an office that is gone"),
        pytest.param(
            RuleSet(queues={"paris": Queue(name="paris")}), "paris", without_rules("paris"), id="its queue is written"
        ),
        pytest.param(
            RuleSet(rules=(Rule(name="en", when=ENGLISH, queue="x"),)),
            "madrid",
            without_rules("madrid", passed_over=("en",)),
            id="no rule holds",
        ),
        pytest.param(
            RuleSet(rules=(Rule(name="sooner", priority=9, skills={"es": 1}),)),
            "madrid",
            without_rules("madrid", rule="sooner", priority=9, skills={"es": 1}),
            id="a rule that names no queue",
        ),
        pytest.param(
            RuleSet(rules=(Rule(name="bot", hold=True),)),
            "madrid",
            Match(rule="bot", queue=None, priority=0, skills={}, hold=True, passed_over=(), excluded=frozenset()),
            id="held back",
        ),
    ],
)
def test_where_a_contact_goes(rule_set: RuleSet, office: str | None, expected: Match) -> None:
    assert match(rule_set, a_contact(office=office), offices=frozenset({"madrid"})) == expected


@pytest.mark.parametrize(
    ("own", "of_rule", "expected"),
    [
        pytest.param(None, None, 0, id="none"),
        pytest.param(None, 7, 7, id="the rule's"),
        pytest.param(0, 7, 0, id="its own, even 0"),
        pytest.param(-3, 7, -3, id="its own, even lower"),
    ],
)
def test_priority(own: int | None, of_rule: int | None, expected: int) -> None:
    rule_set = RuleSet(rules=(Rule(name="r", priority=of_rule),))

    assert match(rule_set, a_contact(priority=own), offices=frozenset()).priority == expected


@given(conditions, contacts)
@settings(max_examples=100)
def test_a_condition_never_raises_and_not_turns_it_around(condition: Condition, contact: Any) -> None:
    assert holds(Not(condition=condition), contact) is not holds(condition, contact)


@given(rule_sets, contacts, st.frozensets(st.sampled_from(["a", "b"])))
@settings(max_examples=50)
def test_the_rule_that_decided_holds_and_those_before_it_do_not(
    rule_set: RuleSet, contact: Any, offices: frozenset[str]
) -> None:
    found = match(rule_set, contact, offices=offices)
    deciding = len(found.passed_over)

    assert [rule.name for rule in rule_set.rules[:deciding]] == list(found.passed_over)
    assert not any(rule.when is None or holds(rule.when, contact) for rule in rule_set.rules[:deciding])
    assert found.rule == (rule_set.rules[deciding].name if deciding < len(rule_set.rules) else None)
