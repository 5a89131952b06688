"""Looking up known vulnerabilities: what a service knows ends the run, a service that is not there does not."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from tests.house.source_tree import ROOT


def look_up(service: str) -> subprocess.CompletedProcess[str]:
    """Run the script against a service."""
    command = [sys.executable, str(ROOT / ".ci" / "vulnerabilities"), service]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@contextmanager
def a_service(vulnerable: str) -> Iterator[str]:
    """A service that knows of one vulnerability, in this package."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            results = [self.known(each) for each in asked]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"results": results}).encode())

        def known(self, asked: dict[str, Any]) -> dict[str, Any]:
            is_it = asked["package"] == {"ecosystem": "PyPI", "name": vulnerable} and asked["version"]
            return {"vulns": [{"id": "GHSA-test"}]} if is_it else {}

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_known_vulnerability_is_named_and_fails_the_run() -> None:
    with a_service("jinja2") as service:
        answer = look_up(service)

    assert answer.returncode == 1
    assert "1 with known vulnerabilities" in answer.stdout
    assert "jinja2 3." in answer.stdout
    assert "GHSA-test" in answer.stdout


def test_nothing_known_is_said_and_fails_nothing() -> None:
    with a_service("none-of-ours") as service:
        answer = look_up(service)

    assert answer.returncode == 0, answer.stderr
    assert "locked packages looked up, 0 with known vulnerabilities." in answer.stdout


def test_a_service_that_is_not_there_is_said_and_fails_nothing() -> None:
    answer = look_up("http://127.0.0.1:9/")

    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("NOT looked up: http://127.0.0.1:9/ cannot be reached")
