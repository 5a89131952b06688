"""Versions of a rule set: a hash that says whether two are the same, and their difference in plain sentences.

Both look at the document of `rules.write`, so that a default is the same whether written or left out."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

from rules.model import Rule, RuleSet
from rules.write import Fields, queue_fields, rule_fields, rules_document

_PLAIN_TEXT = re.compile(r"(?!(true|false|null|none)$)[A-Za-z_][\w.-]*")

RuleKey = tuple[str, int]
"""The name of a rule, and which of that name it is: 1 unless names are used twice."""


def content_hash(rule_set: RuleSet) -> str:
    """A SHA-256 over what the rule set says: the order of rules counts, that of names in a mapping does not."""
    return sha256(_exact(rules_document(rule_set)).encode()).hexdigest()


def differences(old: RuleSet, new: RuleSet) -> tuple[str, ...]:
    """What a reader of the old version must know of the new one, one sentence each; nothing where they are the same."""
    before, after = rules_document(old), rules_document(new)
    return (
        *_name_difference(old, new),
        *_rule_differences(_by_key(old), _by_key(new)),
        *_queue_differences(old, new),
        *_list_differences("exclusion", before.get("exclusions", []), after.get("exclusions", [])),
        *_list_differences("example", before.get("examples", []), after.get("examples", [])),
    )


def _exact(value: Any) -> str:
    """One text for each value, so that true and 1, which Python holds to be equal, are told apart."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _name_difference(old: RuleSet, new: RuleSet) -> Iterator[str]:
    if old.name != new.name:
        yield f"The rule set {old.name} is now called {new.name}."


def _by_key(rule_set: RuleSet) -> dict[RuleKey, Rule]:
    seen: Counter[str] = Counter()
    rules: dict[RuleKey, Rule] = {}
    for rule in rule_set.rules:
        seen[rule.name] += 1
        rules[rule.name, seen[rule.name]] = rule
    return rules


def _rule_differences(old: dict[RuleKey, Rule], new: dict[RuleKey, Rule]) -> Iterator[str]:
    old_keys, new_keys = list(old), list(new)
    blocks = SequenceMatcher(a=old_keys, b=new_keys, autojunk=False).get_matching_blocks()
    in_order = {key for block in blocks for key in old_keys[block.a : block.a + block.size]}
    yield from (f"{_title(key)} is gone." for key in old if key not in new)
    for place, key in enumerate(new_keys, start=1):
        if key not in old:
            yield f"{_title(key)} is new, at place {place}."
            continue
        if key not in in_order:
            yield f"{_title(key)} moved from {old_keys.index(key) + 1} to {place}."
        yield from _field_differences(_title(key), rule_fields(old[key]), rule_fields(new[key]))


def _title(key: RuleKey) -> str:
    name, which = key
    return f"Rule {name}" if which == 1 else f"Rule {name} (number {which} of that name)"


def _queue_differences(old: RuleSet, new: RuleSet) -> Iterator[str]:
    yield from (f"Queue {name} is gone." for name in old.queues if name not in new.queues)
    for name, queue in new.queues.items():
        if name in old.queues:
            yield from _field_differences(f"Queue {name}", queue_fields(old.queues[name]), queue_fields(queue))
        else:
            yield f"Queue {name} is new."


def _field_differences(subject: str, old: Fields, new: Fields) -> Iterator[str]:
    for field, value in new.items():
        if _exact(old[field]) != _exact(value):
            yield f"{subject}: {field} {_shown(old[field])} becomes {_shown(value)}."


def _list_differences(kind: str, old: list[Fields], new: list[Fields]) -> Iterator[str]:
    gone, added = list(_surplus(old, new)), list(_surplus(new, old))
    yield from (f"The {kind} {_shown(part)} is gone." for part in gone)
    yield from (f"The {kind} {_shown(part)} is new." for part in added)
    if not gone and not added and _exact(old) != _exact(new):
        yield f"The {kind}s are in another order."


def _surplus(these: list[Fields], those: list[Fields]) -> Iterator[Fields]:
    """What these hold more of than those."""
    rest = Counter(_exact(each) for each in those)
    for each in these:
        if rest[_exact(each)]:
            rest[_exact(each)] -= 1
        else:
            yield each


def _shown(value: Any) -> str:
    """A value as one would write it in a line of a rule set."""
    if value is None or value in ([], {}):
        return "none"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_shown(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(each) for each in value) + "]"
    is_plain = isinstance(value, str) and _PLAIN_TEXT.fullmatch(value)
    return value if is_plain else json.dumps(value, ensure_ascii=False)
