"""What is asked of a report, in the words in which it is asked: checked, and made what the report needs to know.

Calls and pages ask the same questions, so they are refused for the same reasons."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assigner.service.reports.figures import CONTENTS, By, Report
from assigner.service.reports.periods import Bucket, make_period, midnight_after, midnight_before, read_instant
from assigner.service.reports.report import Only, Wanted
from presence.errors import Invalid
from presence.wording import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`start` and `end` are dates or instants, the end not included; without them it is today. Without `by` it is what
    the report is about first of all. `within` are the seconds of the service level."""

    report: Report
    start: str | None = None
    end: str | None = None
    time_zone: str = "UTC"
    bucket: Bucket = Bucket.WHOLE
    by: By | None = None
    only: Only = field(default_factory=Only)
    within: int = 20


def wanted(question: Question, *, now: datetime) -> Wanted:
    """What was asked, checked. Raises Invalid."""
    report, only = question.report, question.only
    allowed = CONTENTS[report].by
    by = question.by or allowed[0]
    if by not in allowed:
        message = sentence(
            "the report on %(report)s is not by %(by)s; choose one of: %(known)s",
            report=report,
            by=by,
            known=", ".join(allowed),
        )
        raise Invalid("unknown_value", message, field="by")
    zone = zone_of(question.time_zone)
    end = midnight_after(now, zone) if question.end is None else read_instant(question.end, zone, field="to")
    start = (
        midnight_before(min(end, now), zone)
        if question.start is None
        else read_instant(question.start, zone, field="from")
    )
    _check_only(report, only)
    period = make_period(start, end, bucket=question.bucket, zone=zone, now=now)
    return Wanted(report=report, period=period, by=by, only=only, within=question.within)


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name in the IANA database. Raises Invalid."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = sentence("there is no time zone %(name)r; write a name such as Europe/Madrid", name=name[:60])
        raise Invalid("unknown_value", message, field="time_zone") from None


def _check_only(report: Report, only: Only) -> None:
    """Raises Invalid for a filter that a report does not know: ignored, it would be believed."""
    given = {"office": only.office, "queue": only.queue, "agent": only.agent_id}
    for name, value in given.items():
        if value is not None and name not in CONTENTS[report].only:
            message = sentence(
                "the report on %(report)s cannot be limited to one %(name)s; leave %(name)s out, or ask by %(name)s",
                report=report,
                name=name,
            )
            raise Invalid("unknown_field", message, field=name)
