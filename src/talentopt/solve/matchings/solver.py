"""Problems of matchings alone: flow, integer program, assignment or worst-off search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.problem.problem import Assignment
from talentopt.solve.matchings.assignment import is_assignment, search
from talentopt.solve.matchings.exact import price_by_columns, prove
from talentopt.solve.matchings.highs import Prices
from talentopt.solve.matchings.interface import Relaxation
from talentopt.solve.matchings.lagrangian import price
from talentopt.solve.matchings.program import Ground
from talentopt.solve.matchings.repair import distinct_matching
from talentopt.solve.matchings.worst_off import raise_lowest

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.control import Control


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
    prices = Prices.zero(problem)
    simple = len(problem.rows) == 0 and not problem.worst_off and problem.matchings.unit_loads
    if problem.matchings.unit_loads:
        control.enter("flow")
        try:
            matched = distinct_matching(relaxation)
        except OverflowError:
            control.prove_infeasible()
            return
        control.offer(Assignment.of(matched.arcs))
        prices = Prices(matched.role_price, matched.total_price, prices.row, prices.person)
        if simple:
            control.tighten(matched.bound + ground.constant)
    if control.finished():
        return
    control.enter("prices")
    if simple:
        priced = price(problem, ground, relaxation, prices)
    else:
        priced = price_by_columns(problem, ground, relaxation, control, prices)
    if problem.worst_off and problem.itineraries.n_people and not control.finished():
        raise_lowest(problem, ground, relaxation, control, priced)
    if control.finished():
        return
    if is_assignment(problem) and not simple:
        search(problem, ground, relaxation, control, priced)
        return
    control.enter("integer program")
    prove(problem, ground, relaxation, control, priced)
