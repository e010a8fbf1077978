"""Column generation: the best prices, itinerary by itinerary, kept near the best known.

Pricing is exact, so that every round proves a bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.enumeration.bound import Prices, Valuation
from talentopt.solve.enumeration.columns import collect
from talentopt.solve.enumeration.pricing import Pricing
from talentopt.solve.enumeration.restricted import FAR, Restricted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talentopt.problem.encode import LinearModel
    from talentopt.solve.enumeration.bound import Valued
    from talentopt.solve.enumeration.restricted import Solution
    from talentopt.solve.enumeration.structure import Structure
    from talentopt.solve.enumeration.work import Work

BOX = 5.0
"""Half the width of the first box, in points."""

SMALLEST_BOX = 0.25
NEAR, NEAR_POINTS = 0.5, 2.0
"""Share of what the master promised, and points, within which its box was too small."""

PATIENCE = 12
"""Rounds without anything new after which the bound is taken as it is."""

ENOUGH = 0.1
"""Share of the gap to a plan in hand to which prices are worth improving."""

WIDEN, NARROW = 3.0, 0.7
CLOSED = 1e-4
"""Points between master and bound at which prices count as best."""


class Generation:
    """A restricted master with its pricing, and the best bound so far.

    Parameters
    ----------
    model : LinearModel
    structure : Structure
    bounds : pair of (n_columns,) float64
        Finite bounds of the model's columns.
    workers : int
        Threads of the pricing.
    work : Work
        Where its work is counted.

    Attributes
    ----------
    bound : float
        No allowed assignment is worth more.
    prices : Prices
        Those that prove the bound.
    tops : (n_parts,) float64
        Most that an itinerary of each part is worth at these.
    """

    def __init__(
        self,
        model: LinearModel,
        structure: Structure,
        bounds: tuple[np.ndarray, np.ndarray],
        workers: int,
        work: Work,
    ) -> None:
        """Begin without prices."""
        self.model, self.structure, self.bounds = model, structure, bounds
        self.valuation = Valuation(model, structure, bounds)
        self.work = work
        self.restricted = Restricted(model, structure, bounds, work)
        self.pricing = Pricing(structure, workers, work)
        self.bound = np.inf
        self.prices = Prices(np.zeros(model.n_rows), 0.0)
        self.tops = np.full(len(structure.parts), np.inf)
        self.everybody = range(len(structure.parts))

    def value(self, prices: Prices) -> Valued:
        """Value everything at prices."""
        return self.valuation.at(prices, np.inf, -np.inf)

    def begin(self, prices: Prices) -> None:
        """Take everybody's best itineraries at prices."""
        valued = self.value(prices)
        nothing = np.full(len(self.everybody), -np.inf)
        priced = self.pricing.best(self.everybody, valued.worth, nothing)
        self.restricted.add(collect(self.structure, self.model.n_columns, priced.found))
        self._tighten(valued, priced.top)

    def round(self, prices: Prices, parts: Sequence[int] | None = None) -> tuple[int, bool]:
        """Add itineraries worth more than those known.

        Returns
        -------
        added : int
        better : bool
            Whether the bound fell; never when only some parts are priced.
        """
        wanted = self.everybody if parts is None else parts
        valued = self.value(prices)
        known = self.restricted.best_known(valued.prices)
        priced = self.pricing.best(wanted, valued.worth, known)
        before = len(self.restricted.columns)
        self.restricted.add(collect(self.structure, self.model.n_columns, priced.found))
        better = parts is None and self._tighten(valued, priced.top)
        return len(self.restricted.columns) - before, better

    def _tighten(self, valued: Valued, top: np.ndarray) -> bool:
        bound = valued.rest + float(top.sum())
        if not bound < self.bound:
            return False
        self.bound, self.prices, self.tops = bound, valued.prices, top
        return True


def converge(
    generation: Generation,
    known: np.ndarray,
    until: Callable[[], bool],
    tell: Callable[[float], object],
    value: float = np.inf,
) -> Solution | None:
    """Generate itineraries until the bound meets the master, or time is over.

    Parameters
    ----------
    generation : Generation
        With a start.
    known : (n_rows,) bool
        Rows whose prices are near the best already.
    until : callable
        Whether to give up.
    tell : callable
        Hears every bound.
    value : float
        Of a plan in hand: a bound need not be closer to the best than to this.

    Returns
    -------
    Solution or None
        Of the master, when the bound meets it.
    """
    box = np.where(known, BOX, FAR)
    restricted, idle = generation.restricted, 0
    while not until() and idle < PATIENCE:
        restricted.move_box(generation.prices.rows, box)
        solution = restricted.solve()
        if solution is None:
            return None
        before = generation.bound
        added, better = generation.round(solution.prices)
        idle = 0 if added or better else idle + 1
        tell(generation.bound)
        left = generation.bound - solution.value
        enough = max(CLOSED, ENOUGH * (generation.bound - value))
        if left < enough and solution.missed < 1e-7:
            return solution
        at_edge = solution.off & known
        if left < max(CLOSED, NEAR * abs(before - solution.value), NEAR_POINTS):
            box[at_edge] = np.minimum(WIDEN * box[at_edge], FAR)
        elif not better:
            box[known] = np.maximum(NARROW * box[known], SMALLEST_BOX)
    return None
