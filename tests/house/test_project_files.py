"""What must hold of the project's files as a whole: they name no machine, and what is installed is locked.

The addresses and paths are put together from parts here, so that this file does not name what it forbids."""

import re
import tomllib

import pytest

from tests.house.source_tree import ROOT, files, text

INDEX_ADDRESS = re.compile(r"pypi\.(python\.)?org|pythonhosted\.|registry\.npmjs|index-url[= ]+\S*:")
MACHINE_PATH = re.compile(r"(?<![\w.*~-])/(home|root|Users|work)/\w")


def test_no_file_names_a_package_index_or_a_folder_of_one_machine() -> None:
    lines = [(path, line) for path in files() for line in (text(path) or "").splitlines()]
    assert [f"{path}: {line}" for path, line in lines if names_a_machine(line)] == []


@pytest.mark.parametrize(
    ("line", "forbidden"),
    [
        pytest.param("--extra-index-url" + " https://example.org/simple", True, id="an index of one's own"),
        pytest.param("https://" + "pypi" + ".org/simple/networkx/", True, id="the public index"),
        pytest.param("cd /home" + "/maria/assigner", True, id="a home"),
        pytest.param("replay /root" + "/calls.csv", True, id="the home of root"),
        pytest.param("--no-emit-index-url --quiet", False, id="an option without address"),
        pytest.param("GET /api/v1/agents/home/office", False, id="a path on a server"),
    ],
)
def test_addresses_and_paths_are_found(line: str, forbidden: bool) -> None:
    assert names_a_machine(line) is forbidden


def test_the_lock_holds_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *(name for group in project["dependency-groups"].values() for name in group),
    ]
    assert {bare_name(requirement) for requirement in wanted} <= {bare_name(line) for line in locked_versions()}


def test_every_locked_version_is_exact_and_has_a_hash() -> None:
    unsure = [entry for entry in locked_versions() if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:", entry)]
    assert unsure == []


def locked_versions() -> list[str]:
    """The entries of requirements.lock, each with its continued lines joined into one."""
    lines = (ROOT / "requirements.lock").read_text().replace("\\\n", " ").splitlines()
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def bare_name(requirement: str) -> str:
    """The name of a package without its extras, version and markers."""
    return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-")


def names_a_machine(line: str) -> bool:
    """Whether a line means something on one machine or network only."""
    return bool(INDEX_ADDRESS.search(line) or MACHINE_PATH.search(line))
