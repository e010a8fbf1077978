"""The pairs that go with given itineraries: one flow with the links' points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.matchings.repair import distinct_matching

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Problem
    from talentopt.solve.matchings.interface import Relaxation


class Pairs:
    """Finds pairs again and again while itineraries change.

    Where the pairs are no flow (loads, rows on pairs, a worst-off term), those
    of the plan in hand are kept.

    Parameters
    ----------
    problem : Problem
    relaxation : Relaxation
    plan : Assignment, optional
        A plan in hand.

    Attributes
    ----------
    role_price, total_price : (n_matchings, n_providers) and (n_providers,) float64
        Prices of capacities that suit the pairs alone.
    """

    def __init__(self, problem: Problem, relaxation: Relaxation, plan: Assignment | None) -> None:
        """Find the best pairs without links."""
        matchings = problem.matchings
        self.relaxation = relaxation
        self.role_price = np.zeros(matchings.role_capacity.shape)
        self.total_price = np.zeros(matchings.n_providers)
        self.arcs = plan.arcs if plan is not None else np.zeros(0, np.int64)
        in_rows = len(problem.rows) and problem.rows.matrix.tocsc()[:, : matchings.n_arcs].nnz
        self.flow = bool(matchings.unit_loads and matchings.n_arcs and not in_rows)
        if self.flow:
            self.best(np.zeros(0, np.int64), np.zeros(0))

    def best(self, arcs: np.ndarray, points: np.ndarray) -> np.ndarray:
        """Find the best pairs when some arcs pay extra points."""
        if not self.flow:
            return self.arcs
        prices = (self.role_price, self.total_price) if self.arcs.size else None
        matched = distinct_matching(self.relaxation, bonus=(arcs, points), prices=prices)
        self.role_price, self.total_price = matched.role_price, matched.total_price
        self.arcs = matched.arcs
        return self.arcs
