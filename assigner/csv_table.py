"""A CSV file, plain or gzip, as rows that check their own cells and name their line where something is wrong.

Recorded contacts, duty times and imports are read through this. What spoils a whole file is raised as Invalid; what
spoils one line is a BadLine, and the reader of the file decides what becomes of it."""

import csv
import gzip
import io
import math
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from presence.errors import Invalid
from rules.model import NO_SKILLS, Skills

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a formula begins (OWASP, CSV injection). A cell that begins so is written with an apostrophe before it."""
GZIP_MAGIC = b"\x1f\x8b"
LONGEST_WAIT = 366 * 24 * 3600
"""Nothing in a record lasts longer than a year: such a number is an instant or a typing error."""


class BadLine(Invalid):
    """A line that cannot be used. The message names the file, the line, the column, and says what is wrong."""

    def __init__(self, source: str, line: int, sentence: str, *, column: str | None = None) -> None:
        said = sentence if column is None else f"{column}: {sentence}"
        super().__init__("bad_line", f"{source} line {line}: {said}", field=column)
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table; cells by column, stripped, empty ones left out. `columns` are those of the first line."""

    source: str
    line: int
    columns: tuple[str, ...]
    cells: Mapping[str, str]

    def bad(self, column: str, sentence: str) -> BadLine:
        """The refusal of this line because of one cell."""
        return BadLine(self.source, self.line, sentence, column=column)

    def text(self, column: str) -> str:
        """A cell that must not be empty."""
        try:
            return self.cells[column]
        except KeyError:
            raise self.bad(column, "is empty") from None

    def seconds(self, column: str) -> timedelta:
        """A cell with a number of seconds, whole or decimal."""
        text = self.text(column)
        number = as_number(text)
        if number is None:
            raise self.bad(column, f'"{text}" is not a number of seconds')
        if number < 0:
            raise self.bad(column, f"{text} seconds: it would end before it begins")
        if number > LONGEST_WAIT:
            raise self.bad(column, f"{text} seconds are more than a year")
        return timedelta(seconds=number)

    def whole(self, column: str, smallest: int, largest: int) -> int | None:
        """A cell with a whole number, or None where it is empty."""
        text = self.cells.get(column)
        if text is None:
            return None
        if not re.fullmatch(r"[+-]?\d{1,9}", text) or not smallest <= int(text) <= largest:
            raise self.bad(column, f'"{text}" is not a whole number from {smallest} to {largest}')
        return int(text)

    def instant(self, column: str, zone: ZoneInfo) -> datetime:
        """A cell with a date and time, in UTC; one without an offset is local time of the zone."""
        text = self.text(column)
        try:
            written = datetime.fromisoformat(text)
        except ValueError:
            written = None
        if written is None or not 1900 <= written.year <= 2200:
            raise self.bad(column, f'"{text}" is not a date and time such as 2026-01-05T09:00:00')
        return (written if written.tzinfo else written.replace(tzinfo=zone)).astimezone(UTC)

    def skills(self, column: str) -> Skills:
        """A cell such as `es:2 billing`: names with levels; without a level, level 1."""
        skills = {}
        for word in self.cells.get(column, "").split():
            name, _, level = word.rpartition(":") if ":" in word else (word, ":", "1")
            if not name or not re.fullmatch(r"[1-9]\d{0,5}", level):
                raise self.bad(column, f'"{word}" is not a skill; write names and levels, such as "es:2 billing"')
            skills[name] = int(level)
        return skills or NO_SKILLS


def as_number(text: str) -> float | None:
    """The number that a cell holds, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def read_rows(raw: bytes, *, source: str, required: tuple[str, ...]) -> Iterator[Row | BadLine]:
    """The rows of a file, those that are no rows as BadLine. Raises Invalid where the whole file is none.

    Columns may stand in any order; further ones are read as well, and it is for the caller to ignore them."""
    table = csv.reader(io.StringIO(_text(raw, source), newline=""), strict=True)
    columns: list[str] | None = None
    line = 1
    while True:
        try:
            cells = next(table, None)
        except csv.Error as error:
            yield BadLine(source, line, f"{error}; is a quotation mark missing?")
            cells = []
        if cells is None:
            break
        if cells and columns is None:
            columns = _header(cells, source, required)
        elif cells and columns is not None:
            yield _row(cells, columns, source=source, line=line)
        line = table.line_num + 1
    if columns is None:
        raise Invalid("empty_file", f"{source} is empty; its first line must name the columns {', '.join(required)}")


def _text(raw: bytes, source: str) -> str:
    if raw.startswith(GZIP_MAGIC):
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error) as error:
            raise Invalid("bad_gzip", f"{source} is no complete gzip file ({error}); make or copy it again") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{raw[error.start]:02x}"
        message = f"{source} line {line}: is not UTF-8 ({byte}); save the file as UTF-8 and try again"
        raise Invalid("not_utf8", message) from None


def _header(cells: list[str], source: str, required: tuple[str, ...]) -> list[str]:
    columns = [cell.strip() for cell in cells]
    missing = [column for column in required if column not in columns]
    twice = [column for column in required if columns.count(column) > 1]
    if missing:
        hint = '; the columns seem to be separated by ";", save them with commas' if ";" in columns[0] else ""
        needed = f"the first line must name {', '.join(required)}{hint}"
        raise Invalid("missing_column", f"{source} line 1: without column {', '.join(missing)}; {needed}")
    if twice:
        raise Invalid("double_column", f"{source} line 1: column {', '.join(twice)} is there twice; remove one")
    return columns


def _row(cells: list[str], columns: list[str], *, source: str, line: int) -> Row | BadLine:
    if len(cells) != len(columns):
        counts = f"{len(cells)} cells, but the first line names {len(columns)} columns"
        return BadLine(source, line, counts)
    stripped = zip(columns, map(str.strip, cells), strict=True)
    filled = {column: cell for column, cell in stripped if cell}
    return Row(source=source, line=line, columns=tuple(columns), cells=filled)
