"""A replay as a picture: arrivals, waiting contacts and agents Online over the day, one above the other, as SVG.

Several days are laid over each other, each a thin line, with their mean as a thick one: what they have in common is
seen at once, and so is the day that was different. The picture says what it shows in words, too."""

from collections.abc import Sequence
from datetime import date
from math import ceil
from xml.etree import ElementTree

from assigner.simulator.quarters import QUARTERS, Days, Quarters

WIDTH, PANEL_HEIGHT = 960, 150
LEFT, RIGHT, TOP, GAP, BOTTOM = 56, 24, 100, 64, 56
INK, FAINT, GRID = "#1f2933", "#52606d", "#d9dee3"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"
ARRIVALS, WAITING, ONLINE = "#0072b2", "#b84a00", "#00724f"
"""Told apart by the colour-blind too (after Okabe and Ito), and dark enough for text on white."""

Element = ElementTree.Element


def chart(quarters: Quarters, *, title: str) -> str:
    """The picture as an SVG document. `title` says what was replayed."""
    panels = (
        ("Contacts arriving per quarter hour", quarters.arrivals, ARRIVALS),
        ("Contacts waiting (mean of each quarter hour)", quarters.waiting, WAITING),
        ("Agents Online (mean of each quarter hour)", quarters.online, ONLINE),
    )
    days = tuple(quarters.arrivals)
    height = TOP + len(panels) * (PANEL_HEIGHT + GAP) - GAP + BOTTOM
    svg = _svg(height, title, " ".join(_in_words(name, shown) for name, shown, _ in panels))
    _text(svg, LEFT, 30, title, size=18, weight="600")
    _legend(svg, days)
    first, last = _hours([shown for _, shown, _ in panels])
    for number, (name, shown, colour) in enumerate(panels):
        top = TOP + number * (PANEL_HEIGHT + GAP)
        _panel(svg, _Axes(first, last, top, _largest(shown)), name, shown, colour)
    _text(
        svg, (LEFT + WIDTH - RIGHT) / 2, height - 14, f"Hour of the day, {quarters.zone}", anchor="middle", fill=FAINT
    )
    ElementTree.indent(svg)
    return ElementTree.tostring(svg, encoding="unicode", xml_declaration=True) + "\n"


class _Axes:
    """Where an hour and a value are, in one panel. The scale ends at a round number that four lines divide."""

    def __init__(self, first: int, last: int, top: float, largest: float) -> None:
        self.first, self.last, self.top = first, last, top
        self.bottom = top + PANEL_HEIGHT
        self.largest = _round_up(largest)

    def x(self, hour: float) -> float:
        """The distance from the left edge."""
        return round(LEFT + (hour - self.first) / (self.last - self.first) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """The distance from the upper edge."""
        return round(self.bottom - value / self.largest * PANEL_HEIGHT, 1)


def _svg(height: int, title: str, description: str) -> Element:
    svg = Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {WIDTH} {height}",
        "width": str(WIDTH),
        "height": str(height),
        "role": "img",
        "aria-labelledby": "title description",
        "font-family": FONT,
    })  # fmt: skip
    ElementTree.SubElement(svg, "title", {"id": "title"}).text = title
    ElementTree.SubElement(svg, "desc", {"id": "description"}).text = description
    ElementTree.SubElement(svg, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    return svg


def _panel(svg: Element, axes: _Axes, name: str, shown: Days, colour: str) -> None:
    group = ElementTree.SubElement(svg, "g", {"aria-label": name})
    _text(group, LEFT, axes.top - 12, name, fill=colour, weight="600")
    for part in range(5):
        value = axes.largest * part / 4
        _line(group, (LEFT, axes.y(value), WIDTH - RIGHT, axes.y(value)), INK if part == 0 else GRID)
        _text(group, LEFT - 8, axes.y(value) + 4, f"{value:g}", anchor="end", fill=FAINT)
    for hour in range(axes.first, axes.last + 1, 1 if axes.last - axes.first <= 14 else 2):
        _line(group, (axes.x(hour), axes.bottom, axes.x(hour), axes.bottom + 5), INK)
        _text(group, axes.x(hour), axes.bottom + 18, f"{hour}", anchor="middle", fill=FAINT)
    if len(shown) > 1:
        for row in shown.values():
            _steps(group, axes, row, {"stroke": colour, "stroke-width": "1", "stroke-opacity": "0.35"})
    if shown:
        _steps(group, axes, _mean(shown), {"stroke": colour, "stroke-width": "2.5"})


def _steps(parent: Element, axes: _Axes, row: Sequence[float], style: dict[str, str]) -> None:
    """A line with a step for every quarter hour."""
    points = [
        f"{axes.x(edge / 4):g},{axes.y(row[quarter]):g}"
        for quarter in range(axes.first * 4, min(axes.last * 4, QUARTERS))
        for edge in (quarter, quarter + 1)
    ]
    ElementTree.SubElement(
        parent, "polyline", {"points": " ".join(points), "fill": "none", "stroke-linejoin": "round", **style}
    )


def _legend(svg: Element, days: Sequence[date]) -> None:
    if not days:
        _text(svg, LEFT, 52, "No contacts", fill=FAINT)
    elif len(days) == 1:
        _text(svg, LEFT, 52, f"{days[0]:%A}, {days[0].isoformat()}", fill=FAINT)
    else:
        _line(svg, (LEFT, 48, LEFT + 28, 48), INK, width="2.5")
        _text(svg, LEFT + 36, 52, f"mean of {len(days)} days", fill=FAINT)
        _line(svg, (LEFT + 170, 48, LEFT + 198, 48), INK, opacity="0.35")
        _text(svg, LEFT + 206, 52, f"each of the days from {days[0].isoformat()} to {days[-1].isoformat()}", fill=FAINT)


def _line(
    parent: Element, ends: tuple[float, float, float, float], colour: str, *, width: str = "1", opacity: str = "1"
) -> None:
    places = zip(("x1", "y1", "x2", "y2"), (f"{end:g}" for end in ends), strict=True)
    style = {"stroke": colour, "stroke-width": width, "stroke-opacity": opacity}
    ElementTree.SubElement(parent, "line", {**dict(places), **style})


def _text(parent: Element, x: float, y: float, text: str, **style: str | int) -> None:
    names = {"size": "font-size", "weight": "font-weight", "anchor": "text-anchor", "fill": "fill"}
    written = {names[name]: str(value) for name, value in {"size": 13, "fill": INK, **style}.items()}
    ElementTree.SubElement(parent, "text", {"x": f"{x:g}", "y": f"{y:g}", **written}).text = text


def _mean(shown: Days) -> tuple[float, ...]:
    return tuple(sum(values) / len(shown) for values in zip(*shown.values(), strict=True))


def _largest(shown: Days) -> float:
    return max((value for row in shown.values() for value in row), default=0)


def _round_up(largest: float) -> int:
    """The next of 4, 8, 12, ..., 40, 80, 120, ..., 400, 800: numbers of which a quarter is round."""
    quarter = 1
    while 40 * quarter < largest:
        quarter *= 10
    return 4 * quarter * max(1, ceil(largest / (4 * quarter)))


def _hours(all_shown: Sequence[Days]) -> tuple[int, int]:
    """The first and the last hour between which anything is to be seen; a whole day where nothing is."""
    seen = [quarter for shown in all_shown for row in shown.values() for quarter, value in enumerate(row) if value]
    return (min(seen) // 4, max(seen) // 4 + 1) if seen else (0, 24)


def _in_words(name: str, shown: Days) -> str:
    """What a panel shows, for those who do not see it."""
    if not _largest(shown):
        return f"{name}: none."
    day, quarter = max(
        ((day, quarter) for day in shown for quarter in range(QUARTERS)), key=lambda at: shown[at[0]][at[1]]
    )
    at = f"{quarter // 4}:{quarter % 4 * 15:02}"
    return f"{name}: at most {shown[day][quarter]:.3g}, on {day.isoformat()} at {at}."
