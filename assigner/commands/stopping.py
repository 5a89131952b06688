"""How a command ends when it cannot do what was asked: one sentence for people, and exit code 2."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from assigner.commands.sockets import CannotListen
from assigner.store.database import StoreUnavailable
from assigner.store.file_lock import AlreadyServed
from assigner.store.leases import Pooled
from assigner.store.migrate import NewerSchema, NodesTooOld, OlderSchema
from assigner.store.private_server import NoServer
from presence.errors import Refused

SENTENCES = (AlreadyServed, CannotListen, NewerSchema, NodesTooOld, NoServer, OlderSchema, Pooled)
"""What says by itself what is wrong and what to do."""


@contextmanager
def exits_with_a_sentence() -> Iterator[None]:
    """Say what was refused, and end the command."""
    try:
        yield
    except (*SENTENCES, Refused) as refused:
        _end(str(refused))
    except StoreUnavailable as unavailable:
        _end(f"the database cannot be used: {unavailable}")


def _end(sentence: str) -> None:
    typer.echo(f"assigner: {sentence}", err=True)
    raise typer.Exit(2)
