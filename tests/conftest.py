"""Settings for every test: properties have no deadline, for machines differ in speed; and the database to run on."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from assigner.testing import DATABASE
from tests.databases import Server, migrated_file, running_server

settings.register_profile("project", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=("sqlite", "postgresql"), default="sqlite", help="what tests that need a database run on"
    )


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, for tests that are about it and for all others that are run on it."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def workbenches_live_there(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let every Workbench that names no database live on the one that the tests are run on."""
    if request.config.getoption("--database") == "sqlite":
        yield
        return
    with request.getfixturevalue("server").migrated() as url:
        os.environ[DATABASE] = url
        yield
        del os.environ[DATABASE]


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with all tables and nothing in them, of this test alone."""
    with ExitStack() as stack:
        if request.config.getoption("--database") == "sqlite":
            yield migrated_file(tmp_path)
        else:
            yield stack.enter_context(request.getfixturevalue("server").migrated())


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any tables, of this test alone."""
    with ExitStack() as stack:
        if request.config.getoption("--database") == "sqlite":
            yield f"sqlite:///{tmp_path / 'empty.db'}"
        else:
            yield stack.enter_context(request.getfixturevalue("server").empty())
