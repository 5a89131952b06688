"""The arithmetic of the report: percentiles, fairness, time."""

from datetime import timedelta

import pytest

from assigner.simulator.figures import Fairness, common, fairness, measure, merged, percentile
from assigner.simulator.ledger import Course, Span
from tests.simulator.builders import at


def spans(*bounds: tuple[int, int]) -> list[Span]:
    return [(at(start), at(end)) for start, end in bounds]


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


def test_contacts_held_at_once_are_one_time_of_being_occupied() -> None:
    assert merged(spans((20, 30), (0, 10), (5, 20), (40, 50))) == spans((0, 30), (40, 50))


def test_what_two_times_have_in_common() -> None:
    first, second = spans((0, 10), (20, 30), (40, 50)), spans((5, 25), (30, 40), (45, 46), (48, 60))

    assert common(first, second) == spans((5, 10), (20, 25), (45, 46), (48, 50))


def test_of_nothing_nothing_is_known() -> None:
    figures = measure(Course(outcomes=(), online={}, end=at(0)))

    assert (figures.contacts, figures.mean_wait, figures.p90_wait, figures.within_20s) == (0, None, None, None)
