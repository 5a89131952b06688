"""Whatever is sent as a table or a document, the answer is things or findings, and it comes soon."""

import json
import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assigner.core.board import Board
from assigner.service.actor import ROLES, Actor
from assigner.service.imports.files import read_file
from assigner.service.imports.sent import Contents, ImportInvalid, Item, Kind
from assigner.service.imports.table import COLUMNS
from assigner.service.imports.take_over import rehearse
from assigner.service.workspace import Workspace
from presence.model import PresencePolicy

CELL = st.one_of(st.sampled_from(["", "es:3 en", "5 chat:2", "TRUE", "a;b c", ":", "-1", "ES-MD"]), st.text(max_size=8))
LINES = st.lists(st.lists(CELL, min_size=1, max_size=11), max_size=5)


def read(raw: bytes, contents: Contents, *, is_csv: bool) -> tuple[Item, ...] | None:
    """The things of a file; None where it is refused."""
    try:
        return read_file(raw, contents, is_csv=is_csv)
    except ImportInvalid:
        return None


@settings(max_examples=200, deadline=None)
@given(raw=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)), is_csv=st.booleans())
def test_any_bytes(raw: bytes, is_csv: bool) -> None:
    found = read(raw, Contents.AGENTS, is_csv=is_csv)

    assert found is None or all(item.id.strip() for item in found)


@settings(max_examples=200, deadline=None)
@given(kind=st.sampled_from(Kind), lines=LINES)
def test_any_table(kind: Kind, lines: list[list[str]]) -> None:
    columns = COLUMNS[kind]
    cells = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in (line * 11)[: len(columns)]] for line in lines]
    table = "\n".join(",".join(each) for each in (list(columns), *cells))

    found = read(table.encode(errors="replace"), Contents(f"{kind}s"), is_csv=True)

    assert found is None or len(found) <= len(lines)


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6))
NAMES = st.one_of(
    st.sampled_from(["offices", "agents", "hours", "mon", "holidays", "calendar", "date", *COLUMNS[Kind.AGENT]]),
    st.text(max_size=4),
)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=15,
)
THINGS = st.dictionaries(st.sampled_from(["ana", "madrid", "lisbon"]), st.dictionaries(NAMES, DOCUMENTS, max_size=5))


@settings(max_examples=200, deadline=None)
@given(
    contents=st.sampled_from(Contents),
    document=st.one_of(DOCUMENTS, THINGS, st.fixed_dictionaries({}, optional={"offices": THINGS, "agents": THINGS})),
)
def test_any_document_is_refused_with_places_or_can_be_told(contents: Contents, document: object) -> None:
    items = read(json.dumps(document).encode(), contents, is_csv=False)
    if items is None:
        return
    workspace = Workspace(number=1, board=Board(), policy=PresencePolicy())
    admin = Actor(name="test", workspace=1, permissions=ROLES["admin"])

    with suppress(ImportInvalid):
        told = rehearse(workspace, admin, items)
        assert told.new + told.changed + told.unchanged == len(items)


AS_LONG_AS_ALLOWED = 999_999
HOSTILE = {
    "quotation marks": b'"' * AS_LONG_AS_ALLOWED,
    "one cell": b"id\n" + b"a" * (AS_LONG_AS_ALLOWED - 3),
    "columns": b"id" + b",a" * (AS_LONG_AS_ALLOWED // 2 - 1),
    "empty lines": b"id\n" + b"\n" * (AS_LONG_AS_ALLOWED - 3),
    "one letter a line": b"id\n" + b"a\n" * (AS_LONG_AS_ALLOWED // 2 - 2),
    "colons": b"id,skills\nana," + b"a:1 " * (AS_LONG_AS_ALLOWED // 4 - 4),
    "brackets": b"[" * AS_LONG_AS_ALLOWED,
    "braces in pairs": b"{a: " * (AS_LONG_AS_ALLOWED // 5) + b"}" * (AS_LONG_AS_ALLOWED // 5),
    "names": b"".join(b"a%d: {}\n" % number for number in range(70_000)),
    "wrong names": b"ana: {" + b", ".join(b"a%d: 1" % number for number in range(70_000)) + b"}",
    "spaces": b"ana:\n" + b" " * (AS_LONG_AS_ALLOWED - 5),
    "one number": b"ana: {capacity: " + b"9" * (AS_LONG_AS_ALLOWED - 17) + b"}",
    "aliases": b"a: &a [" + b"*a, " * (AS_LONG_AS_ALLOWED // 4 - 8) + b"]",
    "zeros": bytes(AS_LONG_AS_ALLOWED),
}
SOON, LITTLE = 30, 200_000_000
"""Seconds of the processor and bytes, several times what the worst of them takes: 4 s and 54 MB."""


@pytest.mark.parametrize("is_csv", [True, False], ids=["table", "document"])
@pytest.mark.parametrize("name", HOSTILE)
def test_the_worst_files_are_read_soon_and_in_little_memory(name: str, is_csv: bool) -> None:
    assert len(HOSTILE[name]) < 1_000_000
    tracemalloc.start()
    began = time.process_time()

    read(HOSTILE[name], Contents.AGENTS, is_csv=is_csv)

    took, most = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert took < SOON
    assert most < LITTLE
