"""Values as JSON documents and back. Frozen dataclasses are written field by field, instants as RFC 3339.

A rule set is stored as its author wrote it and parsed again, so it is not among these."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

Value = TypeVar("Value")


def _plain(value: object) -> Any:
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise TypeError(f"a document cannot hold {type(value).__name__}")


_encoder = msgspec.json.Encoder(enc_hook=_plain)
_canonical = msgspec.json.Encoder(enc_hook=_plain, order="deterministic")
_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def members(value: object, **instead: object) -> dict[str, Any]:
    """The fields of a dataclass by name, some of them replaced: what is to be written of it, without making another."""
    kind: Any = type(value)
    names, read = _fields(kind)
    return dict(zip(names, read(value), strict=True)) | instead


def to_document(value: object) -> bytes:
    """A value as JSON."""
    return _encoder.encode(value)


def to_canonical(value: object) -> bytes:
    """A value as JSON, the same for equal values: the members of an object stand in no order of their own."""
    return _canonical.encode(value)


def from_document(document: bytes, kind: type[Value]) -> Value:
    """The value of this kind that was written."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    value: Value = decoder.decode(document)
    return value


def from_plain(value: object, kind: type[Value]) -> Value:
    """The value of this kind that reads like this in JSON."""
    return msgspec.convert(value, kind, str_keys=True)


@cache
def _fields(kind: type[Any]) -> tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]:
    """The names of the fields of a dataclass, and what reads them all."""
    names = tuple(field.name for field in fields(kind))
    return names, attrgetter(*names)


def to_plain(value: object) -> Any:
    """A value as dictionaries, lists, strings and numbers, as it would read in JSON."""
    return msgspec.to_builtins(value, enc_hook=_plain)
