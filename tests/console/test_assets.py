"""The files that pages load: those of others are what was published, and every one is served under its hash."""

import hashlib
import json
from pathlib import Path

from assigner.console.assets import TYPES, asset, assets
from assigner.testing import Workbench

VENDOR = Path(__file__).parents[2] / "assigner" / "console" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())


def test_every_carried_file_is_the_one_that_the_manifest_names() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir()}
    carried = {entry["file"]: entry["sha256"] for entry in MANIFEST}
    licences = {entry["licence_file"] for entry in MANIFEST}

    assert carried == {name: digest for name, digest in found.items() if Path(name).suffix in TYPES}
    assert found.keys() == carried.keys() | licences | {"manifest.json"}


def test_every_carried_file_has_a_version_and_a_licence() -> None:
    assert {(entry["package"], entry["version"], entry["licence"]) for entry in MANIFEST} == {
        ("htmx.org", "4.0.1", "0BSD"),
        ("@picocss/pico", "2.1.1", "MIT"),
    }


def test_a_file_is_kept_for_good_under_its_hash_and_looked_at_again_under_another() -> None:
    with Workbench() as bench:
        client = bench.client()
        current, old = client.get(asset("console.css")), client.get("/console/0/console.css")
        missing = client.get("/console/0/nothing.css")

    assert current.content == old.content == assets()["console.css"].content
    assert current.headers["content-type"] == "text/css; charset=utf-8"
    assert current.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert old.headers["cache-control"] == "no-cache"
    assert missing.status_code == 404
