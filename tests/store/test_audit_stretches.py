"""A page of the audit looks at a bounded stretch of the log, and says where to go on; instants are found by halving."""

from datetime import UTC, datetime, timedelta

import pytest

from assigner.store.audit import STRETCH, Place, Wanted, lines_before
from assigner.store.database import Database
from assigner.store.rows import Entry, change_row
from assigner.store.writing import write_rows

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
ENGINE = "engine"


def a_log(url: str, lines: dict[int, str]) -> Database:
    """A log with one line for each number, by somebody, an hour after the other."""
    database = Database(url)
    rows = [
        change_row(1, number, 0, Entry(at=START + timedelta(hours=hour), kind="x", subject="s", by=by, data={}))
        for hour, (number, by) in enumerate(lines.items())
    ]
    with database.writing() as connection:
        write_rows(connection, rows)
    return database


def test_a_page_ends_with_its_stretch_and_the_next_goes_on(database_url: str) -> None:
    newest = 2 * STRETCH + 10
    database = a_log(database_url, {5: "key:a", newest: "key:a"})
    found: list[list[Place]] = []
    place: Place | None = None
    with database.reading() as connection:
        while True:
            stretch = lines_before(connection, 1, Wanted(but_for=ENGINE), before=place, limit=10)
            found.append([place for place, _ in stretch.lines])
            if (place := stretch.go_on) is None:
                break
    database.close()

    assert found == [[(newest, 0)], [], [(5, 0)]]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        pytest.param(None, None, [7, 6, 4, 3, 2], id="all but the engine's"),
        pytest.param(3, None, [7, 6, 4], id="since"),
        pytest.param(None, 3, [3, 2], id="until is exclusive"),
        pytest.param(1, 4, [4, 3, 2], id="between"),
        pytest.param(9, None, [], id="after everything"),
        pytest.param(None, 0, [], id="before everything"),
    ],
)
def test_instants_are_found(database_url: str, since: int | None, until: int | None, expected: list[int]) -> None:
    database = a_log(database_url, {1: ENGINE, 2: "key:a", 3: "key:a", 4: "key:a", 5: ENGINE, 6: "key:a", 7: "key:a"})
    wanted = Wanted(
        but_for=ENGINE,
        since=None if since is None else START + timedelta(hours=since),
        until=None if until is None else START + timedelta(hours=until),
    )
    with database.reading() as connection:
        stretch = lines_before(connection, 1, wanted, before=None, limit=10)
    database.close()

    assert ([place[0] for place, _ in stretch.lines], stretch.go_on) == (expected, None)
