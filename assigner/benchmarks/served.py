"""What a request over HTTP costs (P5, P6, P7, P11), beside a plain FastAPI route that stores nothing.

The service is a real `assigner serve`, with a credential, a workspace, a log and an event for each contact; all of it
is durable before the answer. Server and client share this machine, so only the ratios mean something."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from itertools import count

from assigner.benchmarks.databases import Place, Weighed
from assigner.benchmarks.disk import described, watched_disk
from assigner.benchmarks.load import answered_per_second, post, slowest_answer
from assigner.benchmarks.measure import Case, Figure, Unit, in_turn
from assigner.benchmarks.prepared import prepare
from assigner.benchmarks.programs import Program, running, serving

FEW, MANY = 32, 128
"""Connections at once."""
PACE = 1_000
"""Contacts a second for the time to an assignment, or half of what the machine can do, where that is less."""


class Sent:
    """What the clients send: contacts that nobody has sent before, and reports of input."""

    def __init__(self, key: str, *, agents: int, requests: int) -> None:
        self._key = key
        self._agents = agents
        self._requests = requests
        self._numbers = count()

    def contacts(self, requests: int | None = None, **headers: str) -> list[bytes]:
        """New contacts."""
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
                key=self._key,
                **headers,
            )
            for _, number in zip(range(requests or self._requests), self._numbers, strict=False)
        ]

    def waiting(self, requests: int | None = None) -> list[bytes]:
        """New contacts, each to be answered when it is assigned."""
        return self.contacts(requests, Prefer="wait=10")

    def activity(self) -> list[bytes]:
        """Reports of input, of one agent after the other."""
        paths = (f"/v1/sessions/session-{each % self._agents}/activity" for each in range(self._requests))
        return [post(path, {"age_ms": 0}, key=self._key) for path in paths]


def http_rates(place: Place, *, agents: int, requests: int, seconds: float, rounds: int) -> list[Figure]:
    """P5, P6, P11: calls answered in a second, with some connections at once. P7: how long it takes at an even pace,
    for so many seconds in each round."""
    database = place.new("served")
    key = prepare(database, agents=agents)
    served, plain = serving(database), Program(sys.executable, "-m", "assigner.benchmarks.plain_route", key)
    with running(served, plain):
        sent = Sent(key, agents=agents, requests=requests)
        durable = Weighed(_case(served, sent.contacts, FEW), place, units=requests)
        cases: dict[str, Case] = {
            "plain few": _case(plain, sent.contacts, FEW),
            "few": durable,
            "waiting few": _case(served, sent.waiting, FEW),
            "activity": _case(served, sent.activity, FEW),
            "plain many": _case(plain, sent.contacts, MANY),
            "waiting many": _case(served, sent.waiting, MANY),
        }
        rate = in_turn(cases, rounds=rounds)
        pace = min(PACE, rate["waiting few"] / 2)
        paced = max(100, int(pace * seconds))
        cases = {
            "served": lambda: slowest_answer(served.address, sent.waiting(paced), pace=pace),
            "plain": lambda: slowest_answer(plain.address, sent.contacts(paced), pace=pace),
        }
        with watched_disk() as taken:
            slowest = in_turn(cases, rounds=rounds)
    return [*_rates(place, rate, written=str(durable)), _slowest(place, slowest, pace=pace, disk=described(taken))]


def _rates(place: Place, rate: Mapping[str, float], *, written: str) -> list[Figure]:
    few = partial(Figure, on=place.name, other=rate["plain few"], unit=Unit.RATE)
    many = partial(Figure, on=place.name, other=rate["plain many"], unit=Unit.RATE)
    assigned = "POST answered when assigned"
    return [
        few(name="P5", what=_named("durable POST", FEW), case=rate["few"], at_least=1.0, remark=written),
        few(name="P6", what=_named(assigned, FEW), case=rate["waiting few"], at_least=0.7),
        many(name="P6", what=_named(assigned, MANY), case=rate["waiting many"], at_least=0.9),
        few(name="P11", what=_named("activity reports", FEW), case=rate["activity"], at_least=2.5),
    ]


def _slowest(place: Place, slowest: Mapping[str, float], *, pace: float, disk: str) -> Figure:
    return Figure(
        name="P7",
        on=place.name,
        what=f"p99 from POST to durable assignment, {pace:,.0f}/s ÷ plain route",
        case=slowest["served"],
        other=slowest["plain"],
        at_most=4.0,
        remark=disk if pace == PACE else f"half of what goes, as {PACE:,}/s are too many here; {disk}",
    )


def _named(what: str, connections: int) -> str:
    return f"{what}, {connections} connections ÷ plain route"


def _case(program: Program, requests: Callable[[], list[bytes]], connections: int) -> Case:
    return lambda: answered_per_second(program.address, requests(), connections=connections)
