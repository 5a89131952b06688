"""Sentences that remember their wording: text to whoever only shows it, and said in another language by a page."""

import pickle

from presence.wording import Sentence, said, sentence

GERMAN = {"queue %(name)s is %(what)s": "Warteschlange %(name)s ist %(what)s", "closed": "geschlossen"}


def say(wording: str) -> str:
    return GERMAN.get(wording, wording)


def test_a_sentence_is_its_text_and_knows_how_it_was_made() -> None:
    made = sentence("queue %(name)s is %(what)s", name="night", what=3)

    assert made == "queue night is 3"
    assert (made.wording, made.values) == ("queue %(name)s is %(what)s", {"name": "night", "what": 3})


def test_it_is_said_in_another_language_with_what_it_is_filled_with() -> None:
    made = sentence("queue %(name)s is %(what)s", name="closed", what=sentence("closed"))

    assert said(made, say) == "Warteschlange closed ist geschlossen"


def test_any_other_text_stays_as_it_is() -> None:
    assert said("closed", say) == "closed"


def test_it_reaches_another_process_whole() -> None:
    made = sentence("queue %(name)s is %(what)s", name="night", what="closed")
    there = pickle.loads(pickle.dumps(made))

    assert isinstance(there, Sentence)
    assert said(there, say) == "Warteschlange night ist closed"
