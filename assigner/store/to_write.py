"""What is to be written: one kind for each way in which rows can change, whatever their table.

`rows` makes them of values, and `writing` writes them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table


@dataclass(frozen=True, slots=True)
class Row:
    """A row to write, whether its key is there already or not."""

    table: Table
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """Many rows to write, no two of them with one key, whether their keys are there already or not."""

    table: Table
    columns: tuple[str, ...]
    values: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class New:
    """A row to write whose key is not there yet."""

    table: Table
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Renewed:
    """Some columns of one row, which must be there: it has this key, and the index of rows that are `found_among`
    others finds it."""

    table: Table
    key: dict[str, Any]
    found_among: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gone:
    """Rows to delete: all that have these values."""

    table: Table
    key: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outdated:
    """Rows to delete: all that have these values, and in one column an instant that has passed."""

    table: Table
    key: dict[str, Any]
    column: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """Some columns of rows that are there."""

    table: Table
    key: dict[str, Any]
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Added:
    """A row to write; where its key is there already, `counted` is added to what is there, and the rest replaced."""

    table: Table
    values: dict[str, Any]
    counted: str


Writing = Row | Rows | New | Renewed | Changed | Added | Gone | Outdated
