"""The URL of a database: which can be used, what a connection to it is made with, and how it is shown.

It may hold a password, which is never shown."""

import re
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from presence.errors import Invalid

DRIVERS = ("sqlite", "postgresql", "postgresql+psycopg")
WRITE = "give a file, sqlite:///FILE or postgresql://USER@HOST/NAME (--database or ASSIGNER_DATABASE)"
SECRETS = ("password", "sslpassword", "oauth_client_secret")
"""What a URL may hold behind its question mark and nobody is shown."""
NETWORK = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 8000,
}
"""When a connection is given up whose other end has fallen silent, which TCP alone would do after a quarter of an hour
or two: while an answer is awaited, after 9 s (the other end is asked after 5 s, and twice more); while what was sent is
not acknowledged, after 8,000 ms; while it is being made, after 5 s. libpq's parameters, which a URL may give
otherwise."""
SESSION = {
    "timezone": "UTC",
    "lock_timeout": "15s",
    "idle_in_transaction_session_timeout": "30s",  # a node that was paused must not keep the workspace row
}


def checked(given: str) -> str:
    """The URL of a database that can be used, of what somebody wrote: a URL, or the path of a file. Raises Invalid."""
    if re.match(r"(sqlite|postgres\w*)(\+\w+)?:(?!//)", given):
        raise _refused(f"{given.partition(':')[0]}: is not followed by //")
    if "://" not in given:
        return f"sqlite:///{Path(given)}"
    driver = given.partition("://")[0]
    if driver not in DRIVERS:
        raise _refused(f"it begins with {driver!r}")
    try:
        url = make_url(given)
        if not is_file(url):
            make_conninfo(**url.get_dialect()().create_connect_args(url)[1])
    except (ArgumentError, ValueError):
        several = "several servers are written ?host=HOST:PORT&host=HOST:PORT"
        raise _refused(f"it is not a URL, or a port in it is not a number ({several})") from None
    except psycopg.ProgrammingError as wrong:
        raise _refused(str(wrong).strip()) from None
    if "@" in (url.host or ""):
        raise _refused("write %40 for an @ that is part of a password")
    return given


def shown(url: str) -> str:
    """A URL without what is secret."""
    parsed = make_url(url)
    hidden = {name: "..." for name in SECRETS if name in parsed.query}
    return parsed.update_query_dict(hidden).render_as_string(hide_password=True)


def is_file(url: str | URL) -> bool:
    """Whether a URL means a SQLite database."""
    return make_url(url).get_backend_name() == "sqlite"


def connect_arguments(url: str, *, name: str) -> dict[str, Any]:
    """What a connection to PostgreSQL is made with beside its URL, as far as that states nothing else.

    `name` is what it is called on a server that shows who is connected."""
    stated = make_url(url).query
    settings = [*(f"-c {each}={value}" for each, value in SESSION.items()), str(stated.get("options", ""))]
    network = {each: value for each, value in NETWORK.items() if each not in stated}
    return {**network, "application_name": name, "options": " ".join(settings).strip()}


def _refused(reason: str) -> Invalid:
    return Invalid("invalid", f"the URL of the database cannot be used: {reason}; {WRITE}", field="database")
