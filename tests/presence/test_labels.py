"""The words for the statuses: complete in three languages, and as the four products have them."""

import pytest

from presence.errors import Invalid
from presence.labels import LANGUAGES, label, sentence
from presence.model import Status
from presence.presets import PRESETS


@pytest.mark.parametrize(
    ("status", "language", "preset", "expected"),
    [
        pytest.param(Status.BUSY, "en", "respond_io", "Busy", id="R9-respond.io"),
        pytest.param(Status.BUSY, "de", "respond_io", "Besetzt", id="R9-respond.io-in-German"),
        pytest.param(Status.AWAY, "es", "1980tic", "Ausente", id="R9-1980TIC"),
        pytest.param(Status.ONLINE, "es", "1980tic", "En línea", id="1980TIC-online"),
        pytest.param(Status.ONLINE, "en", "ocelot", "Available", id="R41-Ocelot"),
        pytest.param(Status.AWAY, "en", "ocelot", "Away", id="R40-Ocelot-away"),
        pytest.param(Status.ONLINE, "en", None, "Online", id="no-preset"),
    ],
)
def test_a_status_is_called_as_in_the_product(status: Status, language: str, preset: str | None, expected: str) -> None:
    assert label(status, language=language, preset=preset) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("preset", [None, *PRESETS])
def test_r22_r56_every_status_has_its_own_label_and_sentence(language: str, preset: str | None) -> None:
    assert len({label(status, language=language, preset=preset) for status in Status}) == len(Status)
    assert len({sentence(status, language=language, preset=preset) for status in Status}) == len(Status)


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        label(Status.BUSY, language="fr")

    assert caught.value.message == 'there are no words for language "fr"; the languages are: en, de, es'
