"""Recorded contacts: what came in, when, and what became of it at the time.

`read_record` reads them from a CSV file; its columns are explained in `sample_data/README.md`. What arrives, how long a
contact is handled and when a customer gives up goes into a replay; who answered at the time is for comparison."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from assigner.csv_table import BadLine, Row, read_rows
from presence.errors import did_you_mean
from rules.match import strictest
from rules.model import NO_SKILLS, Contact

REQUIRED = (
    "contact_id", "customer_id", "arrived_at", "service", "priority", "outcome", "waited_s", "handle_s", "agent",
)  # fmt: skip

UNKNOWN_CUSTOMER = "0"
OUTCOMES = ("answered", "abandoned")

HANDLE_TIME_WHERE_NONE_IS_RECORDED = 180
"""Seconds, for contacts that gave up in a record without one answered contact: a usual call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedContact:
    """A contact and its past: answered after `waited` by `agent` and handled for `handled`, or else abandoned.

    `agent` is None where none was recorded, `handled` where the contact was abandoned."""

    contact: Contact
    service: str | None
    waited: timedelta
    handled: timedelta | None = None
    agent: str | None = None

    @property
    def answered(self) -> bool:
        """Whether an agent answered before the customer gave up."""
        return self.handled is not None

    @property
    def waited_until(self) -> datetime:
        """When it was answered or abandoned."""
        return self.contact.arrived_at + self.waited

    @property
    def ended_at(self) -> datetime:
        """When it was closed or abandoned."""
        return self.waited_until + (self.handled or timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All usable contacts of a file in order of arrival, and its bad lines in the order of the file."""

    contacts: tuple[RecordedContact, ...]
    bad_lines: tuple[BadLine, ...] = ()


def read_record(raw: bytes, *, source: str, zone: ZoneInfo, offices: Collection[str] | None = None) -> Record:
    """Read recorded contacts. `offices` are those that exist; None: whichever the record names.

    Instants without an offset are local time of `zone`. Lines may come in any order; contacts that arrived at the same
    instant keep theirs. Raises Invalid where the whole file cannot be used."""
    contacts: list[RecordedContact] = []
    bad_lines: list[BadLine] = []
    line_of: dict[str, int] = {}
    for row in read_rows(raw, source=source, required=REQUIRED):
        if isinstance(row, BadLine):
            bad_lines.append(row)
            continue
        try:
            recorded = _recorded(row, zone, offices)
            first = line_of.setdefault(recorded.contact.id, row.line)
            if first != row.line:
                raise row.bad("contact_id", f'"{recorded.contact.id}" is on line {first} already')
        except BadLine as bad:
            bad_lines.append(bad)
        else:
            contacts.append(recorded)
    contacts.sort(key=lambda recorded: recorded.contact.arrived_at)
    return Record(contacts=tuple(contacts), bad_lines=tuple(bad_lines))


def usual_handle_times(contacts: Iterable[RecordedContact]) -> dict[str | None, timedelta]:
    """The median recorded handle time of every service that occurs; where none is recorded, that of all services."""
    by_service: dict[str | None, list[float]] = defaultdict(list)
    for recorded in contacts:
        by_service[recorded.service] += [] if recorded.handled is None else [recorded.handled.total_seconds()]
    everything = [seconds for handle_times in by_service.values() for seconds in handle_times]
    overall = median(everything) if everything else HANDLE_TIME_WHERE_NONE_IS_RECORDED
    return {service: timedelta(seconds=median(known or [overall])) for service, known in by_service.items()}


def overlaps(contacts: Iterable[RecordedContact]) -> Counter[bool]:
    """How many answered contacts began before the same agent's previous one ended; True: by no more than 5 seconds."""
    by_agent: dict[str, list[RecordedContact]] = defaultdict(list)
    for recorded in contacts:
        if recorded.answered and recorded.agent is not None:
            by_agent[recorded.agent].append(recorded)
    found: Counter[bool] = Counter()
    for answered in by_agent.values():
        answered.sort(key=lambda recorded: recorded.waited_until)
        ended_at = answered[0].ended_at
        for recorded in answered[1:]:
            if recorded.waited_until < ended_at:
                found[ended_at - recorded.waited_until <= timedelta(seconds=5)] += 1
            ended_at = max(ended_at, recorded.ended_at)
    return found


def _recorded(row: Row, zone: ZoneInfo, offices: Collection[str] | None) -> RecordedContact:
    outcome = row.text("outcome")
    if outcome not in OUTCOMES:
        raise row.bad("outcome", f'"{outcome}" is neither answered nor abandoned{did_you_mean(outcome, OUTCOMES)}')
    waited = row.seconds("waited_s")
    handled = row.seconds("handle_s") if outcome == "answered" else None
    return RecordedContact(
        contact=_contact(row, zone, offices),
        service=row.cells.get("service"),
        waited=waited,
        handled=handled,
        agent=row.cells.get("agent") if outcome == "answered" else None,
    )


def _contact(row: Row, zone: ZoneInfo, offices: Collection[str] | None) -> Contact:
    contact_id, arrived_at = row.text("contact_id"), row.instant("arrived_at", zone)
    office, service, customer_id = (row.cells.get(column) for column in ("office", "service", "customer_id"))
    if office is not None and offices is not None and office not in offices:
        known = did_you_mean(office, offices) or f"; there are: {', '.join(sorted(offices)) or 'none'}"
        raise row.bad("office", f'"{office}" does not exist{known}')
    needed = NO_SKILLS if service is None else {service: 1}
    return Contact(
        id=contact_id,
        arrived_at=arrived_at,
        channel=row.cells.get("channel", "chat"),
        customer_id=None if customer_id == UNKNOWN_CUSTOMER else customer_id,
        office=office,
        skills=strictest(needed, row.skills("skills")),
        language=row.cells.get("language"),
        priority=row.whole("priority", -1000, 1000),
    )
