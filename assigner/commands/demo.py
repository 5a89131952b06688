"""`assigner demo`: the sample organisation lives through its sample day, on a virtual clock and at the speed of a film.

In a terminal it is a picture that moves; piped, or with --fast, a log to read. Both end with the figures of the day."""

from typing import Annotated

import typer


def demo(
    fast: Annotated[bool, typer.Option("--fast", help="Do not wait: print what happens as a log, at once.")] = False,
) -> None:
    """Watch a day of the sample organisation: who is online, what waits and why, who got what.

    Three offices, thirteen agents and 720 contacts, from eight in the morning to nine in the evening, in a minute and a
    half. Everything is decided by the engine itself. Ctrl-C ends it.

    \b
    Examples:
      assigner demo
      assigner demo --fast | less
    """
    from assigner.commands.demo_run import run

    run(fast=fast)
