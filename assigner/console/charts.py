"""Pictures of figures: columns over time, one picture for each figure, or several upon each other.

Values only. Horizontally everything is in percent of the width, vertically in pixels, so that a picture fits into any
page and its letters keep their size; a template makes SVG of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

HEIGHT, TOP, BOTTOM = 118.0, 14.0, 20.0
MOST_LABELS = 7
NICE = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""What the top of a scale is a tenth, hundredth, thousandth of."""
SPANS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18_000, 36_000, 72_000, 180_000, 360_000)
"""Seconds at which a scale of time may end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One figure over time: its kind, a class of the style sheet, and a value for each part, None where nothing is
    known."""

    kind: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One value: `x` and `width` in percent, `y` and `height` in pixels; `part` says which part it is of."""

    kind: str
    x: float
    width: float
    y: float
    height: float
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Columns with their scale: `top` is the value at the upper line, which runs at `upper`; below is `base`. `labels`
    are the parts that are named below, each with its middle in percent; `step` is how wide a part is."""

    columns: tuple[Column, ...]
    top: float
    step: float
    labels: tuple[tuple[int, float], ...]
    upper: float = TOP
    base: float = HEIGHT - BOTTOM
    height: float = HEIGHT


def chart(series: Sequence[Series], *, top_of: Callable[[float], float]) -> Chart:
    """Columns of one figure, or of several upon each other; `top_of` the largest of them says where the scale ends."""
    parts = len(series[0].values)
    sums = [sum(each.values[part] or 0.0 for each in series) for part in range(parts)]
    top = top_of(max(sums, default=0.0))
    base = HEIGHT - BOTTOM
    step = 100 / max(parts, 1)
    width = step * (0.72 if parts <= 62 else 0.9)
    columns: list[Column] = []
    for part in range(parts):
        y = base
        for each in series:
            height = (each.values[part] or 0.0) / top * (base - TOP)
            y -= height
            if height:
                x = round(part * step + (step - width) / 2, 3)
                place = {"x": x, "width": round(width, 3), "y": round(y, 1), "height": round(height, 1)}
                columns.append(Column(kind=each.kind, part=part, **place))
    every = -(-parts // MOST_LABELS) if parts else 1
    labels = tuple((part, round((part + 0.5) * step, 2)) for part in range(0, parts, every))
    return Chart(columns=tuple(columns), top=top, step=round(step, 3), labels=labels)


def nice_span(largest: float) -> float:
    """The same of seconds, which are read as minutes and hours."""
    return float(next((span for span in SPANS if span >= largest), nice(largest / 3600) * 3600))


def nice(largest: float) -> float:
    """The smallest number that people like to read on a scale and that is not below the largest value."""
    if largest <= 0:
        return 1.0
    size = 1.0
    while size * 10 < largest:
        size *= 10
    while size > largest:
        size /= 10
    return next((size * each for each in NICE if size * each >= largest), size * 10)
