"""What `assigner workspace` does, in the database itself: a workspace begins with no one who could ask for it."""

import typer

from assigner.commands.opened import opened_to_look, opened_to_make
from assigner.service.imports.sent import problem_with_id
from assigner.store.load import find_workspace
from assigner.store.workspaces import create_workspace, workspaces
from presence.errors import Conflict, Invalid


def make_workspace(url: str, workspace_id: str) -> None:
    """Make a workspace. Raises Invalid for an id that is none, Conflict where there is one, AlreadyServed."""
    problem = problem_with_id(workspace_id)
    if problem is not None:
        raise Invalid("invalid", f"{problem}; choose another", field="workspace")
    with opened_to_make(url) as database, database.writing() as connection:
        if find_workspace(connection, workspace_id) is not None:
            raise Conflict("conflict", f"workspace {workspace_id!r} exists already; choose another id")
        create_workspace(connection, workspace_id)
    typer.echo(f"Workspace {workspace_id!r} is made; its first administrator:")
    typer.echo(f"  assigner admin create --workspace {workspace_id} --email NAME@HOST")


def print_workspaces(url: str) -> None:
    """Print the ids. Raises NotFound where there is no database."""
    with opened_to_look(url) as database, database.reading() as connection:
        for workspace_id in workspaces(connection):
            typer.echo(workspace_id)
