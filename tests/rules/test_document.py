"""Documents as plain values: what YAML and JSON mean here, where each value stands, and what is not read at all."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.document import MOST_BYTES, Document, read_document
from rules.findings import Place


def places(document: Document) -> dict[tuple[str | int, ...], tuple[int, int]]:
    return {path: (place.line, place.column) for path, place in document.places.items()}


@pytest.mark.parametrize(
    ("text", "content"),
    [
        pytest.param("", None, id="empty"),
        pytest.param("# a comment", None, id="a comment only"),
        pytest.param("a: no\nb: on\nc: Yes", {"a": "no", "b": "on", "c": "Yes"}, id="no, on and yes are text"),
        pytest.param("a: 20:30\nb: 2026-01-05", {"a": "20:30", "b": "2026-01-05"}, id="times and dates are text"),
        pytest.param(
            "a: true\nb: False\nc: null\nd: ~\ne:",
            dict(zip("abcde", (True, False, *3 * [None]), strict=True)),
            id="constants",
        ),
        pytest.param(
            "a: 12\nb: -3\nc: 1.5\nd: 1.0e+3\ne: .5", {"a": 12, "b": -3, "c": 1.5, "d": 1000.0, "e": 0.5}, id="numbers"
        ),
        pytest.param("a: '12'\nb: \"true\"", {"a": "12", "b": "true"}, id="what stands in quotes is text"),
        pytest.param("a: 0x1F\nb: .inf\nc: 1e999", {"a": "0x1F", "b": ".inf", "c": "1e999"}, id="odd numbers are text"),
        pytest.param(
            "a: 09\nb: 007\nc: 1e3\nd: 1_000",
            {"a": "09", "b": "007", "c": "1e3", "d": "1_000"},
            id="what one YAML takes for a number and another for text is text",
        ),
        pytest.param(
            '{"a": 1e3, "b": 1E-7, "c": 1e16, "d": -0}', {"a": 1e3, "b": 1e-7, "c": 1e16, "d": 0}, id="JSON numbers"
        ),
        pytest.param("1: a\ntrue: b", {"1": "a", "true": "b"}, id="names are text"),
        pytest.param("\ufeffa: 1", {"a": 1}, id="a byte order mark"),
        pytest.param('{"a":\t[1,\t2]}', {"a": [1, 2]}, id="JSON with tabs"),
        pytest.param('{"a": "\\ud83d\\ude00\\n"}', {"a": "😀\n"}, id="JSON with escapes"),
        pytest.param('{"' + "k" * 2000 + '": 1}', {"k" * 2000: 1}, id="JSON with a long name"),
        pytest.param("{a: 1, b: [x]}", {"a": 1, "b": ["x"]}, id="YAML that looks like JSON"),
    ],
)
def test_values(text: str, content: Any) -> None:
    document = read_document(text)

    assert (document.content, document.findings) == (content, ())


def test_places_in_yaml() -> None:
    document = read_document("a: 1\nb:\n- x\n-   {c: y}\n")

    assert places(document) == {
        (): (1, 1),
        ("a",): (1, 1),
        ("b",): (2, 1),
        ("b", 0): (3, 3),
        ("b", 1): (4, 5),
        ("b", 1, "c"): (4, 6),
    }


def test_places_in_json() -> None:
    document = read_document('{"a": 1,\n "b": [\n\t"x",\n  {"c": "y"}]}')

    assert places(document) == {
        (): (1, 1),
        ("a",): (1, 2),
        ("b",): (2, 2),
        ("b", 0): (3, 2),
        ("b", 1): (4, 3),
        ("b", 1, "c"): (4, 4),
    }


@pytest.mark.parametrize(
    ("path", "place"),
    [
        pytest.param(("a", "b"), Place(line=2, column=3), id="what is there"),
        pytest.param(("a", "c", 0), Place(line=1, column=1), id="what is not there has the place of what is around it"),
        pytest.param(("x",), Place(line=1, column=1), id="nothing around it"),
    ],
)
def test_the_nearest_place(path: tuple[str | int, ...], place: Place) -> None:
    assert read_document("a:\n  b: 1").place(path) == place


@pytest.mark.parametrize(
    ("text", "code", "place", "message", "fix"),
    [
        pytest.param(
            b"name: espa\xf1ol",
            "not_utf8",
            (1, 11),
            "the text is not UTF-8",
            "save the file with encoding UTF-8",
            id="Latin-1",
        ),
        pytest.param(
            "a: \ud800",
            "not_utf8",
            (1, 4),
            "the text is not UTF-8",
            "save the file with encoding UTF-8",
            id="half a surrogate",
        ),
        pytest.param(
            "a" * (MOST_BYTES + 1),
            "too_large",
            (1, 1),
            "the text has 1,000,001 bytes, but at most 1,000,000 are read",
            "split it, or leave out what is not needed",
            id="too large",
        ),
        pytest.param(
            "[" * 60, "too_deep", (1, 52), "values are nested more than 50 deep", "write it flatter", id="too deep"
        ),
        pytest.param(
            '{"a":' * 60 + "1" + "}" * 60,
            "too_deep",
            (1, 256),
            "values are nested more than 50 deep",
            "write it flatter",
            id="too deep, JSON",
        ),
        pytest.param(
            "a:\n\tb: 1",
            "syntax",
            (2, 1),
            "this is not YAML: found character that cannot start any token (while scanning for the next token)",
            "check indentation (spaces, no tabs), colons, quotes and brackets here and in the line before",
            id="a tab",
        ),
        pytest.param(
            "a: b\x07",
            "syntax",
            (1, 5),
            "the character '\\x07' is not allowed in a document",
            "remove it, or write it as an escape",
            id="a control character",
        ),
        pytest.param(
            "? [a]\n: 1",
            "syntax",
            (1, 3),
            "the name of a field must be text",
            "write name: value; put quotes around the name",
            id="a list as a name",
        ),
        pytest.param(
            "a: 1\n---\nb: 2",
            "several_documents",
            (2, 1),
            "a second document begins here, but one file holds one document",
            "remove the line ---, or use two files",
            id="two documents",
        ),
        pytest.param(
            "a: &b 1",
            "alias",
            (1, 4),
            'anchors and aliases (here "b") are not read',
            "write the value out at each place",
            id="an anchor",
        ),
        pytest.param(
            "a: !!set {b}",
            "tag",
            (1, 4),
            'tags (here "tag:yaml.org,2002:set") are not read',
            "remove the tag; put quotes around what is meant as text",
            id="a tag",
        ),
        pytest.param(
            "a: 1\nb: 2\na: 3",
            "duplicate_key",
            (3, 1),
            '"a" stands here twice, first in line 1',
            "remove one of the two, or rename it",
            id="a name twice",
        ),
        pytest.param(
            '{"a": 1, "a": 2}',
            "duplicate_key",
            (1, 10),
            '"a" stands here twice, first in line 1',
            "remove one of the two, or rename it",
            id="a name twice, JSON",
        ),
    ],
)
def test_what_is_not_read(text: str | bytes, code: str, place: tuple[int, int], message: str, fix: str) -> None:
    (finding,) = read_document(text).findings

    found = (finding.code.value, (finding.place.line, finding.place.column), finding.message, finding.fix)
    assert found == (code, place, message, fix)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values, st.booleans(), st.sampled_from([None, 1, "\t"]))
@settings(max_examples=100)
def test_json_means_what_it_says(value: Any, ascii_only: bool, indent: int | str | None) -> None:
    text = json.dumps([value], ensure_ascii=ascii_only, indent=indent)

    document = read_document(text)

    assert (document.content, document.findings) == ([value], ())


@given(st.text() | st.text("{}[]:,-?&*!|>'\"%@`#\n a1~\t"))
@settings(max_examples=300)
def test_any_text_can_be_read_or_refused(text: str) -> None:
    document = read_document(text)

    assert all(finding.message and finding.fix and finding.place.line >= 1 for finding in document.findings)
