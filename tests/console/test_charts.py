"""Pictures of figures: scales that people can read, and columns where they belong."""

import pytest

from assigner.console.charts import Series, chart, nice, nice_span
from assigner.console.report_words import FIGURES, span, written
from assigner.service.reports.figures import CONTENTS


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 1), (1, 1), (0.03, 0.03), (7, 8), (11, 15), (60, 60), (61, 80), (999, 1000), (4200, 5000)]
)
def test_a_scale_ends_at_a_round_number(largest: float, top: float) -> None:
    assert nice(largest) == pytest.approx(top)


@pytest.mark.parametrize(("largest", "top"), [(0, 1), (8, 10), (61, 120), (3601, 7200), (400_000, 150 * 3600)])
def test_a_scale_of_time_ends_at_minutes_and_hours(largest: float, top: float) -> None:
    assert nice_span(largest) == top


def test_what_is_stacked_stands_upon_each_other_and_nothing_is_no_column() -> None:
    below = Series(kind="online", values=(3.0, None))
    above = Series(kind="busy", values=(1.0, 0.0))
    made = chart((below, above), top_of=lambda _: 4.0)

    assert [(each.kind, each.part, each.x, each.y, each.height) for each in made.columns] == [
        ("online", 0, 7.0, 35.0, 63.0),
        ("busy", 0, 7.0, 14.0, 21.0),
    ]
    assert made.labels == ((0, 25.0), (1, 75.0))


def test_a_long_course_is_labelled_now_and_then() -> None:
    made = chart((Series(kind="x", values=(1.0,) * 366),), top_of=nice)

    assert [part for part, _ in made.labels] == [0, 53, 106, 159, 212, 265, 318]


@pytest.mark.parametrize(
    ("seconds", "language", "text"),
    [
        pytest.param(8.25, "en", "8.2 s", id="seconds"),
        pytest.param(8.25, "de", "8,2 s", id="seconds in German"),
        pytest.param(245, "en", "4 min 5 s", id="minutes"),
        pytest.param(240, "en", "4 min", id="full minutes"),
        pytest.param(3599.7, "en", "1 h", id="nearly an hour"),
        pytest.param(12_000, "en", "3 h 20 min", id="hours"),
    ],
)
def test_a_stretch_of_time_is_told_in_two_units(seconds: float, language: str, text: str) -> None:
    assert span(seconds, language=language).replace("\xa0", " ") == text


def test_every_figure_has_a_name_and_is_written() -> None:
    figures = {figure.name for contents in CONTENTS.values() for figure in contents.figures}
    unnamed = {name for name in figures if name not in FIGURES}

    assert unnamed == {"online_s", "busy_s", "away_s", "offline_s"}
    assert all(written(name, 0.5, language="es") and written(name, None, language="es") for name in figures)
