"""What callers send, checked by the same readers as files: documents field by field, and the version they have read.

What is wrong is refused with the code of the first finding, so offices and agents over HTTP and in files agree."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from presence.errors import Conflict, Invalid
from presence.wording import joined
from rules.document import Document
from rules.entry import Entry, read_all
from rules.findings import Finding, RulesInvalid

Value = TypeVar("Value")


class InUse(Conflict):
    """Something cannot be deleted because other things need it; `counts` says how many of which."""

    def __init__(self, message: str, counts: Mapping[str, int]) -> None:
        super().__init__("in_use", message)
        self.counts = counts


class Malformed(Invalid):
    """What was sent has errors: the message tells the first, `errors` all of them, `found` with their paths."""

    def __init__(self, found: tuple[Finding, ...]) -> None:
        first = found[0]
        super().__init__(first.code, joined(first.message, "; ", first.fix), field=first.path or None)
        self.found = found
        self.errors = [{"field": each.path, "message": f"{each.message}; {each.fix}"} for each in found]


def read_asked(document: Mapping[str, Any], reader: Callable[[Entry], Value]) -> Value:
    """What the reader makes of the document. Raises Malformed."""
    try:
        return read_all(Document(content=dict(document)), "body", reader)
    except RulesInvalid as refused:
        raise Malformed(refused.findings) from None


def need_version(what: str, *, found: int, expected: int | None) -> None:
    """Raises Conflict `precondition_failed` where something is no longer what the caller has read."""
    if expected is not None and found != expected:
        message = f"{what} has version {found}, not {expected}: somebody changed it; read it again"
        raise Conflict("precondition_failed", message, field="If-Match")
