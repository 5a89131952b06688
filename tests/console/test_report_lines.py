"""The lines of a report: what each is called, and why one is not complete."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assigner.console.report_view import Names, course
from assigner.service.reports.periods import Bucket, Period
from assigner.service.reports.report import Reckoned, ReportRow

NOW = datetime(2026, 1, 8, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def a_row(start: datetime, *, complete: bool) -> ReportRow:
    return ReportRow(start=start, end=start + DAY, complete=complete, group=None, figures={})


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["not kept", "kept in part", "", "has not ended"]),
        ("de", ["nicht aufbewahrt", "teilweise aufbewahrt", "", "noch nicht zu Ende"]),
    ],
)
def test_a_line_says_why_it_is_not_complete(language: str, said: list[str]) -> None:
    first = datetime(2026, 1, 5, tzinfo=UTC)
    rows = [a_row(first + number * DAY, complete=number == 2) for number in range(4)]
    edges = tuple((first + number * DAY).timestamp() for number in range(5))
    period = Period(start=first, end=first + 4 * DAY, edges=edges, until=NOW, zone=ZoneInfo("UTC"))
    reckoned = Reckoned(rows=rows, kept_since=datetime(2026, 1, 6, 3, tzinfo=UTC))
    lines = course(reckoned, period, Bucket.DAY, Names(figures={}, meanings=(), language=language))

    assert [line.lacks for line in lines] == said
