"""Rules in words: every kind of thing that a rule set can say has words, and times and days are told as people do."""

import pytest

from assigner.console.rule_words import (
    FINDINGS,
    OPERATORS,
    STRATEGY_SENTENCES,
    TAKES,
    duration,
    overflow_label,
    overflow_said,
    weekdays,
)
from rules.findings import Code
from rules.model import Operator, Overflow, OverflowWhen, Strategy, Takes


def test_whatever_a_rule_set_can_say_has_words() -> None:
    assert OPERATORS.keys() == set(Operator)
    assert TAKES.keys() == set(Takes)
    assert STRATEGY_SENTENCES.keys() == set(Strategy)
    assert FINDINGS.keys() == set(Code)


@pytest.mark.parametrize(
    ("step", "said", "label"),
    [
        (Overflow(when=OverflowWhen.CLOSED, to="night"), "when closed", "when closed"),
        (Overflow(when=OverflowWhen.NOBODY_THERE, to="night"), "when nobody is there", "nobody there"),
        (Overflow(when=OverflowWhen.LONGER_THAN, length=20, to="night"), "when more than 20 wait", "> 20 wait"),
        (Overflow(when=OverflowWhen.AFTER, after=90, to="night"), "after 1 min 30 s", "1 min 30 s"),
    ],
    ids=[each.value for each in OverflowWhen],
)
def test_overflow_is_said_at_length_and_in_short(step: Overflow, said: str, label: str) -> None:
    assert (overflow_said(step, language="en"), overflow_label(step, language="en")) == (said, label)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (45, "45 s"), (180, "3 min"), (3600, "1 h"), (5430, "1 h 30 min 30 s")]
)
def test_a_duration_is_whole(seconds: int, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("days", "language", "text"),
    [
        (["mon", "tue", "wed", "thu"], "en", "Mon\u2013Thu"),
        (["mon", "tue", "sat"], "en", "Mon, Tue, Sat"),
        (["fri", "sat", "sun", "mon"], "de", "Mo., Fr.\u2013So."),
    ],
)
def test_days_in_a_row_are_told_together(days: list[str], language: str, text: str) -> None:
    assert weekdays(days, language=language) == text
