"""What reading and lint have to say about a document: each finding has a code, a place, a sentence and what to do now.

`rules.parse` raises them all together in a RulesInvalid, `rules.lint` returns them; who calls only shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from presence import errors
from presence.wording import joined, sentence

MOST_FINDINGS = 100
"""No check reports more: nobody reads further, and a hostile document must not cost more time than a good one."""

Path = tuple[str | int, ...]
"""Where in a document something stands: `("rules", 0, "then", "queue")`."""


class Severity(StrEnum):
    """An error refuses the document, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Code(StrEnum):
    """What kind of finding it is; stable, for machines. First those of reading, then those of lint."""

    NOT_UTF8 = "not_utf8"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    SYNTAX = "syntax"
    SEVERAL_DOCUMENTS = "several_documents"
    ALIAS = "alias"
    TAG = "tag"
    DUPLICATE_KEY = "duplicate_key"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_VALUE = "unknown_value"
    BAD_TIME = "bad_time"

    UNKNOWN_QUEUE = "unknown_queue"
    UNKNOWN_OFFICE = "unknown_office"
    UNKNOWN_AGENT = "unknown_agent"
    UNKNOWN_SKILL = "unknown_skill"
    DUPLICATE_RULE_NAME = "duplicate_rule_name"
    EMPTY_WHEN = "empty_when"
    UNREACHABLE_RULE = "unreachable_rule"
    UNREACHABLE_QUEUE = "unreachable_queue"
    OVERFLOW_CYCLE = "overflow_cycle"
    DEAD_END = "dead_end"
    NOBODY_CAN_SERVE = "nobody_can_serve"
    NOBODY_SERVES_NOW = "nobody_serves_now"
    CAPACITY_ZERO = "capacity_zero"
    HOURS_NEVER_OPEN = "hours_never_open"
    TIMERS_OUT_OF_ORDER = "timers_out_of_order"
    LOWEST_OCCUPANCY_WITHOUT_CAPACITY = "lowest_occupancy_without_capacity"
    WRAP_UP_WITHOUT_CAPACITY = "wrap_up_without_capacity"
    FAILING_EXAMPLE = "failing_example"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """A line and a column of a document, both counted from 1."""

    line: int
    column: int


START = Place(line=1, column=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong or doubtful: where, what, and what to do now."""

    code: Code
    severity: Severity
    place: Place
    path: str
    message: str
    fix: str


class RulesInvalid(errors.Invalid):
    """A document that cannot be used; `findings` names every error in it, in the order of the document."""

    def __init__(self, source: str, findings: tuple[Finding, ...]) -> None:
        first = findings[0]
        others = sentence(" (and %(count)s more)", count=len(findings) - 1) if len(findings) > 1 else ""
        where = sentence("%(source)s line %(line)s: ", source=source, line=first.place.line)
        message = joined(where, first.message, others, "; ", first.fix)
        super().__init__("rules_invalid", message, field=first.path or None)
        self.findings = findings


def path_text(path: Path) -> str:
    """The path as people write it: `rules[0].then.queue`, `queues["a.b"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif "." in step or "[" in step:
            text += f'["{step}"]'
        else:
            text += f".{step}" if text else step
    return text


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The known name nearest to a wrong one, as the end of a sentence; looked for within bounds, whatever is sent."""
    return errors.did_you_mean(name, islice(known, 1000)) if len(name) <= 100 else ""


def one_of(known: Iterable[str]) -> str:
    """The known names as a list to choose from, cut after twelve."""
    names = list(islice(known, 13))
    shown = ", ".join(f'"{name}"' for name in names[:12])
    return f"{shown}, ..." if len(names) > 12 else shown
