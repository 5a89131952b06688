"""Rule set documents: the whole of one, every kind of error with its exact place and words, and any text at all."""

import json
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.findings import Place, RulesInvalid
from rules.model import (
    AllOf,
    AnyOf,
    ArrivedCondition,
    Condition,
    Contact,
    Example,
    Exclusion,
    Not,
    OfferTerms,
    Overflow,
    OverflowWhen,
    Preferred,
    Queue,
    Relax,
    Rule,
    RuleSet,
    Strategy,
    Takes,
)
from rules.parse import A_MONDAY_NOON, parse_rules
from rules.write import rules_document
from tests.rules.builders import a_contact, a_field, findings_in, rule_sets

EVERYTHING = """
name: everyday
rules:
- name: spanish-evening
  when:
    all:
    - {field: language, equals: es}
    - not: {field: attributes.labels, contains: spam}
    - any:
      - arrived: {days: [fri, mon], from: "18:00", to: 24:00, time_zone: Europe/Madrid}
      - {field: customer_id, in: [c1, c2]}
  then: {queue: madrid, priority: 5, skills: {es: 2}}
- when: {field: attributes.owner_bot, exists: true}
  then: {hold: true}
queues:
  madrid:
    offices: [madrid, sevilla]
    skills: [es]
    strategy: longest_idle
    takes: anyone
    capacity: 3
    priority: -10
    ageing: 60
    preferred: {agent: previous, for: 120}
    relax:
    - {after: 60, drop_skills: [billing]}
    - {after: 120, skills: {es: 1}}
    overflow:
    - {when: closed, to: night, leave: true}
    - {when: longer_than, length: 20, to: lisbon}
    - {after: 120, to: lisbon}
    target: 60
    wrap_up: 0
    offer: null
  night:
    wrap_up: 30
    offer: {timeout: 20, decline_pause: 5, missed_limit: 3}
exclusions: [{customer_id: c17, agent: ana}]
examples:
- contact: {language: es, office: madrid, attributes: {labels: [a]}}
  at: "2026-01-05T20:30:00+01:00"
  expect: {queue: night}
- {contact: {id: k9, exclude_agents: [ana]}, expect: {rule: spanish-evening}}
"""


MADRID = Queue(
    name="madrid",
    offices=("madrid", "sevilla"),
    skills={"es": 1},
    strategy=Strategy.LONGEST_IDLE,
    takes=Takes.ANYONE,
    capacity=3,
    priority=-10,
    ageing=60,
    preferred=Preferred(hold=120),
    relax=(Relax(after=60, drop_skills=frozenset({"billing"})), Relax(after=120, skills={"es": 1})),
    overflow=(
        Overflow(when=OverflowWhen.CLOSED, to="night", leave=True),
        Overflow(when=OverflowWhen.LONGER_THAN, length=20, to="lisbon"),
        Overflow(when=OverflowWhen.AFTER, after=120, to="lisbon"),
    ),
    target=60,
    offer=OfferTerms(),
    wrap_up=0,
)
NIGHT = Queue(name="night", offer=OfferTerms(timeout=20, decline_pause=5, missed_limit=3), wrap_up=30)


def test_everything_that_a_rule_set_can_say() -> None:
    evening = ArrivedCondition(days=(0, 4), start=1080, end=1440, time_zone="Europe/Madrid")
    when = AllOf(
        conditions=(
            a_field("language", "equals", "es"),
            Not(condition=a_field("attributes.labels", "contains", "spam")),
            AnyOf(conditions=(evening, a_field("customer_id", "in", ("c1", "c2")))),
        )
    )
    first = a_contact(
        id="example 1",
        arrived_at=datetime(2026, 1, 5, 19, 30, tzinfo=UTC),
        language="es",
        office="madrid",
        attributes={"labels": ("a",)},
    )
    second = Contact(id="k9", arrived_at=A_MONDAY_NOON, exclude_agents=frozenset({"ana"}))

    assert parse_rules(EVERYTHING).rule_set == RuleSet(
        name="everyday",
        rules=(
            Rule(name="spanish-evening", when=when, queue="madrid", priority=5, skills={"es": 2}),
            Rule(name="rule 2", when=a_field("attributes.owner_bot", "exists", True), hold=True),
        ),
        queues={"madrid": MADRID, "night": NIGHT},
        exclusions=(Exclusion(customer_id="c17", agent="ana"),),
        examples=(Example(contact=first, queue="night"), Example(contact=second, rule="spanish-evening")),
    )


@pytest.mark.parametrize("text", ["", "{}", "rules:\nqueues: {}\n", "name: default"])
def test_everything_is_optional(text: str) -> None:
    assert parse_rules(text).rule_set == RuleSet()


def test_json_is_the_same_document() -> None:
    text = json.dumps(yaml.load(EVERYTHING, Loader=yaml.BaseLoader)).replace('"true"', "true")
    for number in ("0", "1", "2", "3", "5", "-10", "20", "30", "60", "120"):
        text = text.replace(f'"{number}"', number)
    text = text.replace('"offer": "null"', '"offer": null').replace('"night": ""', '"night": null')

    assert parse_rules(text).rule_set == parse_rules(EVERYTHING).rule_set


def test_the_places_of_a_document_are_kept() -> None:
    parsed = parse_rules("rules:\n- then: {queue: madrid}\n")

    assert parsed.places["rules", 0, "then", "queue"] == Place(line=2, column=10)


@pytest.mark.parametrize(
    ("when", "condition"),
    [
        pytest.param("{}", AllOf(conditions=()), id="empty"),
        pytest.param("{all: []}", AllOf(conditions=()), id="all of nothing"),
        pytest.param("{field: priority, greater: 3}", a_field("priority", "greater", 3), id="greater"),
        pytest.param("{field: attributes.a.b, equals: 3}", a_field("attributes.a.b", "equals", 3), id="a number"),
        pytest.param("{field: skills, contains: es}", a_field("skills", "contains", "es"), id="a skill"),
        pytest.param("{field: office, exists: no}", None, id="no is text, not false"),
        pytest.param(
            "{arrived: {}}",
            ArrivedCondition(days=tuple(range(7)), start=0, end=1440, time_zone="UTC"),
            id="any time",
        ),
    ],
)
def test_conditions(when: str, condition: Condition | None) -> None:
    text = f"rules: [{{when: {when}}}]"
    if condition is None:
        assert [code for code, *_ in findings_in(text)] == ["wrong_type"]
    else:
        assert parse_rules(text).rule_set.rules[0].when == condition


def test_all_errors_are_found_in_the_order_of_the_document() -> None:
    text = "queues:\n  a: {capacity: x, capacity: 3}\n  b: {takes: nobody}\nrules: 7\nname: []\n"

    assert [(code, line) for code, line, *_ in findings_in(text)] == [
        ("duplicate_key", 2),
        ("unknown_value", 3),
        ("wrong_type", 4),
        ("wrong_type", 5),
    ]


def test_a_refusal_says_what_which_and_what_now() -> None:
    with pytest.raises(RulesInvalid) as refusal:
        parse_rules("rules:\n- then: {queu: a}\nnames: x", source="rules.yaml")

    assert (refusal.value.code, refusal.value.field) == ("rules_invalid", "rules[0].then.queu")
    assert refusal.value.message == (
        'rules.yaml line 2: unknown field "queu"; did you mean "queue"? (and 1 more); '
        'remove it; known here: "queue", "priority", "skills", "hold"'
    )


def test_only_so_many_errors_are_named() -> None:
    assert len(findings_in("rules: [" + "1," * 5000 + "1]")) == 100


@given(st.text(), st.text("{}[]:,-&*!|>'\"#\n a1~"), st.sampled_from(["", "rules: ", "queues: {a: ", "examples:\n- "]))
@settings(max_examples=200)
def test_any_text_is_read_or_refused(text: str, punctuation: str, start: str) -> None:
    for each in (start + text, start + punctuation):
        assert all(message and fix for *_, message, fix in findings_in(each))


WORDS = (
    "name rules when then queue priority skills hold all any not field equals in exists arrived days from to time_zone "
    "queues offices strategy takes capacity relax after drop_skills overflow length leave preferred for offer wrap_up "
    "exclusions customer_id agent examples contact at expect attributes office language closed mon 18:00"
)
words = st.sampled_from(WORDS.split())
values = st.recursive(
    words | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from(["name", "rules", "queues", "exclusions", "examples"]), values))
@settings(max_examples=200)
def test_any_values_are_read_or_refused(document: dict[str, object]) -> None:
    assert all(message and fix for *_, message, fix in findings_in(json.dumps(document)))


@given(rule_sets, st.booleans())
@settings(max_examples=60)
def test_what_is_written_reads_the_same(rule_set: RuleSet, as_yaml: bool) -> None:
    document = rules_document(rule_set)
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False) if as_yaml else json.dumps(document)

    assert parse_rules(text).rule_set == rule_set
