"""Overflow as a picture: queues stand in columns, lines run between them, and nothing lies upon something else."""

from itertools import combinations

import pytest

from assigner.console.overflow_picture import BOX_HEIGHT, MOST_QUEUES, Picture, overflow_picture
from rules.model import Overflow, OverflowWhen, Queue, RuleSet
from rules.overflow import overflow_graph


def drawn(**overflows: str) -> Picture | None:
    """The picture of queues that overflow to others, named with blanks between."""
    queues = {
        name: Queue(name=name, overflow=tuple(Overflow(when=OverflowWhen.CLOSED, to=each) for each in to.split()))
        for name, to in overflows.items()
    }
    graph = overflow_graph(RuleSet(queues=queues), offices=frozenset())
    return overflow_picture(graph, name=str.title, said=lambda step: f"to {step.to}")


def test_nothing_is_drawn_where_nothing_overflows() -> None:
    assert drawn(madrid="", lisbon="") is None


def test_too_much_is_a_table_alone() -> None:
    assert drawn(**{f"q{number}": f"q{number + 1}" for number in range(MOST_QUEUES)}) is None


def test_a_queue_stands_behind_those_that_overflow_to_it() -> None:
    picture = drawn(sevilla="madrid night", madrid="lisbon night", lisbon="night", night="", alone="")
    assert picture is not None

    places = {box.title: box.x for box in picture.boxes}
    assert sorted(places, key=places.__getitem__) == ["Sevilla", "Madrid", "Lisbon", "Night"]
    assert [way.label for way in picture.ways] == [
        ("to madrid",),
        ("to night",),
        ("to lisbon",),
        ("to night",),
        ("to night",),
    ]


@pytest.mark.parametrize(
    "overflows",
    [
        pytest.param({"a": "b c d", "b": "d", "c": "d", "d": ""}, id="a diamond with a short cut"),
        pytest.param({"a": "b", "b": "c", "c": "a"}, id="a circle"),
        pytest.param({"a": "c d e", "b": "c d e", "c": "f", "d": "f", "e": "f", "f": ""}, id="many beside each other"),
    ],
)
def test_no_box_lies_upon_another_or_outside(overflows: dict[str, str]) -> None:
    picture = drawn(**overflows)
    assert picture is not None

    for one, other in combinations(picture.boxes, 2):
        beside = one.x + one.width < other.x or other.x + other.width < one.x
        assert beside or abs(one.y - other.y) >= BOX_HEIGHT
    for box in picture.boxes:
        assert box.x >= 0
        assert box.x + box.width <= picture.width
        assert BOX_HEIGHT / 2 <= box.y <= picture.height - BOX_HEIGHT / 2


def test_the_overflow_that_closes_a_circle_is_told_apart() -> None:
    picture = drawn(madrid="lisbon", lisbon="madrid", self="self")
    assert picture is not None

    assert [(way.label, way.is_circle) for way in picture.ways] == [
        (("to lisbon",), False),
        (("to madrid",), True),
        (("to self",), True),
    ]
