"""The overflow graph: its edges, its cycles, what can be reached and where it ends."""

import pytest
from hypothesis import given, settings

from rules.model import Overflow, OverflowWhen, Queue, RuleSet
from rules.overflow import cycles, dead_ends, overflow_graph, reachable
from tests.rules.builders import rule_sets


def leading(**ways: str) -> RuleSet:
    """Queues by name, each with the queues to which it overflows, one letter each."""
    return RuleSet(
        queues={
            name: Queue(name=name, overflow=tuple(Overflow(when=OverflowWhen.CLOSED, to=to) for to in targets))
            for name, targets in ways.items()
        }
    )


def test_the_graph_has_every_queue_and_the_steps_between_them() -> None:
    closed = Overflow(when=OverflowWhen.CLOSED, to="b")
    later = Overflow(when=OverflowWhen.AFTER, after=60, to="b")
    rule_set = RuleSet(queues={"a": Queue(name="a", overflow=(closed, later))})

    graph = overflow_graph(rule_set, offices=frozenset({"madrid"}))

    assert list(graph) == ["a", "madrid", "everybody", "b"]
    assert list(graph.edges.data("steps")) == [("a", "b", (closed, later))]


@pytest.mark.parametrize(
    ("rule_set", "expected"),
    [
        pytest.param(leading(a="b", b=""), (), id="none"),
        pytest.param(leading(a="a"), (("a",),), id="into itself"),
        pytest.param(leading(a="b", b="a"), (("a", "b"),), id="back and forth"),
        pytest.param(leading(a="b", b="c", c="b"), (("b", "c"),), id="behind a way in"),
        pytest.param(leading(a="bc", b="d", c="a", d="a"), (("a", "c"),), id="the shortest of a knot"),
        pytest.param(leading(a="b", b="a", c="d", d="c"), (("a", "b"), ("c", "d")), id="two knots"),
    ],
)
def test_cycles(rule_set: RuleSet, expected: tuple[tuple[str, ...], ...]) -> None:
    assert cycles(overflow_graph(rule_set, offices=frozenset())) == expected


def test_reachable() -> None:
    graph = overflow_graph(leading(a="b", b="c", c="b", d="a"), offices=frozenset())

    assert reachable(graph, ["b", "unheard-of"]) == {"b", "c"}


def test_dead_ends_are_ends_that_close() -> None:
    graph = overflow_graph(leading(a="bcd", b="", c="", d="b", e=""), offices=frozenset())

    assert dead_ends(graph, closes=lambda queue: queue != "c") == ("b",)


@given(rule_sets)
@settings(max_examples=50)
def test_every_cycle_is_one_and_starts_where_it_ends(rule_set: RuleSet) -> None:
    graph = overflow_graph(rule_set, offices=frozenset())

    for cycle in cycles(graph):
        assert all(
            graph.has_edge(queue, following) for queue, following in zip(cycle, (*cycle[1:], cycle[0]), strict=True)
        )
