"""The arithmetic of a course: time that overlaps, and what is not known."""

from assigner.simulator.figures import common, measure, merged
from assigner.simulator.ledger import Course, Span
from tests.simulator.builders import at


def spans(*bounds: tuple[int, int]) -> list[Span]:
    return [(at(start), at(end)) for start, end in bounds]


def test_contacts_held_at_once_are_one_time_of_being_occupied() -> None:
    assert merged(spans((20, 30), (0, 10), (5, 20), (40, 50))) == spans((0, 30), (40, 50))


def test_what_two_times_have_in_common() -> None:
    first, second = spans((0, 10), (20, 30), (40, 50)), spans((5, 25), (30, 40), (45, 46), (48, 60))

    assert common(first, second) == spans((5, 10), (20, 25), (45, 46), (48, 50))


def test_of_nothing_nothing_is_known() -> None:
    figures = measure(Course(outcomes=(), online={}, end=at(0)))

    assert (figures.contacts, figures.mean_wait, figures.p90_wait, figures.within_20s) == (0, None, None, None)
