"""Sentences for people that can be said in another language: English text that remembers how it was made.

Whoever only shows or sends it has text; a page says its wording in the reader's language, with the same values."""

from collections.abc import Callable, Iterable, Mapping

Say = Callable[[str], str]
"""Gives a wording in another language, as `gettext` does."""


class Sentence(str):
    """A text in English, with its wording and what is filled in at `%(name)s`. Made by `sentence`."""

    __slots__ = ("values", "wording")
    wording: str
    values: Mapping[str, object]


def sentence(wording: str, **values: object) -> Sentence:
    """What a wording says with these values; a value may be a sentence itself."""
    made = Sentence(wording % values)
    made.wording, made.values = wording, values
    return made


def joined(*texts: str) -> Sentence:
    """Several texts, one behind the other; each is said for itself."""
    parts = {f"part_{number}": text for number, text in enumerate(texts)}
    wording = "".join(f"%({name})s" for name in parts)
    return sentence(wording, **parts)


def between(texts: Iterable[str], word: str) -> Sentence:
    """Several texts with a word between each two."""
    return joined(*[part for text in texts for part in (word, text)][1:])


def said(text: str, say: Say) -> str:
    """A text in another language; one that is not made by `sentence` stays as it is."""
    if not isinstance(text, Sentence):
        return text
    values = {name: said(value, say) if isinstance(value, str) else value for name, value in text.values.items()}
    return say(text.wording) % values
