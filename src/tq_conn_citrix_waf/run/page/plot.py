"""Plots: shapes in SVG that stretch with the page, words around them that do not.

1. A plot is one picture to a screen reader, and its words tell what the picture shows;
   a table beside it has the numbers.
2. A colour never says a thing alone: lines differ in their dashes, bars in their side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tq_conn_citrix_waf.run.page.figures import Span, nice
from tq_conn_citrix_waf.run.page.markup import Element, h

_WIDE, _HIGH = 1000, 200
_GAP = 0.2
"""Of the room that a bar has, so much stays free."""
_TICKS = 5
_DATES = 5
_LAST = 0.9
"""A date that begins beyond this part of the width would leave a narrow screen."""
_FLAT = 50
"""A scale shows no step finer than this part of a value: a list that stands still is
to look so."""
_USUAL, _FAR = 0.9, 4
"""A bar over four times what nine of ten do not reach, such as a first load's, is cut:
it would make the others invisible."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is called, how it looks, its points (0 to 1, a value)."""

    name: str
    look: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Bars:
    """One row of bars, a value for each period; ``down``: below the base line."""

    name: str
    look: str
    values: Sequence[int]
    down: bool = False


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float

    def y(self, value: float) -> float:
        return _HIGH * (self.high - value) / (self.high - self.low)

    def ticks(self) -> list[float]:
        step = nice((self.high - self.low) / _TICKS)
        first = -(-self.low // step) * step
        count = int((self.high - first) / step + 0.001) + 1
        return [first + n * step for n in range(count)]


def lines(about: str, drawn: Sequence[Line], told: Span) -> Element:
    """Return a plot of lines over time; each holds until its next point."""
    values = [value for line in drawn for _, value in line.points]
    scale = _fitting(min(values, default=0), max(values, default=1))
    shapes = [h("path", d=_steps(line, scale), class_=line.look) for line in drawn]
    legend = [(line.name, line.look) for line in drawn]
    return _plot(about, shapes, scale, told, legend)


def bars(about: str, drawn: Sequence[Bars], told: Span) -> Element:
    """Return a plot of bars over time, stacked away from the base line."""
    up, down = (
        _stacked([b for b in drawn if b.down is side]) for side in (False, True)
    )
    scale = _Scale(-_top(down) if any(down) else 0.0, _top(up))
    shapes = [h("path", d=d, class_=look) for look, d in _bars(drawn, scale)]
    legend = [(one.name, one.look) for one in drawn]
    over = [*_over(up, scale.high, "bottom"), *_over(down, -scale.low, "top")]
    return _plot(about, shapes, scale, told, legend, over)


def _top(heights: Sequence[int]) -> float:
    """Return how far the bars go; those far beyond most are cut, and say how high."""
    order = sorted(filter(None, heights)) or [1]
    usual = order[int(_USUAL * (len(order) - 1))]
    return nice(order[-1] if order[-1] <= _FAR * usual else 2 * usual)


def _over(heights: Sequence[int], top: float, side: str) -> Iterator[Element]:
    for n, height in enumerate(heights):
        if height > top:
            place = f"left:{100 * (n + 0.5) / len(heights):.2f}%;{side}:100%"
            yield h("span", f"{height:,}", class_="over", style=place)


def _fitting(low: float, high: float) -> _Scale:
    """Return a scale from nothing; for what hardly moves, a part of it."""
    if low > high / 2:
        step = nice(max((high - low) / _TICKS, high / _FLAT, 1))
        return _Scale(max((low // step - 1) * step, 0), (high // step + 1) * step)
    step = nice(max(high / _TICKS, 1))
    return _Scale(0, (high // step + 1) * step)


def _steps(line: Line, scale: _Scale) -> str:
    """Return a path: level until the next point, and points that add nothing left out.

    The last value holds to the last point alone: nobody knows what comes.
    """
    words: list[str] = []
    before: float | None = None
    for n, (x, value) in enumerate(line.points):
        if before is None:
            words.append(f"M{x * _WIDE:.1f} {scale.y(value):.1f}")
        elif value != before:
            words.append(f"H{x * _WIDE:.1f}V{scale.y(value):.1f}")
        if n == len(line.points) - 1:  # one point alone is a dot
            words.append(f"H{x * _WIDE:.1f}")
        before = value
    return "".join(words)


def _stacked(side: Sequence[Bars]) -> list[int]:
    return [sum(values) for values in zip(*(b.values for b in side), strict=True)]


def _bars(drawn: Sequence[Bars], scale: _Scale) -> Iterator[tuple[str, str]]:
    count = len(drawn[0].values)
    room = _WIDE / count
    bases = {False: [0] * count, True: [0] * count}
    for one in drawn:
        words: list[str] = []
        for n, value in enumerate(one.values):
            base = bases[one.down][n]
            top = base + (-value if one.down else value)
            bases[one.down][n] = top
            if value:
                x = room * (n + _GAP / 2)
                y, end = (min(max(scale.y(v), 0), _HIGH) for v in (base, top))
                width = room * (1 - _GAP)
                words.append(f"M{x:.1f} {y:.1f}V{end:.1f}h{width:.1f}V{y:.1f}z")
        yield one.look, "".join(words)


def _plot(
    about: str,
    shapes: Sequence[Element],
    scale: _Scale,
    told: Span,
    legend: Sequence[tuple[str, str]],
    over: Sequence[Element] = (),
) -> Element:
    grid = "".join(f"M0 {scale.y(tick):.1f}H{_WIDE}" for tick in scale.ticks())
    base = f"M0 {scale.y(max(scale.low, 0)):.1f}H{_WIDE}"
    picture = h(
        "svg",
        h("path", d=grid, class_="grid"),
        *shapes,
        h("path", d=base, class_="base"),
        viewBox=f"0 0 {_WIDE} {_HIGH}",
        preserveAspectRatio="none",
        aria_hidden="true",
        focusable="false",
    )
    keys = [h("li", h("i", class_=look), name) for name, look in legend]
    return h(
        "div",
        h("ul", *keys, class_="legend", aria_hidden="true"),
        h("div", *_levels(scale), picture, *over, *_dates(told), class_="plot"),
        role="img",
        aria_label=about,
    )


def _levels(scale: _Scale) -> Iterator[Element]:
    for tick in scale.ticks():
        place = f"top:{100 * scale.y(tick) / _HIGH:.2f}%"
        yield h("span", _short(abs(tick)), class_="level-of", style=place)


def _short(value: float) -> str:
    return f"{value:,.0f}"


def _dates(told: Span) -> Iterator[Element]:
    days = (told.last - told.first).days
    step = max(1, round(days / _DATES))
    for day in range(0, days, step):
        at = told.first + timedelta(days=day)
        if told.at(at) > _LAST:
            return
        place = f"left:{100 * told.at(at):.2f}%"
        yield h("span", f"{at:%b} {at.day}", class_="date", style=place)
