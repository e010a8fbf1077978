"""Bound of a problem without bookings at given multipliers, and near-best arcs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.matchings.highs import Prices
from talentopt.solve.matchings.interface import Relaxation

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.matchings.interface import Relaxation, Relaxed
    from talentopt.solve.matchings.program import Ground


@dataclass(frozen=True, slots=True)
class Priced:
    """The relaxation at some multipliers.

    Attributes
    ----------
    bound : float
        No assignment is worth more (objective with the constant).
    relaxed : Relaxed
    values : (n_arcs,) float64
    weights : (n_demands,) float64
        What the relaxation was given.
    prices : Prices
        The multipliers, moved to where they are allowed.
    """

    bound: float
    relaxed: Relaxed
    values: np.ndarray
    weights: np.ndarray
    prices: Prices


def price(problem: Problem, ground: Ground, relaxation: Relaxation, prices: Prices) -> Priced:
    """Evaluate the bound at given multipliers.

    Rows are priced into the values of the arcs: a row's activity costs its
    multiplier, and the row itself earns multiplier times the limit that the
    multiplier's sign points to. The worst-off term becomes a weighted sum of
    the persons' totals.
    """
    matchings, rows = problem.matchings, problem.rows
    upper = np.where(np.isfinite(rows.upper), rows.price, 0.0)
    lower = np.where(np.isfinite(rows.lower), rows.price, 0.0)
    row = np.clip(prices.row, -lower, upper)
    earned = float(
        (row[row > 0] * rows.upper[row > 0]).sum() + (row[row < 0] * rows.lower[row < 0]).sum()
    )
    person = prices.person
    if person.sum() > 0:
        person = person * (problem.worst_off / person.sum())
    else:
        person = Prices.zero(problem).person
    values, weights = relaxation.values, np.ones(matchings.n_demands)
    if problem.worst_off and problem.itineraries.n_people:
        weights[ground.owned] += person[matchings.demand_person[ground.owned]]
        earned += float((person * ground.person_base).sum())
        if len(matchings.kept_arcs):
            # Kept points are nobody's: they are not multiplied.
            spread = np.repeat(weights, np.diff(matchings.arc_ptr))
            values = matchings.arc_points + (values - matchings.arc_points) / spread
    if row.any():
        charged = problem.rows.matrix.T @ row
        spread = np.repeat(weights, np.diff(matchings.arc_ptr))
        values = values - charged[: matchings.n_arcs] / spread
    moved = Prices(prices.role, prices.total, row, person)
    relaxed = relaxation.relax(
        prices.role, prices.total, values=values, weights=weights, losses=False
    )
    return Priced(relaxed.bound + earned + ground.constant, relaxed, values, weights, moved)


def near_best(relaxation: Relaxation, priced: Priced, slack: float) -> np.ndarray:
    """Arcs that an assignment worth at least ``priced.bound - slack`` may contain.

    Returns
    -------
    (n,) int64
        Ascending.
    """
    prices = priced.prices
    free = relaxation.relax(
        prices.role,
        prices.total,
        values=priced.values,
        weights=priced.weights,
        losses=False,
        distinct=False,
    )
    # Clashes are ignored when an arc's loss is measured; what spreading them
    # costs the seeker is therefore taken off the loss.
    spread = relaxation.seeker_sums(free.demand_value - priced.relaxed.demand_value)
    return relaxation.arcs_within(
        prices.role, prices.total, priced.values, priced.weights, slack + spread
    )
