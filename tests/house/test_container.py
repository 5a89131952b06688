"""The container and compose files: read, compared with what the product understands, and their commands carried out.

No test builds an image, for a machine without a container engine cannot; the heads of the files say so."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from assigner.settings import KNOWN, settings_from

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".ci" / "container"
Instructions = list[tuple[str, str]]


def instructions() -> Instructions:
    lines = (FOLDER / "Containerfile").read_text().splitlines()
    pairs = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return [(word, rest) for word, _, rest in pairs]


def last(word: str) -> str:
    return [rest for each, rest in instructions() if each == word][-1]


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    return found


def test_both_files_say_that_nobody_has_tried_them_with_an_engine() -> None:
    assert "NOT BUILT BY THE TESTS" in (FOLDER / "Containerfile").read_text()
    assert "NOT STARTED BY THE TESTS" in (FOLDER / "compose.yaml").read_text()


def test_the_image_is_small_and_its_user_is_not_root() -> None:
    words = [word for word, _ in instructions()]

    assert words.count("FROM") == 2, "what builds is left behind"
    assert last("USER") == "assigner"
    assert words.index("USER") < len(words) - 1 - words[::-1].index("CMD")
    assert re.search(r"useradd .*--uid 10001 .*assigner", "\n".join(rest for _, rest in instructions()))
    assert {"VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK"} <= set(words)


def test_the_image_is_built_from_the_lock_as_ci_builds_the_wheel() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    constraints = re.search(r"sed (-e '.*?' -e '.*?') requirements\.lock", script)

    assert constraints is not None
    assert f"sed {constraints[1]} requirements.lock" in "\n".join(rest for _, rest in instructions())
    assert (ROOT / ".ci/container/Containerfile.dockerignore").read_text().splitlines()[:2] == [".git", ".venv"]


def test_what_the_image_runs_serves_is_healthy_and_ends(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = dict(each.split("=", 1) for each in last("ENV").split() if each.startswith("ASSIGNER_"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}"
    environment = {**settings, "ASSIGNER_PORT": str(port), "ASSIGNER_HOST": "127.0.0.1", "PATH": path}
    command, check = json.loads(last("CMD")), json.loads(last("HEALTHCHECK").partition("CMD ")[2])
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("assigner serves")
            healthy = any(is_healthy(check, environment) for _ in range(5))  # an engine, too, asks more than once
            process.send_signal(getattr(signal, last("STOPSIGNAL")))
            code = process.wait(10)
        finally:
            process.kill()

    assert (healthy, code, is_healthy(check, environment)) == (True, 0, False)
    assert settings.keys() <= KNOWN


def test_two_nodes_share_a_database_that_is_awaited_and_kept() -> None:
    services = compose()["services"]
    nodes = [services["node-1"], services["node-2"]]
    environment = {name: re.sub(r"\$\{.*?\}", "secret", value) for name, value in nodes[0]["environment"].items()}
    settings = settings_from(environment)

    assert environment.keys() <= KNOWN
    assert nodes[0]["environment"] == nodes[1]["environment"]
    assert settings.database == "postgresql://assigner:secret@database/assigner"
    assert settings.keep_days == 365
    assert all(node["depends_on"]["database"]["condition"] == "service_healthy" for node in nodes)
    assert services["database"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert compose()["volumes"].keys() == {each.split(":")[0] for each in services["database"]["volumes"]}
    assert len({port for node in nodes for port in node["ports"]}) == 2


def test_the_compose_file_names_files_that_there_are() -> None:
    build = compose()["services"]["node-1"]["build"]
    context = (FOLDER / build["context"]).resolve()

    assert context == ROOT
    assert (context / build["dockerfile"]).is_file()


def is_healthy(check: list[str], environment: dict[str, str]) -> bool:
    return subprocess.run(check, env=environment, check=False, stderr=subprocess.DEVNULL).returncode == 0
