"""`assigner doctor`: what may be wrong with how the product is run, and what to do about it."""

from typing import Annotated

import typer


def doctor(
    database: Annotated[
        str | None, typer.Option(help="A file, or postgresql://USER@HOST/NAME.  [environment: ASSIGNER_DATABASE]")
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="Of a node to ask as well, such as http://127.0.0.1:8080.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out what reads the whole log.")] = False,
) -> None:
    """Check settings, database, schema, clock, locks, loads, log and webhooks, and say what to do.

    It changes nothing, and may run while the database is served. Exit code 1: something is wrong; warnings are none.

    \b
    Examples:
      assigner doctor
      assigner doctor --database postgresql://assigner@db.example.org/assigner --address http://10.0.0.5:8080
    """
    from assigner.commands.doctor_run import examine, show

    if not show(examine(database, address=address, quick=quick)):
        raise typer.Exit(1)
