"""A rule set that names a customer, written as if it had named nobody: for when that customer is to be forgotten.

A rule set may name customers in exclusions, conditions and examples, and its author in comments. Whoever reads the text
afterwards finds the same rules, with a name that nobody has."""

import json
import re
from contextlib import suppress
from typing import Any

from rules.findings import RulesInvalid
from rules.parse import parse_rules
from rules.write import rules_document

CUSTOMER = "customer_id"


def without_customer(text: str, customer_id: str, *, instead: str) -> str:
    """The text of a rule set with `instead` for every mention of the customer.

    Where the word also stands for something else, such as a queue, a text written anew tells the two apart: JSON,
    without comments. Raises RulesInvalid for a text that is no rule set."""
    document = rules_document(parse_rules(text).rule_set)
    anonymous = _without(document, customer_id, instead)
    candidate = re.sub(rf"(?<!\w){re.escape(customer_id)}(?!\w)", instead, text)
    with suppress(RulesInvalid):
        if rules_document(parse_rules(candidate).rule_set) == anonymous:
            return candidate
    return text if anonymous == document else json.dumps(anonymous, indent=2, ensure_ascii=False)


def _without(value: Any, customer_id: str, instead: str) -> Any:
    """A part of a document. Conditions name the field that they look at; elsewhere the customer is a field."""
    if isinstance(value, list):
        return [_without(each, customer_id, instead) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("field") == CUSTOMER:
        return {name: _renamed(each, customer_id, instead) for name, each in value.items()}
    return {
        name: _renamed(each, customer_id, instead) if name == CUSTOMER else _without(each, customer_id, instead)
        for name, each in value.items()
    }


def _renamed(value: Any, customer_id: str, instead: str) -> Any:
    if isinstance(value, list):
        return [_renamed(each, customer_id, instead) for each in value]
    return instead if value == customer_id else value
