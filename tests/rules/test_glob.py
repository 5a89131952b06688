"""Glob patterns: what they match, compared with a naive reference, and that no pattern takes long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.glob import glob_matches


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        pytest.param("", "", True, id="empty"),
        pytest.param("", "a", False, id="empty pattern, some text"),
        pytest.param("*", "", True, id="a star is satisfied by nothing"),
        pytest.param("vip-*", "vip-7", True, id="prefix"),
        pytest.param("vip-*", "my vip-7", False, id="the whole text counts"),
        pytest.param("VIP-*", "vip-7", False, id="case counts"),
        pytest.param("*@example.com", "a@b@example.com", True, id="suffix after a false start"),
        pytest.param("a?c", "abc", True, id="one character"),
        pytest.param("a?c", "ac", False, id="one character, not none"),
        pytest.param("[a-cx]1", "b1", True, id="in a range"),
        pytest.param("[a-cx]1", "x1", True, id="in a set"),
        pytest.param("[a-cx]1", "d1", False, id="outside the set"),
        pytest.param("[!a-c]1", "d1", True, id="outside a negated set"),
        pytest.param("[!a-c]1", "b1", False, id="inside a negated set"),
        pytest.param("[]]", "]", True, id="a bracket first in its set"),
        pytest.param("[a", "[a", True, id="a bracket that is never closed"),
        pytest.param("[a-]", "-", True, id="a dash at the end of a set"),
    ],
)
def test_patterns(pattern: str, text: str, matches: bool) -> None:
    assert glob_matches(pattern, text) is matches


def naive(pattern: str, text: str) -> bool:
    """The same for `*` and `?`, as one would write it down first."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return naive(pattern[1:], text) or (bool(text) and naive(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and naive(pattern[1:], text[1:])


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_agrees_with_the_naive_matcher(pattern: str, text: str) -> None:
    assert glob_matches(pattern, text) is naive(pattern, text)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_pattern_can_be_asked(pattern: str, text: str) -> None:
    assert glob_matches(pattern, text) in (True, False)


@pytest.mark.timeout(5)
def test_a_pattern_that_would_defeat_backtracking() -> None:
    assert not glob_matches("*a" * 200 + "b", "a" * 2000)
