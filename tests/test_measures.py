"""The arithmetic of percentiles and fairness."""

from datetime import timedelta

import pytest

from assigner.measures import Fairness, fairness, percentile


@pytest.mark.parametrize(
    ("count", "rank"), [pytest.param(1, 1, id="one"), pytest.param(10, 9, id="ten"), pytest.param(11, 10, id="eleven")]
)
def test_the_90th_percentile_is_the_nearest_rank(count: int, rank: int) -> None:
    values = [timedelta(seconds=number) for number in range(1, count + 1)]

    assert percentile(values, 90) == timedelta(seconds=rank)


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        pytest.param([], Fairness(max_minus_min=None, jain=None), id="nobody"),
        pytest.param([0.0, 0.0], Fairness(max_minus_min=0, jain=None), id="nothing to share"),
        pytest.param([6.0, 6.0], Fairness(max_minus_min=0, jain=1), id="even"),
        pytest.param([8.0, 0.0, 0.0, 0.0], Fairness(max_minus_min=8, jain=0.25), id="one has everything"),
        pytest.param([1.0, 3.0], Fairness(max_minus_min=2, jain=0.8), id="between"),
    ],
)
def test_fairness(rates: list[float], expected: Fairness) -> None:
    assert fairness(rates) == expected
