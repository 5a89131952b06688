"""What `assigner doctor` does: one check after the other, each a sentence and, where something is amiss, a way out.

A check that cannot be made because an earlier one failed is left out."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import perf_counter

import typer
from sqlalchemy import make_url

from assigner.commands.findings import Finding, State, failed, fine, warned
from assigner.commands.node_questions import ask_node
from assigner.commands.workspace_findings import of_workspace
from assigner.settings import KNOWN, PREFIX, Settings, settings_from
from assigner.store.address import is_file, shown
from assigner.store.clock import DatabaseClock
from assigner.store.conditions import careless_settings, deciding_nodes, nodes_seen, server_time
from assigner.store.database import Database, StoreUnavailable
from assigner.store.file_lock import FileLock
from assigner.store.leases import NAME, SEEN_WITHIN
from assigner.store.migrate import NewerSchema, OlderSchema, need_current
from assigner.store.workspaces import workspaces
from assigner.wiring import wall_clock
from presence.errors import Refused, did_you_mean

CLOCKS_DIFFER = 2.0
"""Seconds by which two clocks may differ without anybody being surprised by what logs say."""
COLORS = {State.OK: typer.colors.GREEN, State.WARNING: typer.colors.YELLOW, State.FAILED: typer.colors.RED}


def show(findings: Iterator[Finding], *, environment: Mapping[str, str] = os.environ) -> bool:
    """Print what was found, as it is found; whether nothing failed. Colours only in a terminal that wants them."""
    is_well = True
    for finding in findings:
        is_well &= finding.state is not State.FAILED
        state = typer.style(f"{finding.state:8}", fg=COLORS[finding.state], bold=finding.state is State.FAILED)
        advice = f"\n{'':9}{'':14}-> {finding.advice}" if finding.advice else ""
        typer.echo(f"{state} {finding.about:13} {finding.told}{advice}", color=False if _plain(environment) else None)
    return is_well


def examine(
    database: str | None, *, address: str | None, quick: bool, environment: Mapping[str, str] = os.environ
) -> Iterator[Finding]:
    """All checks in turn."""
    try:
        settings = settings_from(environment, database=database)
    except Refused as refused:
        yield failed("settings", refused.message, "correct it, and start every node again that was started with it")
        return
    yield from _settings(settings, environment)
    file = Path(make_url(settings.database).database or "")
    if is_file(settings.database) and not file.is_file():
        yield failed("database", f"there is no file {file}", "name it with --database; `assigner serve` makes one")
        return
    opened = Database(settings.database, name=f"{NAME}doctor")
    try:
        yield from _database(opened, settings, quick=quick)
    except StoreUnavailable as unavailable:
        yield failed("database", f"it cannot be used: {unavailable}", "see that it runs, and that this user may use it")
    else:
        if address is not None:
            yield from ask_node(opened, address, token=settings.metrics_token)
    finally:
        opened.close()


def _plain(environment: Mapping[str, str]) -> bool:
    return bool(environment.get("NO_COLOR"))


def _settings(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    kept = "for good" if settings.keep_days is None else f"for {settings.keep_days} days"
    yield fine("settings", f"{shown(settings.database)}; the log is kept {kept}; told from {settings.log_level} on")
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in KNOWN:
            yield warned("settings", f"nothing is called {name}{did_you_mean(name, KNOWN)}", "correct it, or remove it")


def _database(database: Database, settings: Settings, *, quick: bool) -> Iterator[Finding]:
    checks: tuple[Callable[[Database], Finding], ...] = (_connection, _schema)
    for check in checks:
        finding = check(database)
        yield finding
        if finding.state is State.FAILED:
            return
    yield _clock(database)
    yield from _nodes(database) if database.is_shared else [_file_lock(settings.database)]
    now = DatabaseClock(wall_clock)()
    with database.reading() as connection:
        for workspace_id, number in workspaces(connection).items():
            yield from of_workspace(connection, (workspace_id, number), now=now, quick=quick)


def _connection(database: Database) -> Finding:
    begun = perf_counter()
    with database.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
        careless = careless_settings(connection)
    took = f"{(perf_counter() - begun) * 1e3:.1f} ms"
    try:
        database.check_writable()
    except StoreUnavailable as unavailable:
        return failed(
            "database", f"it can be read, but not written: {unavailable}", "see its disk, its rights and role"
        )
    kind = f"PostgreSQL {version}" if database.is_shared else f"SQLite {version}"
    if careless:
        told = f"{kind} runs without {', '.join(careless)}: a power cut may lose what was answered"
        return warned("database", told, "switch it on in postgresql.conf")
    return fine("database", f"{kind} answers in {took} and can be written")


def _schema(database: Database) -> Finding:
    try:
        is_ahead = need_current(database)
    except OlderSchema as older:
        return failed("schema", str(older), "start `assigner serve` of this version")
    except NewerSchema as newer:
        return failed("schema", str(newer), "run the version that the other nodes run")
    if is_ahead:
        return fine("schema", "a newer version has changed it, and says that this one can still use it")
    return fine("schema", "as this version expects it")


def _clock(database: Database) -> Finding:
    with database.reading() as connection:
        before = wall_clock()
        told = server_time(connection)
        own = before + (wall_clock() - before) / 2
    if told is None:
        return fine("clock", "a file has none of its own: the clock of this machine counts")
    offset = (own - told).total_seconds()
    if abs(offset) < CLOCKS_DIFFER:
        return fine("clock", f"{offset:+.3f} s from that of the database, which counts")
    sentence = f"{offset:+.1f} s from that of the database, which counts: logs of this machine will not agree"
    return warned("clock", sentence, "let both machines follow a time server")


def _file_lock(url: str) -> Finding:
    holder = FileLock(url).holder()
    if holder is None:
        return warned("lock", "nobody serves this file", "start `assigner serve`, if somebody should")
    return fine("lock", f"process {holder} serves this file")


def _nodes(database: Database) -> Iterator[Finding]:
    with database.reading() as connection:
        deciding, nodes = deciding_nodes(connection), nodes_seen(connection)
    if not nodes:
        yield warned("nodes", "no node works on this database", "start `assigner serve`, if one should")
    for node in nodes:
        ago = node.ago.total_seconds()
        if ago > SEEN_WITHIN:
            told = f"node {node.id} has not shown itself for {ago:.0f} s: it is paused, overloaded or cut off"
            yield warned("nodes", told, "look at its machine; the other nodes take over what it decided for")
    for number, holder in deciding.items():
        if holder is not None:
            yield fine("lock", f"{holder.removeprefix(NAME)} decides for workspace {number}")
        elif nodes:
            told = f"nobody decides for workspace {number}, so nothing is given out"
            yield failed("lock", told, "ask again in some seconds; then start a node, and see what the others log")
