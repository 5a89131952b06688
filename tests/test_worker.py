"""Long reading in a process of its own: it answers, refuses, dies, and ends with the product."""

import asyncio
import os
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from assigner.store.database import Database, StoreUnavailable
from assigner.worker import Worker
from presence.errors import Invalid


def process_and_sum(connection: Connection, first: int, second: int) -> tuple[int, int]:
    found: int = connection.execute(text(f"SELECT {first} + {second}")).scalar_one()
    return os.getpid(), found


def refuse(connection: Connection) -> None:
    raise Invalid("out_of_range", f"too much of {connection.dialect.name}", field="to")


def die(_: Connection) -> None:
    os._exit(1)


def test_what_is_read_apart(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'assigner.db'}")
    worker = Worker(database.engine.url)

    async def ask() -> None:
        process, found = await worker.do(process_and_sum, 2, 3)
        assert found == 5
        assert process != os.getpid()

        with pytest.raises(Invalid) as refused:
            await worker.do(refuse)
        assert (refused.value.code, refused.value.message, refused.value.field) == (
            "out_of_range",
            "too much of sqlite",
            "to",
        )
        assert (await worker.do(process_and_sum, 1, 1)) == (process, 2)

        with pytest.raises(StoreUnavailable):
            await worker.do(die)
        assert (await worker.do(process_and_sum, 4, 4))[1] == 8

    asyncio.run(ask())
    running = worker.process_id
    worker.stop()
    database.close()

    assert running is not None
    with pytest.raises(ProcessLookupError):
        os.kill(running, 0)
