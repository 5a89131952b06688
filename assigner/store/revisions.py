"""The steps that the tables of a database take, as the scripts in migrations/versions tell them."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


@cache
def steps() -> tuple[str, ...]:
    """The revisions that this version knows, newest first."""
    return tuple(step.revision for step in _scripts().walk_revisions())


def newest_revision() -> str:
    """The revision that this version expects."""
    return steps()[0]


def oldest_usable(taken: Sequence[str]) -> str:
    """The revision whose code is the oldest that can use tables at which these steps were taken, newest first."""
    scripts = _scripts()
    stated: Iterator[str | None] = (getattr(scripts.get_revision(each).module, "oldest_usable", None) for each in taken)
    return next(each for each in stated if each is not None)


def configuration(connection: Connection | None = None) -> Config:
    """What Alembic needs to know; with a connection, on which it takes the steps."""
    found = Config()
    found.set_main_option("script_location", str(files("assigner.store") / "migrations").replace("%", "%%"))
    found.attributes["connection"] = connection
    return found


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration())
