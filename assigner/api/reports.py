"""Reports on contacts, waits, agents and fairness, as JSON or as CSV, reckoned from the log when they are asked for.

What each figure means stands in `service.reports.figures`; `GET /v1/reports` tells it, and the README beside that file
has it as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assigner.api.credentials import Caller, ProductOf
from assigner.api.csv_lines import csv_line
from assigner.api.errors import documented
from assigner.service.actor import Permission
from assigner.service.reports.figures import CONTENTS, By, Report, Unit
from assigner.service.reports.periods import Bucket, Period
from assigner.service.reports.question import Question
from assigner.service.reports.question import wanted as checked
from assigner.service.reports.report import Only, Reckoned, ReportRow, Wanted, report_rows, teams_of
from assigner.sight import read

CSV = "text/csv"
LONGEST_WITHIN = 7 * 24 * 3600
GROUP_FIELD = {By.OFFICE: "office", By.QUEUE: "queue", By.AGENT: "agent_id"}

router = APIRouter(tags=["reports"])


class Asked(BaseModel):
    """What a report is to be about. Without `from` and `to`: today."""

    model_config = ConfigDict(extra="forbid")

    from_: str | None = Field(
        default=None,
        alias="from",
        description="A date or an instant (RFC 3339), included; by default the midnight before `to` or now",
        examples=["2026-01-05"],
    )
    to: str | None = Field(
        default=None,
        description="A date or an instant, not included; by default the end of today",
        examples=["2026-01-06"],
    )
    time_zone: str = Field(default="UTC", description="Whose days and hours: a name of the IANA database")
    bucket: Bucket = Field(default=Bucket.WHOLE, description="Rows for each day, for each hour, or for the whole")
    by: By | None = Field(default=None, description="Rows for each of these; `GET /v1/reports` tells what is possible")
    office: str | None = Field(default=None, description="Count only contacts of this office (contacts, waits)")
    queue: str | None = Field(default=None, description="Count only contacts of this queue (contacts, waits)")
    agent: str | None = Field(default=None, description="Count only this agent (contacts, waits, agents)")
    within: int = Field(default=20, ge=0, le=LONGEST_WITHIN, description="The seconds of the service level (waits)")
    format: str | None = Field(
        default=None, pattern="^(json|csv)$", description="json or csv; else as Accept says, else json"
    )


class RowOut(BaseModel):
    """One part of the period, for one office, queue or agent where the report is by that. Beside these fields stand
    the figures of the report."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "example": {
                "start": "2026-01-05T08:00:00Z",
                "end": "2026-01-05T09:00:00Z",
                "local": "2026-01-05 09:00",
                "complete": True,
                "queue": "madrid",
                "answered": 12,
                "abandoned": 1,
                "mean_wait": 8.25,
                "p50_wait": 6.0,
                "p90_wait": 19.0,
                "max_wait": 31.0,
                "service_level": 0.8462,
            }
        },
    )

    start: datetime
    end: datetime
    local: str = Field(description="The start on a clock on the wall")
    complete: bool = Field(description="False for a part that has not ended yet, or that the log is not kept of")
    office: str | None = Field(default=None, description="Where the report is by office; null: without one")
    queue: str | None = Field(default=None, description="Where the report is by queue; null: without one")
    agent_id: str | None = Field(default=None, description="Where the report is by agent; null: nobody")


class ReportOut(BaseModel):
    """A report: what it is about, how far the period has passed, and its rows by time and group."""

    report: Report
    start: datetime
    end: datetime
    until: datetime = Field(description="How far the period has passed; parts that have not begun have no rows")
    time_zone: str
    bucket: Bucket
    by: By
    within: int
    kept_since: datetime | None = Field(
        default=None, description="Since when the log is kept: of the time before, nothing is counted; null: all of it"
    )
    items: list[RowOut]


class FigureOut(BaseModel):
    """A figure, and what it means."""

    name: str
    unit: Unit
    meaning: str


class ReportDescribed(BaseModel):
    """A report that there is."""

    report: Report
    tells: str
    by: list[By]
    figures: list[FigureOut]


class ReportsDescribed(BaseModel):
    """All reports that there are."""

    items: list[ReportDescribed]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A report with its rows, ready to be written down."""

    wanted: Wanted
    bucket: Bucket
    reckoned: Reckoned


@router.get("/v1/reports", responses=documented(401, 403))
async def list_reports(caller: Caller) -> ReportsDescribed:
    """The reports that there are, and what each of their figures means."""
    caller.need(Permission.REPORTS_READ)
    return ReportsDescribed(
        items=[
            ReportDescribed(
                report=report,
                tells=contents.tells,
                by=list(contents.by),
                figures=[
                    FigureOut(name=figure.name, unit=figure.unit, meaning=figure.meaning) for figure in contents.figures
                ],
            )
            for report, contents in CONTENTS.items()
        ]
    )


@router.get(
    "/v1/reports/{report}",
    response_model=ReportOut,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}}, **documented(401, 403, 422, 503)},
)
async def get_report(
    report: Report, request: Request, caller: Caller, product: ProductOf, asked: Annotated[Asked, Query()]
) -> Response:
    """A report. A period has at most 366 days, by hour 31; a part that has not ended is marked as not complete."""
    caller.need(Permission.REPORTS_READ)
    question = Question(
        report=report,
        start=asked.from_,
        end=asked.to,
        time_zone=asked.time_zone,
        bucket=asked.bucket,
        by=asked.by,
        only=Only(office=asked.office, queue=asked.queue, agent_id=asked.agent),
        within=asked.within,
    )
    wanted = checked(question, now=product.clock())
    teams = await read(product, caller, teams_of)
    reckoned = await product.read_apart(report_rows, caller.workspace, wanted, teams)
    told = _Told(wanted=wanted, bucket=asked.bucket, reckoned=reckoned)
    if (asked.format or _accepted(request)) == "csv":
        headers = {"Content-Disposition": f'attachment; filename="{report}.csv"', "Vary": "Accept"}
        return Response(_csv(told), headers=headers, media_type=CSV)
    return Response(msgspec.json.encode(_document(told)), headers={"Vary": "Accept"}, media_type="application/json")


def _accepted(request: Request) -> str:
    accepted = request.headers.get("accept", "")
    return "csv" if CSV in accepted and "json" not in accepted else "json"


def _document(told: _Told) -> Mapping[str, Any]:
    period = told.wanted.period
    return {
        "report": told.wanted.report,
        "start": _utc(period.start),
        "end": _utc(period.end),
        "until": _utc(period.until),
        "time_zone": period.zone.key,
        "bucket": told.bucket,
        "by": told.wanted.by,
        "within": told.wanted.within,
        "kept_since": None if told.reckoned.kept_since is None else _utc(told.reckoned.kept_since),
        "items": [_cells(told.wanted, row) for row in told.reckoned.rows],
    }


def _csv(told: _Told) -> str:
    group = GROUP_FIELD.get(told.wanted.by)
    figures = [figure.name for figure in CONTENTS[told.wanted.report].figures]
    columns = ["start", "end", "local", "complete", *([group] if group else []), *figures]
    rows = (_cells(told.wanted, row) for row in told.reckoned.rows)
    return csv_line(columns) + "".join(csv_line(_text(cells[column]) for column in columns) for cells in rows)


def _text(value: str | float | bool | None) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _cells(wanted: Wanted, row: ReportRow) -> dict[str, Any]:
    group = GROUP_FIELD.get(wanted.by)
    return {
        "start": _utc(row.start),
        "end": _utc(row.end),
        "local": _local(wanted.period, row.start),
        "complete": row.complete,
        **({group: row.group} if group else {}),
        **row.figures,
    }


def _utc(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _local(period: Period, instant: datetime) -> str:
    return instant.astimezone(period.zone).strftime("%Y-%m-%d %H:%M")
