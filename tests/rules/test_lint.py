"""Lint: each check finds what it is for, says it exactly, and is silent where nothing is wrong."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from rules.document import Document
from rules.findings import Code
from rules.lint import lint
from rules.model import RuleSet
from rules.organisation import Organisation
from rules.parse import ParsedRules, parse_organisation, parse_rules
from tests.rules.builders import rule_sets

ORGANISATION = parse_organisation(
    """
offices:
  madrid: {time_zone: Europe/Madrid, hours: {mon: ["09:00-18:00"], tue: ["09:00-18:00"]}}
  lisbon: {time_zone: Europe/Lisbon}
  closed: {hours: {mon: []}, holidays: [{date: 2026-01-02, hours: ["10:00-12:00"]}]}
agents:
  ana: {offices: [madrid], skills: {es: 3, billing: 1}, capacity: 4}
  rui: {offices: [lisbon], skills: {pt: 3}}
  eva: {offices: [madrid], skills: {es: 9}, takes_contacts: false}
  tom: {offices: [closed], capacity: 0}
"""
)


def found(
    text: str, organisation: Organisation | None = ORGANISATION, online: frozenset[str] | None = None
) -> list[tuple[str, int, str]]:
    """Code, line and message of every finding in a rule set."""
    findings = lint(parse_rules(text), organisation, now=datetime(2026, 1, 5, tzinfo=UTC), online=online)
    return [(finding.code.value, finding.place.line, finding.message) for finding in findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "examples:\n- {contact: {office: madrit}, expect: {rule: x}}",
            [
                ("unknown_office", 2, 'office "madrit" does not exist; did you mean "madrid"?'),
                ("failing_example", 2, 'example 1 expects rule "x", but no rule decides, and it comes to "everybody"'),
            ],
            id="an unknown office, and an unknown rule",
        ),
        pytest.param(
            "rules:\n- when: {field: office, in: [madrid, lisbom]}",
            [("unknown_office", 2, 'office "lisbom" does not exist; did you mean "lisbon"?')],
            id="an unknown office in a condition",
        ),
        pytest.param(
            "examples:\n- {contact: {preferred_agent_id: anna, exclude_agents: [eve]}, expect: {queue: everybody}}",
            [
                ("unknown_agent", 2, 'agent "anna" does not exist; did you mean "ana"?'),
                ("unknown_agent", 2, 'agent "eve" does not exist; did you mean "eva"?'),
            ],
            id="unknown agents in an example",
        ),
        pytest.param(
            "queues:\n  lisbon:\n    overflow: [{after: 9, to: madrit}]",
            [
                (
                    "unknown_queue",
                    3,
                    'queue "madrit" does not exist; did you mean "madrid"?',
                )
            ],
            id="an unknown queue in an overflow",
        ),
        pytest.param(
            "rules:\n- when: {field: skills, contains: bill}\n  then: {queue: madrid, skills: {es: 5}}",
            [
                ("unknown_skill", 2, 'no agent has the skill "bill"; did you mean "billing"?'),
                ("nobody_can_serve", 3, 'nobody can ever serve queue "madrid": no member has es at level 5'),
            ],
            id="an unknown skill, and a level that nobody has",
        ),
        pytest.param(
            "queues:\n  madrid:\n    offices: [madrid]\n    skills: {pt: 1, es: 2}\n"
            "    relax: [{after: 60, drop_skills: [pt]}]",
            [],
            id="nobody can serve it at first, but after relaxation",
        ),
        pytest.param(
            "queues:\n  madrid:\n    offices: [madrid]\n    skills: {pt: 1, es: 2}",
            [
                (
                    "nobody_can_serve",
                    2,
                    'nobody can ever serve queue "madrid": no member has pt at level 1 and es at level 2',
                )
            ],
            id="skills that no member has together",
        ),
        pytest.param(
            "queues:\n  closed:\n    offices: [closed]",
            [
                ("capacity_zero", 2, 'all members of queue "closed" have capacity 0, so nobody takes its contacts'),
                ("hours_never_open", 3, 'queue "closed" never opens: no open hour in closed'),
            ],
            id="capacity 0 everywhere, and hours on a past holiday only",
        ),
        pytest.param(
            "queues:\n  madrid: {offices: [madrid], strategy: lowest_occupancy}",
            [],
            id="occupancy where everybody has a capacity",
        ),
        pytest.param(
            "queues:\n  lisbon: {offices: [lisbon], strategy: lowest_occupancy}",
            [
                (
                    "lowest_occupancy_without_capacity",
                    2,
                    'queue "lisbon" ranks by occupancy, but these members have no capacity: rui',
                )
            ],
            id="occupancy without a capacity",
        ),
        pytest.param(
            "queues:\n  lisbon:\n    overflow:\n    - {after: 60, to: everybody}\n    - {after: 30, to: madrid}\n"
            "    - {after: 0, to: lisbon}",
            [
                (
                    "dead_end",
                    5,
                    'overflow ends in queue "madrid", which closes with its offices: contacts then wait until it opens',
                ),
                ("timers_out_of_order", 5, "this overflow comes after 30 s, sooner than the one before it"),
                ("overflow_cycle", 6, "overflow goes in a circle: lisbon -> lisbon"),
                ("timers_out_of_order", 6, "an overflow after 0 s asks both queues at once"),
                ("timers_out_of_order", 6, "this overflow comes after 0 s, sooner than the one before it"),
            ],
            id="overflow out of order, at once, and into itself",
        ),
        pytest.param(
            "queues:\n  lisbon:\n    relax: [{after: 90, skills: [pt]}]\n    overflow:\n"
            "    - {after: 60, to: everybody, leave: true}\n    - {after: 90, to: everybody}",
            [
                (
                    "timers_out_of_order",
                    3,
                    "after 90 s the contact has left the queue: an overflow with leave comes first",
                ),
                (
                    "timers_out_of_order",
                    6,
                    "after 90 s the contact has left the queue: an overflow with leave comes first",
                ),
            ],
            id="timers of a contact that has left",
        ),
        pytest.param(
            "rules:\n- {name: all, when: {not: {any: []}}, then: {queue: madrid}}\n"
            "- {name: more, then: {queue: night}}\nqueues:\n  night: {}\n  lisbon: {}",
            [
                ("empty_when", 2, 'the condition of rule "all" has an empty part, which never holds'),
                ("unreachable_rule", 3, 'no contact comes to rule "more": "all" before it always holds'),
                ("unreachable_queue", 5, 'no rule, office or overflow leads to queue "night"'),
                ("unreachable_queue", 6, 'no rule, office or overflow leads to queue "lisbon"'),
            ],
            id="nothing after a rule that always holds, not even the office's queue",
        ),
        pytest.param(
            "rules:\n- {name: sooner, then: {priority: 5}}\nqueues: {lisbon: {}}",
            [],
            id="a rule without a queue leads to the offices' queues",
        ),
    ],
)
def test_findings(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("online", "expected"),
    [
        pytest.param(frozenset({"ana"}), [], id="somebody"),
        pytest.param(
            frozenset({"rui", "eva"}),
            [("nobody_serves_now", 1, 'nobody who is Online now can serve queue "madrid"')],
            id="nobody who may",
        ),
        pytest.param(None, [], id="not known"),
    ],
)
def test_who_serves_now(online: frozenset[str] | None, expected: list[tuple[str, int, str]]) -> None:
    assert found("queues: {madrid: {offices: [madrid]}}", online=online) == expected


MONDAY_NOON, MONDAY_NIGHT = '"2026-01-05T12:00:00+01:00"', '"2026-01-05T22:00:00+01:00"'


@pytest.mark.parametrize(
    ("leave", "office", "at", "queue", "outcome"),
    [
        pytest.param("false", "madrid", MONDAY_NOON, "madrid", None, id="open"),
        pytest.param("false", "madrid", MONDAY_NOON, "everybody", 'sends it to "madrid"', id="open, so no overflow"),
        pytest.param("false", "madrid", MONDAY_NIGHT, "madrid", None, id="closed, still asked"),
        pytest.param("false", "madrid", MONDAY_NIGHT, "everybody", None, id="closed, so overflow"),
        pytest.param("true", "madrid", MONDAY_NIGHT, "madrid", 'sends it to "everybody"', id="closed and left"),
        pytest.param("true", "lisbon", MONDAY_NIGHT, "madrid", None, id="the contact's office is open"),
        pytest.param(
            "false", "lisbon", MONDAY_NIGHT, "night", 'sends it to "madrid"', id="neither is the queue expected"
        ),
    ],
)
def test_examples_know_the_hours(leave: str, office: str, at: str, queue: str, outcome: str | None) -> None:
    text = f"""
rules: [{{name: r, then: {{queue: madrid}}}}]
queues:
  madrid: {{offices: [madrid, lisbon], overflow: [{{when: closed, to: everybody, leave: {leave}}}]}}
  night: {{}}
examples: [{{contact: {{office: {office}}}, at: {at}, expect: {{queue: {queue}}}}}]
"""
    expected = [] if outcome is None else [f'example 1 expects queue "{queue}", but rule "r" {outcome}']

    assert [message for code, _, message in found(text) if code == "failing_example"] == expected


@pytest.mark.parametrize(
    ("queue", "fails"),
    [
        pytest.param("madrid", False, id="the queue of the rule"),
        pytest.param("everybody", False, id="where it overflows when closed"),
        pytest.param("lisbon", True, id="another"),
    ],
)
def test_without_an_organisation_an_example_may_come_to_either_queue(queue: str, fails: bool) -> None:
    text = f"""
rules: [{{then: {{queue: madrid}}}}]
queues: {{madrid: {{offices: [madrid, lisbon], overflow: [{{when: closed, to: everybody}}]}}}}
examples: [{{contact: {{}}, expect: {{queue: {queue}}}}}]
"""

    assert [code for code, *_ in found(text, organisation=None)] == ["failing_example"] * fails


def test_a_held_contact_comes_to_no_queue() -> None:
    text = "rules: [{name: bot, then: {hold: true}}]\nexamples: [{contact: {}, expect: {queue: everybody, rule: bot}}]"

    assert found(text) == [
        ("failing_example", 2, 'example 1 expects queue "everybody" by rule "bot", but rule "bot" holds it back')
    ]


def test_without_an_organisation_only_the_rule_set_itself_is_checked() -> None:
    text = """
rules: [{when: {field: office, equals: porto}, then: {queue: porto, skills: {xx: 9}}}]
queues: {madrid: {offices: [madrid], strategy: lowest_occupancy}}
exclusions: [{customer_id: c1, agent: nobody}]
"""

    assert found(text, organisation=None) == []


def test_no_check_reports_without_end() -> None:
    text = "rules: [" + "{then: {queue: nowhere}}," * 500 + "]"

    codes = [code for code, *_ in found(text)]

    assert {code: codes.count(code) for code in codes} == {"unknown_queue": 100, "unreachable_rule": 100}


@given(rule_sets)
@settings(max_examples=60)
def test_any_rule_set_can_be_linted(rule_set: RuleSet) -> None:
    for organisation in (None, ORGANISATION):
        findings = lint(ParsedRules(rule_set=rule_set, document=Document()), organisation, online=frozenset({"ana"}))
        assert all(finding.code in Code and finding.message and finding.fix for finding in findings)
