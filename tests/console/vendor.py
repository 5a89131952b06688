"""For maintainers: fetch the libraries that the console carries, as they are published, into assigner/console/vendor.

Change a version in LIBRARIES, run `python -m tests.console.vendor`, look at the difference, commit it. It needs npm;
nobody who uses or tests the project does. `manifest.json` says what each file is; a test compares."""

import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

VENDOR = Path(__file__).resolve().parents[2] / "assigner" / "console" / "vendor"

LIBRARIES = {
    "htmx.org": ("4.0.1", "0BSD", ("dist/htmx.min.js", "dist/ext/hx-sse.min.js"), "LICENSE"),
    "@picocss/pico": ("2.1.1", "MIT", ("css/pico.min.css",), "LICENSE.md"),
}
"""By name: version, licence, the files that are carried, and where its text stands."""


def main() -> None:
    """Fetch everything anew, and write down what was fetched."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    manifest = [entry for name in LIBRARIES for entry in fetch(name)]
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def fetch(name: str) -> list[dict[str, str]]:
    """Put the files of one library into the folder; what the manifest says of each."""
    version, licence, paths, licence_path = LIBRARIES[name]
    with TemporaryDirectory() as folder:
        packed = subprocess.check_output(
            ["npm", "pack", "--silent", "--pack-destination", folder, f"{name}@{version}"], text=True
        )
        with tarfile.open(Path(folder) / packed.strip()) as package:
            package.extractall(folder, filter="data")
        root = Path(folder) / "package"
        licence_file = f"LICENSE.{name.rpartition('/')[2]}.txt"
        shutil.copy(root / licence_path, VENDOR / licence_file)
        entries = []
        for path in paths:
            content = (root / path).read_bytes()
            content = content.partition(b"\n//# sourceMappingURL")[0]
            target = VENDOR / Path(path).name
            target.write_bytes(content)
            entries.append(
                {
                    "file": target.name,
                    "package": name,
                    "version": version,
                    "path": path,
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "licence": licence,
                    "licence_file": licence_file,
                }
            )
        return entries


if __name__ == "__main__":
    main()
