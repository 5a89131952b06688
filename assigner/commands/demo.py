"""`assigner demo`: the sample organisation at work, served in its console; or its sample day as a film.

The film passes on a virtual clock: in a terminal a picture that moves; piped, or with --fast, a log to read."""

from typing import Annotated

import typer


def demo(
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="0: any that is free.  [default: 8765, or the next free one]")
    ] = None,
    film: Annotated[bool, typer.Option("--film", help="Show the sample day in this terminal instead.")] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Print the sample day as a log, at once.")] = False,
) -> None:
    """Watch the sample organisation at work: who is online, what waits and why, who got what.

    Serves it on a database that is removed at the end, with agents who come and go and contacts that arrive, and prints
    the address, accounts to sign in with, and calls to try. Ctrl-C ends it.

    --film shows a day of it in a minute and a half: three offices, thirteen agents and 720 contacts, from eight in the
    morning to nine in the evening, decided by the engine itself; --fast prints the same as a log.

    \b
    Examples:
      assigner demo
      assigner demo --film
      assigner demo --fast | less
    """
    if film or fast:
        from assigner.commands.demo_run import run

        run(fast=fast)
    else:
        from assigner.commands.demo_serve import run_service

        run_service(host, port)
