"""What was sent to be imported, thing by thing, with the place of every field: the same for CSV, JSON and YAML.

A thing that exists keeps the fields that were not sent; one that does not exist has defaults for them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from presence.errors import Invalid
from rules.findings import MOST_FINDINGS, START, Code, Finding, Path, Place, Severity, path_text

LONGEST_ID = 200


class Kind(StrEnum):
    """What can be imported; roles and offices come first, for agents have them and belong to them."""

    ROLE = "role"
    OFFICE = "office"
    AGENT = "agent"


class Contents(StrEnum):
    """What a file holds: an organisation document has everything."""

    ROLES = "roles"
    OFFICES = "offices"
    AGENTS = "agents"
    ORGANISATION = "organisation"


KINDS = {Kind.ROLE: Contents.ROLES, Kind.OFFICE: Contents.OFFICES, Kind.AGENT: Contents.AGENTS}
"""Under which name an organisation document holds what."""


class ImportInvalid(Invalid):
    """A file that cannot be imported; `findings` names every error in it. Nothing of it was taken over."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        others = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        message = f"line {first.place.line}, column {first.place.column}: {first.message}{others}; {first.fix}"
        super().__init__("import_invalid", f"{message}; nothing was imported", field=first.path or None)
        self.findings = tuple(sorted(findings, key=lambda finding: finding.place)[:MOST_FINDINGS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to import. `places` are those of its fields, by the path within it; `()` is its own."""

    kind: Kind
    id: str
    fields: Mapping[str, Any]
    places: Mapping[Path, Place] = field(default_factory=dict)

    def error(self, code: str, path: str, message: str, fix: str) -> Finding:
        """An error at one field of it, which `path` names as messages do: `offices[0]`."""
        known = Code(code) if code in set(Code) else Code.UNKNOWN_VALUE
        where = f"{self.id}.{path}" if path else self.id
        return Finding(
            code=known, severity=Severity.ERROR, place=self._place(path), path=where, message=message, fix=fix
        )

    def _place(self, path: str) -> Place:
        """The place of a field, or of the nearest thing around it."""
        around = [
            known for known in self.places if not known or re.match(re.escape(path_text(known)) + r"(?![^.\[])", path)
        ]
        return self.places[max(around, key=len)] if around else START


def problem_with_id(text: str) -> str | None:
    """What is wrong with an id: it becomes part of an address."""
    if not text.strip():
        return "an id is empty"
    if len(text) > LONGEST_ID:
        return f"the id {text[:40]!r}... is longer than {LONGEST_ID} characters"
    if "/" in text or not text.isprintable():
        return f"the id {text[:60]!r} holds a slash or a character that cannot be printed"
    return None
