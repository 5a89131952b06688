"""The workspaces of a database: which there are, a new one, and none of it left.

What happens inside a workspace is a change of that workspace; these are the only writes that are not."""

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_into_sqlite

from assigner.store import tables
from assigner.store.load import find_workspace
from assigner.store.rows import table_of
from assigner.store.writing import POSTGRESQL

WORKSPACE = table_of(tables.Workspace)


def workspaces(connection: Connection) -> dict[str, int]:
    """The number of every workspace by its id."""
    return {row.id: row.number for row in connection.execute(select(WORKSPACE).order_by(WORKSPACE.c.number))}


def create_workspace(connection: Connection, workspace_id: str) -> int:
    """The number of the workspace with this id, which is made where there is none."""
    known = find_workspace(connection, workspace_id)
    if known is not None:
        return known
    insert = insert_into_postgresql if connection.dialect.name == POSTGRESQL else insert_into_sqlite
    values = {"id": workspace_id, "change_no": 0, "arrivals": 0, "turns": 0, "epoch": 0}
    connection.execute(insert(WORKSPACE).values(values).on_conflict_do_nothing())  # another node may just make it
    number = find_workspace(connection, workspace_id)
    assert number is not None, "it was made one line above"
    return number


def tables_of_workspaces() -> list[Table]:
    """The tables whose rows belong to a workspace."""
    of_nobody = tuple(table_of(each) for each in (tables.Attempt, tables.Node, tables.SchemaStep))
    return [table for table in tables.Table.metadata.sorted_tables if table not in of_nobody]


def erase_workspace(connection: Connection, number: int) -> None:
    """Delete a workspace with everything in it."""
    for table in tables_of_workspaces():
        key = table.c.number if table is WORKSPACE else table.c.workspace
        connection.execute(table.delete().where(key == number))
