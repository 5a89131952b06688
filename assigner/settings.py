"""How the product is run: where the database is and where it listens, from the environment or from options.

An option of the command line wins over the environment, which wins over the default."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from presence.errors import Invalid

DRIVERS = ("sqlite", "postgresql", "postgresql+psycopg")
DATABASE, HOST, PORT, PUBLIC_URL = "ASSIGNER_DATABASE", "ASSIGNER_HOST", "ASSIGNER_PORT", "ASSIGNER_PUBLIC_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one process needs to know. `public_url` is how others reach it, where a proxy stands in between."""

    database: str = "sqlite:///assigner.db"
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str | None = None


def settings_from(
    environment: Mapping[str, str] = os.environ,
    *,
    database: str | None = None,
    host: str | None = None,
    port: int | None = None,
    public_url: str | None = None,
) -> Settings:
    """The settings, checked. Raises Invalid, which names the option or the variable that is wrong."""
    default = Settings()
    return Settings(
        database=database_url(database or environment.get(DATABASE) or default.database),
        host=host or environment.get(HOST) or default.host,
        port=port if port is not None else _port(environment.get(PORT), default=default.port),
        public_url=_public(public_url or environment.get(PUBLIC_URL)),
    )


def database_url(given: str) -> str:
    """The URL of a database: SQLite (also the path of a file) or PostgreSQL. Raises Invalid."""
    if "://" not in given:
        return f"sqlite:///{Path(given)}"
    try:
        driver = make_url(given).drivername
    except ArgumentError:
        driver = ""
    if driver not in DRIVERS:
        raise Invalid(
            "invalid",
            f"the database {given!r} cannot be used: give a file, sqlite:///FILE or postgresql://USER@HOST/NAME "
            f"(--database or {DATABASE})",
            field="database",
        )
    return given


def _port(given: str | None, *, default: int) -> int:
    if not given:
        return default
    if not given.isdecimal() or not int(given) < 1 << 16:
        raise Invalid("invalid", f"{PORT} is {given!r}: a port is a number from 0 to 65535", field="port")
    return int(given)


def _public(given: str | None) -> str | None:
    if given is None or given == "":
        return None
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Invalid(
            "invalid",
            f"the public URL {given!r} is none: write http://HOST or https://HOST (--public-url or {PUBLIC_URL})",
            field="public_url",
        )
    return given.rstrip("/")
