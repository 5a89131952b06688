"""Files to import as the things that they hold: CSV, or a JSON or YAML document.

Only the form is checked here; whether it can be taken over, `take_over` finds out."""

from collections.abc import Mapping

from assigner.service.imports.sent import KINDS, Contents, ImportInvalid, Item, Kind, problem_with_id
from assigner.service.imports.table import read_table
from presence.errors import Invalid
from rules.document import read_document
from rules.entry import Entry, read_all
from rules.findings import Code, Path, Place, RulesInvalid

SETTING = "default_capacity"
"""Stands in the organisation files of replays, beside what can be imported."""


def read_file(raw: bytes, contents: Contents, *, is_csv: bool) -> tuple[Item, ...]:
    """The things of a file. Raises ImportInvalid with every error, and Invalid for a table of everything."""
    if not is_csv:
        return read_organisation(raw, contents)
    if contents is Contents.ORGANISATION:
        raise Invalid("unknown_value", "a CSV file holds roles, offices or agents, not all; import them one by one")
    return read_table(raw, Kind(contents.removesuffix("s")))


def read_organisation(raw: bytes, contents: Contents) -> tuple[Item, ...]:
    """The things of a JSON or YAML document: by id, or under `roles`, `offices` and `agents`. Raises ImportInvalid."""
    document = read_document(raw)
    inside: Path = () if contents is Contents.ORGANISATION else (contents,)

    def items(entry: Entry) -> tuple[Item, ...]:
        if inside:
            return tuple(_items(entry, Kind(contents.removesuffix("s")), places))
        groups = entry.fields(*KINDS.values(), SETTING)
        if SETTING in groups:
            fix = "remove it here; PUT /v1/settings/assignment sets it"
            groups[SETTING].refuse(Code.UNKNOWN_FIELD, f"{SETTING} is a setting, and none is imported", fix)
        return tuple(item for kind, name in KINDS.items() for item in _items(groups[name], kind, places))

    places: dict[Path, dict[Path, Place]] = {}
    depth = 1 if inside else 2
    for path, place in document.places.items():
        places.setdefault(path[:depth], {})[path[depth:]] = place
    try:
        return read_all(document, contents, items)
    except RulesInvalid as refused:
        raise ImportInvalid(refused.findings) from None


def _items(entry: Entry, kind: Kind, places: Mapping[Path, Mapping[Path, Place]]) -> list[Item]:
    found = []
    for name, each in entry.named_entries().items():
        problem = problem_with_id(name)
        if problem is not None:
            each.refuse(Code.WRONG_TYPE, problem, "choose another id")
        each.named_entries()  # says so where it is no mapping
        if isinstance(each.value, Mapping):
            found.append(Item(kind=kind, id=name, fields=each.value, places=places.get(each.path, {})))
    return found
