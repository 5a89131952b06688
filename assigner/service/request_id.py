"""The id of the request that is being answered: it stands in the answer, in the log of changes and in the audit.

Whoever answers a request sets it for all that the request does; what nobody asked for has none."""

import re
import secrets
from contextvars import ContextVar

CURRENT: ContextVar[str | None] = ContextVar("request_id", default=None)
SENT = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def request_id(sent: str | None) -> str:
    """The id that a caller sent, where it can stand in a log as it is; else a new one."""
    return sent if sent is not None and SENT.fullmatch(sent) else secrets.token_hex(8)
