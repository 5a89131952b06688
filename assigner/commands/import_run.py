"""What `assigner import` does, with the same requests as over HTTP, and how it tells it.

Errors are told as compilers tell them, so that an editor finds the place."""

from functools import partial
from pathlib import Path

import typer

from assigner.commands.opened import opened_alone, opened_to_read
from assigner.service.actor import ROLES, Actor
from assigner.service.imports.files import read_file
from assigner.service.imports.sent import Contents, ImportInvalid, Item
from assigner.service.imports.take_over import Imported, rehearse, take_over
from assigner.service.workspace import load_workspace
from assigner.wiring import wall_clock
from presence.errors import Invalid


def run(url: str, workspace_id: str, file: Path, contents: str | None, *, dry_run: bool) -> bool:
    """Import a file and tell what changed. False where it has errors, which are told instead.

    Raises Invalid, NotFound, AlreadyServed."""
    try:
        items = read_file(file.read_bytes(), _contents(file, contents), is_csv=file.suffix.lower() == ".csv")
        imported = (_rehearsed if dry_run else _taken_over)(url, workspace_id, items)
    except ImportInvalid as invalid:
        for finding in invalid.findings:
            place = f"{file}:{finding.place.line}:{finding.place.column}"
            typer.echo(f"{place}: {finding.message}; {finding.fix}", err=True)
        typer.echo("nothing was imported", err=True)
        return False
    for change in imported.changes:
        typer.echo(change.sentence)
    said = f"{imported.new} new, {imported.changed} changed, {imported.unchanged} unchanged"
    typer.echo(f"{said}; nothing was imported yet" if dry_run else said)
    return True


def _contents(file: Path, contents: str | None) -> Contents:
    name = file.stem.lower() if contents is None else contents
    if name in set(Contents):
        return Contents(name)
    known = ", ".join(Contents)
    raise Invalid("unknown_value", f"what does {file.name} hold? say --contents with one of: {known}", field="contents")


def _rehearsed(url: str, workspace_id: str, items: tuple[Item, ...]) -> Imported:
    with opened_to_read(url, workspace_id) as (database, number), database.reading() as connection:
        workspace = load_workspace(connection, number, now=wall_clock())
        return rehearse(workspace, _actor(number), items)


def _taken_over(url: str, workspace_id: str, items: tuple[Item, ...]) -> Imported:
    with opened_alone(url, workspace_id) as (product, number):
        return product.submit(number, partial(take_over, actor=_actor(number), items=items)).result()


def _actor(number: int) -> Actor:
    return Actor(name="command line", workspace=number, permissions=ROLES["admin"])
