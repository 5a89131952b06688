"""What tests about PostgreSQL begin with."""

from collections.abc import Iterator

import pytest

from tests.databases import Server


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """A database with all tables and nothing in them, for one test."""
    with server.migrated() as url:
        yield url
