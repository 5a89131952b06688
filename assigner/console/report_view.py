"""A report made ready to be looked at: its course as pictures, and its groups as rows with bars.

It turns rows of figures into words and shapes; what is asked, and of whom, is the business of pages/reports.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date

from assigner.console.charts import Chart, Series, chart, nice, nice_span
from assigner.console.frame import Frame
from assigner.console.language import N_, translations
from assigner.console.report_words import FIGURES, SHOWN, STATUS_TIME, UNITS, written
from assigner.service.reports.figures import CONTENTS, Report, Unit
from assigner.service.reports.periods import Bucket, Period
from assigner.service.reports.report import Reckoned, ReportRow

WHOLE_SHARE = frozenset({"service_level", "occupancy", "jain"})
"""Figures whose scale ends at 1, whatever the largest of them is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table: what it is about, its figures as they are written, the id of its group, and why it is not
    complete."""

    name: str
    row: ReportRow
    cells: tuple[tuple[str, str], ...]
    group: str | None = None
    lacks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One picture over time. `kinds` are the names of what is upon each other, by kind; `said` puts each part into
    words, and `ticks` names some of them below."""

    title: str
    chart: Chart
    top: str
    kinds: tuple[tuple[str, str], ...]
    said: tuple[str, ...]
    ticks: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What everything is called for one visitor: figures by name, with what they mean, and the language in which
    numbers are written."""

    figures: Mapping[str, str]
    meanings: tuple[tuple[str, str], ...]
    language: str

    def cells(self, row: ReportRow) -> tuple[tuple[str, str], ...]:
        """The figures of a row as they are written."""
        return tuple((name, written(name, value, language=self.language)) for name, value in row.figures.items())


def names_for(frame: Frame, report: Report) -> Names:
    """What the figures of a report are called; the time with a status as the status is."""
    language = frame.looks.language
    say = translations(language)
    figures = {
        figure.name: frame.label(figure.name.removesuffix("_s"))
        if figure.unit is Unit.SECONDS and figure.name not in FIGURES
        else say.gettext(FIGURES[figure.name])
        for figure in CONTENTS[report].figures
    }
    meanings = tuple((figures[each.name], say.gettext(each.meaning)) for each in CONTENTS[report].figures)
    return Names(figures=figures, meanings=meanings, language=language)


def course(reckoned: Reckoned, period: Period, bucket: Bucket, names: Names) -> tuple[Line, ...]:
    """The rows of a course, each called as its hour or day is."""
    rows, say = reckoned.rows, translations(names.language).gettext
    several_days = len({row.start.astimezone(period.zone).date() for row in rows}) > 1
    lines = []
    for row in rows:
        start = row.start.astimezone(period.zone)
        day = str(format_date(start.date(), "EEE d MMM", locale=names.language))
        hour = start.strftime("%H:%M")
        name = day if bucket is Bucket.DAY else f"{day}, {hour}" if several_days else hour
        lacks = say(_lacks(row, period, reckoned.kept_since)) if not row.complete else ""
        lines.append(Line(name=name, row=row, cells=names.cells(row), lacks=lacks))
    return tuple(lines)


def _lacks(row: ReportRow, period: Period, kept_since: datetime | None) -> str:
    """Why a row is not complete: its time goes on, or nothing, or not all, of it is kept."""
    if row.end > period.until:
        return N_("has not ended")
    return N_("not kept") if kept_since is not None and row.end <= kept_since else N_("kept in part")


def drawn(report: Report, lines: Sequence[Line], names: Names) -> tuple[Drawn, ...]:
    """The pictures of a course; none where nothing of the period has passed yet."""
    return tuple(_picture(figures, lines, names) for figures in SHOWN[report].drawn) if lines else ()


def largest(figure: str, rows: Sequence[ReportRow]) -> float:
    """What the bar of a figure is as long as the cell at."""
    return 1.0 if figure in WHOLE_SHARE else max((row.figures[figure] or 0.0 for row in rows), default=0.0)


def _picture(figures: tuple[str, ...], lines: Sequence[Line], names: Names) -> Drawn:
    series = [
        Series(kind=name.replace("_", "-"), values=tuple(line.row.figures[name] for line in lines)) for name in figures
    ]
    made = chart(series, top_of=_top_of(figures[0]))
    alone, legend = len(figures) == 1, zip(series, figures, strict=True)
    return Drawn(
        title=names.figures[figures[0]] if alone else translations(names.language).gettext(STATUS_TIME),
        chart=made,
        top=written(figures[0], made.top, language=names.language),
        kinds=() if alone else tuple((each.kind, names.figures[name]) for each, name in legend),
        said=tuple(_said(line, figures, names) for line in lines),
        ticks=tuple((lines[part].name, x) for part, x in made.labels),
    )


def _top_of(figure: str) -> Callable[[float], float]:
    if figure in WHOLE_SHARE:
        return lambda _: 1.0
    return nice_span if UNITS[figure] is Unit.SECONDS else nice


def _said(line: Line, figures: tuple[str, ...], names: Names) -> str:
    cells = dict(line.cells)
    told = (cells[name] if len(figures) == 1 else f"{names.figures[name]} {cells[name]}" for name in figures)
    return f"{line.name}: {', '.join(told)}"
