"""Whatever bytes are sent as a table or a document, the answer is things or findings, and comes soon."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assigner.service.imports.files import read_file
from assigner.service.imports.sent import Contents, ImportInvalid, Item, Kind
from assigner.service.imports.table import COLUMNS

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


@pytest.mark.parametrize("is_csv", [True, False])
def test_a_large_hostile_file_is_refused_soon(is_csv: bool) -> None:
    assert read(b'"' * 999_999, Contents.AGENTS, is_csv=is_csv) is None
