"""Ids for what arrives without one: UUIDv7, so that ids sort by the time they were made."""

import secrets
import uuid
from datetime import datetime


def new_id(*, now: datetime) -> str:
    """An id that nobody else has (RFC 9562, version 7): 48 bits of milliseconds, then chance."""
    milliseconds = int(now.timestamp() * 1000)
    number = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=number))
