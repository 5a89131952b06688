"""What the console calls the parts of a rule set: comparisons, statuses that a queue takes, overflow, and findings.

What people write into rules, such as names of fields, stays as it is written."""

from babel.dates import get_day_names

from assigner.console.language import N_, translations
from rules.findings import Code
from rules.model import Operator, Overflow, OverflowWhen, Takes
from rules.parse_times import WEEKDAYS

OPERATORS: dict[Operator, str] = {
    Operator.EQUALS: N_("is"),
    Operator.IN: N_("is one of"),
    Operator.CONTAINS: N_("contains"),
    Operator.MATCHES: N_("looks like"),
    Operator.GREATER: N_("is greater than"),
    Operator.LESS: N_("is less than"),
    Operator.EXISTS: N_("is there"),
}
IS_MISSING = N_("is missing")

TAKES: dict[Takes, str] = {
    Takes.ONLINE: N_("agents who are Online"),
    Takes.ONLINE_OR_OFFLINE: N_("agents who are Online or Offline"),
    Takes.ANYONE: N_("agents with any status"),
}

STRATEGY_SENTENCES = {
    "round_robin": N_("in turn: who was given one longest ago"),
    "least_loaded": N_("to who holds the fewest"),
    "lowest_occupancy": N_("to who has the most room for the own limit"),
    "longest_idle": N_("to who has had nothing for the longest time"),
}

FINDINGS: dict[Code, str] = {
    Code.NOT_UTF8: N_("Not readable as text"),
    Code.TOO_LARGE: N_("Too large"),
    Code.TOO_DEEP: N_("Nested too deeply"),
    Code.SYNTAX: N_("Not readable"),
    Code.SEVERAL_DOCUMENTS: N_("More than one document"),
    Code.ALIAS: N_("Anchors and aliases are not allowed"),
    Code.TAG: N_("Tags are not allowed"),
    Code.DUPLICATE_KEY: N_("Written twice"),
    Code.UNKNOWN_FIELD: N_("Unknown field"),
    Code.MISSING_FIELD: N_("Something is missing"),
    Code.WRONG_TYPE: N_("Another kind of value is needed"),
    Code.OUT_OF_RANGE: N_("Out of range"),
    Code.UNKNOWN_VALUE: N_("Unknown value"),
    Code.BAD_TIME: N_("Not a time"),
    Code.UNKNOWN_QUEUE: N_("Unknown queue"),
    Code.UNKNOWN_OFFICE: N_("Unknown office"),
    Code.UNKNOWN_AGENT: N_("Unknown agent"),
    Code.UNKNOWN_SKILL: N_("Nobody has this skill"),
    Code.DUPLICATE_RULE_NAME: N_("Two rules of one name"),
    Code.EMPTY_WHEN: N_("A condition that says nothing"),
    Code.UNREACHABLE_RULE: N_("A rule that is never reached"),
    Code.UNREACHABLE_QUEUE: N_("A queue to which no way leads"),
    Code.OVERFLOW_CYCLE: N_("Overflow in a circle"),
    Code.DEAD_END: N_("Overflow ends in a queue that closes"),
    Code.NOBODY_CAN_SERVE: N_("Nobody can ever serve this"),
    Code.NOBODY_SERVES_NOW: N_("Nobody serves this now"),
    Code.CAPACITY_ZERO: N_("A limit of zero"),
    Code.HOURS_NEVER_OPEN: N_("Never open"),
    Code.TIMERS_OUT_OF_ORDER: N_("Times that do not follow each other"),
    Code.LOWEST_OCCUPANCY_WITHOUT_CAPACITY: N_("Lowest occupancy without limits"),
    Code.WRAP_UP_WITHOUT_CAPACITY: N_("Wrap-up without limits"),
    Code.FAILING_EXAMPLE: N_("An example comes out differently"),
}
"""The kinds of findings; what exactly is wrong each finding says itself, with the words of the document."""


def overflow_said(step: Overflow, *, language: str) -> str:
    """What makes a contact ask one more queue."""
    say = translations(language)
    match step.when:
        case OverflowWhen.CLOSED:
            return say.gettext(N_("when closed"))
        case OverflowWhen.NOBODY_THERE:
            return say.gettext(N_("when nobody is there"))
        case OverflowWhen.LONGER_THAN:
            return say.gettext(N_("when more than %(length)s wait")) % {"length": step.length}
        case OverflowWhen.AFTER:
            return say.gettext(N_("after %(time)s")) % {"time": duration(step.after or 0)}


def overflow_label(step: Overflow, *, language: str) -> str:
    """The same in as few letters as a picture has room for."""
    say = translations(language)
    match step.when:
        case OverflowWhen.CLOSED:
            return say.gettext(N_("when closed"))
        case OverflowWhen.NOBODY_THERE:
            return say.gettext(N_("nobody there"))
        case OverflowWhen.LONGER_THAN:
            return say.gettext(N_("> %(length)s wait")) % {"length": step.length}
        case OverflowWhen.AFTER:
            return duration(step.after or 0)


def duration(seconds: int) -> str:
    """Whole seconds as people say them: `45 s`, `3 min`, `1 h 30 min`."""
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [f"{value} {unit}" for value, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if value]
    return " ".join(parts) or "0 s"


def weekdays(days: list[str], *, language: str) -> str:
    """Days of a rule, three and more in a row together."""
    names = get_day_names("abbreviated", locale=language)
    numbers = sorted(WEEKDAYS.index(day) for day in days)
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and stretches[-1][-1] == number - 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    return ", ".join(
        f"{names[each[0]]}–{names[each[-1]]}" if len(each) > 2 else ", ".join(names[day] for day in each)  # noqa: RUF001
        for each in stretches
    )
