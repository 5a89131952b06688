"""What HTTP calls of a real `assigner serve` cost (P5, P6, P11), beside a plain route that stores nothing.

The product does everything in these calls: credential, log with the decision's account, assignment, event; all of it is
durable before the answer. Server and client share this machine, so only the ratios mean something."""

import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from assigner.benchmarks.load import answered_per_second, post, running
from assigner.benchmarks.measure import Figure, Unit, in_turn
from assigner.benchmarks.prepared import prepare

SERVE = (sys.executable, "-c", "from assigner.cli import main; main()", "serve", "--port", "0", "--database")
PLAIN = (sys.executable, "-m", "assigner.benchmarks.plain_route")
FEW, MANY = 32, 128
"""Connections at once."""


def http_rates(*, agents: int, requests: int, rounds: int) -> list[Figure]:
    """P5, P6 and P11: calls answered in a second, with some connections at once."""
    with TemporaryDirectory(prefix="bench-") as folder:
        database = Path(folder) / "served.db"
        key = prepare(f"sqlite:///{database}", agents=agents)
        with running(*SERVE, str(database)) as (served, _), running(*PLAIN, key) as (plain, _):
            sent = count()
            contacts = partial(_contacts, sent, requests, key)
            waiting = partial(_contacts, sent, requests, key, Prefer="wait=10")
            cases = {
                "plain few": _case(plain, contacts, FEW),
                "few": _case(served, contacts, FEW),
                "waiting few": _case(served, waiting, FEW),
                "activity": _case(served, partial(_activity, agents, requests, key), FEW),
                "plain many": _case(plain, contacts, MANY),
                "waiting many": _case(served, waiting, MANY),
            }
            before = _size(Path(folder))
            rate = in_turn(cases, rounds=rounds)
            written = _size(Path(folder)) - before
    few = partial(Figure, other=rate["plain few"], unit=Unit.RATE)
    many = partial(Figure, other=rate["plain many"], unit=Unit.RATE)
    per_contact = f"files grow by {written / (3 * rounds * requests):,.0f} bytes each"
    return [
        few(name="P5", what=_named("durable POST", FEW), case=rate["few"], at_least=1.0, writes=per_contact),
        few(name="P6", what=_named("POST answered when assigned", FEW), case=rate["waiting few"], at_least=0.7),
        many(name="P6", what=_named("POST answered when assigned", MANY), case=rate["waiting many"], at_least=0.9),
        few(name="P11", what=_named("activity reports", FEW), case=rate["activity"], at_least=2.5),
    ]


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.iterdir())


def _named(what: str, connections: int) -> str:
    return f"{what}, {connections} connections ÷ plain route"


def _case(address: str, requests: Callable[[], list[bytes]], connections: int) -> Callable[[], float]:
    return lambda: answered_per_second(address, requests(), connections=connections)


def _contacts(sent: "count[int]", requests: int, key: str, **headers: str) -> list[bytes]:
    """Contacts that nobody has sent before."""
    return [
        post(
            "/v1/contacts",
            {
                "id": f"contact-{number}",
                "channel": "chat",
                "customer_id": f"customer-{number}",
                "language": "es",
                "attributes": {"topic": "billing", "text": "x" * 200},
            },
            key=key,
            **headers,
        )
        for number, _ in zip(sent, range(requests), strict=False)
    ]


def _activity(agents: int, requests: int, key: str) -> list[bytes]:
    """Reports of input, of one agent after the other."""
    return [post(f"/v1/sessions/session-{each % agents}/activity", {"age_ms": 0}, key=key) for each in range(requests)]
