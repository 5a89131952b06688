"""Tables for spreadsheets: RFC 4180, with every cell that a spreadsheet would take for a formula made plain text.

Ids and names are chosen by callers, so a cell may begin with anything."""

import csv
import io
from collections.abc import Iterable

from assigner.csv_table import FORMULA

MEDIA_TYPE = "text/csv; charset=utf-8"


def csv_line(cells: Iterable[str]) -> str:
    """One line of a table, with its end."""
    line = io.StringIO()
    csv.writer(line).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return line.getvalue()
