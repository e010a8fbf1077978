"""A worst-off term in problems of matchings alone: raise the lowest total first.

The lowest total is searched by thresholds: a threshold is offered or, when
nobody can reach it, lowers the bound. Then the sum of points is raised while
nobody falls below the best threshold.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.evaluate import evaluate
from talentopt.problem.problem import Assignment
from talentopt.solve.matchings.highs import Prices, integer, linear
from talentopt.solve.matchings.program import Program, build
from talentopt.solve.matchings.swaps import raise_by_swaps
from talentopt.solve.matchings.threshold import reach

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.control import Control
    from talentopt.solve.matchings.interface import Relaxation
    from talentopt.solve.matchings.program import Ground

ALL_ARCS_BELOW = 60_000
"""Arcs that the threshold search takes at once."""

CANDIDATES = 40
"""Arcs per demand, by points and by points minus prices, that it takes of more."""

FIRST_STEP = 0.01
"""Relative step down while no threshold has been reached; doubled each time."""

CLOSE_ENOUGH = 1e-4
"""Relative distance of threshold and bound at which the search ends."""

FIRST_MOVES, SWAP_SHARE, STALE_ROUNDS = 1_000_000, 0.4, 3
"""Length of the first annealing, doubled each round; share of the time that all may take; rounds
without improvement after which it ends."""

WARMTH = 0.01
"""First temperature of an annealing, in squares of the largest shortfall at the very beginning.

Ten times as warm, or cooled down to the shortfall that is left, it ends 2 to 5 percent lower."""

FIRST_SHARE, TRY_SHARE = 0.4, 0.15
"""Shares of the time left that the first and any later threshold may take."""


def raise_lowest(
    problem: Problem,
    ground: Ground,
    relaxation: Relaxation,
    control: Control,
    prices: Prices,
    sum_bound: float,
) -> None:
    """Offer assignments with a high lowest total, and bound it.

    Parameters
    ----------
    problem : Problem
        With a worst-off term and without bookings.
    ground : Ground
    relaxation : Relaxation
    control : Control
    prices : Prices
        Of the capacities, for the sum of points alone; they choose the arcs.
    sum_bound : float
        Bound of the objective without the worst-off term.
    """
    control.enter("lowest total")
    arcs = np.arange(problem.matchings.n_arcs)
    if len(arcs) > ALL_ARCS_BELOW:
        arcs = _candidates(relaxation, prices)
    program = build(problem, ground, arcs, relaxation.values)
    complete = len(arcs) == problem.matchings.n_arcs
    highest = _highest_lowest(problem, relaxation, ground, program, control, complete=complete)
    control.tighten(sum_bound + problem.worst_off * highest)
    lowest, hope = -np.inf, highest
    if control.best is not None:
        _swap(problem, relaxation, control, highest)
        lowest = _lowest(problem, control.best.arcs)
    threshold, step = hope - CLOSE_ENOUGH * abs(hope), FIRST_STEP * max(1e-3, abs(hope))
    share = FIRST_SHARE
    while not control.finished() and _apart(lowest, hope):
        found, impossible = reach(
            program,
            threshold,
            seconds=share * control.seconds_left,
            workers=control.limits.workers,
            seed=control.limits.seed,
        )
        if found is not None:
            control.offer(Assignment.of(found))
            lowest = max(lowest, _lowest(problem, found))
        else:
            hope = threshold
            if impossible and complete:
                highest = min(highest, threshold)
                control.tighten(sum_bound + problem.worst_off * highest)
        share = TRY_SHARE
        threshold, step = hope - step, 2 * step
        if np.isfinite(lowest):
            threshold = max(threshold, (lowest + hope) / 2)
    if np.isfinite(lowest) and not control.finished():
        _raise_sum(program, control, lowest)


def _swap(problem: Problem, relaxation: Relaxation, control: Control, target: float) -> None:
    """Anneal from the best assignment in hand, one chain per worker, longer each round."""
    if not problem.matchings.unit_loads or control.best is None:
        return
    lowest = _lowest(problem, control.best.arcs)
    warmth = WARMTH * max(0.0, target - lowest) ** 2
    end = (1 - SWAP_SHARE) * control.seconds_left
    moves, stale, seed = FIRST_MOVES, 0, control.limits.seed
    workers = max(1, control.limits.workers)
    with ThreadPoolExecutor(workers) as threads:
        while stale < STALE_ROUNDS and _apart(lowest, target) and not control.finished():
            before, best = control.seconds_left, control.best
            totals = evaluate(problem, best).person_totals
            anneal = partial(
                raise_by_swaps,
                problem,
                relaxation.clash,
                best.arcs,
                totals,
                target,
                moves=moves,
                warmth=warmth,
            )
            for arcs, _ in threads.map(lambda k: anneal(seed=k), range(seed, seed + workers)):
                control.offer(Assignment.of(arcs))
            found = _lowest(problem, control.best.arcs)
            stale = 0 if found > lowest else stale + 1
            lowest, seed = max(lowest, found), seed + workers
            moves *= 2
            # The next round takes twice as long as this one.
            if control.seconds_left - 2 * (before - control.seconds_left) < end:
                return


def _raise_sum(program: Program, control: Control, lowest: float) -> None:
    """Raise the objective while the lowest total stays at least where it is."""
    control.enter("points above the lowest total")
    least = program.least.copy()
    least[-1] = lowest - 1e-9
    best = control.best
    integer(
        replace(program, least=least),
        seconds=0.5 * control.seconds_left,
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


def _candidates(relaxation: Relaxation, prices: Prices) -> np.ndarray:
    """Each demand's best arcs by points and by points minus prices, and the fixed ones."""
    zero = (np.zeros_like(prices.role), np.zeros_like(prices.total))
    values = relaxation.values
    by_points = relaxation.best_candidates(zero, CANDIDATES // 2, values)
    by_price = relaxation.best_candidates((prices.role, prices.total), CANDIDATES, values)
    return np.union1d(np.union1d(by_points, by_price), relaxation.matchings.fixed_arcs)
