"""Why events were not taken, in the language of the reader: all that the sender writes down is known."""

import pytest

from assigner.console.delivery_words import why_not_taken


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("answered 500", "antwortete mit 500"),
        ("answered 307; redirects are not followed", "antwortete mit 307; Weiterleitungen wird nicht gefolgt"),
        ("no answer within 10 s", "keine Antwort innerhalb von 10 s"),
        (
            "shop.example is at 10.0.0.1, which webhooks may not reach",
            "shop.example hat die Adresse 10.0.0.1, die Webhooks nicht erreichen dürfen",
        ),
        ("ConnectError: refused", "niemand war dort erreichbar: refused"),
        ("nothing was taken for a day: answered 410", "einen Tag lang wurde nichts angenommen: antwortete mit 410"),
        ("something else", "something else"),
    ],
)
def test_a_problem_is_said_in_the_language_of_the_reader(problem: str, said: str) -> None:
    assert why_not_taken(problem, language="de") == said


def test_in_english_it_stays_as_it_was_written() -> None:
    problem = "nothing was taken for a day: answered 307; redirects are not followed"

    assert why_not_taken(problem, language="en") == problem
