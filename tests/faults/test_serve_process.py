"""`assigner serve` as a process: it ends politely, is alone on its file, and knows the accounts made beside it."""

import signal
import threading
import time
from pathlib import Path

import httpx2

from tests.faults.served import a_key, run, served

AT_MOST = 2.0
PASSWORD = "correct horse battery"


def test_a_termination_ends_live_streams_and_the_process_at_once(database_url: str) -> None:
    headers = {"authorization": f"Bearer {a_key(database_url)}"}
    with served(database_url) as (process, address):
        listening, read = threading.Event(), []

        def listen() -> None:
            with httpx2.stream("GET", f"{address}/v1/events", headers=headers, timeout=10) as stream:
                for line in stream.iter_lines():
                    read.append(line)
                    listening.set()

        listener = threading.Thread(target=listen)
        listener.start()
        assert listening.wait(5)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(10)
        took = time.monotonic() - began
        listener.join(5)

    assert (code, listener.is_alive()) == (0, False)
    assert took < AT_MOST


def test_a_second_serve_on_the_same_file_is_refused_with_the_process_of_the_first(tmp_path: Path) -> None:
    database = tmp_path / "assigner.db"
    with served(database) as (process, _):
        second = run("serve", "--database", str(database), "--port", "0")

        assert (second.returncode, second.stdout) == (2, "")
        assert f"is served already, by process {process.pid};" in second.stderr


def test_the_first_administrator_signs_in_with_the_password_given(database_url: str) -> None:
    made = run("admin", "create", "--email", "ada@example.org", "--database", database_url, given=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stderr

    with served(database_url) as (_, address):
        credentials = {"email": "ada@example.org", "password": PASSWORD}
        signed_in = httpx2.post(f"{address}/v1/sessions", json=credentials)
        wrong = httpx2.post(f"{address}/v1/sessions", json={**credentials, "password": "another password"})

    assert signed_in.status_code == 201, signed_in.text
    assert wrong.status_code in (401, 403)
