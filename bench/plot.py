"""Two panels of curves over days, on a logarithmic scale, as an SVG drawn by hand.

Light and dark are the reader's own choice (``prefers-color-scheme``). Colours are told
apart with any colour vision (Okabe and Ito), and by dashes as well.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Curve:
    """One way: its name, and for each panel (day, value), both growing."""

    name: str
    upper: Points
    lower: Points


WIDTH, PANEL, LEFT, RIGHT, TOP, GAP = 760, 190, 80, 16, 116, 56
STROKES = (
    ("#0072b2", "#56b4e9", "", 3.0),
    ("#d55e00", "#ff8c42", "7 3", 1.8),
    ("#8b5a00", "#e69f00", "2 3", 1.8),
    ("#007a5a", "#2fd3a3", "10 3 2 3", 1.8),
    ("#a3477f", "#e59bc8", "5 5", 1.8),
)
"""Light, dark, dashes and width of each curve, in their order."""
TITLES = ("address-hours unprotected", "address-hours wrongly blocked")


def draw_curves(curves: Sequence[Curve]) -> str:
    """Return the text of the SVG."""
    height = TOP + 2 * PANEL + GAP + 40
    days = max(curve.upper[-1][0] for curve in curves)
    top = max(p[-1][1] for c in curves for p in (c.upper, c.lower))
    scale = _Scale(days, max(1, math.ceil(math.log10(max(10.0, top)))))
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{' and '.join(TITLES)}, summed up over time</title>",
        f"<style>{_style()}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
        *_legend(curves),
    ]
    for n, title in enumerate(TITLES):
        at = TOP + n * (PANEL + GAP)
        parts += _frame(scale, at, title)
        for number, curve in enumerate(curves):
            path = scale.path((curve.upper, curve.lower)[n], at)
            parts.append(f'<path class="c{number}" d="{path}"/>')
    foot = TOP + 2 * PANEL + GAP + 32
    parts.append(f'<text x="{LEFT}" y="{foot}">days</text>')
    return "\n".join([*parts, "</svg>", ""])


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days to x, values to y: one row of ``PANEL`` for 1 to 10 to the ``decades``."""

    days: float
    decades: int

    def x(self, day: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * day / self.days

    def y(self, value: float, top: float) -> float:
        share = math.log10(max(1.0, value)) / self.decades
        return top + PANEL * (1 - share)

    def path(self, points: Points, top: float) -> str:
        """Return straight lines through what whole dots can show."""
        told: list[tuple[int, int]] = []
        for day, value in points:
            here = (round(self.x(day)), round(self.y(value, top)))
            if len(told) > 1 and told[-1][1] == told[-2][1] == here[1]:
                told[-1] = here
            elif here not in told[-1:]:
                told.append(here)
        return "M" + " L".join(f"{x},{y}" for x, y in told)


def _frame(scale: _Scale, top: float, title: str) -> list[str]:
    end = WIDTH - RIGHT
    parts = [f'<text class="title" x="{LEFT}" y="{top - 10}">{title}, so far</text>']
    for decade in range(scale.decades + 1):
        y = scale.y(10.0**decade, top)
        parts += [
            f'<path class="grid" d="M{LEFT},{y:.1f} H{end}"/>',
            f'<text class="left" x="{LEFT - 8}" y="{y + 4:.1f}">{10**decade:,}</text>',
        ]
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if scale.days / s <= 12)  # noqa: PLR2004  # labels that fit
    for day in range(0, int(scale.days) + 1, step):
        x = scale.x(day)
        parts.append(
            f'<text class="below" x="{x:.1f}" y="{top + PANEL + 17}">{day}</text>'
        )
    return parts


def _legend(curves: Sequence[Curve]) -> list[str]:
    parts = []
    for number, curve in enumerate(curves):
        y = 20 + 15 * number
        parts += [
            f'<path class="c{number}" d="M{LEFT},{y} h44"/>',
            f'<text x="{LEFT + 54}" y="{y + 4}">{escape(curve.name)}</text>',
        ]
    return parts


def _style() -> str:
    light, dark = [], []
    for number, (day, night, dashes, width) in enumerate(STROKES):
        shape = f"stroke-width:{width};stroke-dasharray:{dashes or 'none'}"
        light.append(f".c{number}{{fill:none;stroke:{day};{shape}}}")
        dark.append(f".c{number}{{stroke:{night}}}")
    return (
        "text{font:12px system-ui,sans-serif;fill:#24292f}"
        ".title{font-weight:600}.left{text-anchor:end}.below{text-anchor:middle}"
        ".paper{fill:#ffffff}.grid{stroke:#d0d7de;stroke-width:1}"
        + "".join(light)
        + "@media (prefers-color-scheme:dark){"
        "text{fill:#d1d7e0}.paper{fill:#0d1117}.grid{stroke:#30363d}"
        + "".join(dark)
        + "}"
    )
