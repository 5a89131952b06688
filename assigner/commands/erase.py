"""`assigner erase`: forget a customer."""

from typing import Annotated

import typer


def erase(
    customer: Annotated[str, typer.Argument(help="The id of the customer, as contacts name it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    workspace: Annotated[str, typer.Option(help="Which workspace.")] = "main",
    database: Annotated[
        str | None, typer.Option(help="A file, or postgresql://USER@HOST/NAME.  [environment: ASSIGNER_DATABASE]")
    ] = None,
) -> None:
    """Erase what is known of a customer: ids and attributes of all contacts, who held them, the name in the rules.

    Contacts themselves stay, and so does why who was given them. The database must not be served meanwhile; there, POST
    /v1/customers/erase does the same.

    \b
    Example:
      assigner erase c17
    """
    from assigner.commands.erase_run import run
    from assigner.commands.stopping import exits_with_a_sentence
    from assigner.settings import settings_from

    if not yes:
        typer.confirm(f"Forget customer {customer!r} for good?", abort=True)
    with exits_with_a_sentence():
        run(settings_from(database=database).database, workspace, customer)
