"""Overflow between queues as a picture: who overflows to whom from left to right, and what makes it happen.

Values only, in pixels; a template makes SVG of them. Queues stand in columns by how far overflow leads to them; a way
over several columns keeps a place of its own in each, so that no line runs through a box."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from networkx import DiGraph

    from rules.model import Overflow

MOST_QUEUES = 40
"""More are told as a table alone: nobody reads such a picture."""
LETTER, LABEL_LETTER = 7.6, 6.4
"""How wide a letter of a queue and of a label is taken to be."""
BOX_HEIGHT, LINE_HEIGHT, WAY_HEIGHT, SPACE = 38, 15, 20, 22
LONGEST_NAME = 24
SWEEPS = 6

Item = tuple[str, ...]
"""What has a place in a column: a queue, `("madrid",)`, or where a way passes, `("sevilla", "night", "1")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A queue. `x` and `y` are its left edge and its middle."""

    title: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An overflow: the path of its line, and its label, line by line from `y` on, in the middle around `x`."""

    path: str
    label: tuple[str, ...]
    x: float
    y: float
    is_circle: bool

    @property
    def width(self) -> float:
        """How wide the label is."""
        return LABEL_LETTER * max(map(len, self.label)) + 8

    @property
    def height(self) -> float:
        """How high the label is."""
        return float(LINE_HEIGHT * len(self.label))


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All of it."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Which items stand in each column, from the top, and where each of them is: x, y, width."""

    items: list[list[Item]]
    at: Mapping[Item, tuple[float, float, float]]
    height: float


def overflow_picture(
    graph: DiGraph[str], *, name: Callable[[str], str], said: Callable[[Overflow], str]
) -> Picture | None:
    """The picture of a graph of `rules.overflow`; None where nothing overflows, or too much."""
    order = [queue for queue in graph if graph.degree(queue)]
    if not 0 < len(order) <= MOST_QUEUES:
        return None
    forth = _without_circles(graph, order)
    labels = {(queue, to): tuple(said(step) for step in graph.edges[queue, to]["steps"]) for queue, to in graph.edges}
    columns = _placed(_ordered(_columns(forth, order), forth), forth, labels, name)
    ways = [_way(columns, forth, edge, labels[edge]) for edge in graph.edges]
    rights = [x + width for x, _, width in columns.at.values()]
    back = [way for way in ways if way.is_circle]
    return Picture(
        width=max(rights) + 2,
        height=columns.height
        + (max((way.y + 6 + LINE_HEIGHT * len(way.label) for way in back), default=0.0))
        - (columns.height if back else 0.0),
        boxes=tuple(
            Box(title=_short(name(item[0])), x=x, y=y, width=width)
            for item, (x, y, width) in columns.at.items()
            if len(item) == 1
        ),
        ways=tuple(ways),
    )


def _without_circles(graph: DiGraph[str], order: list[str]) -> DiGraph[str]:
    """The graph without the overflows that lead back to an earlier queue."""
    import networkx

    number = {queue: place for place, queue in enumerate(order)}
    forth: DiGraph[str] = networkx.DiGraph()
    forth.add_nodes_from(order)
    forth.add_edges_from(graph.edges)
    while True:
        try:
            circle = networkx.find_cycle(forth)
        except networkx.NetworkXNoCycle:
            return forth
        forth.remove_edge(*max((edge[:2] for edge in circle), key=lambda edge: number[edge[0]] - number[edge[1]]))


def _columns(forth: DiGraph[str], order: list[str]) -> list[list[Item]]:
    """Queues by how far overflow leads to them, and beside them the ways that pass."""
    import networkx

    depth = {queue: column for column, queues in enumerate(networkx.topological_generations(forth)) for queue in queues}
    columns: list[list[Item]] = [[] for _ in range(max(depth.values()) + 1)]
    for queue in order:
        columns[depth[queue]].append((queue,))
    for queue, to in forth.edges:
        for column in range(depth[queue] + 1, depth[to]):
            columns[column].append((queue, to, str(column)))
    return columns


def _ordered(columns: list[list[Item]], forth: DiGraph[str]) -> list[list[Item]]:
    """The same columns, each sorted by the middle of its neighbours, so that few lines cross."""
    steps = [pair for queue, to in forth.edges for pair in _steps(columns, queue, to)]
    for sweep in range(SWEEPS):
        is_forward = sweep % 2 == 0
        ahead = range(1, len(columns)) if is_forward else range(len(columns) - 2, -1, -1)
        for column in ahead:
            near = columns[column - 1 if is_forward else column + 1]
            place = {item: number / max(len(near) - 1, 1) for number, item in enumerate(near)}
            beside: dict[Item, list[float]] = {item: [] for item in columns[column]}
            for start, end in steps:
                item, other = (end, start) if is_forward else (start, end)
                if item in beside and other in place:
                    beside[item].append(place[other])
            columns[column].sort(key=lambda item: sum(beside[item]) / len(beside[item]) if beside[item] else 0.5)
    return columns


def _steps(columns: list[list[Item]], queue: str, to: str) -> list[tuple[Item, Item]]:
    """A way as steps from column to column."""
    passed = [(queue, to, str(column)) for column in range(len(columns)) if (queue, to, str(column)) in columns[column]]
    items: list[Item] = [(queue,), *passed, (to,)]
    return list(pairwise(items))


def _placed(
    columns: list[list[Item]],
    forth: DiGraph[str],
    labels: Mapping[tuple[str, str], tuple[str, ...]],
    name: Callable[[str], str],
) -> _Columns:
    """Columns side by side, as far apart as the labels between them need, each in the middle of the height."""
    lines = max((len(labels[edge]) for edge in forth.edges), default=1)
    pitch = max(SPACE, LINE_HEIGHT * lines + 16)
    heights = {item: BOX_HEIGHT if len(item) == 1 else WAY_HEIGHT for column in columns for item in column}
    tall = [sum(heights[item] for item in column) + pitch * (len(column) - 1) for column in columns]
    longest = max((len(line) for edge in forth.edges for line in labels[edge]), default=0)
    gap = LABEL_LETTER * longest + 58
    at: dict[Item, tuple[float, float, float]] = {}
    x, height = 2.0, max(tall) + 4
    for column, own in zip(columns, tall, strict=True):
        width = max((LETTER * len(_short(name(item[0]))) + 30 for item in column if len(item) == 1), default=0.0)
        y = (height - own) / 2
        for item in column:
            at[item] = (x, y + heights[item] / 2, width)
            y += heights[item] + pitch
        x += width + gap
    return _Columns(items=columns, at=at, height=height)


def _way(columns: _Columns, forth: DiGraph[str], edge: tuple[str, str], label: tuple[str, ...]) -> Way:
    queue, to = edge
    if not forth.has_edge(queue, to):
        return _way_back(columns, queue, to, label)
    path = ""
    middle = (0.0, 0.0)
    for start, end in _steps(columns.items, queue, to):
        (left, y, width), (right, end_y, _) = columns.at[start], columns.at[end]
        left += width
        half = (left + right) / 2
        if not path:
            path, middle = f"M{left:.0f} {y:.0f}", (half, (y + end_y) / 2)
        else:
            path += f"H{left:.0f}"
        path += f"C{half:.0f} {y:.0f} {half:.0f} {end_y:.0f} {right:.0f} {end_y:.0f}"
    top = middle[1] - LINE_HEIGHT * (len(label) - 1) / 2
    return Way(path=path, label=label, x=middle[0], y=top, is_circle=False)


def _way_back(columns: _Columns, queue: str, to: str, label: tuple[str, ...]) -> Way:
    """A way that closes a circle runs below everything."""
    (left, y, width), (right, end_y, end_width) = columns.at[(queue,)], columns.at[(to,)]
    start_x, end_x, below = left + width * 0.4, right + end_width * 0.6, columns.height + 14
    y, end_y = y + BOX_HEIGHT / 2, end_y + BOX_HEIGHT / 2
    path = f"M{start_x:.0f} {y:.0f}C{start_x:.0f} {below:.0f} {end_x:.0f} {below:.0f} {end_x:.0f} {end_y:.0f}"
    return Way(path=path, label=label, x=(start_x + end_x) / 2, y=below, is_circle=True)


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_NAME else f"{title[: LONGEST_NAME - 1]}…"
