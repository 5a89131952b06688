"""A receiver of webhooks: an HTTP server that does with every message what it is told to, and keeps what it takes.

Run as a program it is a process of its own that can be killed: it prints its port, obeys one word per line of its input
(`take`, `fail`, `hang`), and writes every message it takes to a file as a line of JSON."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TAKE = 204


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message as it came."""

    headers: dict[str, str]
    body: str

    @property
    def event(self) -> dict[str, Any]:
        """What the message says."""
        event: dict[str, Any] = json.loads(self.body)
        return event


@dataclass(slots=True, kw_only=True)
class Receiver:
    """What was received. `answer` says with which status a message is answered; only those it takes are `taken`."""

    answer: Callable[[Received], int] = lambda _: TAKE
    received: list[Received] = field(default_factory=list)
    taken: list[Received] = field(default_factory=list)
    url: str = ""
    location: str = ""

    def subjects(self) -> list[str]:
        """What the messages that were taken are about."""
        return [message.event["subject"] for message in self.taken]

    def types(self) -> list[str]:
        """The types of the messages that were taken."""
        return [message.event["type"] for message in self.taken]


class Listening(ThreadingHTTPServer):
    """A server that says nothing of senders who hang up."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


@contextmanager
def receiving(receiver: Receiver, *, port: int = 0) -> Iterator[Receiver]:
    """Let a receiver listen at this machine."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length).decode()
            if len(body.encode()) < length:
                return  # the sender was killed in the middle of a message
            message = Received(headers={name.lower(): value for name, value in self.headers.items()}, body=body)
            receiver.received.append(message)
            status = receiver.answer(message)
            if 200 <= status < 300:
                receiver.taken.append(message)
            self.send_response(status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            if status != TAKE:
                self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = Listening(("127.0.0.1", port), Answering)
    receiver.url = f"http://127.0.0.1:{server.server_port}/events"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def main(port: str, file: str) -> None:
    """Receive until the input ends."""
    mood = ["take"]
    written = threading.Lock()

    def answer(message: Received) -> int:
        if mood[0] == "hang":
            time.sleep(3600)
        if mood[0] == "fail":
            return 500
        with written, Path(file).open("a", encoding="utf-8") as taken:
            print(json.dumps({"headers": message.headers, "body": message.body}), file=taken, flush=True)
        return TAKE

    with receiving(Receiver(answer=answer), port=int(port)) as receiver:
        print(receiver.url, flush=True)
        for line in sys.stdin:
            mood[0] = line.strip()
            print(mood[0], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
