"""Problems of matchings alone: flow, integer program, assignment or worst-off search."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.problem import Assignment
from talentopt.solve.control import Control
from talentopt.solve.matchings.assignment import is_assignment, search
from talentopt.solve.matchings.exact import price_by_columns, prove
from talentopt.solve.matchings.highs import Prices
from talentopt.solve.matchings.interface import Relaxation
from talentopt.solve.matchings.lagrangian import Priced, price
from talentopt.solve.matchings.program import Ground
from talentopt.solve.matchings.repair import distinct_matching
from talentopt.solve.matchings.worst_off import raise_lowest

if TYPE_CHECKING:
    from talentopt.problem import Problem

SUM_SHARE = 0.3
"""Share of the time for the sum of points alone, when there is a worst-off term."""

FIRST_PATIENCE, PROOF_SHARE = 12, 0.15
"""Rounds without improvement before a proof is tried; share of the time for it."""

LAST_PATIENCE = 60
"""Rounds without improvement after it, when reproducible."""


def solve(problem: Problem, control: Control) -> None:
    """Solve a problem without bookings.

    Parameters
    ----------
    problem : Problem
        With ``itineraries.n_options == 0``; any rule on its matchings.
    control : Control
        Is offered assignments and bounds.
    """
    ground = Ground.of(problem)
    relaxation = Relaxation(problem.matchings, workers=control.limits.workers)
    if not (problem.worst_off and problem.itineraries.n_people):
        _solve_sum(problem, ground, relaxation, control)
        return
    # The best sum of points is a start, and bounds the part beside the lowest total.
    limits = replace(control.limits, seconds=SUM_SHARE * control.seconds_left)
    sums = Control(replace(problem, worst_off=0.0), limits, parent=control)
    prices = _solve_sum(sums.problem, ground, relaxation, sums)
    if sums.infeasible:
        control.prove_infeasible()
        return
    if sums.best is not None:
        control.offer(sums.best)
    raise_lowest(problem, ground, relaxation, control, prices, sums.bound)
    if control.finished():
        return
    control.enter("prices")
    priced = price_by_columns(problem, ground, relaxation, control, prices)
    if not control.finished():
        control.enter("integer program")
        prove(problem, ground, relaxation, control, priced)


def _solve_sum(
    problem: Problem, ground: Ground, relaxation: Relaxation, control: Control
) -> Prices:
    """Solve without a worst-off term; the prices that were found are returned."""
    prices = Prices.zero(problem)
    simple = len(problem.rows) == 0 and problem.matchings.unit_loads
    if problem.matchings.unit_loads:
        control.enter("flow")
        try:
            matched = distinct_matching(relaxation)
        except OverflowError:
            control.prove_infeasible()
            return prices
        control.offer(Assignment.of(matched.arcs))
        prices = Prices(matched.role_price, matched.total_price, prices.row, prices.person)
        if simple:
            control.tighten(matched.bound + ground.constant)
    if control.finished():
        return prices
    control.enter("prices")
    if simple:
        priced = price(problem, ground, relaxation, prices)
    else:
        priced = price_by_columns(problem, ground, relaxation, control, prices)
    if control.finished():
        return priced.prices
    if is_assignment(problem) and not simple:
        _assign(problem, ground, relaxation, control, priced)
    else:
        control.enter("integer program")
        prove(problem, ground, relaxation, control, priced)
    return priced.prices


def _assign(
    problem: Problem, ground: Ground, relaxation: Relaxation, control: Control, priced: Priced
) -> None:
    """Search a generalised assignment, try to prove it, and search on."""
    search(problem, ground, relaxation, control, priced, patience=FIRST_PATIENCE)
    if control.finished():
        return
    control.enter("integer program")
    prove(problem, ground, relaxation, control, priced, share=PROOF_SHARE)
    if not control.finished():
        # Without a clock something else has to end it.
        patience = LAST_PATIENCE if control.limits.reproducible else np.inf
        search(problem, ground, relaxation, control, priced, patience=patience)
