"""Every kind of error in the conditions of a rule, with its exact place and words."""

import pytest

from tests.rules.builders import findings_in

CHOOSE_OPERATOR = 'use one of "equals", "in", "contains", "matches", "greater", "less", "exists"'
KNOWN_FIELDS = 'use one of "channel", "customer_id", "language", "office", "skills", "priority", "attributes.<name>"'
SEVERAL = "write several conditions as a list under all: or any:"


@pytest.mark.parametrize(
    ("text", "code", "place", "path", "message", "fix"),
    [
        pytest.param(
            "rules: [{when: {field: langage, equals: es}}]",
            "unknown_value",
            (1, 17),
            "rules[0].when.field",
            'a contact has no field "langage"; did you mean "language"?',
            KNOWN_FIELDS,
            id="unknown contact field",
        ),
        pytest.param(
            "rules: [{when: {field: language}}]",
            "missing_field",
            (1, 10),
            "rules[0].when",
            "the condition on language lacks an operator, but needs exactly one",
            CHOOSE_OPERATOR,
            id="no operator",
        ),
        pytest.param(
            "rules: [{when: {field: priority, greater: 1, less: 3}}]",
            "missing_field",
            (1, 10),
            "rules[0].when",
            "the condition on priority has 2 operators, but needs exactly one",
            CHOOSE_OPERATOR,
            id="two operators",
        ),
        pytest.param(
            "rules: [{when: {field: customer_id, equals: 17}}]",
            "wrong_type",
            (1, 37),
            "rules[0].when.equals",
            "equals must be text, not 17",
            'write for example equals: "17"',
            id="a number is never a customer",
        ),
        pytest.param(
            "rules: [{when: {field: priority, greater: high}}]",
            "wrong_type",
            (1, 34),
            "rules[0].when.greater",
            'greater must be a number, not "high"',
            "write for example greater: 3",
            id="greater than text",
        ),
        pytest.param(
            "rules: [{when: {all: [], any: []}}]",
            "wrong_type",
            (1, 10),
            "rules[0].when",
            'a condition is exactly one of "all", "any", "not", "arrived", "field", not all with any',
            SEVERAL,
            id="two kinds of condition",
        ),
        pytest.param(
            "rules: [{when: [{field: language, equals: es}]}]",
            "wrong_type",
            (1, 10),
            "rules[0].when",
            "when must be fields with names, not a list",
            "write for example when: {name: value}",
            id="a list of conditions",
        ),
        pytest.param(
            "rules: [{when: {arrived: {days: [monday]}}}]",
            "unknown_value",
            (1, 34),
            "rules[0].when.arrived.days[0]",
            'days[0] cannot be "monday"; did you mean "mon"?',
            'choose one of "mon", "tue", "wed", "thu", "fri", "sat", "sun"',
            id="unknown day",
        ),
        pytest.param(
            "rules: [{when: {arrived: {days: []}}}]",
            "out_of_range",
            (1, 27),
            "rules[0].when.arrived.days",
            "days names no day",
            "name at least one, or leave days out for every day",
            id="no day",
        ),
        pytest.param(
            "rules: [{when: {arrived: {from: 6pm}}}]",
            "bad_time",
            (1, 27),
            "rules[0].when.arrived.from",
            'from must be a time from 00:00 to 24:00, not "6pm"',
            'write for example from: "18:00"',
            id="bad time",
        ),
        pytest.param(
            "rules: [{when: {arrived: {time_zone: Europe/Madird}}}]",
            "unknown_value",
            (1, 27),
            "rules[0].when.arrived.time_zone",
            'there is no time zone "Europe/Madird"; did you mean "Europe/Madrid"?',
            "use a name of the IANA database, for example Europe/Madrid",
            id="unknown time zone",
        ),
    ],
)
def test_errors_in_conditions(text: str, code: str, place: tuple[int, int], path: str, message: str, fix: str) -> None:
    assert findings_in(text) == [(code, *place, path, message, fix)]
