"""Who may use whom, where the import contracts in pyproject.toml have no words for it: "nothing but"."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from typing import Any

import pytest

from tests.house.source_tree import PRODUCT, ROOT, modules, text

STANDARD_LIBRARY = tuple(sys.stdlib_module_names)
SIMULATOR_USES = ("assigner.simulator", "assigner.core", "assigner.csv_table", "assigner.measures", "assigner.samples")


EXTRAS = {"assigner/api/single_sign_on.py": "oidc"}
"""The one module that needs the packages of each extra; it is imported only where it was asked for."""


@pytest.mark.parametrize("path", modules("presence"))
def test_presence_uses_nothing_but_the_standard_library(path: str) -> None:
    assert [name for name in imports(text(path) or "") if not within(name, "presence", *STANDARD_LIBRARY)] == []


def test_the_product_uses_nothing_but_the_packages_it_is_installed_with() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *(each for extra in EXTRAS.values() for each in extras(project)[extra])]
    names = {name for path in modules(*PRODUCT) for name in imports(text(path) or "")}
    foreign = {name.split(".")[0] for name in names if not within(name, *PRODUCT, *STANDARD_LIBRARY)}
    distributions = packages_distributions()
    missing = {name for name in foreign if not is_declared(distributions.get(name, [name]), declared)}
    assert missing == set()


def test_packages_of_an_extra_are_imported_in_one_place_only() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = {name.partition(">")[0] for names in extras(project).values() for name in names}
    users = [
        path for path in modules(*PRODUCT) if {name.split(".")[0] for name in imports(text(path) or "")} & optional
    ]

    assert users == list(EXTRAS)


def extras(project: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = project["optional-dependencies"]
    return found


@pytest.mark.parametrize("path", modules("assigner/simulator"))
def test_the_simulator_uses_nothing_of_the_product_but_its_core(path: str) -> None:
    of_the_product = [name for name in imports(text(path) or "") if within(name, "assigner")]
    assert [name for name in of_the_product if not within(name, *SIMULATOR_USES)] == []


def test_imports_are_found() -> None:
    source = "import networkx.algorithms\nfrom assigner.cli import main\ndef late():\n    from assigner import samples"
    assert list(imports(source)) == ["networkx.algorithms", "assigner.cli.main", "assigner.samples"]


def test_a_package_is_declared_under_the_name_of_its_distribution() -> None:
    assert is_declared(["PyYAML"], ["pyyaml>=6.0.3"])
    assert not is_declared(["msgspec"], ["pyyaml>=6.0.3", "typer>=0.29"])


def is_declared(distributions: list[str], requirements: list[str]) -> bool:
    """Whether one of the distributions that hold a package is required by name."""
    required = {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in requirements}
    return not required.isdisjoint(name.lower().replace("_", "-") for name in distributions)


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
