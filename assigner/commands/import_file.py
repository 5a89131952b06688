"""`assigner import`: roles, offices and agents from a file, all or nothing, or only what that would change."""

from pathlib import Path
from typing import Annotated

import typer


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV (.csv), else JSON or YAML.", exists=True, dir_okay=False)],
    contents: Annotated[
        str | None, typer.Option(help="roles, offices, agents or organisation; by default the name of the file tells.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would change.")] = False,
    workspace: Annotated[str, typer.Option(help="Which workspace.")] = "main",
    database: Annotated[
        str | None, typer.Option(help="A file, or sqlite:///FILE.  [environment: ASSIGNER_DATABASE]")
    ] = None,
) -> None:
    """Import roles, offices and agents. Whoever exists keeps what the file does not name; nobody is deleted.

    The database must not be served meanwhile; there, POST /v1/import/CONTENTS does the same. --dry-run may always run.

    \b
    Examples:
      assigner import agents.csv --dry-run
      assigner import organisation.yaml
    """
    from assigner.commands.import_run import run
    from assigner.commands.stopping import exits_with_a_sentence
    from assigner.settings import settings_from

    with exits_with_a_sentence():
        imported = run(settings_from(database=database).database, workspace, file, contents, dry_run=dry_run)
    if not imported:
        raise typer.Exit(1)
