"""The request that is being answered: its id stands in the answer, in the log of changes, in the audit and in what
operators are told.

Whoever answers a request sets it for all that the request does; what nobody asked for has none."""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

SENT = re.compile(r"[A-Za-z0-9._:-]{1,64}")


@dataclass(slots=True)
class Call:
    """One request: its id, and the number of the last change that was made for it, where there was one."""

    id: str
    change_no: int | None = None


CURRENT: ContextVar[Call | None] = ContextVar("call", default=None)


def request_id(sent: str | None) -> str:
    """The id that a caller sent, where it can stand in a log as it is; else a new one."""
    return sent if sent is not None and SENT.fullmatch(sent) else secrets.token_hex(8)


def current_id() -> str | None:
    """The id of the request that is being answered."""
    call = CURRENT.get()
    return None if call is None else call.id
