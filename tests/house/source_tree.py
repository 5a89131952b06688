"""The project's own files, as the tests of the house rules read them.

That is all below the root but what .gitignore names and what editors and tools keep in hidden files."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PURE = ("presence", "rules", "assigner/core")
PRODUCT = ("presence", "rules", "assigner")
HIDDEN_BUT_OURS = {".ci", ".gitignore"}
IGNORED = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}


def modules(*folders: str) -> list[str]:
    """The Python files below some folders, as paths from the root."""
    return sorted(path for folder in folders for path in files(folder) if path.endswith(".py"))


def files(folder: str = ".") -> Iterator[str]:
    """Every file below a folder that belongs to the project, as a path from the root."""
    for path in sorted((ROOT / folder).iterdir()):
        if path.name in IGNORED or (path.name.startswith(".") and path.name not in HIDDEN_BUT_OURS):
            continue
        name = path.relative_to(ROOT).as_posix()
        if path.is_dir():
            yield from files(name)
        else:
            yield name


def text(path: str) -> str | None:
    """The text of a file, None where it is not UTF-8: a picture, or a sample in another encoding."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
