"""The four pictures of a benchmark."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from talentopt.bench.charts import Axis, Chart, heat_map

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from talentopt.bench.figures import Cell, Curve, Growth

SMALLEST_GAP = 1e-5
"""Gaps below this are drawn at the left edge."""


def profile_picture(profiles: Mapping[str, Curve], order: Sequence[str]) -> str:
    """Draw which share of the instances each solver brings how close to the best."""
    chart = Chart(
        "Performance profile",
        Axis("gap to the best known value, at most", SMALLEST_GAP, 1.0, log=True, percent=True),
        Axis("share of the instances", 0.0, 1.0, percent=True),
    )
    for number, solver in enumerate(order):
        curve = profiles.get(solver, [])
        if curve:
            closed = [(SMALLEST_GAP, 0.0), *curve, (1.0, curve[-1][1])]
            chart.add(solver, closed, number, steps=True)
    return chart.svg()


def time_picture(curves: Mapping[str, Curve], order: Sequence[str]) -> str:
    """Draw the mean gap over time."""
    latest = max((x for curve in curves.values() for x, _ in curve), default=1.0)
    chart = Chart(
        "Gap over time",
        Axis("seconds of search", 0.01, max(latest, 0.1), log=True),
        Axis("mean gap to the best known value", SMALLEST_GAP, 1.0, log=True, percent=True),
    )
    for number, solver in enumerate(order):
        curve = curves.get(solver, [])
        if curve:
            chart.add(solver, [(0.01, 1.0), *curve], number, steps=True)
    return chart.svg()


def growth_picture(grown: Mapping[str, Growth], order: Sequence[str]) -> str:
    """Draw seconds until near the best over the number of people; blank without sizes."""
    points = [point for own in grown.values() for point in own.points]
    if len({x for x, _ in points}) < 2:
        return ""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    chart = Chart(
        "Growth with size",
        Axis("people", 0.8 * min(xs), 1.25 * max(xs), log=True),
        Axis(
            "seconds to within 1 % of the best known",
            10 ** math.floor(math.log10(min(ys))),
            10 ** math.ceil(math.log10(max(ys)) + 1e-9),
            log=True,
        ),
    )
    for number, solver in enumerate(order):
        if solver in grown and grown[solver].points:
            exponent = grown[solver].exponent
            name = solver if exponent is None else f"{solver} (n^{exponent:.2f})"
            chart.add(name, grown[solver].points, number, dots=True)
    return chart.svg()


def winners_picture(cells: Sequence[Cell], order: Sequence[str]) -> str:
    """Draw every instance's gaps, with a star for its winner (and a hollow one for equals)."""
    longest = max((cell.limit for cell in cells), default=0.0)
    shown = [cell for cell in cells if cell.limit == longest]
    rows = list(dict.fromkeys(cell.instance for cell in shown))
    shade, text = {}, {}
    for cell in shown:
        if cell.gap is not None:
            worst = math.log(max(cell.gap, SMALLEST_GAP) / SMALLEST_GAP) / -math.log(SMALLEST_GAP)
            shade[cell.instance, cell.solver] = min(1.0, worst)
            star = "★ " if cell.fastest else "☆ " if cell.wins else ""
            text[cell.instance, cell.solver] = star + _percent(cell.gap)
        elif cell.outcome not in ("absent", "unsuitable"):
            text[cell.instance, cell.solver] = "none" if cell.outcome != "wrong" else "wrong"
    return heat_map(rows, list(order), shade, text)


def _percent(gap: float) -> str:
    return f"{100 * gap:.2f} %" if gap < 10 else "> 1000 %"
