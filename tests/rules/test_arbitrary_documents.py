"""Whatever text somebody sends as a rule set, it is read or refused with findings: nothing breaks, nothing takes long.

The large documents are just under what is read at all, each built so that some way of reading would take for ever."""

import json
import time
import tracemalloc
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.document import MOST_BYTES
from rules.findings import MOST_FINDINGS, Finding, RulesInvalid
from rules.lint import lint
from rules.parse import parse_rules

SECONDS, BYTES = 20.0, 400_000_000
"""Far above what reading takes on a quiet machine (1 s to 3 s, 100 MB), far below what it takes when something is
squared: these are tests of growth, not of speed."""

WORDS = """name rules when then queue queues skills offices all any not field equals in contains matches greater less
exists arrived days from to time_zone hold priority strategy takes capacity ageing preferred agent for relax after
drop_skills overflow leave length target wrap_up offer timeout exclusions customer_id examples contact at expect
language attributes.x madrid mon"""
words = st.sampled_from(WORDS.split())
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | words
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=5), max_leaves=30
)
marks = st.lists(
    st.sampled_from(
        ["{", "}", "[", "]", ":", ": ", "-", "- ", "\n", "\n  ", "&a", "*a", "!!", "|", ">", "%", "'", '"', ",", "?"]
    )
    | words,
    max_size=40,
).map("".join)


def read(text: str | bytes) -> tuple[str, ...] | None:
    """The codes of what is wrong with a document; None where nothing is."""
    findings: tuple[Finding, ...] = ()
    try:
        for finding in lint(parse_rules(text)):
            assert finding.message
    except RulesInvalid as refused:
        findings = refused.findings
    assert len(findings) <= MOST_FINDINGS
    assert all(finding.message and finding.fix and finding.place.line > 0 for finding in findings)
    return tuple(finding.code for finding in findings) or None


@given(st.binary(max_size=400) | st.text(max_size=400) | marks)
@example(b"\xef\xbb\xbf")
@example("\ud800")
@example("- &a [*a]")
@settings(max_examples=300)
def test_arbitrary_text_and_bytes_are_read_or_refused(text: str | bytes) -> None:
    assert "too_large" not in (read(text) or ())


@given(values)
@settings(max_examples=300)
def test_arbitrary_documents_are_read_or_refused_alike_in_json_and_yaml(document: Any) -> None:
    as_json = read(json.dumps(document))
    as_yaml = read(yaml.safe_dump(document, allow_unicode=True)) if is_plain(document) else as_json

    assert (as_json is None) == (as_yaml is None)


def is_plain(value: Any) -> bool:
    """Whether YAML writes a value as JSON does."""
    if isinstance(value, dict):
        return all(is_plain(each) for each in value.values())
    if isinstance(value, list):
        return all(map(is_plain, value))
    return not isinstance(value, float | str)


def repeated(part: str, *, before: str = "", after: str = "") -> str:
    """As many of a part as a document may hold."""
    return before + part * ((MOST_BYTES - len(before) - len(after)) // len(part)) + after


def numbered(form: str, *, before: str = "", after: str = "") -> str:
    """The same, with a number in each."""
    size = len(form.format(100_000))
    return (
        before
        + "".join(form.format(100_000 + each) for each in range((MOST_BYTES - len(before) - len(after)) // size))
        + after
    )


LARGE = {
    "lists in lists": repeated("["),
    "objects in objects": repeated('{"a":'),
    "a list of lists": repeated("[],", before='{"rules": [', after="[]]}"),
    "one long word": repeated("a", before="name: "),
    "one long number": repeated("9", before="name: "),
    "one long quoted text": repeated("\\n", before='name: "', after='"'),
    "blank lines": repeated("\n"),
    "blanks": repeated(" "),
    "comments": repeated("#\n"),
    "indentation that grows": "".join(" " * each + "a:\n" for each in range(1400))[:MOST_BYTES],
    "aliases of aliases": numbered("- &a{0} [*a{0}]\n"),
    "the same key": repeated("name: x\n"),
    "unknown keys": numbered("k{0}: 1\n"),
    "unknown keys in JSON": numbered('"k{0}":1,', before="{", after='"name":""}'),
    "queues": numbered(" q{0}: {{}}\n", before="queues:\n"),
    "queues in a ring": numbered(
        " q{0}: {{overflow: [{{after: 1, to: q100000}}]}}\n",
        before="queues:\n q100000: {overflow: [{after: 1, to: q100001}]}\n",
    ),
    "rules": repeated("- {}\n", before="rules:\n"),
    "rules without a queue": numbered("- {{then: {{queue: q{0}}}}}\n", before="rules:\n"),
    "conditions side by side": repeated(
        "{field: channel, equals: a},",
        before="rules: [{when: {all: [",
        after="{field: channel, equals: a}]}, then: {}}]",
    ),
    "values of one condition": numbered(
        "v{0},", before="rules: [{when: {field: channel, in: [", after="v]}, then: {}}]"
    ),
    "stars": repeated("*a", before='rules: [{when: {field: channel, matches: "', after='"}, then: {}}]'),
    "exclusions": numbered("- {{customer_id: c{0}, agent: a{0}}}\n", before="exclusions:\n"),
    "no text at all": "\ufffd" * (MOST_BYTES // 3),
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.timeout(120)
def test_large_documents_take_bounded_time(name: str) -> None:
    text = LARGE[name]
    assert MOST_BYTES * 0.9 < len(text.encode()) <= MOST_BYTES
    began = time.process_time()

    read(text)

    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("name", ["lists in lists", "aliases of aliases", "queues", "values of one condition"])
@pytest.mark.timeout(240)
def test_large_documents_take_bounded_memory(name: str) -> None:
    tracemalloc.start()
    read(LARGE[name])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < BYTES


def test_larger_ones_are_not_read_at_all() -> None:
    assert read(" " * (MOST_BYTES + 1)) == ("too_large",)
