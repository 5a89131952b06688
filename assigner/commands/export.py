"""`assigner export`: a workspace as JSON lines, for a copy to read elsewhere."""

from typing import Annotated

import typer


def export(
    workspace: Annotated[str, typer.Option(help="Which workspace.")] = "main",
    database: Annotated[
        str | None, typer.Option(help="A file, or postgresql://USER@HOST/NAME.  [environment: ASSIGNER_DATABASE]")
    ] = None,
) -> None:
    """Print everything stored of a workspace, a JSON object per line: settings, agents, contacts, the whole log.

    Passwords, sessions and keys are left out. It may run while the database is served, and sees one moment of it.

    \b
    Example:
      assigner export > workspace.jsonl
    """
    import sys

    from assigner.commands.opened import opened_to_read
    from assigner.commands.stopping import exits_with_a_sentence
    from assigner.settings import settings_from
    from assigner.store.documents import to_document
    from assigner.store.export import rows_of

    url = settings_from(database=database).database
    with (
        exits_with_a_sentence(),
        opened_to_read(url, workspace) as (opened, number),
        opened.reading() as connection,
    ):
        for row in rows_of(connection, number):
            sys.stdout.buffer.write(to_document(row) + b"\n")
        sys.stdout.buffer.flush()
