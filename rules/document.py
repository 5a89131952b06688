"""YAML or JSON text as plain values, with the place of every one of them.

The reading is stricter than YAML: no aliases, tags or second document, each key once, limited size and depth. Only
numbers, `true`, `false` and `null` are anything but text, so `no`, `on` and `20:30` stay what people wrote."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from presence.wording import sentence
from rules.findings import MOST_FINDINGS, START, Code, Finding, Path, Place, Severity, path_text
from rules.json_events import json_events

MOST_BYTES = 1_000_000
DEEPEST = 50

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTANTS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_CONSTANTS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# Only what YAML 1.1 and 1.2 both take for a number is one: in `09`, `1e3` and `1_000` they differ, and so do the tools
# that write YAML. As text it keeps its zeros, and where a number is needed people are told.
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,39})")
_DECIMAL = re.compile(r"([-+]?[0-9]+\.[0-9]*|\.[0-9]+)([eE][-+][0-9]+)?")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufeff\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a text says. A field has the place of its name, an item of a list that of its value.

    `findings` are the errors met while reading; where the text cannot be read at all, `content` is None."""

    content: Any = None
    places: Mapping[Path, Place] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def place(self, path: Path) -> Place:
        """The place of what stands at the path, or of the nearest thing around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, START)


def read_document(text: str | bytes) -> Document:
    """Read YAML or JSON. Never raises: what is wrong is in `findings`."""
    builder = _Builder()
    try:
        content = builder.document(_events(_checked(text)))
    except _Unreadable as problem:
        return Document(findings=(*builder.findings, problem.finding))
    except yaml.MarkedYAMLError as error:
        return Document(findings=(*builder.findings, _syntax(error)))
    except _Enough:
        return Document(findings=tuple(builder.findings))
    return Document(content=content, places=builder.places, findings=tuple(builder.findings))


class _Unreadable(Exception):
    """Reading cannot go on after this finding."""

    def __init__(self, code: Code, place: Place, message: str, fix: str) -> None:
        self.finding = Finding(code=code, severity=Severity.ERROR, place=place, path="", message=message, fix=fix)


class _Enough(Exception):
    """So many errors were found that nobody reads more of them."""


def _checked(text: str | bytes) -> str:
    """The text without a byte order mark, once it is known to be short enough, Unicode and printable."""
    try:
        encoded = text.encode() if isinstance(text, str) else text
        decoded = encoded.decode()
    except UnicodeError as error:
        line, column = _line_and_column(error.object[: error.start])  # type: ignore[attr-defined]
        place = Place(line=line, column=column)
        raise _Unreadable(
            Code.NOT_UTF8, place, sentence("the text is not UTF-8"), sentence("save the file with encoding UTF-8")
        ) from None
    if len(encoded) > MOST_BYTES:
        message = sentence(
            "the text has %(bytes)s bytes, but at most %(most)s are read",
            bytes=f"{len(encoded):,}",
            most=f"{MOST_BYTES:,}",
        )
        raise _Unreadable(Code.TOO_LARGE, START, message, sentence("split it, or leave out what is not needed"))
    return decoded.removeprefix("\ufeff")


def _line_and_column(before: str | bytes) -> tuple[int, int]:
    """Where the text goes on after the part before."""
    text = before if isinstance(before, str) else before.decode(errors="replace")
    return text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1


def _events(text: str) -> Iterator[Event]:
    if text.lstrip()[:1] in {"{", "["} and _is_json(text):
        return json_events(text)
    return _yaml_events(text)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _yaml_events(text: str) -> Iterator[Event]:
    unprintable = _UNPRINTABLE.search(text)
    if unprintable:
        line, column = _line_and_column(text[: unprintable.start()])
        message = sentence(
            "the character %(character)s is not allowed in a document", character=ascii(unprintable.group())
        )
        raise _Unreadable(
            Code.SYNTAX, Place(line=line, column=column), message, sentence("remove it, or write it as an escape")
        )
    documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                message = sentence("a second document begins here, but one file holds one document")
                fix = sentence("remove the line ---, or use two files")
                raise _Unreadable(Code.SEVERAL_DOCUMENTS, _place(event), message, fix)
        elif isinstance(event, NodeEvent | CollectionEndEvent):
            yield event


def _syntax(error: yaml.MarkedYAMLError) -> Finding:
    mark = error.problem_mark
    place = START if mark is None else Place(line=mark.line + 1, column=mark.column + 1)
    context = f" ({error.context})" if error.context else ""
    fix = sentence("check indentation (spaces, no tabs), colons, quotes and brackets here and in the line before")
    message = sentence("this is not YAML: %(problem)s%(context)s", problem=error.problem, context=context)
    return Finding(code=Code.SYNTAX, severity=Severity.ERROR, place=place, path="", message=message, fix=fix)


def _place(event: Event) -> Place:
    assert event.start_mark is not None, "every parser sets it"
    return Place(line=event.start_mark.line + 1, column=event.start_mark.column + 1)


class _Builder:
    """Builds plain values from events and writes down places and errors on the way."""

    def __init__(self) -> None:
        self.places: dict[Path, Place] = {}
        self.findings: list[Finding] = []

    def document(self, events: Iterator[Event]) -> Any:
        first = next(events, None)
        content = None if first is None else self._value(first, events, ())
        for _ in events:  # there are none, but a second document shows itself only when they are asked for
            pass
        return content

    def _value(self, event: Event, events: Iterator[Event], path: Path) -> Any:
        self.places.setdefault(path, _place(event))
        if len(path) > DEEPEST:
            message = sentence("values are nested more than %(most)s deep", most=DEEPEST)
            raise _Unreadable(Code.TOO_DEEP, _place(event), message, sentence("write it flatter"))
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor is not None):
            message = sentence('anchors and aliases (here "%(anchor)s") are not read', anchor=event.anchor)
            self._error(Code.ALIAS, event, path, message, sentence("write the value out at each place"))
        if isinstance(event, AliasEvent):
            return None
        if getattr(event, "tag", None) is not None:
            message = sentence('tags (here "%(tag)s") are not read', tag=event.tag)  # type: ignore[attr-defined]
            self._error(
                Code.TAG, event, path, message, sentence("remove the tag; put quotes around what is meant as text")
            )
        if isinstance(event, ScalarEvent):
            return _resolved(event)
        return self._mapping(events, path) if isinstance(event, MappingStartEvent) else self._sequence(events, path)

    def _sequence(self, events: Iterator[Event], path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(events), CollectionEndEvent):
            items.append(self._value(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[Event], path: Path) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        while not isinstance(event := next(events), CollectionEndEvent):
            if not isinstance(event, ScalarEvent):
                message = sentence("the name of a field must be text")
                raise _Unreadable(
                    Code.SYNTAX, _place(event), message, sentence("write name: value; put quotes around the name")
                )
            name = event.value
            entry = (*path, name)
            if name in fields:
                first = self.places[entry].line
                message = sentence('"%(name)s" stands here twice, first in line %(first)s', name=name, first=first)
                self._error(Code.DUPLICATE_KEY, event, entry, message, sentence("remove one of the two, or rename it"))
            self.places.setdefault(entry, _place(event))
            fields[name] = self._value(next(events), events, entry)
        return fields

    def _error(self, code: Code, event: Event, path: Path, message: str, fix: str) -> None:
        where = path_text(path)
        self.findings.append(
            Finding(code=code, severity=Severity.ERROR, place=_place(event), path=where, message=message, fix=fix)
        )
        if len(self.findings) >= MOST_FINDINGS:
            raise _Enough


def _resolved(event: ScalarEvent) -> Any:
    """The value of a scalar. What stands in quotes, or is no number that can be held, is text."""
    text = str(event.value)
    in_quotes = not event.implicit[0]
    if in_quotes:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text
