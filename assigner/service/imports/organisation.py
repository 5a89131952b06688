"""The roles, offices and agents of a workspace as a document or as tables that can be imported again.

A document holds everything of them but passwords; a table holds what fits into cells."""

from collections.abc import Iterator, Mapping
from typing import Any

from assigner.service.agents import agent_document
from assigner.service.imports.sent import Kind
from assigner.service.imports.table import CALENDAR, COLUMNS
from assigner.service.offices import office_document
from assigner.service.workspace import Workspace
from rules.parse_times import WEEKDAYS

OUTSIDE = ("id", "version")


def organisation_document(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """All roles that were made here, offices and agents by id."""
    return {
        "roles": {role: {"permissions": list(workspace.roles[role].permissions)} for role in sorted(workspace.roles)},
        "offices": {each: _fields(office_document(workspace, each)) for each in sorted(workspace.floor.offices)},
        "agents": {each: _fields(agent_document(workspace, each)) for each in sorted(workspace.agents)},
    }


def table_of(document: Mapping[str, Mapping[str, Any]], kind: Kind) -> Iterator[tuple[str, ...]]:
    """The lines of a CSV file, the names of the columns first.

    Holidays with dates of their own do not fit into a cell; they are left out, and stay as they are when the file is
    imported again where no office has any of a calendar."""
    things = document[f"{kind}s"]
    columns = [column for column in COLUMNS[kind] if _is_told(column, things)]
    yield tuple(columns)
    for thing_id, fields in things.items():
        yield tuple(thing_id if column == "id" else _cell(column, fields) for column in columns)


def _is_told(column: str, things: Mapping[str, Any]) -> bool:
    """A column of calendars is left out where it would take away dates of one's own."""
    return column != CALENDAR or not any(
        isinstance(each["holidays"], list) and each["holidays"] for each in things.values()
    )


def _cell(column: str, fields: Mapping[str, Any]) -> str:
    if column == CALENDAR:
        found = fields["holidays"]
        return "-".join(filter(None, found.values())) if isinstance(found, Mapping) else ""
    if column in WEEKDAYS:
        return " ".join((fields["hours"] or {}).get(column, ()))
    return _text(column, fields[column])


def _text(column: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list():
            return _joined(value)
        case Mapping() if column == "capacity":
            total = [] if value["total"] is None else [str(value["total"])]
            return _joined([*total, *(f"{name}:{limit}" for name, limit in value["channels"].items())])
        case Mapping():
            return _joined([f"{name}:{level}" for name, level in value.items()])
        case _:
            return str(value)


def _joined(words: list[str]) -> str:
    """Words with spaces between them, or with semicolons where a word holds spaces itself."""
    if any(" " in word for word in words):
        return ";".join(words) if len(words) > 1 else f"{words[0]};"
    return " ".join(words)


def _fields(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in OUTSIDE}
