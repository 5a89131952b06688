"""Reports over HTTP, on a morning small enough to be reckoned by hand."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest

from assigner.service.reports.figures import Report
from assigner.testing import Workbench


@pytest.fixture(scope="module")
def morning() -> Iterator[Workbench]:
    """From 9:00 to 10:30: Ana and Bruno of Madrid sign in at 9:10.

    c1 waits from 9:00 for Ana (closed 9:50), c2 comes at 9:20 to Bruno and goes to Ana by hand at 10:00, c3 comes at
    9:30 to Ana. Ana is Busy from 9:40, Bruno from 10:10; then comes c4, and is abandoned after five minutes."""
    with Workbench() as bench:
        admin = bench.client()
        admin.put("/v1/offices/madrid", json={"name": "Madrid"})
        for agent_id in ("ana", "bruno"):
            admin.put(f"/v1/agents/{agent_id}", json={"offices": ["madrid"], "capacity": 2})

        def arrives(contact_id: str) -> None:
            admin.post("/v1/contacts", json={"id": contact_id, "office": "madrid"}).raise_for_status()

        arrives("c1")
        bench.advance(600)
        ana, bruno = bench.sign_in("ana"), bench.sign_in("bruno")
        bench.advance(600)
        arrives("c2")
        bench.advance(600)
        arrives("c3")
        bench.advance(600)
        ana.put("/v1/agents/ana/status", json={"status": "busy"})
        bench.advance(600)
        admin.post("/v1/contacts/c1/close")
        bench.advance(600)
        admin.post("/v1/contacts/c2/transfer", json={"agent_id": "ana"}).raise_for_status()
        bench.advance(600)
        bruno.put("/v1/agents/bruno/status", json={"status": "busy"})
        arrives("c4")
        bench.advance(300)
        admin.post("/v1/contacts/c4/abandon").raise_for_status()
        bench.advance(900)
        yield bench


def report(bench: Workbench, query: str) -> dict[str, Any]:
    """A report from 9:00 on, as a supervisor sees it."""
    separator = "&" if "?" in query else "?"
    answer = bench.client("supervisor").get(f"/v1/reports/{query}{separator}from=2026-01-05T09:00:00Z")
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told


def figures(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its place."""
    return {name: value for name, value in row.items() if name not in ("start", "end", "local", "complete")}


def test_what_happened_to_contacts_hour_by_hour(morning: Workbench) -> None:
    told = report(morning, "contacts?bucket=hour&time_zone=Europe/Madrid")

    names = ("arrived", "assigned", "assigned_by_hand", "transferred", "returned", "closed", "abandoned")
    assert [tuple(figures(row)[name] for name in names) for row in told["items"]] == [
        (3, 3, 0, 0, 0, 1, 0),
        (1, 1, 1, 1, 0, 0, 1),
    ]
    assert [(row["start"], row["local"], row["complete"]) for row in told["items"]] == [
        ("2026-01-05T09:00:00Z", "2026-01-05 10:00", True),
        ("2026-01-05T10:00:00Z", "2026-01-05 11:00", False),
    ]
    assert (told["end"], told["until"]) == ("2026-01-05T23:00:00Z", "2026-01-05T10:30:00Z")


def test_how_long_was_waited(morning: Workbench) -> None:
    first, second = report(morning, "waits?bucket=hour")["items"]

    assert figures(first) == {
        "answered": 3,
        "abandoned": 0,
        "mean_wait": 200,
        "p50_wait": 0,
        "p90_wait": 600,
        "max_wait": 600,
        "service_level": 0.6667,
    }
    assert figures(second) == {
        "answered": 0,
        "abandoned": 1,
        "mean_wait": None,
        "p50_wait": None,
        "p90_wait": None,
        "max_wait": None,
        "service_level": 0,
    }


def test_the_seconds_of_the_service_level_can_be_chosen(morning: Workbench) -> None:
    (row,) = report(morning, "waits?within=600")["items"]

    assert row["service_level"] == 0.75


def test_what_agents_did_with_their_time(morning: Workbench) -> None:
    assert [figures(row) for row in report(morning, "agents")["items"]] == [
        {
            "agent_id": "ana",
            "contacts": 3,
            "online_s": 1800,
            "busy_s": 3000,
            "away_s": 0,
            "offline_s": 600,
            "contacts_per_hour": 6,
            "occupancy": 1,
            "mean_load": 1.3333,
        },
        {
            "agent_id": "bruno",
            "contacts": 1,
            "online_s": 3600,
            "busy_s": 1200,
            "away_s": 0,
            "offline_s": 600,
            "contacts_per_hour": 1,
            "occupancy": 0.6667,
            "mean_load": 0.6667,
        },
    ]


@pytest.mark.parametrize("by", ["all", "office", "queue"])
def test_how_evenly_it_was_shared(morning: Workbench, by: str) -> None:
    rows = {row.get(by): figures(row) for row in report(morning, f"fairness?by={by}")["items"]}

    told = rows[None if by == "all" else "madrid"]
    told.pop(by, None)
    assert told == {"agents": 2, "contacts": 3, "contacts_per_hour": 2.5, "max_minus_min": 3, "jain": 0.7353}


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        pytest.param("contacts?by=agent", [("ana", 3), ("bruno", 1), (None, 0)], id="by agent"),
        pytest.param("contacts?by=queue", [("madrid", 4)], id="by queue"),
        pytest.param("contacts?by=agent&agent=ana", [("ana", 3)], id="one agent"),
        pytest.param("contacts?by=office&office=lisbon", [], id="an office without contacts"),
    ],
)
def test_groups(morning: Workbench, query: str, rows: list[tuple[str | None, int]]) -> None:
    told = report(morning, query)
    group = {"agent": "agent_id"}.get(told["by"], told["by"])

    assert [(row[group], row["assigned"]) for row in told["items"]] == rows


@pytest.mark.parametrize("name", list(Report))
def test_csv_has_the_same_rows(morning: Workbench, name: Report) -> None:
    client = morning.client("supervisor")
    told = client.get(f"/v1/reports/{name}?bucket=hour").json()["items"]

    for answer in (
        client.get(f"/v1/reports/{name}?bucket=hour&format=csv"),
        client.get(f"/v1/reports/{name}?bucket=hour", headers={"Accept": "text/csv"}),
    ):
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        lines = list(csv.DictReader(io.StringIO(answer.text)))
        assert list(lines[0]) == list(told[0])
        assert [_as_text(row) for row in told] == lines


def _as_text(row: dict[str, Any]) -> dict[str, str]:
    shown = {True: "true", False: "false", None: ""}
    return {
        name: shown[value] if value is None or isinstance(value, bool) else str(value) for name, value in row.items()
    }


def test_without_a_period_it_is_today(morning: Workbench) -> None:
    told = morning.client("supervisor").get("/v1/reports/contacts").json()

    assert (told["start"], told["end"]) == ("2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z")


def test_before_there_was_anything_rows_are_empty_and_tomorrow_has_none(morning: Workbench) -> None:
    client = morning.client("supervisor")

    (row,) = client.get("/v1/reports/waits?from=2025-12-01&to=2025-12-02").json()["items"]
    assert (row["answered"], row["mean_wait"], row["service_level"]) == (0, None, None)
    assert client.get("/v1/reports/agents?from=2025-12-01&to=2025-12-02").json()["items"] == []
    assert client.get("/v1/reports/waits?from=2026-02-01&to=2026-02-02").json()["items"] == []


@pytest.mark.parametrize("name", list(Report))
@pytest.mark.parametrize("query", ["by=all", "by=office", "by=queue", "by=agent"])
def test_the_catalogue_says_what_can_be_asked(morning: Workbench, name: Report, query: str) -> None:
    client = morning.client("supervisor")
    described = {each["report"]: each for each in client.get("/v1/reports").json()["items"]}
    answer = client.get(f"/v1/reports/{name}?{query}")

    assert (answer.status_code == 200) == (query.removeprefix("by=") in described[name]["by"])
    if answer.status_code == 200 and answer.json()["items"]:
        row = answer.json()["items"][0]
        assert list(row)[-len(described[name]["figures"]) :] == [each["name"] for each in described[name]["figures"]]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        pytest.param("contacts?from=monday", "invalid", "from", id="no date"),
        pytest.param("contacts?from=2026-01-05&to=2026-01-05", "out_of_range", "to", id="nothing"),
        pytest.param("contacts?from=2025-01-05&to=2026-01-05&bucket=hour", "out_of_range", "to", id="too long"),
        pytest.param("contacts?time_zone=Madrid", "unknown_value", "time_zone", id="no time zone"),
        pytest.param("contacts?time_zone=../../etc/passwd", "unknown_value", "time_zone", id="a path as time zone"),
        pytest.param("agents?by=queue", "unknown_value", "by", id="a group that it is not by"),
        pytest.param("agents?queue=madrid", "unknown_field", "queue", id="a filter that it does not know"),
        pytest.param("fairness?agent=ana", "unknown_field", "agent", id="fairness of one"),
        pytest.param("waits?within=-1", "invalid", "within", id="less than no time"),
        pytest.param("waits?format=xlsx", "invalid", "format", id="another format"),
        pytest.param("waits?buckets=day", "invalid", "buckets", id="a misspelt parameter"),
        pytest.param("moods", "invalid", "report", id="no such report"),
    ],
)
def test_what_cannot_be_asked(morning: Workbench, query: str, code: str, field: str) -> None:
    answer = morning.client("supervisor").get(f"/v1/reports/{query}")

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)


@pytest.mark.parametrize("path", ["/v1/reports", *(f"/v1/reports/{name}" for name in Report)])
def test_reports_need_a_permission(morning: Workbench, path: str) -> None:
    answer = morning.client("agent").get(path)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_an_answer_has_so_many_rows_at_most() -> None:
    with Workbench(start="2026-01-31T12:00:00Z") as bench:
        admin = bench.client()
        for number in range(70):
            admin.put(f"/v1/agents/agent-{number}", json={})
        bench.advance(1)

        answer = admin.get("/v1/reports/agents?bucket=hour&from=2026-01-01")

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "out_of_range", "bucket")
    assert "51,310 rows, 70 for each of 733 parts, and at most 50,000" in answer.json()["detail"]
