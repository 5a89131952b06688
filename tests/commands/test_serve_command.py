"""`assigner serve` that cannot begin says why in a sentence."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from assigner.commands.sockets import CannotListen, listening_at
from tests.faults.served import run


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_port_in_use_is_told_before_anything_is_made(taken: int, tmp_path: Path) -> None:
    database = tmp_path / "assigner.db"

    answer = run("serve", "--database", str(database), "--port", str(taken))  # apart: it sets up the log of its process

    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == (
        f"assigner: nothing can listen at 127.0.0.1:{taken} (Address already in use);"
        " end what listens there, or choose another --port\n"
    )
    assert not database.exists()


def test_a_host_that_is_none_is_told_as_well() -> None:
    with pytest.raises(CannotListen, match=r"nothing can listen at 192\.0\.2\.1:0 \("):
        listening_at("192.0.2.1", 0)


def test_every_address_of_a_host_has_the_same_port() -> None:
    found = listening_at("localhost", 0)
    ports = {each.getsockname()[1] for each in found}
    for each in found:
        each.close()

    assert len(ports) == 1
