"""The sample organisation is found from the source tree; the built package is tried by .ci/run."""

from pathlib import Path

from assigner.samples import sample_file


def test_a_sample_is_found_beside_the_packages() -> None:
    assert sample_file("bad/cycle.yaml") == Path(__file__).parents[1] / "sample_data" / "bad" / "cycle.yaml"


def test_the_samples_are_there() -> None:
    assert sample_file("").is_dir()
