"""`assigner doctor` on databases that are well, and on those where something is really wrong."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from typer.testing import CliRunner

from assigner.cli import app
from assigner.commands.doctor_run import examine
from assigner.commands.findings import Finding, State
from assigner.store.database import Database
from assigner.store.file_lock import FileLock
from assigner.store.migrate import step_back
from assigner.testing import Client, Workbench
from tests.databases import Server, migrated_file
from tests.faults.served import ASSIGNER, a_key, run, served

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


@pytest.fixture
def bench(database_url: str) -> Iterator[Workbench]:
    with Workbench(database=database_url) as bench:
        admin = bench.client()
        admin.put("/v1/agents/ana", json={"name": "Ana", "capacity": 1}).raise_for_status()
        bench.sign_in("ana")
        for each in ("c1", "c2"):
            admin.post("/v1/contacts", json={"id": each, "channel": "chat"}).raise_for_status()
        yield bench


def found(url: str, **environment: str) -> list[Finding]:
    return list(examine(url, address=None, quick=False, environment=environment))


def amiss(url: str, **environment: str) -> list[tuple[str, State]]:
    """What is not well, but that nobody serves the database of a test, and that its server need not be careful."""
    told = [each for each in found(url, **environment) if each.state is not State.OK]
    expected = [each for each in told if each.about in ("nodes", "lock", "clock") or "power cut" in each.told]
    return [(each.about, each.state) for each in told if each not in expected]


def write(url: str, statement: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        connection.execute(text(statement))
    database.close()


def test_a_database_in_order_is_found_to_be(bench: Workbench) -> None:
    told = {each.about: each for each in found(bench.url)}

    assert {"settings", "database", "schema", "clock", "loads", "log"} <= set(told)
    assert amiss(bench.url) == []
    assert told["loads"].told.endswith("the board counts as many contacts as the table")


def test_a_setting_that_does_not_exist_is_named_with_the_one_that_may_be_meant(bench: Workbench) -> None:
    told = next(each for each in found(bench.url, ASSIGNER_KEEPDAYS="90") if each.state is State.WARNING)

    assert told.told == 'nothing is called ASSIGNER_KEEPDAYS; did you mean "ASSIGNER_KEEP_DAYS"?'


def test_a_setting_that_is_wrong_ends_the_examination(bench: Workbench) -> None:
    (told,) = found(bench.url, ASSIGNER_KEEP_DAYS="ever")

    assert (told.about, told.state) == ("settings", State.FAILED)
    assert told.told.startswith("ASSIGNER_KEEP_DAYS is 'ever'")


def test_a_contact_that_somebody_moved_in_the_table_is_found(bench: Workbench) -> None:
    write(bench.url, "UPDATE contact SET agent_id = 'ben' WHERE id = 'c1'")

    told = next(each for each in found(bench.url) if each.about == "loads")

    assert told.state is State.FAILED
    assert "contacts that are assigned, of ana: board 1, table 0" in told.told
    assert "contacts that are assigned, of ben: board 0, table 1" in told.told


def test_a_log_that_lost_a_line_is_found(bench: Workbench) -> None:
    write(bench.url, "DELETE FROM change WHERE kind = 'contact.queued' AND subject = 'c2'")

    told = next(each for each in found(bench.url) if each.about == "log")

    assert told.state is State.FAILED
    assert "contact c2: log nothing, tables OpenContact" in told.told
    assert all(each.about != "log" for each in examine(bench.url, address=None, quick=True, environment={}))


def test_a_server_that_forgets_when_the_power_fails_is_told(server: Server) -> None:
    with server.migrated() as url:
        write(url, f'ALTER DATABASE "{make_url(url).database}" SET synchronous_commit = off')
        told = next(each for each in found(url) if each.about == "database")

    assert told.state is State.WARNING
    assert "synchronous_commit" in told.told
    assert told.told.endswith("a power cut may lose what was answered")


def test_a_server_that_only_reads_is_found(server: Server) -> None:
    with server.migrated() as url:
        write(url, f'ALTER DATABASE "{make_url(url).database}" SET default_transaction_read_only = on')
        told = found(url)[-1]

    assert (told.about, told.state) == ("database", State.FAILED)
    assert "can be read, but not written: the PostgreSQL server is read-only" in told.told


def test_a_file_that_only_reads_is_found(tmp_path: Path) -> None:
    url = migrated_file(tmp_path)
    (file,) = tmp_path.iterdir()
    file.chmod(0o444)
    command = [*ASSIGNER, "doctor", "--database", url]

    told = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=heed_permissions).stdout

    (line,) = [each for each in told.splitlines() if each.startswith("FAILED")]
    assert f"can be read, but not written: {file} is a file that this user may only read" in line


def heed_permissions() -> None:
    """Let root, whom no file refuses to be written, be refused as others are; whoever is not root is already."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)


def test_a_dead_webhook_is_told(bench: Workbench) -> None:
    admin: Client = bench.client()
    made = admin.post("/v1/webhooks", json={"url": "https://93.184.216.34/"})
    made.raise_for_status()
    write(
        bench.url,
        "INSERT INTO webhook_delivery (workspace, webhook_id, change_no, ordinal, holds, subject, state, attempts,"
        f" failing_since, next_at) SELECT number, '{made.json()['id']}', 1, 0, false, 'c1', 'dead', 9,"
        " '2026-01-05 09:00:00', '2026-01-05 09:00:00' FROM workspace",
    )

    told = next(each for each in found(bench.url) if each.about == "webhooks")

    assert told.state is State.WARNING
    assert told.told.endswith("has not taken: 0 tried again, 1 dead")


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        pytest.param("UPDATE alembic_version SET version_num = '9999'", "a newer version of assigner", id="newer"),
        pytest.param(None, "is not up to date", id="older"),
    ],
)
def test_a_schema_of_another_version_ends_the_examination(database_url: str, statement: str | None, says: str) -> None:
    if statement is None:
        database = Database(database_url)
        step_back(database, "0004")
        database.close()
    else:
        write(database_url, statement)

    told = found(database_url)[-1]

    assert (told.about, told.state) == ("schema", State.FAILED)
    assert says in told.told


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    missing = found(str(tmp_path / "nothing.db"))[-1]
    unreachable = found(f"postgresql://nobody@/nothing?host={tmp_path}")[-1]

    assert (missing.state, missing.told) == (State.FAILED, f"there is no file {tmp_path / 'nothing.db'}")
    assert (unreachable.about, unreachable.state) == ("database", State.FAILED)
    assert list(tmp_path.iterdir()) == []


def test_who_holds_the_lock_of_a_file_is_told(tmp_path: Path) -> None:
    lock = FileLock(f"sqlite:///{tmp_path / 'a.db'}")
    before = lock.holder()

    lock.take()
    while_held = FileLock(f"sqlite:///{tmp_path / 'a.db'}").holder()
    lock.let_go()

    assert (before, while_held, lock.holder()) == (None, str(os.getpid()), None)


@pytest.mark.timeout(180)  # four programs start, one after the other
def test_beside_a_running_server_its_memory_is_compared(tmp_path: Path) -> None:
    database = tmp_path / "assigner.db"
    a_key(database)
    with served(database) as (process, address):
        answer = run("doctor", "--database", str(database), "--address", address)
        elsewhere = run("doctor", "--database", str(database), "--address", "http://127.0.0.1:9", "--quick")

    lines = answer.stdout.splitlines()
    assert answer.returncode == 0, answer.stdout
    assert f"ok       lock          process {process.pid} serves this file" in lines
    assert "ok       memory        workspace 1: the node counts 0 open contacts, as the table" in lines
    assert "\x1b[" not in answer.stdout
    assert elsewhere.returncode == 1
    assert "FAILED   node          http://127.0.0.1:9 cannot be asked" in elsewhere.stdout


def test_colours_are_for_those_who_want_them(tmp_path: Path) -> None:
    command = ["doctor", "--database", str(tmp_path / "nothing.db")]

    coloured = CliRunner().invoke(app, command, color=True)
    plain = CliRunner().invoke(app, command, color=True, env={"NO_COLOR": "1"})

    assert (coloured.exit_code, plain.exit_code) == (1, 1)
    assert ("\x1b[31m" in coloured.stdout, "\x1b[" in plain.stdout) == (True, False)
