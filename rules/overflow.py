"""The queues as a graph: an edge for every overflow, with its steps as the attribute `steps`.

Lint and the console ask it for cycles, dead ends and what can be reached. Assigning never does: there an overflow is a
lookup in the queue, and since no contact enters a queue twice, a cycle does no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from rules.model import EVERYBODY, RuleSet

if TYPE_CHECKING:
    from networkx import DiGraph


def overflow_graph(rule_set: RuleSet, *, offices: frozenset[str]) -> DiGraph[str]:
    """All queues, written or implied by an office, in the order in which the rule set writes them.

    The attribute `steps` of an edge is the tuple of the overflow steps that lead from the one queue to the other."""
    # Imported late, here and below: it takes 0.5 s, which assigning and `--help` need not pay.
    import networkx

    graph: DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from((*rule_set.queues, *sorted(offices), EVERYBODY))
    for queue in rule_set.queues.values():
        for step in queue.overflow:
            earlier = graph.edges[queue.name, step.to]["steps"] if graph.has_edge(queue.name, step.to) else ()
            graph.add_edge(queue.name, step.to, steps=(*earlier, step))
    return graph


def cycles(graph: DiGraph[str]) -> tuple[tuple[str, ...], ...]:
    """One shortest cycle for every knot of queues that overflow into each other: `("madrid", "lisbon")`.

    Listing every cycle of a knot could take longer than anybody lives; to untie it one is enough."""
    import networkx

    order = {queue: number for number, queue in enumerate(graph)}
    found: list[tuple[str, ...]] = []
    for knot in networkx.strongly_connected_components(graph):
        first = min(knot, key=order.__getitem__)
        way_back = networkx.shortest_path_length(graph, target=first)
        successors = [successor for successor in graph[first] if successor in knot]
        if successors:
            nearest = min(successors, key=way_back.__getitem__)
            found.append((first, *networkx.shortest_path(graph, nearest, first)[:-1]))
    return tuple(sorted(found, key=lambda cycle: order[cycle[0]]))


def reachable(graph: DiGraph[str], entries: Iterable[str]) -> frozenset[str]:
    """Every queue that a contact can come to from one of the entries, these included."""
    found: set[str] = set()
    ahead = [entry for entry in entries if entry in graph]
    while ahead:
        queue = ahead.pop()
        if queue not in found:
            found.add(queue)
            ahead.extend(graph[queue])
    return frozenset(found)


def dead_ends(graph: DiGraph[str], *, closes: Callable[[str], bool]) -> tuple[str, ...]:
    """The queues at which overflow ends although they close themselves: a contact there waits for the morning."""
    return tuple(queue for queue in graph if graph.in_degree(queue) and not graph.out_degree(queue) and closes(queue))
