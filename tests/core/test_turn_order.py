"""Masks in order of turns: the lowest bits of long and of sparse masks are found in their order."""

from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from assigner.core.roster import first_positions, lowest, positions


@given(bits=st.sets(st.integers(0, 2000), min_size=1, max_size=60), count=st.integers(1, 25))
def test_the_first_positions_are_the_smallest(bits: set[int], count: int) -> None:
    mask = sum(1 << bit for bit in bits)

    assert list(positions(mask)) == sorted(bits)
    assert lowest(mask) == min(bits)
    assert first_positions(mask, count) == list(islice(sorted(bits), count))
