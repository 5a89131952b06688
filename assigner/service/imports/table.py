"""CSV tables of roles, offices and agents: every line becomes a thing to import, every cell a field with its place.

A column that is not there leaves that field alone; an empty cell means the default. What a cell cannot say (holidays
with dates of one's own) is imported as JSON or YAML."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from assigner.csv_table import FORMULA, GZIP_MAGIC, BadLine, Row, read_rows
from assigner.service.imports.sent import ImportInvalid, Item, Kind, problem_with_id
from presence.errors import Invalid, did_you_mean
from rules.findings import MOST_FINDINGS, START, Code, Finding, Path, Place, Severity
from rules.parse_times import WEEKDAYS

CALENDAR = "holiday_calendar"
COLUMNS = {
    Kind.ROLE: ("id", "permissions"),
    Kind.OFFICE: ("id", "name", "time_zone", *WEEKDAYS, CALENDAR),
    Kind.AGENT: (
        "id",
        "name",
        "email",
        "role",
        "offices",
        "skills",
        "capacity",
        "weight",
        "takes_contacts",
        "active",
        "wrap_up",
    ),
}
WHOLE = re.compile(r"-?\d{1,18}")


def read_table(raw: bytes, kind: Kind) -> tuple[Item, ...]:
    """The things of a CSV file. Raises ImportInvalid with every line that cannot be read."""
    findings: list[Finding] = []
    items: dict[str, Item] = {}
    lines: dict[str, int] = {}
    for row in _rows(raw, kind):
        if isinstance(row, BadLine):
            findings.append(_at_line(row.line, row.sentence))
        elif row.cells:
            item = _item(row, kind)
            problem = problem_with_id(item.id) or _twice(item.id, lines.setdefault(item.id, row.line), row.line)
            if problem is not None:
                findings.append(item.error(Code.DUPLICATE_KEY, "id", problem, "give every line an id of its own"))
            items[item.id] = item
        if len(findings) >= MOST_FINDINGS:
            break
    if findings:
        raise ImportInvalid(findings)
    return tuple(items.values())


def _rows(raw: bytes, kind: Kind) -> Iterator[Row | BadLine]:
    if raw.startswith(GZIP_MAGIC):
        raise ImportInvalid([_at_line(1, "the file is compressed; unpack it and send it again")])
    try:
        first = True
        for row in read_rows(raw, source=f"{kind}s", required=("id",)):
            if first and isinstance(row, Row):
                _check_columns(row.columns, kind)
                first = False
            yield row
    except ImportInvalid:
        raise
    except Invalid as refused:
        line = re.search(r" line (\d+): ", refused.message)
        raise ImportInvalid([_at_line(int(line[1]) if line else 1, refused.message)]) from None


def _check_columns(columns: tuple[str, ...], kind: Kind) -> None:
    known = COLUMNS[kind]
    findings = []
    for number, name in enumerate(columns, start=1):
        place, where = Place(line=1, column=number), f"column {name!r}"
        if name not in known:
            message = f"{where} is unknown{did_you_mean(name, known)}"
            findings.append(_finding(Code.UNKNOWN_FIELD, place, message, f"remove it; known: {', '.join(known)}"))
        elif columns.index(name) != number - 1:
            findings.append(_finding(Code.DUPLICATE_KEY, place, f"{where} is there twice", "remove one of them"))
    if findings:
        raise ImportInvalid(findings)


def _item(row: Row, kind: Kind) -> Item:
    own = Place(line=row.line, column=row.columns.index("id") + 1)
    places: dict[Path, Place] = {(): own}
    fields: dict[str, Any] = {}
    for number, column in enumerate(row.columns, start=1):
        places[(column,)] = Place(line=row.line, column=number)
        if column != "id" and column not in WEEKDAYS and column != CALENDAR:
            cell = _plain(row.cells.get(column))
            fields[column] = None if cell is None else CELLS.get(column, str)(cell)
    if CALENDAR in row.columns:
        fields["holidays"] = _calendar(row.cells.get(CALENDAR))
        places[("holidays",)] = places[(CALENDAR,)]
    days = [day for day in WEEKDAYS if day in row.columns]
    if days:
        hours = {day: row.cells[day].split() for day in days if day in row.cells}
        fields["hours"] = hours or None
        places |= {("hours", day): places[(day,)] for day in days}
    return Item(kind=kind, id=_plain(row.cells.get("id")) or "", fields=fields, places=places)


def _plain(cell: str | None) -> str | None:
    """A cell without the apostrophe that keeps spreadsheets from taking it for a formula."""
    return cell[1:] if cell is not None and cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _twice(item_id: str, first: int, line: int) -> str | None:
    return None if first == line else f"{item_id!r} is on line {first} already"


def _words(cell: str) -> list[str]:
    """Words between spaces; where names hold spaces themselves, semicolons stand between them."""
    parts = cell.split(";") if ";" in cell else cell.split()
    return [part.strip() for part in parts if part.strip()]


def _number(cell: str) -> Any:
    """A whole number; anything else stays the text that it is, and is refused by whoever reads it."""
    return int(cell) if WHOLE.fullmatch(cell) else cell


def _truth(cell: str) -> Any:
    return {"true": True, "false": False}.get(cell.lower(), cell)


def _pair(word: str) -> tuple[str, Any]:
    name, colon, number = word.rpartition(":")
    return (name, _number(number)) if colon else (word, 1)


def _skills(cell: str) -> Any:
    """`es:3 billing`: levels behind colons, without one level 1."""
    return dict(map(_pair, _words(cell)))


def _capacity(cell: str) -> Any:
    """`5`, or `5 chat:3 voice:1` with limits by channel."""
    words = _words(cell)
    if not any(":" in word for word in words):
        return _number(cell)
    totals = [word for word in words if ":" not in word]
    total = _number(" ".join(totals)) if totals else None
    return {"total": total, "channels": dict(_pair(word) for word in words if ":" in word)}


def _calendar(cell: str | None) -> Mapping[str, str] | None:
    """`ES`, or `ES-MD` for a part of the country."""
    if cell is None:
        return None
    country, _, part = cell.partition("-")
    return {"calendar": country, **({"subdivision": part} if part else {})}


CELLS: dict[str, Callable[[str], Any]] = {
    "permissions": _words,
    "offices": _words,
    "skills": _skills,
    "capacity": _capacity,
    "weight": _number,
    "takes_contacts": _truth,
    "active": _truth,
    "wrap_up": _number,
}
"""How cells are read that hold more than text."""


def _at_line(line: int, message: str) -> Finding:
    code = Code.NOT_UTF8 if "UTF-8" in message else Code.SYNTAX
    return _finding(code, Place(line=line, column=START.column), message, "correct it and send the file again")


def _finding(code: Code, place: Place, message: str, fix: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, place=place, path="", message=message, fix=fix)
