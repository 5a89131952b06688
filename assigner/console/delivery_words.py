"""Why an event was not taken, in the reader's words: deliveries keep what the sender wrote down, in English.

What a network says stays as it says it."""

import re

from assigner.console.language import N_, translations

PROBLEMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"nothing was taken for a day: (?P<problem>.*)"), N_("nothing was taken for a day: %(problem)s")),
    (
        re.compile(r"answered (?P<status>\d+); redirects are not followed"),
        N_("answered %(status)s; redirects are not followed"),
    ),
    (re.compile(r"answered (?P<status>\d+)"), N_("answered %(status)s")),
    (re.compile(r"no answer within (?P<seconds>\S+) s"), N_("no answer within %(seconds)s s")),
    (
        re.compile(r"(?P<host>\S+) is at (?P<address>\S+), which webhooks may not reach"),
        N_("%(host)s is at %(address)s, which webhooks may not reach"),
    ),
    (re.compile(r"\w+: (?P<problem>.+)", re.DOTALL), N_("nobody could be reached there: %(problem)s")),
)
"""What the sender writes, and how it is said."""


def why_not_taken(problem: str, *, language: str) -> str:
    """A problem of a delivery in words; one that is not known stays as it is."""
    for pattern, wording in PROBLEMS:
        match = pattern.fullmatch(problem)
        if match is not None:
            parts = {name: why_not_taken(part, language=language) for name, part in match.groupdict().items()}
            return translations(language).gettext(wording) % parts
    return problem
