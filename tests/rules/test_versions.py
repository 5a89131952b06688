"""Versions: the hash changes with the content and with nothing else, and the difference reads well."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from rules.model import Example, Exclusion, Overflow, OverflowWhen, Queue, Rule, RuleSet, Strategy
from rules.parse import parse_rules
from rules.versions import content_hash, differences
from tests.rules.builders import a_contact, a_field, rule_sets

SPANISH = Rule(name="spanish", when=a_field("language", "equals", "es"), queue="madrid")
ENGLISH = Rule(name="english", when=a_field("language", "equals", "en"), queue="london")
OTHERS = Rule(name="others", queue="night")
MADRID = Queue(name="madrid", offices=("madrid",), skills={"es": 1, "billing": 2})


def a_rule_set(*rules: Rule, queue: Queue = MADRID) -> RuleSet:
    return RuleSet(name="everyday", rules=rules, queues={queue.name: queue})


def test_the_hash_is_stable() -> None:
    expected = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

    assert content_hash(RuleSet()) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("queues: {a: , b: }", "queues: {b: , a: }", True, id="order of names"),
        pytest.param(
            "queues: {a: {skills: {x: 1, y: 2}}}", "queues: {a: {skills: {y: 2, x: 1}}}", True, id="of skills"
        ),
        pytest.param("queues: {a: {priority: 0}}", "queues: {a: }", True, id="a default that is written"),
        pytest.param(
            "rules: [{then: {queue: a}}]", "rules: [{name: rule 1, then: {queue: a}}]", True, id="default name"
        ),
        pytest.param("rules: [{name: a}, {name: b}]", "rules: [{name: b}, {name: a}]", False, id="order of rules"),
        pytest.param("queues: {a: {priority: 1}}", "queues: {a: }", False, id="another value"),
        pytest.param(
            "rules: [{when: {field: attributes.a, equals: true}}]",
            "rules: [{when: {field: attributes.a, equals: 1}}]",
            False,
            id="true is not 1",
        ),
    ],
)
def test_what_the_hash_depends_on(one: str, other: str, same: bool) -> None:
    assert (content_hash(parse_rules(one).rule_set) == content_hash(parse_rules(other).rule_set)) is same


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        pytest.param(a_rule_set(SPANISH), a_rule_set(SPANISH), (), id="nothing"),
        pytest.param(
            RuleSet(name="everyday"),
            RuleSet(name="august"),
            ("The rule set everyday is now called august.",),
            id="name",
        ),
        pytest.param(
            a_rule_set(SPANISH, ENGLISH),
            a_rule_set(OTHERS, SPANISH),
            ("Rule english is gone.", "Rule others is new, at place 1."),
            id="a rule comes, another goes, none moves",
        ),
        pytest.param(
            a_rule_set(SPANISH, ENGLISH, OTHERS),
            a_rule_set(ENGLISH, OTHERS, SPANISH),
            ("Rule spanish moved from 1 to 3.",),
            id="a rule moves",
        ),
        pytest.param(
            a_rule_set(SPANISH),
            a_rule_set(replace(SPANISH, queue="sevilla", priority=5, when=a_field("language", "in", ("es", "es-MX")))),
            (
                "Rule spanish: when {field: language, equals: es} becomes {field: language, in: [es, es-MX]}.",
                "Rule spanish: queue madrid becomes sevilla.",
                "Rule spanish: priority none becomes 5.",
            ),
            id="fields of a rule",
        ),
        pytest.param(
            a_rule_set(SPANISH, SPANISH),
            a_rule_set(SPANISH),
            ("Rule spanish (2) is gone.",),
            id="two rules of one name",
        ),
        pytest.param(
            a_rule_set(),
            a_rule_set(
                queue=replace(
                    MADRID,
                    strategy=Strategy.LEAST_LOADED,
                    capacity=3,
                    skills={"es": 1},
                    overflow=(Overflow(when=OverflowWhen.AFTER, after=60, to="night"),),
                )
            ),
            (
                "Queue madrid: skills {es: 1, billing: 2} becomes {es: 1}.",
                "Queue madrid: strategy round_robin becomes least_loaded.",
                "Queue madrid: capacity none becomes 3.",
                "Queue madrid: overflow none becomes [{after: 60, to: night}].",
            ),
            id="fields of a queue",
        ),
        pytest.param(
            a_rule_set(queue=MADRID),
            a_rule_set(queue=Queue(name="night")),
            ("Queue madrid is gone.", "Queue night is new."),
            id="queues",
        ),
        pytest.param(
            RuleSet(exclusions=(Exclusion(customer_id="c1", agent="ana"),)),
            RuleSet(exclusions=(Exclusion(customer_id="c1", agent="rui"),)),
            (
                "The exclusion {customer_id: c1, agent: ana} is gone.",
                "The exclusion {customer_id: c1, agent: rui} is new.",
            ),
            id="exclusions",
        ),
        pytest.param(
            RuleSet(
                examples=(Example(contact=a_contact(id="a"), queue="x"), Example(contact=a_contact(id="b"), queue="x"))
            ),
            RuleSet(
                examples=(Example(contact=a_contact(id="b"), queue="x"), Example(contact=a_contact(id="a"), queue="x"))
            ),
            ("The examples are in another order.",),
            id="order of examples",
        ),
    ],
)
def test_differences(old: RuleSet, new: RuleSet, sentences: tuple[str, ...]) -> None:
    assert tuple(each.said() for each in differences(old, new)) == sentences


def test_a_difference_is_said_in_another_language() -> None:
    [gone] = differences(a_rule_set(SPANISH), a_rule_set())

    assert gone.said("Die Regel %(name)s ist weg.") == "Die Regel spanish ist weg."


@given(rule_sets, rule_sets)
@settings(max_examples=50)
def test_there_are_differences_where_the_hashes_differ(old: RuleSet, new: RuleSet) -> None:
    assert bool(differences(old, new)) is (content_hash(old) != content_hash(new))
    assert differences(old, old) == ()
