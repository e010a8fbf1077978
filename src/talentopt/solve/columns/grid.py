"""The grid of values that plans can have, which rounds bounds down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talentopt.problem import Problem

FINEST = 10**6
"""Numbers with more decimals than this count as having no grid."""

ROUNDING = 1e-6
"""Part of a step by which a bound may be too low through rounding."""


def step_of(problem: Problem) -> float:
    """Find the largest step of which every plan's value is a multiple; 0 = none."""
    itineraries, matchings, rows = problem.itineraries, problem.matchings, problem.rows
    if len(itineraries.hours_stage):
        return 0.0
    personal = _common(
        (
            matchings.arc_points,
            matchings.demand_missing,
            itineraries.option_points,
            itineraries.stage_missing,
            itineraries.idle_price,
            itineraries.move_price,
            problem.links.points,
        )
    )
    priced = np.isfinite(rows.price)
    amounts = rows.matrix.tocoo()
    sides = [side[priced & np.isfinite(side)] for side in (rows.lower, rows.upper)]
    prices = [rows.price[priced & np.isfinite(side)] for side in (rows.lower, rows.upper)]
    shared = _common(
        (
            np.array([problem.constant]),
            matchings.kept_arc_points,
            itineraries.kept_booking_points,
            np.array([itineraries.understaffed_price]),
            np.where(priced[amounts.row], rows.price[amounts.row] * amounts.data, 0.0)
            if len(rows)
            else np.zeros(0),
            *(price * side for price, side in zip(prices, sides, strict=True)),
        )
    )
    if personal < 0 or shared < 0:
        return 0.0
    lowest = _common((np.array([problem.worst_off * personal / FINEST]),))
    return 0.0 if lowest < 0 else int(np.gcd.reduce([personal, shared, lowest])) / FINEST


def _common(parts: Iterable[np.ndarray]) -> int:
    """Find the largest common divisor in millionths; -1 = some number is too fine."""
    common = 0
    for part in parts:
        numbers = np.unique(part[np.isfinite(part)]) * FINEST
        whole = np.rint(numbers)
        if (np.abs(numbers - whole) > 1e-3).any() or (np.abs(whole) > 2**52).any():
            return -1
        common = int(np.gcd.reduce(np.append(whole.astype(np.int64), common)))
    return common


def round_down(bound: float, step: float) -> float:
    """Round a bound down to what a plan can be worth."""
    if step == 0.0 or not np.isfinite(bound):
        return bound
    return float(np.floor(bound / step + ROUNDING) * step)
