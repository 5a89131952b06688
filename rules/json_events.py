"""JSON as the events of a YAML parser, so that one builder reads both and every value has its place.

YAML is nearly, but not quite, a superset of JSON: tabs between tokens, long keys and escaped surrogate pairs differ.
Called only with text that `json.loads` accepts."""

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterator

from yaml import Mark
from yaml.events import Event, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_LITERAL = re.compile(r"[^ \t\n\r,\]}]+")


def json_events(text: str) -> Iterator[Event]:
    """The events of the one value that the text holds, lazily, so that the reader can stop at any depth."""
    reader = _Reader(text)
    yield from reader.value()


def _as_in_yaml(literal: str) -> str:
    """A number of JSON as every YAML reader knows it: 1e3 is 1000.0 there. Other literals stay as they are."""
    value = json.loads(literal)
    if not isinstance(value, float) or not math.isfinite(value):
        return literal
    text = repr(value)
    return text if "." in text else text.replace("e", ".0e")


class _Reader:
    """A position in the text that moves forward as events are taken."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.line_starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def value(self) -> Iterator[Event]:
        character, mark = self._next_character(), self._mark()
        if character == "{":
            yield MappingStartEvent(None, None, True, mark, mark)
            yield from self._members("}", keyed=True)
            yield MappingEndEvent(mark, mark)
        elif character == "[":
            yield SequenceStartEvent(None, None, True, mark, mark)
            yield from self._members("]", keyed=False)
            yield SequenceEndEvent(mark, mark)
        elif character == '"':
            yield self._string()
        else:
            yield ScalarEvent(None, None, (True, False), _as_in_yaml(self._token(_LITERAL)), mark, mark)

    def _members(self, closing: str, *, keyed: bool) -> Iterator[Event]:
        self.position += 1
        while self._next_character() != closing:
            if keyed:
                yield self._string()
                self._skip(":")
            yield from self.value()
            self._skip(",")
        self.position += 1

    def _string(self) -> ScalarEvent:
        mark = self._mark()
        return ScalarEvent(None, None, (False, True), json.loads(self._token(_STRING)), mark, mark, style='"')

    def _token(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.position)
        assert found is not None, "json.loads has accepted the text"
        self.position = found.end()
        return found.group()

    def _next_character(self) -> str:
        space = _SPACE.match(self.text, self.position)
        self.position = space.end() if space else self.position
        return self.text[self.position]

    def _skip(self, separator: str) -> None:
        if self._next_character() == separator:
            self.position += 1

    def _mark(self) -> Mark:
        line = bisect_right(self.line_starts, self.position) - 1
        return Mark("", self.position, line, self.position - self.line_starts[line], None, 0)
