"""`assigner workspace`: the workspaces of a database, each with its own agents, rules and contacts."""

from typing import Annotated

import typer

Database = Annotated[
    str | None, typer.Option(help="A file, or postgresql://USER@HOST/NAME.  [environment: ASSIGNER_DATABASE]")
]

workspace = typer.Typer(name="workspace", help="Make workspaces, and list them.", no_args_is_help=True)


@workspace.command()
def create(
    workspace_id: Annotated[str, typer.Argument(metavar="ID", help="Its name, for --workspace of other commands.")],
    database: Database = None,
) -> None:
    """Make a workspace. Nothing of it exists for the credentials of another.

    Its first administrator is made with `assigner admin create --workspace ID`. On SQLite the database must not be
    served meanwhile.

    \b
    Example:
      assigner workspace create sister-company
    """
    from assigner.commands.stopping import exits_with_a_sentence
    from assigner.commands.workspace_run import make_workspace
    from assigner.settings import settings_from

    with exits_with_a_sentence():
        make_workspace(settings_from(database=database).database, workspace_id)


@workspace.command("list")
def list_all(database: Database = None) -> None:
    """Print the id of every workspace, one a line; the database may be served meanwhile."""
    from assigner.commands.stopping import exits_with_a_sentence
    from assigner.commands.workspace_run import print_workspaces
    from assigner.settings import settings_from

    with exits_with_a_sentence():
        print_workspaces(settings_from(database=database).database)
