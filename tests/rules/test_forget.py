"""A rule set forgets a customer: the same rules, with a name that nobody has."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.forget import without_customer
from rules.parse import parse_rules
from rules.write import rules_document

YAML = """\
# c17 shouts at ana, not so c170
rules:
- name: loyal
  when: {field: customer_id, in: [c17, c170]}
  then: {queue: loyal}
queues: {loyal: {}}
exclusions:
- {customer_id: c17, agent: ana}
examples:
- contact: {channel: chat, customer_id: c17}
  expect: {queue: loyal}
"""


def test_every_mention_is_replaced_and_the_rest_stays_as_it_was_written() -> None:
    forgotten = without_customer(YAML, "c17", instead="nobody")

    assert forgotten == YAML.replace("c17 ", "nobody ").replace("c17,", "nobody,").replace("c17}", "nobody}")


@pytest.mark.parametrize(
    ("text", "customer"),
    [
        pytest.param(YAML, "loyal", id="a queue of that name"),
        pytest.param(YAML, "c18", id="never named"),
        pytest.param("name: first\n", "name", id="a field of that name"),
        pytest.param("{}", "{", id="a bracket"),
    ],
)
def test_rules_that_do_not_name_the_customer_stay_as_they_are(text: str, customer: str) -> None:
    assert without_customer(text, customer, instead="nobody") == text


def test_a_word_that_means_something_else_as_well_is_told_apart() -> None:
    text = YAML.replace("c17}", "loyal}").replace("c17,", "loyal,")

    forgotten = without_customer(text, "loyal", instead="nobody")

    assert rules_document(parse_rules(forgotten).rule_set) == rules_document(
        parse_rules(YAML.replace("c17}", "nobody}").replace("c17,", "nobody,")).rule_set
    )
    assert "# c17" not in forgotten  # written anew


def test_a_name_that_is_written_with_escapes_is_found() -> None:
    text = json.dumps({"exclusions": [{"customer_id": "José", "agent": "ana"}]})

    assert json.loads(without_customer(text, "José", instead="nobody"))["exclusions"] == [
        {"customer_id": "nobody", "agent": "ana"}
    ]


NAMES = st.sampled_from(["a", "b", "1", "true", "null", "a b", "queue", "ü", '"', "#", "-"])


@given(customers=st.lists(NAMES, max_size=3), forgotten=NAMES)
def test_nothing_but_the_customer_changes(customers: list[str], forgotten: str) -> None:
    document: dict[str, Any] = {
        "rules": [{"name": "a", "when": {"field": "customer_id", "in": ["b", *customers]}, "then": {"queue": "a"}}],
        "queues": {"a": {}, "1": {}},
        "exclusions": [{"customer_id": each, "agent": "a"} for each in customers],
    }
    text = json.dumps(document)

    again = rules_document(parse_rules(without_customer(text, forgotten, instead="nobody")).rule_set)

    expected = json.dumps(
        {
            **document,
            "rules": [
                {
                    "name": "a",
                    "when": {"field": "customer_id", "in": renamed(["b", *customers], forgotten)},
                    "then": {"queue": "a"},
                }
            ],
            "exclusions": [{"customer_id": each, "agent": "a"} for each in renamed(customers, forgotten)],
        }
    )
    assert again == rules_document(parse_rules(expected).rule_set)


def renamed(names: list[str], forgotten: str) -> list[str]:
    return ["nobody" if each == forgotten else each for each in names]
