"""Prices to begin with: those of the Lagrangian bound, or of the linear relaxation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

from talentopt.solve.highs import to_highs
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.lagrangian.solver import suits
from talentopt.solve.matchings.interface import Relaxation
from talentopt.solve.steps import Adam

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.problem import Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.control import Control
    from talentopt.solve.lagrangian.duals import Duals

PASSES = 200
"""Passes over everybody; column generation is faster from there on."""

CROWDED, CROWDS_SHARE = 160, 0.05
"""The pass whose steps are the first from prices of crowds, and the most of the time that is left
which these may take."""

ENTRIES_PER_SECOND = 40_000
"""Entries of a model whose relaxation is solved, per second of the limit when reproducible."""

LONGEST_STEP, SHORTEST_STEP, POWER = 10.0, 0.01, 1.5


def begin(
    problem: Problem, model: LinearModel, control: Control, stop: Callable[[], bool]
) -> tuple[np.ndarray, np.ndarray] | None:
    """Find prices near the best.

    Returns
    -------
    prices : (n_rows,) float64
        Of the model's rows.
    known : (n_rows,) bool
        Rows whose price was found; the others have 0.
    None
        When time was over before.
    """
    if suits(problem):
        duals = _lagrangian(problem, control, stop)
        return None if duals is None else _of_model(model, duals)
    prices = _relaxation(model, control)
    return None if prices is None else (prices, np.ones(model.n_rows, dtype=bool))


def _lagrangian(problem: Problem, control: Control, stop: Callable[[], bool]) -> Duals | None:
    workers = control.limits.workers
    pricing = Pricing(problem.itineraries, workers)
    dual = Dual(problem, pricing, Relaxation(problem.matchings, problem.links, workers))
    found = _descend(dual, dual.start(), 0, control, stop)
    if stop():
        return None
    seconds = np.inf if control.limits.reproducible else CROWDS_SHARE * control.seconds_left
    crowded = dual.start_of_crowds(found[1], seconds)
    if crowded is not None:
        again = _descend(dual, crowded, CROWDED, control, stop)
        found = min(found, again, key=lambda one: one[0])
    return None if stop() else found[1]


def _descend(
    dual: Dual, duals: Duals, first: int, control: Control, stop: Callable[[], bool]
) -> tuple[float, Duals]:
    """Take steps as long as those from the `first` of a cold search on; returns the best bound."""
    adam, best, kept = Adam(len(dual.most)), np.inf, duals
    for step in range(first, PASSES):
        if stop():
            break
        point = dual.at(duals, 1)
        control.tighten(point.bound)
        if point.bound < best:
            best, kept = point.bound, duals
        length = SHORTEST_STEP + (LONGEST_STEP - SHORTEST_STEP) * (1 - step / PASSES) ** POWER
        duals = dual.descend(duals, point, adam, length)
    return best, kept


def _of_model(model: LinearModel, duals: Duals) -> tuple[np.ndarray, np.ndarray]:
    prices, known = np.zeros(model.n_rows), np.zeros(model.n_rows, dtype=bool)
    for kind, of in (
        ("seats/placement/period", duals.seats),
        ("capacity/provider", duals.total[:, None]),
        ("role_capacity/matching/provider", duals.role),
        ("row_min/row", -np.maximum(duals.rows, 0.0)[:, None]),
        ("row_max/row", -np.minimum(duals.rows, 0.0)[:, None]),
    ):
        if kind in model.kinds:
            rows = np.flatnonzero(model.row_kind == model.kinds.index(kind))
            first, second = model.row_ids[rows].T
            prices[rows] = of[first, np.maximum(second, 0)]
            known[rows] = True
    return prices, known


def _relaxation(model: LinearModel, control: Control) -> np.ndarray | None:
    """Prices of the model's rows in its linear relaxation."""
    limits = control.limits
    if limits.reproducible and model.matrix.nnz > ENTRIES_PER_SECOND * limits.seconds:
        return None
    highs = to_highs(model, whole=False)
    highs.setOptionValue("solver", "ipm")
    if not limits.reproducible:
        highs.setOptionValue("time_limit", max(control.seconds_left, 0.01))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.asarray(highs.getSolution().row_dual)
