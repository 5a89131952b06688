"""The house rules, held against examples and then against every module of the project.

A rule that finds nothing in an example that breaks it is no rule, so each has at least one such example."""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

import pytest

from tests.house import house_rules
from tests.house.source_tree import PRODUCT, PURE, modules, text

HouseRule = Callable[[str], Iterator[str]]

EVERYWHERE: tuple[HouseRule, ...] = (
    house_rules.opening,
    house_rules.size_of_module,
    house_rules.size_of_functions,
    house_rules.names_of_classes,
)

PRODUCT_ONLY: tuple[HouseRule, ...] = (house_rules.opening_that_explains, house_rules.parameters)

VALUE = "@dataclass(frozen=True, slots=True, kw_only=True)"
LONG_FUNCTION = "def long():\n" + "    pass\n" * 41
SIX_PARAMETERS = "def many(a, b, c, d, e, f, *, now): ..."


@pytest.mark.parametrize(
    ("rule", "source", "complaint"),
    [
        pytest.param(house_rules.opening, "x = 1", "line 1: the module has no docstring", id="no docstring"),
        pytest.param(
            house_rules.opening,
            '"""' + "line\n" * 7 + '"""',
            "line 1: the module's docstring has 7 lines, more than 6",
            id="an opening that goes on and on",
        ),
        pytest.param(
            house_rules.opening_that_explains,
            '"""Short."""\n' + "x = 1\n" * 50,
            "line 1: one line of docstring is too little for a module of 51 lines",
            id="an opening that says too little",
        ),
        pytest.param(
            house_rules.size_of_module, "\n" * 351, "line 351: the module is longer than 350 lines", id="long module"
        ),
        pytest.param(
            house_rules.size_of_functions, LONG_FUNCTION, "line 1: long has 41 lines, more than 40", id="long function"
        ),
        pytest.param(
            house_rules.parameters, SIX_PARAMETERS, "line 1: many has 6 parameters, more than 5", id="many parameters"
        ),
        pytest.param(
            house_rules.frozen_values,
            "@dataclass(frozen=True)\nclass Seat: ...",
            "line 2: the dataclass Seat lacks slots=True, kw_only=True",
            id="a value that is not closed",
        ),
        pytest.param(
            house_rules.frozen_values,
            f"{VALUE}\nclass Seat:\n    stops: tuple[list[str], ...]",
            "line 3: Seat.stops can be changed in place",
            id="a value that holds a list",
        ),
        pytest.param(
            house_rules.names_of_classes,
            "class QueueManager: ...",
            "line 1: the name of class QueueManager says nothing",
            id="a manager",
        ),
        pytest.param(
            house_rules.names_of_classes,
            "class AgentInfo: ...",
            "line 1: the name of class AgentInfo says nothing",
            id="an info",
        ),
        pytest.param(
            house_rules.tests_that_cannot_fail,
            "def test_nothing():\n    decide()",
            "line 1: test_nothing cannot fail",
            id="a test that cannot fail",
        ),
    ],
)
def test_a_rule_complains(rule: HouseRule, source: str, complaint: str) -> None:
    assert list(rule(source)) == [complaint]


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        pytest.param(house_rules.opening, "", id="an empty module needs no docstring"),
        pytest.param(
            house_rules.parameters,
            "def lint(a, b, c, d, e, f: Annotated[bool, typer.Option()]): ...",
            id="options of the command line are free",
        ),
        pytest.param(house_rules.parameters, "def few(self, a, b, c, d, e, *, now): ...", id="self and now are free"),
        pytest.param(house_rules.frozen_values, f"{VALUE}\nclass Seat:\n    stops: tuple[str, ...]", id="a value"),
        pytest.param(house_rules.names_of_classes, "class Updated: ...", id="data inside another word"),
        pytest.param(house_rules.tests_that_cannot_fail, "def test_it():\n    check_it()", id="a test that checks"),
        pytest.param(
            house_rules.tests_that_cannot_fail,
            "def test_it():\n    with pytest.raises(Invalid):\n        decide()",
            id="a test that expects an exception",
        ),
    ],
)
def test_a_rule_is_content(rule: HouseRule, source: str) -> None:
    assert list(rule(source)) == []


@pytest.mark.parametrize("path", modules(*PRODUCT, "tests"))
def test_every_module_keeps_the_rules(path: str) -> None:
    assert complaints(path, *EVERYWHERE) == []


@pytest.mark.parametrize("path", modules(*PRODUCT))
def test_every_module_of_the_product_keeps_the_stricter_rules(path: str) -> None:
    assert complaints(path, *PRODUCT_ONLY) == []


@pytest.mark.parametrize("path", modules(*PURE))
def test_values_of_the_core_are_frozen(path: str) -> None:
    assert complaints(path, house_rules.frozen_values) == []


@pytest.mark.parametrize("path", modules("tests"))
def test_every_test_can_fail(path: str) -> None:
    assert complaints(path, house_rules.tests_that_cannot_fail) == []


@pytest.mark.parametrize("path", modules(*PRODUCT, "tests"))
def test_modules_are_named_for_what_they_hold(path: str) -> None:
    assert not house_rules.says_nothing(PurePosixPath(path).stem)


@pytest.mark.parametrize("name", ["queue_utils", "helpers", "contact_data"])
def test_a_module_name_that_says_nothing(name: str) -> None:
    assert house_rules.says_nothing(name)


def complaints(path: str, *rules: HouseRule) -> list[str]:
    """What some rules say about one module of the project."""
    source = text(path)
    assert source is not None
    return [f"{path} {complaint}" for rule in rules for complaint in rule(source)]
