"""One request to a receiver: bounded in time and in what is read, never redirected, to a checked address.

Taken is what is answered with 2xx within ten seconds. Everything else is a failure, in words for its owner."""

import asyncio
import ssl
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import httpcore2

from assigner.webhooks.address import AddressRefused, CheckedNetwork, Network
from assigner.webhooks.message import Message

PATIENCE = 10.0
"""How many seconds a receiver may take for all of it."""
READ = 16_384
"""How many bytes of an answer are read, at most."""
GONE = 410
KEPT = 64
"""How many connections stay open for the next request; those in use are not counted, or receivers that hang would delay
others."""


class Outcome(StrEnum):
    """What became of a request."""

    TAKEN = "taken"
    ANSWERED_OTHERWISE = "answered_otherwise"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    REFUSED_ADDRESS = "refused_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a request, and why it was not taken. `is_gone`: the receiver wants nothing any more."""

    outcome: Outcome
    problem: str = ""
    is_gone: bool = False


@cache
def _certificates() -> ssl.SSLContext:
    """Those that the system trusts; loading them takes a while."""
    return ssl.create_default_context()


def connections(allowed: tuple[Network, ...]) -> httpcore2.AsyncConnectionPool:
    """Connections to receivers, kept for a while. Proxies of the environment are not asked."""
    return httpcore2.AsyncConnectionPool(
        ssl_context=_certificates(),
        max_connections=None,
        max_keepalive_connections=KEPT,
        keepalive_expiry=30,
        network_backend=CheckedNetwork(allowed),
    )


async def post(pool: httpcore2.AsyncConnectionPool, url: str, message: Message, *, patience: float) -> Answer:
    """Send a message. Whatever goes wrong is an answer as well."""
    headers = [*message.headers.items(), ("content-length", str(len(message.body)))]
    try:
        async with asyncio.timeout(patience), pool.stream("POST", url, headers=headers, content=message.body) as answer:
            read = 0
            async for part in answer.aiter_stream():
                read += len(part)
                if read > READ:
                    break
            return _answer_of(answer.status)
    except (TimeoutError, httpcore2.TimeoutException):
        return Answer(outcome=Outcome.TIMED_OUT, problem=f"no answer within {patience:g} s")
    except AddressRefused as refused:
        return Answer(outcome=Outcome.REFUSED_ADDRESS, problem=str(refused))
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol, OSError) as error:
        return Answer(outcome=Outcome.UNREACHABLE, problem=f"{type(error).__name__}: {error}"[:300])


def _answer_of(status: int) -> Answer:
    if 200 <= status < 300:
        return Answer(outcome=Outcome.TAKEN)
    problem = f"answered {status}; redirects are not followed" if 300 <= status < 400 else f"answered {status}"
    return Answer(outcome=Outcome.ANSWERED_OTHERWISE, problem=problem, is_gone=status == GONE)
