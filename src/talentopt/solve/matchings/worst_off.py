"""A worst-off term in problems of matchings alone: raise the lowest total first.

The lowest total is searched by thresholds: a threshold is offered or, when
nobody can reach it, lowers the bound. Then the sum of points is raised while
nobody falls below the best threshold.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.evaluate import evaluate
from talentopt.problem.problem import Assignment
from talentopt.solve.matchings.exact import near_best_arcs
from talentopt.solve.matchings.highs import Prices, integer, linear
from talentopt.solve.matchings.lagrangian import price
from talentopt.solve.matchings.program import Program, build
from talentopt.solve.matchings.threshold import reach

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.control import Control
    from talentopt.solve.matchings.interface import Relaxation
    from talentopt.solve.matchings.lagrangian import Priced
    from talentopt.solve.matchings.program import Ground

ARCS_PER_DEMAND = 200.0
"""Arcs per demand that the threshold search may use."""

CLOSE_ENOUGH = 1e-4
"""Relative distance of threshold and bound at which the search ends."""

TRY_SHARE = 0.15
"""Share of the time left that one threshold may take."""


def raise_lowest(
    problem: Problem,
    ground: Ground,
    relaxation: Relaxation,
    control: Control,
    priced: Priced,
) -> None:
    """Offer assignments with a high lowest total, and bound it.

    Parameters
    ----------
    problem : Problem
        With a worst-off term and without bookings.
    ground : Ground
    relaxation : Relaxation
    control : Control
    priced : Priced
        Multipliers that choose the arcs.
    """
    control.enter("lowest total")
    arcs = near_best_arcs(problem, relaxation, priced, ARCS_PER_DEMAND)
    program = build(problem, ground, arcs, relaxation.values)
    complete = len(arcs) == problem.matchings.n_arcs
    highest = _highest_lowest(problem, relaxation, ground, program, control, complete=complete)
    sum_bound = _sum_bound(problem, ground, relaxation, priced)
    control.tighten(sum_bound + problem.worst_off * highest)
    lowest, hope = -np.inf, highest
    if control.best is not None:
        lowest = _lowest(problem, control.best.arcs)
    first = True
    while not control.finished() and _apart(lowest, hope):
        threshold = hope if first or not np.isfinite(lowest) else (lowest + hope) / 2
        if first:
            threshold -= CLOSE_ENOUGH * max(1e-6, abs(hope))
        first = False
        found, impossible = reach(
            program,
            threshold,
            seconds=TRY_SHARE * control.seconds_left,
            workers=control.limits.workers,
            seed=control.limits.seed,
        )
        if found is not None:
            control.offer(Assignment.of(found))
            lowest = max(lowest, _lowest(problem, found))
            continue
        hope = threshold
        if not np.isfinite(lowest):
            hope -= max(1.0, abs(threshold))
        if impossible and complete:
            highest = min(highest, threshold)
            control.tighten(sum_bound + problem.worst_off * highest)
    if np.isfinite(lowest) and not control.finished():
        _raise_sum(program, control, lowest)


def _raise_sum(program: Program, control: Control, lowest: float) -> None:
    """Raise the objective while the lowest total stays at least where it is."""
    control.enter("points above the lowest total")
    least = program.least.copy()
    least[-1] = lowest - 1e-9
    best = control.best
    integer(
        replace(program, least=least),
        seconds=0.5 * control.seconds_left,
        workers=control.limits.workers,
        seed=control.limits.seed,
        start=None if best is None else best.arcs,
        improved=lambda found: control.offer(Assignment.of(found)),
        stop=control.finished,
    )


def _apart(lowest: float, hope: float) -> bool:
    return hope - lowest > CLOSE_ENOUGH * max(1e-6, abs(hope))


def _lowest(problem: Problem, arcs: np.ndarray) -> float:
    return float(evaluate(problem, Assignment.of(arcs)).person_totals.min())


def _highest_lowest(
    problem: Problem,
    relaxation: Relaxation,
    ground: Ground,
    program: Program,
    control: Control,
    *,
    complete: bool,
) -> float:
    """Bound of the lowest total: everybody's best alone, and the linear relaxation."""
    matchings = problem.matchings
    zero = Prices.zero(problem)
    alone = relaxation.relax(zero.role, zero.total, values=matchings.arc_points, losses=False)
    best = ground.person_base.copy()
    np.add.at(best, matchings.demand_person[ground.owned], alone.demand_value[ground.owned])
    highest = float(best.min())
    if complete and control.seconds_left > 1.0:
        points = np.zeros_like(program.points)
        points[-1] = 1.0
        optimum = linear(problem, replace(program, points=points), 0.3 * control.seconds_left)
        if optimum is not None and np.isfinite(optimum.value):
            highest = min(highest, optimum.value + 1e-9)
    return highest


def _sum_bound(problem: Problem, ground: Ground, relaxation: Relaxation, priced: Priced) -> float:
    """Bound of the objective without the worst-off term."""
    without = replace(problem, worst_off=0.0)
    return price(without, ground, relaxation, priced.prices).bound
