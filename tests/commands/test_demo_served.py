"""`assigner demo` as a process: what it prints works, something happens at once, and Ctrl-C ends it politely."""

import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from assigner.commands.demo_host import CONTACTS, PRESENT_FIRST
from assigner.commands.demo_serve import PORTS, free_port
from assigner.testing import Workbench

ASSIGNER = (sys.executable, "-c", "from assigner.cli import main; main()")
AT_MOST = 2.0
LAST_LINE = "Ctrl-C ends"


@contextmanager
def demo(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and what it printed. It is ended on leaving, if it is still there."""
    with subprocess.Popen([*ASSIGNER, "demo", *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            printed = ""
            for line in process.stdout:
                printed += line
                if line.startswith(LAST_LINE):
                    break
            yield process, printed
            process.send_signal(signal.SIGINT)
            process.wait(10)
        finally:
            process.kill()


def test_somebody_signs_in_sees_a_contact_assigned_and_ends_it() -> None:
    with demo("--port", "0") as (process, printed):
        address = re.findall(r"http://\S+", printed)[0]
        [password] = re.findall(r"password +(\S+)", printed)
        emails = re.findall(r"^  \w+ +(\S+@\S+)$", printed, re.MULTILINE)
        with httpx2.Client(base_url=address) as client:
            signed_in = [sign_in(client, email, password) for email in emails]
            roles = [current(client, token)["role"] for token in signed_in]
            supervisor = {"authorization": f"Bearer {signed_in[1]}"}
            first = first_event(client, "contact.assigned", headers=supervisor)

        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        code = process.wait(10)
        took = time.monotonic() - began

    assert roles == ["admin", "supervisor", "agent", "agent"]
    assert first == "event: contact.assigned"
    assert code == 0
    assert took < AT_MOST


def test_the_lines_to_copy_send_a_contact_explain_it_and_choose_busy() -> None:
    with demo("--port", "0") as (_, printed):
        lines = [shlex.split(line) for line in printed.splitlines() if line.startswith("curl ")]
        sent, why, carla = (carried_out(line).json() for line in lines)

    assert (sent["id"], sent["state"]) == ("mine", "queued")
    assert (why["contact_id"], why["waiting_because"]) == ("mine", "missing_skill")
    assert (carla["agent_id"], carla["status"]) == ("carla", "busy")


def test_the_next_port_is_taken_where_somebody_listens() -> None:
    first = free_port("127.0.0.1")
    with socket.create_server(("127.0.0.1", first)):
        second = free_port("127.0.0.1")

    assert PORTS[0] <= first < second


@pytest.mark.parametrize("contact", [pytest.param(contact, id=str(number)) for number, contact in enumerate(CONTACTS)])
def test_somebody_can_take_each_contact_that_the_host_application_sends(contact: dict[str, Any]) -> None:
    with Workbench(sample=True) as bench:
        for agent_id in PRESENT_FIRST:
            bench.sign_in(agent_id)
        sent = bench.client().post("/v1/contacts", json=contact)
        bench.settle()
        taken = bench.client().get(f"/v1/contacts/{sent.json()['id']}").json()

    assert (sent.status_code, taken["state"]) == (201, "assigned")


def sign_in(client: httpx2.Client, email: str, password: str) -> str:
    answer = client.post("/v1/sessions", json={"email": email, "password": password})
    assert answer.status_code == 201, answer.text
    client.cookies.clear()
    return str(answer.json()["token"])


def current(client: httpx2.Client, token: str) -> dict[str, str]:
    answer: dict[str, str] = client.get("/v1/sessions/current", headers={"authorization": f"Bearer {token}"}).json()
    return answer


def first_event(client: httpx2.Client, kind: str, *, headers: dict[str, str]) -> str:
    """The line that tells of the first event of a kind, within ten seconds."""
    until = time.monotonic() + 10
    with client.stream("GET", "/v1/events", headers=headers, timeout=10) as stream:
        for line in stream.iter_lines():
            if line == f"event: {kind}":
                return line
            assert time.monotonic() < until
    pytest.fail("the stream has ended")


def carried_out(curl: list[str]) -> httpx2.Response:
    """What a line with curl asks for, asked here, for not every machine has curl."""
    method, headers, body, address = "", {}, None, ""
    rest = iter(curl[1:])
    for word in rest:
        if word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(rest)
        elif word == "-X":
            method = next(rest)
        else:
            address = word
    method = method or ("POST" if body else "GET")
    return httpx2.request(method, address, headers=headers, content=body)
