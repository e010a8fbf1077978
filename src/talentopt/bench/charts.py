"""Line charts as SVG, without any library: what the benchmark's pictures need, no more."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 20, 50

COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
    "#8c564b", "#7f7f7f", "#9467bd", "#bcbd22", "#17becf",
)  # fmt: skip
DASHES = ("", "6 3", "2 3")


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Attributes
    ----------
    label : str
    log : bool
    low, high : float
        The range shown; positive when `log`.
    percent : bool
        Ticks are written in percent.
    """

    label: str
    low: float
    high: float
    log: bool = False
    percent: bool = False

    def place(self, value: float) -> float:
        """Position of a value: 0 at `low`, 1 at `high`, cut to that range."""
        value = min(max(value, self.low), self.high)
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """Where labels go: powers of ten when `log`, else five steps."""
        if not self.log:
            return [self.low + (self.high - self.low) * k / 5 for k in range(6)]
        first = math.ceil(math.log10(self.low) - 1e-9)
        last = math.floor(math.log10(self.high) + 1e-9)
        found = [10.0**k for k in range(first, last + 1)]
        return found if len(found) > 1 else [self.low, *found, self.high]

    def text(self, value: float) -> str:
        """Write a tick."""
        return f"{100 * value:.4g} %" if self.percent else f"{value:.4g}"


@dataclass(slots=True)
class Chart:
    """A chart that lines are added to, and that `svg` draws."""

    title: str
    x: Axis
    y: Axis
    _marks: list[str] = field(default_factory=list)
    _legend: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        points: Iterable[tuple[float, float]],
        number: int,
        *,
        steps: bool = False,
        dots: bool = False,
    ) -> None:
        """Add one line.

        Parameters
        ----------
        name : str
            For the legend.
        points : iterable of (x, y)
        number : int
            Which colour and dash.
        steps : bool
            Each value holds until the next point.
        dots : bool
            Mark each point.
        """
        placed = [(self._across(x), self._down(y)) for x, y in points]
        if not placed:
            return
        colour = COLOURS[number % len(COLOURS)]
        dash = DASHES[number // 4 % len(DASHES)]
        path = f"M{placed[0][0]:.1f},{placed[0][1]:.1f}"
        for across, down in placed[1:]:
            path += f"H{across:.1f}V{down:.1f}" if steps else f"L{across:.1f},{down:.1f}"
        style = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
        self._marks.append(f'<path d="{path}" {style}><title>{escape(name)}</title></path>')
        if dots:
            self._marks += [
                f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3.5" fill="{colour}"/>'
                for across, down in placed
            ]
        height = TOP + 10 + 20 * len(self._legend)
        left = WIDTH - RIGHT + 14
        self._legend.append(
            f'<path d="M{left},{height}h26" {style}/>'
            f'<text x="{left + 32}" y="{height + 4}">{escape(name)}</text>'
        )

    def svg(self) -> str:
        """Draw everything."""
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'role="img" aria-label="{escape(self.title)}" font-family="system-ui, sans-serif" '
            'font-size="12" fill="currentColor">'
        ]
        parts += self._frame()
        return "\n".join([*parts, *self._marks, *self._legend, "</svg>"])

    def _frame(self) -> list[str]:
        bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
        parts = []
        for tick in self.x.ticks():
            across = self._across(tick)
            parts.append(_grid(across, TOP, across, bottom))
            text = self.x.text(tick)
            parts.append(
                f'<text x="{across:.1f}" y="{bottom + 18}" text-anchor="middle">{text}</text>'
            )
        for tick in self.y.ticks():
            down = self._down(tick)
            parts.append(_grid(LEFT, down, right, down))
            text = self.y.text(tick)
            parts.append(
                f'<text x="{LEFT - 8}" y="{down + 4:.1f}" text-anchor="end">{text}</text>'
            )
        middle = (LEFT + right) / 2
        parts.append(
            f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">'
            f"{escape(self.x.label)}</text>"
        )
        middle = (TOP + bottom) / 2
        parts.append(
            f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">'
            f"{escape(self.y.label)}</text>"
        )
        return parts

    def _across(self, value: float) -> float:
        return LEFT + self.x.place(value) * (WIDTH - RIGHT - LEFT)

    def _down(self, value: float) -> float:
        return HEIGHT - BOTTOM - self.y.place(value) * (HEIGHT - BOTTOM - TOP)


def _grid(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        'stroke="currentColor" stroke-opacity=".18"/>'
    )


def heat_map(
    rows: list[str],
    columns: list[str],
    shade: Mapping[tuple[str, str], float],
    text: Mapping[tuple[str, str], str],
) -> str:
    """Draw a table of squares, darker where a number between 0 and 1 is lower.

    Parameters
    ----------
    rows, columns : list of str
    shade : mapping of (row, column) to float
        Cells that are left out stay white.
    text : mapping of (row, column) to str
    """
    left, top, wide, high = 230, 70, 74, 22
    width, height = left + wide * len(columns) + 10, top + high * len(rows) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-label="Who wins where" font-family="system-ui, sans-serif" font-size="12" '
        'fill="currentColor">'
    ]
    for number, column in enumerate(columns):
        across = left + wide * (number + 0.5)
        parts.append(
            f'<text transform="translate({across} {top - 8}) rotate(-35)">{escape(column)}</text>'
        )
    for line, row in enumerate(rows):
        down = top + high * line
        parts.append(
            f'<text x="{left - 8}" y="{down + 15}" text-anchor="end">{escape(row)}</text>'
        )
        for number, column in enumerate(columns):
            across = left + wide * number
            if (row, column) in shade:
                opacity = 0.75 * (1 - shade[row, column])
                parts.append(
                    f'<rect x="{across}" y="{down}" width="{wide - 2}" height="{high - 2}" '
                    f'fill="#009e73" fill-opacity="{opacity:.2f}"/>'
                )
            parts.append(
                f'<text x="{across + wide / 2}" y="{down + 15}" text-anchor="middle">'
                f"{escape(text.get((row, column), ''))}</text>"
            )
    return "\n".join([*parts, "</svg>"])
