"""`assigner explain`: why a contact waits or was given to somebody, and whether the log gives the same answer again."""

from typing import Annotated

import typer


def explain(
    contact: Annotated[str | None, typer.Argument(help="The id of a contact; with --verify none means all.")] = None,
    agent: Annotated[str | None, typer.Option(help="Why not this agent?")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Repeat the decision from the log; another answer is exit code 1.")
    ] = False,
    language: Annotated[str, typer.Option(help="en, de or es.")] = "en",
    workspace: Annotated[str, typer.Option(help="Which workspace.")] = "main",
    database: Annotated[
        str | None, typer.Option(help="A file, or postgresql://USER@HOST/NAME.  [environment: ASSIGNER_DATABASE]")
    ] = None,
) -> None:
    """Say why a contact waits, why an agent has it, or why an agent does not get it.

    It may run while the database is served.

    \b
    Examples:
      assigner explain c-1017
      assigner explain c-1017 --agent ana
      assigner explain --verify
    """
    from assigner.commands.explain_run import Question, run
    from assigner.commands.stopping import exits_with_a_sentence
    from assigner.settings import settings_from

    if contact is None and not verify:
        raise typer.BadParameter("name a contact, or repeat all decisions with --verify", param_hint="CONTACT")
    with exits_with_a_sentence():
        url = settings_from(database=database).database
        agrees = run(url, workspace, Question(contact=contact, agent=agent, verify=verify, language=language))
    if not agrees:
        raise typer.Exit(1)
