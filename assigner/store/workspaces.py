"""The workspaces of a database: which there are, a new one, and none of it left.

What happens inside a workspace is a change of that workspace; these are the only writes that are not."""

from sqlalchemy import Connection, insert, select

from assigner.store import tables
from assigner.store.load import find_workspace
from assigner.store.rows import table_of

WORKSPACE = table_of(tables.Workspace)


def workspaces(connection: Connection) -> dict[str, int]:
    """The number of every workspace by its id."""
    return {row.id: row.number for row in connection.execute(select(WORKSPACE).order_by(WORKSPACE.c.number))}


def create_workspace(connection: Connection, workspace_id: str) -> int:
    """The number of the workspace with this id, which is made where there is none."""
    known = find_workspace(connection, workspace_id)
    if known is not None:
        return known
    values = {"id": workspace_id, "change_no": 0, "arrivals": 0, "epoch": 0}
    number: int = connection.execute(insert(WORKSPACE).values(values).returning(WORKSPACE.c.number)).scalar_one()
    return number


def erase_workspace(connection: Connection, number: int) -> None:
    """Delete a workspace with everything in it."""
    for table in tables.Table.metadata.tables.values():
        key = table.c.number if table is WORKSPACE else table.c.workspace
        connection.execute(table.delete().where(key == number))
