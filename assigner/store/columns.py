"""What all tables are made of: their base with names for constraints, instants that know their zone, counts, documents.

`tables` has the tables themselves."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Index, Integer, LargeBinary, MetaData, TypeDecorator, text
from sqlalchemy.engine import Dialect
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware and in UTC, on every database. SQLite would give back a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse an instant of which nobody knows when it was."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Say that it is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(SQLModel):
    """What all tables share: names for their constraints, so that migrations can find them."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


def instant(*, nullable: bool = False) -> Any:
    """A column that holds an instant."""
    return Field(default=None if nullable else ..., sa_type=UtcDateTime, nullable=nullable)


COUNT = BigInteger().with_variant(Integer(), "sqlite")
"""How a column stores what is counted up at every commit or arrival. SQLite has one integer, of any size."""


def count(*, default: Any = 0, primary_key: bool = False) -> Any:
    """A column that holds a number of changes or arrivals."""
    return Field(default=default, sa_type=COUNT, primary_key=primary_key)


def document() -> Any:
    """A column that holds one JSON document."""
    return Field(sa_type=LargeBinary)


def index_where(condition: str, name: str, *columns: str) -> Index:
    """An index of the rows that meet a condition; a query finds it where it states the same."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))
