"""The requirements read from the help pages that are about people each have their test over HTTP, found by number."""

import re
from collections import Counter

import pytest

from tests.house.source_tree import ROOT

ABOUT_PEOPLE = (
    *range(14, 22),
    *(23, 24, 39, 41),
    *range(43, 47),
    *range(49, 52),
    *range(53, 56),
)
TEST = re.compile(r"^def test((?:_r\d\d)+)_", re.MULTILINE)


def count_tests() -> Counter[int]:
    """How many tests of the help pages name each requirement."""
    texts = [path.read_text() for path in sorted((ROOT / "tests" / "seeds").glob("test_*.py"))]
    return Counter(int(number) for text in texts for names in TEST.findall(text) for number in names.split("_r")[1:])


@pytest.mark.parametrize("number", ABOUT_PEOPLE, ids=[f"R{number}" for number in ABOUT_PEOPLE])
def test_a_requirement_about_people_has_one_test(number: int) -> None:
    assert count_tests()[number] == 1
