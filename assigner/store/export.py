"""A whole workspace as it is stored, one plain value for every row: for a copy to read elsewhere.

What opens doors is left out: passwords, sessions, keys and the secrets of webhooks."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from assigner.store import tables
from assigner.store.documents import from_document, to_plain
from assigner.store.rows import table_of
from assigner.store.workspaces import tables_of_workspaces

LEFT_OUT = frozenset(
    table_of(each) for each in (tables.Password, tables.SignIn, tables.ApiKey, tables.Invitation, tables.WebhookSecret)
)


def rows_of(connection: Connection, number: int) -> Iterator[dict[str, Any]]:
    """Every row of a workspace, table by table, in the order of its key; `table` names it."""
    for table in tables_of_workspaces():
        if table in LEFT_OUT:
            continue
        own = table.c.number if table.name == tables.Workspace.__tablename__ else table.c.workspace
        query = select(table).where(own == number).order_by(*table.primary_key)
        for row in connection.execute(query.execution_options(yield_per=1000)).mappings():
            yield {"table": str(table.name), **{str(name): _plain(name, value) for name, value in row.items()}}


def _plain(name: str, value: Any) -> Any:
    if not isinstance(value, bytes):
        return to_plain(value)
    return value.hex() if name == "body_hash" else from_document(value, object)
