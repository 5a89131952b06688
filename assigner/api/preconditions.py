"""Headers with which a caller says when and how an answer is wanted: `If-Match` and `Prefer`."""

import re
from typing import Annotated

from fastapi import Depends, Header

from presence.errors import Invalid

LONGEST_WAIT = 60
VERSION = re.compile(r'(?:W/)?"?(\d+)"?')
WAIT = re.compile(r"\bwait\s*=\s*\"?(\d+)")


async def version_of(
    if_match: Annotated[str | None, Header(description="The `version` that was read")] = None,
) -> int | None:
    """The version in If-Match; None where none is asked for. Raises Invalid."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = VERSION.fullmatch(if_match.strip())
    if found is None:
        raise Invalid(
            "invalid", f"If-Match {if_match!r} is no version; send the number that was read", field="If-Match"
        )
    return int(found[1])


IfMatch = Annotated[int | None, Depends(version_of)]


def wait_of(prefer: str | None) -> int | None:
    """How many seconds an answer may be held, at most 60; None where it is not to be held (RFC 7240: what is not
    understood is ignored)."""
    found = WAIT.search(prefer or "")
    return min(int(found[1]), LONGEST_WAIT) if found else None


PREFER = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "description": "`wait=N`: answer when the contact is assigned, after N seconds at the latest (at most 60)",
    "schema": {"type": "string"},
    "example": "wait=20",
}
"""How `Prefer` is documented."""
