"""The sample organisation that ships with the product: where its files lie.

An installed package carries them inside itself; in the source tree they are in `sample_data/` beside the packages."""

from importlib.resources import files
from pathlib import Path


def sample_file(name: str) -> Path:
    """The path of a sample by its name below `sample_data/`, such as "rules.yaml" or "bad/cycle.yaml"."""
    package = Path(str(files("assigner")))
    installed = package / "_sample_data"
    return (installed if installed.is_dir() else package.parent / "sample_data") / name
