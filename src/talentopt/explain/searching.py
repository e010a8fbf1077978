"""Searching on from a plan in hand: at once by moves where there are many people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.solving import count_starts
from talentopt.solve.auto import MONOLITH_STARTS
from talentopt.solve.auto import solve as solve_anew
from talentopt.solve.control import Control

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Prices, Problem
    from talentopt.solve.control import Limits


def search_on(
    problem: Problem, start: Assignment, prices: Prices | None, limits: Limits
) -> Control:
    """Search from a plan; large problems by improving moves at the prices of an earlier search.

    Looking for prices anew takes most of a short time, and the plan none of it.

    Parameters
    ----------
    problem : Problem
    start : Assignment
        May break rules; whatever is found does not.
    prices : Prices or None
        Of an earlier search, perhaps on another scenario.
    limits : Limits
    """
    control = Control(problem, limits, None, start, warm_prices=prices)
    large = count_starts(problem) > MONOLITH_STARTS
    if not (large and prices is not None and control.best is not None and _moves(control, prices)):
        solve_anew(problem, control)
    return control


def _moves(control: Control, prices: Prices) -> bool:
    """Improve the plan in hand, and bound all plans; False where itineraries are not simple."""
    from talentopt.solve.lagrangian.dual import Dual
    from talentopt.solve.lagrangian.improve import improve
    from talentopt.solve.lagrangian.pricing import Pricing
    from talentopt.solve.lagrangian.solver import suits
    from talentopt.solve.matchings.interface import Relaxation

    problem, workers = control.problem, control.limits.workers
    if not suits(problem):
        return False
    pricing = Pricing(problem.itineraries, workers)
    dual = Dual(problem, pricing, Relaxation(problem.matchings, problem.links, workers))
    duals = dual.start_from(prices)
    control.tighten(dual.at(duals, 1).bound)
    if not control.finished():
        improve(dual, duals, control, np.random.default_rng(control.limits.seed))
    return True
