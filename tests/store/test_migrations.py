"""The tables that migrations make are those that the code expects, on a database of any age."""

import ast
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from assigner.store.database import Database
from assigner.store.migrate import NewerSchema, migrate, step_back
from assigner.store.revisions import configuration, oldest_usable, steps
from assigner.store.tables import Table
from assigner.store.workspaces import create_workspace, erase_workspace, workspaces

TAKES_AWAY = {"drop_table", "drop_column", "drop_constraint", "drop_index", "rename_table", "alter_column", "execute"}
"""What older code may not survive, unless somebody has thought of it."""
FIRST_TO_BE_TOLD = "0012"
"""Older code refuses whatever is newer than itself, so it does not matter to it."""


def tables_of(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(inspect(connection).get_table_names())


def test_migrations_make_exactly_the_tables_that_the_code_expects(empty_database_url: str) -> None:
    database = Database(empty_database_url)

    migrate(database)

    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    database.close()


def test_a_second_migration_changes_nothing(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    migrate(database)
    with database.writing() as connection:
        create_workspace(connection, "main")

    migrate(database)

    with database.reading() as connection:
        assert workspaces(connection) == {"main": 1}
    database.close()


def test_every_step_can_be_taken_back_and_taken_again(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    migrate(database)
    made = tables_of(database)

    step_back(database)
    left = tables_of(database)
    migrate(database)

    assert left == {"alembic_version"}
    assert tables_of(database) == made
    database.close()


def test_with_whom_contacts_ended_before_the_step_that_keeps_it_apart_is_known_after_it(
    empty_database_url: str,
) -> None:
    database = Database(empty_database_url)
    migrate(database)
    step_back(database, "0015")
    with database.writing() as connection:
        for number, (agent_id, state, closed_at) in enumerate(
            [("ana", "closed", "2026-01-05"), (None, "abandoned", "2026-01-05"), ("ana", "assigned", None)], 1
        ):
            connection.execute(
                text(
                    "INSERT INTO contact (workspace, id, version, number, state, agent_id, closed_at, place)"
                    " VALUES (1, :id, 1, :number, :state, :agent_id, :closed_at, :place)"
                ),
                {
                    "id": f"c{number}",
                    "number": number,
                    "state": state,
                    "agent_id": agent_id,
                    "closed_at": closed_at,
                    "place": b"{}",
                },
            )

    migrate(database)

    with database.reading() as connection:
        kept = connection.execute(text("SELECT workspace, agent_id, number FROM ended_with")).all()
    assert [tuple(each) for each in kept] == [(1, "ana", 1)]
    database.close()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    migrate(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(NewerSchema, match=r"revision '9999'.*newer version of assigner.*nothing was changed"):
        migrate(database)

    with database.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    database.close()


def test_a_migration_that_fails_half_way_leaves_no_table(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE api_key (id TEXT)"))

    with pytest.raises(Exception, match="api_key"):
        migrate(database)

    assert tables_of(database) == {"api_key"}
    database.close()


def test_a_file_is_written_ahead_and_synchronised_at_every_commit(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'assigner.db'}")

    with database.reading() as connection:
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()

    full = 2
    assert (journal, synchronous) == ("wal", full)
    database.close()


def test_an_erased_workspace_leaves_nothing_behind_and_others_alone(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    migrate(database)
    with database.writing() as connection:
        numbers = [create_workspace(connection, each) for each in ("main", "bench")]

    with database.writing() as connection:
        erase_workspace(connection, numbers[1])

    with database.reading() as connection:
        assert workspaces(connection) == {"main": numbers[0]}
    database.close()


def test_the_database_tells_the_oldest_code_that_can_use_it(empty_database_url: str) -> None:
    database = Database(empty_database_url)

    migrate(database)

    with database.reading() as connection:
        told = connection.execute(text("SELECT revision, oldest_usable FROM schema_step")).all()
    assert [tuple(each) for each in told] == [(steps()[0], oldest_usable(steps()))]
    assert steps().index(told[0].oldest_usable) <= steps().index(FIRST_TO_BE_TOLD)
    database.close()


def taken_away(upgrade: str) -> set[str]:
    """What a step does that older code may not survive."""
    called = {node.attr for node in ast.walk(ast.parse(upgrade)) if isinstance(node, ast.Attribute)}
    return called & TAKES_AWAY


@pytest.mark.parametrize("revision", steps()[: steps().index(FIRST_TO_BE_TOLD) + 1])
def test_a_step_that_takes_something_away_says_which_code_survives_it(revision: str) -> None:
    script = ScriptDirectory.from_config(configuration()).get_revision(revision)
    upgrade = Path(script.path).read_text().partition("def downgrade")[0]

    assert hasattr(script.module, "oldest_usable") or not taken_away(upgrade)
    assert getattr(script.module, "oldest_usable", revision) in steps()


@pytest.mark.parametrize(
    ("upgrade", "found"),
    [
        pytest.param("op.create_table('t')\nop.add_column('t', c)\nop.create_index('i', 't', ['c'])", set(), id="adds"),
        pytest.param("op.drop_column('agent', 'name')", {"drop_column"}, id="drops"),
        pytest.param("op.execute('TRUNCATE agent')", {"execute"}, id="anything"),
    ],
)
def test_what_a_step_takes_away_is_found(upgrade: str, found: set[str]) -> None:
    assert taken_away(upgrade) == found
