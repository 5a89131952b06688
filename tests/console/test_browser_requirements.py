"""Requirements on what people see and do: a test in a browser names each of them."""

import re
from pathlib import Path

BROWSER_TESTS = Path(__file__).resolve().parents[1] / "browser"
WANTED = {*range(1, 5), 10, 22, *range(33, 37), *range(40, 55)}
NAMED = re.compile(r"\bR(\d+)(?: to R(\d+))?")


def test_each_requirement_is_lived_through_in_a_browser() -> None:
    named: set[int] = set()
    for path in BROWSER_TESTS.glob("test_*.py"):
        for line in path.read_text().splitlines():
            if ") -> None:" in line:
                for first, last in NAMED.findall(line):
                    named |= set(range(int(first), int(last or first) + 1))

    assert {number for number in WANTED if number not in named} == set()
