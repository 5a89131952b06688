"""The console speaks three languages: whatever it says is in every catalog, and nothing else is."""

import re

import pytest
from babel.messages.catalog import Catalog

from assigner.console.language import REASONS
from presence.model import StatusReason
from tests.console.catalogs import LANGUAGES, Message, read, renewed, said, written


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_said_is_translated(language: str) -> None:
    catalog = read(language)
    untranslated = [message for message in said() if not complete(strings(catalog, message))]

    assert untranslated == [], "run tests/console/catalogs.py and fill in what is empty"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalog_is_as_the_tool_writes_it(language: str) -> None:
    assert written(read(language)) == written(renewed(read(language), said()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_same_places_to_fill_in(language: str) -> None:
    catalog = read(language)
    different = [message for message in said() if places(message) != places(strings(catalog, message))]

    assert different == []


def test_every_reason_of_a_status_has_words() -> None:
    assert REASONS.keys() == set(StatusReason)


def strings(catalog: Catalog, message: Message) -> Message:
    found = catalog.get(message if isinstance(message, str) else message[0])
    return "" if found is None or found.string is None else found.string  # type: ignore[return-value]


def complete(translation: Message) -> bool:
    return bool(translation) and (isinstance(translation, str) or all(translation))


def places(message: Message) -> list[set[str]]:
    texts = (message,) if isinstance(message, str) else message
    return [set(re.findall(r"%\(\w+\)[sd]", text)) for text in texts]
