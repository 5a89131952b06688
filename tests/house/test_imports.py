"""Who may use whom, where the import contracts in pyproject.toml have no words for it: "nothing but"."""

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.house.source_tree import modules, text

STANDARD_LIBRARY = tuple(sys.stdlib_module_names)
SIMULATOR_USES = ("assigner.simulator", "assigner.core", "rules", "presence")


@pytest.mark.parametrize("path", modules("presence"))
def test_presence_uses_nothing_but_the_standard_library(path: str) -> None:
    assert [name for name in imports(text(path) or "") if not within(name, "presence", *STANDARD_LIBRARY)] == []


@pytest.mark.parametrize("path", modules("assigner/simulator"))
def test_the_simulator_uses_nothing_of_the_product_but_its_core(path: str) -> None:
    of_the_product = [name for name in imports(text(path) or "") if within(name, "assigner")]
    assert [name for name in of_the_product if not within(name, *SIMULATOR_USES)] == []


def test_imports_are_found() -> None:
    source = "import networkx.algorithms\nfrom assigner.cli import main\ndef late():\n    from assigner import samples"
    assert list(imports(source)) == ["networkx.algorithms", "assigner.cli.main", "assigner.samples"]


def imports(source: str) -> Iterator[str]:
    """Every name that a module imports, in full."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, *packages: str) -> bool:
    """Whether a name is one of the packages or lies in one."""
    return any(name == package or name.startswith(package + ".") for package in packages)
