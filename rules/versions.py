"""Versions of a rule set: a hash that says whether two are the same, and their difference in plain sentences.

Both look at the document of `rules.write`, so that a default is the same whether written or left out. A difference
keeps its wording apart from what it is about, so that it can be said in another language."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from hashlib import sha256
from typing import Any

from rules.model import Rule, RuleSet
from rules.write import Fields, queue_fields, rule_fields, rules_document

_PLAIN_TEXT = re.compile(r"(?!(true|false|null|none)$)[A-Za-z_][\w.-]*")

RuleKey = tuple[str, int]
"""The name of a rule, and which of that name it is: 1 unless names are used twice."""


class Wording(StrEnum):
    """How each kind of difference is said, in English."""

    RENAMED = "The rule set %(name)s is now called %(new)s."
    RULE_GONE = "Rule %(name)s is gone."
    RULE_NEW = "Rule %(name)s is new, at place %(new)s."
    RULE_MOVED = "Rule %(name)s moved from %(old)s to %(new)s."
    RULE_CHANGED = "Rule %(name)s: %(field)s %(old)s becomes %(new)s."
    QUEUE_GONE = "Queue %(name)s is gone."
    QUEUE_NEW = "Queue %(name)s is new."
    QUEUE_CHANGED = "Queue %(name)s: %(field)s %(old)s becomes %(new)s."
    EXCLUSION_GONE = "The exclusion %(name)s is gone."
    EXCLUSION_NEW = "The exclusion %(name)s is new."
    EXCLUSIONS_MOVED = "The exclusions are in another order."
    EXAMPLE_GONE = "The example %(name)s is gone."
    EXAMPLE_NEW = "The example %(name)s is new."
    EXAMPLES_MOVED = "The examples are in another order."


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that a reader of the old version must know of the new one: its wording, and what is filled in."""

    wording: Wording
    name: str = ""
    field: str = ""
    old: str = ""
    new: str = ""

    def said(self, wording: str | None = None) -> str:
        """The sentence; in another language, with the wording of that language."""
        values = {"name": self.name, "field": self.field, "old": self.old, "new": self.new}
        return (wording or self.wording) % values


def content_hash(rule_set: RuleSet) -> str:
    """A SHA-256 over what the rule set says: the order of rules counts, that of names in a mapping does not."""
    return sha256(_exact(rules_document(rule_set)).encode()).hexdigest()


def differences(old: RuleSet, new: RuleSet) -> tuple[Difference, ...]:
    """What a reader of the old version must know of the new one; nothing where they are the same."""
    before, after = rules_document(old), rules_document(new)
    exclusions = Wording.EXCLUSION_GONE, Wording.EXCLUSION_NEW, Wording.EXCLUSIONS_MOVED
    examples = Wording.EXAMPLE_GONE, Wording.EXAMPLE_NEW, Wording.EXAMPLES_MOVED
    return (
        *_name_difference(old, new),
        *_rule_differences(_by_key(old), _by_key(new)),
        *_queue_differences(old, new),
        *_list_differences(exclusions, before.get("exclusions", []), after.get("exclusions", [])),
        *_list_differences(examples, before.get("examples", []), after.get("examples", [])),
    )


def as_written(value: Any) -> str:
    """A value as one would write it in a line of a rule set."""
    if value is None or value in ([], {}):
        return "none"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {as_written(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_written(each) for each in value) + "]"
    is_plain = isinstance(value, str) and _PLAIN_TEXT.fullmatch(value)
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def _exact(value: Any) -> str:
    """One text for each value, so that true and 1, which Python holds to be equal, are told apart."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _name_difference(old: RuleSet, new: RuleSet) -> Iterator[Difference]:
    if old.name != new.name:
        yield Difference(wording=Wording.RENAMED, name=old.name, new=new.name)


def _by_key(rule_set: RuleSet) -> dict[RuleKey, Rule]:
    seen: Counter[str] = Counter()
    rules: dict[RuleKey, Rule] = {}
    for rule in rule_set.rules:
        seen[rule.name] += 1
        rules[rule.name, seen[rule.name]] = rule
    return rules


def _rule_differences(old: dict[RuleKey, Rule], new: dict[RuleKey, Rule]) -> Iterator[Difference]:
    old_keys, new_keys = list(old), list(new)
    blocks = SequenceMatcher(a=old_keys, b=new_keys, autojunk=False).get_matching_blocks()
    in_order = {key for block in blocks for key in old_keys[block.a : block.a + block.size]}
    yield from (Difference(wording=Wording.RULE_GONE, name=_title(key)) for key in old if key not in new)
    for place, key in enumerate(new_keys, start=1):
        if key not in old:
            yield Difference(wording=Wording.RULE_NEW, name=_title(key), new=str(place))
            continue
        if key not in in_order:
            was = str(old_keys.index(key) + 1)
            yield Difference(wording=Wording.RULE_MOVED, name=_title(key), old=was, new=str(place))
        yield from _field_differences(Wording.RULE_CHANGED, _title(key), rule_fields(old[key]), rule_fields(new[key]))


def _title(key: RuleKey) -> str:
    name, which = key
    return name if which == 1 else f"{name} ({which})"


def _queue_differences(old: RuleSet, new: RuleSet) -> Iterator[Difference]:
    yield from (Difference(wording=Wording.QUEUE_GONE, name=name) for name in old.queues if name not in new.queues)
    for name, queue in new.queues.items():
        if name in old.queues:
            before, after = queue_fields(old.queues[name]), queue_fields(queue)
            yield from _field_differences(Wording.QUEUE_CHANGED, name, before, after)
        else:
            yield Difference(wording=Wording.QUEUE_NEW, name=name)


def _field_differences(wording: Wording, name: str, old: Fields, new: Fields) -> Iterator[Difference]:
    for field, value in new.items():
        if _exact(old[field]) != _exact(value):
            was, becomes = as_written(old[field]), as_written(value)
            yield Difference(wording=wording, name=name, field=field, old=was, new=becomes)


def _list_differences(
    wordings: tuple[Wording, Wording, Wording], old: list[Fields], new: list[Fields]
) -> Iterator[Difference]:
    is_gone, is_new, are_moved = wordings
    gone, added = list(_surplus(old, new)), list(_surplus(new, old))
    yield from (Difference(wording=is_gone, name=as_written(part)) for part in gone)
    yield from (Difference(wording=is_new, name=as_written(part)) for part in added)
    if not gone and not added and _exact(old) != _exact(new):
        yield Difference(wording=are_moved)


def _surplus(these: list[Fields], those: list[Fields]) -> Iterator[Fields]:
    """What these hold more of than those."""
    rest = Counter(_exact(each) for each in those)
    for each in these:
        if rest[_exact(each)]:
            rest[_exact(each)] -= 1
        else:
            yield each
