"""Any rules, proven where time allows: prices first, then a small integer program.

1. The linear relaxation over some arcs of each demand gives prices; the
   relaxation of all arcs at these prices gives a bound and the arcs that are
   still missing. Repeated until no arc is missing, the bound is that of the
   linear program over all arcs (or better, as single seekers are exact).
2. An arc whose choice costs more than the gap between bound and best value
   is in no better assignment. The integer program over the arcs that are left
   therefore decides the whole problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.problem import Assignment
from talentopt.solve.matchings.highs import Prices, integer, linear
from talentopt.solve.matchings.lagrangian import Priced, near_best, price
from talentopt.solve.matchings.program import Ground, build

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.control import Control
    from talentopt.solve.matchings.interface import Relaxation

ALL_ARCS_BELOW = 60_000
"""Arcs that the linear relaxation takes at once."""

FIRST_CANDIDATES = 16
NEXT_CANDIDATES = 6
PATIENCE = 1e-9
"""Relative improvement of the bound below which no more arcs are added."""

ARCS_PER_DEMAND = (3.0, 8.0, 20.0, np.inf)
"""Sizes of the integer programs that are tried one after the other."""


def price_by_columns(
    problem: Problem,
    ground: Ground,
    relaxation: Relaxation,
    control: Control,
    start: Prices,
) -> Priced:
    """Find near-optimal multipliers of all capacities, rows and totals.

    Every bound found on the way is given to the control.

    Parameters
    ----------
    problem : Problem
        Without bookings.
    ground : Ground
    relaxation : Relaxation
    control : Control
    start : Prices
        Multipliers from which the first arcs are chosen.

    Returns
    -------
    Priced
        The best of all that were seen.
    """
    best = price(problem, ground, relaxation, start)
    control.tighten(best.bound)
    n_arcs = problem.matchings.n_arcs
    arcs = np.arange(n_arcs)
    if n_arcs > ALL_ARCS_BELOW:
        arcs = _candidates(relaxation, best, FIRST_CANDIDATES)
    while not control.finished():
        program = build(problem, ground, arcs, relaxation.values)
        optimum = linear(problem, program, control.seconds_left)
        if optimum is None:
            break
        if optimum.value == -np.inf:
            if len(arcs) == n_arcs:
                control.prove_infeasible()
                break
            wider = 4 * int(np.ceil(len(arcs) / problem.matchings.n_demands))
            arcs = np.union1d(arcs, _candidates(relaxation, best, wider))
            continue
        priced = price(problem, ground, relaxation, optimum.prices)
        control.tighten(priced.bound)
        best = min(best, priced, key=lambda each: each.bound)
        added = np.setdiff1d(_candidates(relaxation, priced, NEXT_CANDIDATES), arcs)
        done = priced.bound - ground.constant - optimum.value
        if len(added) == 0 or done <= PATIENCE * abs(optimum.value):
            break
        arcs = np.union1d(arcs, added)
    return best


def prove(
    problem: Problem,
    ground: Ground,
    relaxation: Relaxation,
    control: Control,
    priced: Priced,
    *,
    share: float = 1.0,
) -> None:
    """Solve integer programs over near-best arcs until the best assignment is proven.

    Parameters
    ----------
    problem : Problem
        Without bookings.
    ground : Ground
    relaxation : Relaxation
    control : Control
        Is offered every improvement.
    priced : Priced
        The multipliers that decide which arcs are near-best.
    share : float
        Share of the time left that may be spent.
    """
    fixed = problem.matchings.fixed_arcs
    for size in ARCS_PER_DEMAND:
        gap = np.inf if control.value is None else priced.bound - control.value
        slack = min(gap, _slack_for(problem, relaxation, priced, size, gap))
        arcs = np.union1d(near_best(relaxation, priced, slack), fixed)
        last = slack >= gap
        start = None if control.best is None else control.best.arcs
        choice = integer(
            build(problem, ground, arcs, relaxation.values),
            seconds=(1.0 if last else 0.4) * share * control.seconds_left,
            seed=control.limits.seed,
            start=start,
            improved=lambda found: control.offer(Assignment.of(found)),
            stop=control.finished,
        )
        if choice.arcs is not None:
            control.offer(Assignment.of(choice.arcs))
        elif choice.bound == -np.inf and len(arcs) == problem.matchings.n_arcs:
            control.prove_infeasible()
        # Outside the program's arcs nothing is worth more than this.
        outside = priced.bound - slack
        control.tighten(max(choice.bound + ground.constant, outside))
        if control.finished() or last:
            return


def _slack_for(
    problem: Problem, relaxation: Relaxation, priced: Priced, size: float, most: float
) -> float:
    """Find the largest slack, by halving, that leaves about `size` arcs per demand."""
    limit = size * problem.matchings.n_demands
    if len(near_best(relaxation, priced, most)) <= limit:
        return most
    if not np.isfinite(most):
        values = relaxation.values
        most = float(np.ptp(values)) if len(values) else 1.0
    for _ in range(24):
        if len(near_best(relaxation, priced, most)) <= limit:
            break
        most /= 2
    return most


def _candidates(relaxation: Relaxation, priced: Priced, count: int) -> np.ndarray:
    prices = priced.prices
    values = priced.values * np.repeat(priced.weights, np.diff(relaxation.matchings.arc_ptr))
    return relaxation.best_candidates((prices.role, prices.total), count, values)
