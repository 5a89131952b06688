"""Reports: how a period went, over time and for each office, queue or agent, as pictures with their tables.

They are reckoned where calls have them reckoned, so page, JSON and CSV say the same. A page asks for the whole, for its
course and for its groups."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from assigner.console.forms import go_to
from assigner.console.frame import Frame, frame_of
from assigner.console.language import N_, translations
from assigner.console.live import live_news
from assigner.console.notices import of_refusal
from assigner.console.report_view import Drawn, Line, course, drawn, largest, names_for
from assigner.console.report_words import NOBODY, SHOWN
from assigner.console.route import pages
from assigner.console.visit import Visit, Visiting
from assigner.service.actor import Permission
from assigner.service.explanations import naming
from assigner.service.reports.figures import CONTENTS, By, Report
from assigner.service.reports.periods import Bucket
from assigner.service.reports.question import Question, wanted, zone_of
from assigner.service.reports.report import Only, Reckoned, report_rows, teams_of
from assigner.service.reports.tallies import Teams
from presence.errors import Invalid
from presence.wording import sentence

router = pages()

FRESH = timedelta(seconds=20)
"""How long nothing is said of what a report does not tell yet."""
MOST_GROUPS = 200
"""How many groups a page lists; the CSV has them all."""
DAYS_BY_HOUR = 2
"""A period of more days is drawn by days."""
WITHIN = "20"
ONLY = {"office": By.OFFICE, "queue": By.QUEUE, "agent": By.AGENT}
SHORTCUTS = (
    (N_("Today"), 0, 0),
    (N_("Yesterday"), 1, 1),
    (N_("Last 7 days"), 6, 0),
    (N_("Last 30 days"), 29, 0),
)
"""Periods that are often asked for: how many days ago they begin and end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is asked, as the form has it. Both days are included."""

    first: str
    last: str
    time_zone: str
    by: str
    within: str
    only: Mapping[str, str]

    def address(self, **other: str) -> str:
        """The query of the same page with something else in it."""
        fields = {"first": self.first, "last": self.last, "time_zone": self.time_zone, "by": self.by}
        return urlencode({**fields, "within": self.within, **self.only, **other})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A report as it is shown: figures of the whole, its course with pictures, its groups with the largest of each
    figure, and where the same is told as CSV. `kept_since` where not all of the period is kept."""

    kept_since: datetime | None
    head: tuple[tuple[str, str], ...]
    course: tuple[Line, ...]
    pictures: tuple[Drawn, ...]
    groups: tuple[Line, ...]
    in_all: int
    largest: Mapping[str, float]
    csv: Mapping[str, str]


@router.get("/reports")
def reports_page(visit: Visiting) -> Response:
    """On to the first report."""
    visit.actor.need(Permission.REPORTS_READ)
    return go_to(f"/reports/{Report.CONTACTS}")


@router.get("/reports/live")
async def reports_live(visit: Visiting) -> Response:
    """That something has happened since a report was reckoned, and not before it can be told from it."""
    visit.actor.need(Permission.REPORTS_READ)
    return live_news(visit, lambda batch: batch.tells_of("contact.", "agent."), after=FRESH)


@router.get("/reports/{report}")
async def report_page(request: Request, visit: Visiting, report: Report) -> Response:
    """One report. What cannot be asked is said on the page, where it can be asked otherwise."""
    visit.actor.need(Permission.REPORTS_READ)
    frame, teams, zones = await asyncio.to_thread(_read, visit)
    form = _form(request, report, zone=zones[0], now=visit.now)
    names = names_for(frame, report)
    around: dict[str, Any] = {
        "report": report,
        "is_going_on": form.last >= _today(form.time_zone, visit.now).isoformat(),
        "form": form,
        "zones": sorted({*zones, form.time_zone}),
        "names": names,
    }
    around |= {"shown": SHOWN[report], "contents": CONTENTS[report], "shortcuts": _shortcuts(form, now=visit.now)}
    around["only"] = await asyncio.to_thread(_called, visit, form.only.values())
    try:
        reported = await _reported(visit, frame, _question(report, form), teams)
    except Invalid as refused:
        frame = replace(frame, notice=of_refusal(refused, frame.looks.language))
        return frame.page("report.html", status_code=422, reported=None, **around)
    return frame.page("report.html", reported=reported, **around)


def _read(visit: Visit) -> tuple[Frame, Teams, tuple[str, ...]]:
    """What surrounds the page, who belongs where, and the time zones of the offices, the visitor's own first."""
    with visit.reading() as workspace:
        offices = workspace.floor.offices
        own = workspace.agent(visit.agent_id).seat.agent.offices
        zones = dict.fromkeys(offices[each].time_zone for each in (*own, *offices) if each in offices)
        return frame_of(visit, workspace), teams_of(workspace), (*zones, "UTC")


def _called(visit: Visit, ids: Iterable[str]) -> dict[str, str]:
    """What people call offices, queues and agents."""
    with visit.reading() as workspace:
        name = naming(workspace)
        return {each: name(each) for each in ids}


def _form(request: Request, report: Report, *, zone: str, now: datetime) -> Form:
    """What was asked, with what is asked where nothing is said: today."""
    sent = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    zone = sent.get("time_zone", zone)
    today = _today(zone, now).isoformat()
    allowed = CONTENTS[report]
    by = sent.get("by", SHOWN[report].by)
    return Form(
        first=sent.get("first", today),
        last=sent.get("last", sent.get("first", today)),
        time_zone=zone,
        by=by if by in allowed.by else SHOWN[report].by,
        within=sent.get("within", WITHIN),
        only={name: sent[name] for name, each in ONLY.items() if name in sent and each in allowed.only},
    )


def _today(zone: str, now: datetime) -> date:
    try:
        return now.astimezone(zone_of(zone)).date()
    except Invalid:
        return now.date()


def _shortcuts(form: Form, *, now: datetime) -> tuple[tuple[str, str, bool], ...]:
    today = _today(form.time_zone, now)
    periods = ((label, *((today - timedelta(days=ago)).isoformat() for ago in days)) for label, *days in SHORTCUTS)
    return tuple(
        (label, form.address(first=first, last=last), (first, last) == (form.first, form.last))
        for label, first, last in periods
    )


def _question(report: Report, form: Form) -> Question:
    """Raises Invalid."""
    first, last = _day(form.first, "from"), _day(form.last, "to")
    if not form.within.isdecimal() or len(form.within) > 6:
        raise Invalid(
            "invalid",
            sentence("%(text)r is not a number of seconds; give one such as 20", text=form.within[:20]),
            field="within",
        )
    by_hour = (last - first).days < DAYS_BY_HOUR
    return Question(
        report=report,
        start=first.isoformat(),
        end=(last + timedelta(days=1)).isoformat(),
        time_zone=form.time_zone,
        bucket=Bucket.HOUR if by_hour else Bucket.DAY,
        by=By(form.by),
        only=Only(office=form.only.get("office"), queue=form.only.get("queue"), agent_id=form.only.get("agent")),
        within=int(form.within),
    )


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(
            "invalid", sentence("%(text)r is not a day; write one such as 2026-01-05", text=text[:40]), field=field
        ) from None


async def _reported(visit: Visit, frame: Frame, question: Question, teams: Teams) -> Reported:
    """Raises Invalid."""
    report, names = question.report, names_for(frame, question.report)
    over_time, grouped = replace(question, by=By.ALL), replace(question, bucket=Bucket.WHOLE)
    whole = (await _reckoned(visit, replace(over_time, bucket=Bucket.WHOLE), teams)).rows
    parts = await _reckoned(visit, over_time, teams)
    groups = (await _reckoned(visit, grouped, teams)).rows if question.by is not By.ALL else []
    period = wanted(over_time, now=visit.now).period
    lines = course(parts, period, question.bucket, names)
    is_cut = parts.kept_since is not None and parts.kept_since > period.start
    known = [row.group for row in groups[:MOST_GROUPS] if row.group]
    called = await asyncio.to_thread(_called, visit, known)
    nobody = translations(frame.looks.language).gettext(NOBODY.get(question.by or By.ALL, ""))
    cells = dict(names.cells(whole[0])) if whole else {}
    return Reported(
        kept_since=parts.kept_since if is_cut else None,
        head=tuple((names.figures[name], cells[name]) for name in SHOWN[report].head if cells),
        course=lines,
        pictures=drawn(report, lines, names),
        groups=tuple(
            Line(name=called.get(row.group or "", nobody), row=row, cells=names.cells(row), group=row.group)
            for row in groups[:MOST_GROUPS]
        ),
        in_all=len(groups),
        largest={name: largest(name, groups) for name in SHOWN[report].barred},
        csv={"course": _csv(over_time), "groups": _csv(grouped), "both": _csv(question)},
    )


async def _reckoned(visit: Visit, question: Question, teams: Teams) -> Reckoned:
    asked = wanted(question, now=visit.now)
    return await visit.product.read_apart(report_rows, visit.actor.workspace, asked, teams)


def _csv(question: Question) -> str:
    """Where a program, or a spreadsheet, gets the same."""
    only = {"office": question.only.office, "queue": question.only.queue, "agent": question.only.agent_id}
    fields = {"from": question.start, "to": question.end, "time_zone": question.time_zone, "bucket": question.bucket}
    fields |= {"by": question.by, "within": str(question.within), "format": "csv"} | only
    return f"/v1/reports/{question.report}?" + urlencode({name: value for name, value in fields.items() if value})
