"""`assigner admin`: the first administrator and the first key of a workspace, made beside the database itself.

Everything later is done over HTTP by those who were made here."""

from typing import Annotated

import typer

Database = Annotated[
    str | None, typer.Option(help="A file, or postgresql://USER@HOST/NAME.  [environment: ASSIGNER_DATABASE]")
]
Workspace = Annotated[str, typer.Option(help="Made where there is none of that name.")]

admin = typer.Typer(name="admin", help="Make the first administrator and the first API key.", no_args_is_help=True)
key = typer.Typer(name="key", help="API keys of programs.", no_args_is_help=True)
admin.add_typer(key)


@admin.command()
def create(
    email: Annotated[str, typer.Option(help="With what the administrator signs in.")],
    agent_id: Annotated[str | None, typer.Option("--id", help="By default what stands before the @.")] = None,
    name: Annotated[str | None, typer.Option(help="By default the id.")] = None,
    workspace: Workspace = "main",
    database: Database = None,
) -> None:
    """Make an administrator, or give the one with this id another password.

    Asks for the password; piped, it reads it from the first line. The database must not be served meanwhile.

    \b
    Example:
      assigner admin create --email ada@example.org
    """
    from assigner.commands.admin_run import create_administrator
    from assigner.commands.stopping import exits_with_a_sentence
    from assigner.settings import settings_from

    with exits_with_a_sentence():
        agent = agent_id or email.partition("@")[0]
        url = settings_from(database=database).database
        create_administrator(url, workspace, agent, asked={"email": email, "name": name or agent, "role": "admin"})


@key.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="What the key is for.")] = "first key",
    role: Annotated[str, typer.Option(help="agent, supervisor or admin: what the key may do.")] = "admin",
    workspace: Workspace = "main",
    database: Database = None,
) -> None:
    """Make an API key and print it: it is stored nowhere and never shown again.

    The database must not be served meanwhile; there, POST /v1/api-keys does the same.

    \b
    Example:
      assigner admin key create --name chat --role supervisor
    """
    from assigner.commands.admin_run import print_new_key
    from assigner.commands.stopping import exits_with_a_sentence
    from assigner.settings import settings_from

    with exits_with_a_sentence():
        print_new_key(settings_from(database=database).database, workspace, name=name, role=role)
