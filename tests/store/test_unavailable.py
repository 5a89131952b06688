"""Whatever a driver says when the database cannot be used now is told as one thing, through SQLAlchemy or not."""

import sqlite3

import psycopg
import pytest

from assigner.store.database import StoreUnavailable, available
from presence.errors import Invalid


@pytest.mark.parametrize("driver", [psycopg, sqlite3], ids=["psycopg", "sqlite3"])
@pytest.mark.parametrize("kind", ["OperationalError", "InterfaceError", "InternalError"])
def test_a_driver_that_cannot_use_the_database_makes_the_store_unavailable(driver: object, kind: str) -> None:
    with pytest.raises(StoreUnavailable, match="the connection is closed"), available():
        raise getattr(driver, kind)("the connection is closed")


@pytest.mark.parametrize("driver", [psycopg, sqlite3], ids=["psycopg", "sqlite3"])
def test_a_value_that_a_driver_cannot_store_is_refused(driver: object) -> None:
    with pytest.raises(Invalid, match="string or blob too big"), available():
        raise getattr(driver, "DataError")("string or blob too big")  # noqa: B009 - both drivers have it
