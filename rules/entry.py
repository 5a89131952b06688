"""One value of a document together with its path: asked for what it should be, it answers, or writes down an error.

An error does not stop the reading: a harmless stand-in is returned and the next value is read, so that people see all
errors at once. `read_all` looks at the report in the end, and refuses the document if there are any."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from presence.wording import joined, sentence
from rules.document import Document
from rules.findings import MOST_FINDINGS, Code, Finding, Path, RulesInvalid, Severity, did_you_mean, one_of, path_text

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")
Default = TypeVar("Default")

LOWEST_PRIORITY, HIGHEST_PRIORITY = -1000, 1000
LARGEST_NUMBER = 2**31 - 1
"""Durations, levels and counts end here: 68 years of seconds, and what every database column can hold."""


class _Enough(Exception):
    """There are so many errors that reading stops."""


class Report:
    """The errors found in one document so far."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings = list(document.findings)

    def error(self, path: Path, code: Code, message: str, fix: str) -> None:
        """Write down one error; raises _Enough after the last one that anybody will read."""
        place, where = self.document.place(path), path_text(path)
        finding = Finding(code=code, severity=Severity.ERROR, place=place, path=where, message=message, fix=fix)
        self.findings.append(finding)
        if len(self.findings) >= MOST_FINDINGS:
            raise _Enough

    def in_order(self) -> tuple[Finding, ...]:
        """All errors, in the order of the document."""
        return tuple(sorted(self.findings, key=lambda finding: finding.place)[:MOST_FINDINGS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value, where it stands, and where to report what is wrong with it."""

    value: Any
    path: Path
    report: Report

    @property
    def name(self) -> str:
        """What messages call it: the name of the field, or the number of the item in a field."""
        if not self.path:
            return sentence("the document")
        names = [number for number, step in enumerate(self.path) if isinstance(step, str)]
        return path_text(self.path[names[-1] :] if names else self.path)

    @property
    def shown(self) -> str:
        """The value as it may stand in a message: short, and as it was written."""
        if isinstance(self.value, Mapping):
            return sentence("fields with names")
        if isinstance(self.value, list):
            return sentence("a list")
        text = json.dumps(self.value, ensure_ascii=False)
        return text if len(text) <= 60 else f"{text[:56]}..."

    def refuse(self, code: Code, message: str, fix: str, *, guess: tuple[str, Iterable[str]] | None = None) -> None:
        """Report an error at this place, with the nearest of the known names where a name and these are given."""
        nearest = did_you_mean(*guess) if guess else ""
        self.report.error(self.path, code, joined(message, nearest) if nearest else message, fix)

    def fields(self, *known: str, needed: tuple[str, ...] = ()) -> "Fields":
        """The fields that are there and not null. Unknown and missing ones are errors."""
        entries = self.named_entries()
        for name, entry in entries.items():
            if name not in known:
                fix = sentence("remove it; known here: %(known)s", known=one_of(known))
                entry.refuse(
                    Code.UNKNOWN_FIELD, sentence('unknown field "%(name)s"', name=name), fix, guess=(name, known)
                )
        present = {name: entry for name, entry in entries.items() if name in known and entry.value is not None}
        for name in needed:
            if name not in present and isinstance(self.value, Mapping):
                self.refuse(
                    Code.MISSING_FIELD,
                    sentence('%(name)s lacks the field "%(field)s"', name=self.name, field=name),
                    sentence("add %(field)s: ...", field=name),
                )
        return Fields(owner=self, present=present)

    def named_entries(self) -> dict[str, "Entry"]:
        """What stands under the names of a mapping."""
        if self.value is None:
            return {}
        if not isinstance(self.value, Mapping):
            self._wrong(sentence("fields with names"), "{name: value}")
            return {}
        entries = {name: self._within(name) for name in self.value}
        for name in [name for name in entries if not name.strip()]:
            entries.pop(name).refuse(
                Code.WRONG_TYPE,
                sentence("a name in %(name)s is empty", name=self.name),
                sentence("write a name before the colon"),
            )
        return entries

    def items(self) -> list["Entry"]:
        """What stands in a list."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            self._wrong(sentence("a list"), f"[{_example(self.value)}]")
            return []
        return [self._within(number) for number in range(len(self.value))]

    def text(self) -> str:
        """Text that is not empty."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        self._wrong(sentence("text"), f'"{_example(self.value)}"')
        return ""

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(item.text() for item in self.items())

    def yes_or_no(self) -> bool:
        """True or false."""
        if isinstance(self.value, bool):
            return self.value
        self._wrong(sentence("true or false"), "true")
        return False

    def number(self) -> int | float:
        """A number; true is none."""
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return self.value
        self._wrong(sentence("a number"), "3")
        return 0

    def scalar(self) -> str | int | float | bool:
        """Text, a number, true or false."""
        if isinstance(self.value, str | int | float):
            return self.value
        self._wrong(sentence("text, a number, true or false"), "...")
        return ""

    def whole(self, lowest: int, highest: int = LARGEST_NUMBER) -> int:
        """A whole number within bounds; true, 1.0 and "1" are none."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self._wrong(sentence("a whole number"), str(max(lowest, 1)))
        elif not lowest <= self.value <= highest:
            at_least, at_most = (
                sentence("at least %(bound)s", bound=lowest),
                sentence("at most %(bound)s", bound=highest),
            )
            bounds = at_least if self.value < lowest else at_most
            message = sentence(
                "%(name)s is %(shown)s, but must be %(bounds)s", name=self.name, shown=self.shown, bounds=bounds
            )
            fix = sentence("write a whole number from %(lowest)s to %(highest)s", lowest=lowest, highest=highest)
            if highest == LARGEST_NUMBER:
                fix = sentence("write a whole number from %(lowest)s on", lowest=lowest)
            self.refuse(Code.OUT_OF_RANGE, message, fix)
        else:
            return self.value
        return lowest

    def count(self) -> int:
        """A number of contacts, or of seconds: a whole number from 0."""
        return self.whole(0)

    def priority(self) -> int:
        """A priority: larger is more urgent."""
        return self.whole(LOWEST_PRIORITY, HIGHEST_PRIORITY)

    def choice(self, kind: type[Choice]) -> Choice:
        """One of the members of an enumeration, by its value."""
        return kind(self.one_of([member.value for member in kind]))

    def one_of(self, known: list[str]) -> str:
        """One of the known texts."""
        if self.value in known:
            return str(self.value)
        fix = sentence("choose one of %(known)s", known=one_of(known))
        guess = (self.value, known) if isinstance(self.value, str) else None
        self.refuse(
            Code.UNKNOWN_VALUE,
            sentence("%(name)s cannot be %(shown)s", name=self.name, shown=self.shown),
            fix,
            guess=guess,
        )
        return known[0]

    def skills(self) -> dict[str, int]:
        """Skills with levels, or a list of skills, which then have level 1."""
        if isinstance(self.value, list):
            return {item.text(): 1 for item in self.items()}
        return {name: entry.whole(1) for name, entry in self.named_entries().items()}

    def _within(self, step: str | int) -> "Entry":
        return Entry(value=self.value[step], path=(*self.path, step), report=self.report)

    def _wrong(self, wanted: str, example: str) -> None:
        field = f"{self.path[-1]}: " if self.path and isinstance(self.path[-1], str) else ""
        message = sentence(
            "%(name)s must be %(wanted)s, not %(shown)s", name=self.name, wanted=wanted, shown=self.shown
        )
        self.refuse(
            Code.WRONG_TYPE, message, sentence("write for example %(field)s%(example)s", field=field, example=example)
        )


def read_all(document: Document, source: str, reader: Callable[[Entry], Value]) -> Value:
    """What the reader makes of the whole document. Raises RulesInvalid with every error in it."""
    report = Report(document)
    try:
        value = reader(Entry(value=document.content, path=(), report=report))
        if not report.findings:
            return value
    except _Enough:
        pass
    raise RulesInvalid(source, report.in_order())


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields of an entry that are there and not null."""

    owner: Entry
    present: Mapping[str, Entry]

    def __contains__(self, name: str) -> bool:
        return name in self.present

    def __getitem__(self, name: str) -> Entry:
        """The field; one that is absent reads as null, which is an empty list and a mapping without names."""
        owner = self.owner
        return self.present.get(name, Entry(value=None, path=(*owner.path, name), report=owner.report))

    def read(self, name: str, reader: Callable[[Entry], Value], default: Default) -> Value | Default:
        """What the reader makes of the field, or the default where it is absent."""
        return reader(self.present[name]) if name in self.present else default

    def choice(self, name: str, default: Choice) -> Choice:
        """A member of the enumeration to which the default belongs."""
        return self.read(name, lambda entry: entry.choice(type(default)), default)


def _example(value: Any) -> str:
    """The value again, where it could stand in the corrected line; else dots."""
    return "..." if value is None or value == "" or isinstance(value, Mapping | list) else str(value)[:40]
