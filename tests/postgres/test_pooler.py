"""A pooler in transaction mode would lend the lock of the deciding node to others; it is refused with the reason."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from assigner.store.database import Database
from assigner.store.leases import Leases, Pooled
from assigner.store.workspaces import create_workspace
from tests.databases import Server
from tests.faults.served import run
from tests.postgres.pooler import pooled


def test_a_pooler_in_transaction_mode_is_refused_for_the_connection_that_decides(
    server: Server, tmp_path: Path
) -> None:
    with server.migrated() as url:
        database = Database(url)
        with database.writing() as connection:
            create_workspace(connection, "main")
        database.close()
        socket = f"{make_url(url).query['host']}/.s.PGSQL.5432"
        with pooled(tmp_path, url, socket) as behind:
            with psycopg.connect(behind, autocommit=True) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)

            with pytest.raises(Pooled, match=r"pooler in transaction mode.*address of the server itself"):
                Leases(behind, "node").beat(show=True)
            served = run("serve", "--database", behind, "--port", "0")

    assert (served.returncode, served.stdout) == (2, "")
    assert "assigner: there is a connection pooler in transaction mode" in served.stderr


def test_a_server_without_a_pooler_is_not_taken_for_one(server: Server) -> None:
    with server.migrated() as url:
        database = Database(url)
        with database.writing() as connection:
            number = create_workspace(connection, "main")
        database.close()
        leases = Leases(url, "node")

        leases.beat(show=True)

        assert leases.held == (number,)
        leases.give_up()
