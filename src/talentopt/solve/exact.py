"""CP-SAT on the whole model, after itineraries have been enumerated where that helps.

Its own bound is weak where people compete for seats, so beyond a few hundred
(option, start) choices column generation bounds and plans first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from talentopt.problem.encode import encode
from talentopt.solve.cpsat import DETERMINISTIC_PER_SECOND, News, build, cp_sat, stopping
from talentopt.solve.enumeration.solver import solve as enumerate_itineraries
from talentopt.solve.enumeration.solver import stop
from talentopt.solve.greedy.solver import first_plan
from talentopt.solve.integers import to_integers

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.problem import Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.control import Control
    from talentopt.solve.integers import IntegerModel

DIRECT = 300
"""Up to so many (option, start) choices CP-SAT alone is fastest."""

SMALL, SMALL_SHARE = 1_000, 0.6
"""Up to so many choices CP-SAT gets what is left of this share of the time."""


def solve(problem: Problem, control: Control) -> None:
    """Search for the best assignment and prove it.

    Parameters
    ----------
    problem : Problem
    control : Control
    """
    control.enter("exact: building the model")
    model = encode(problem)
    if len(model.start_option) > DIRECT:
        _first_plan(problem, control)
        share = SMALL_SHARE if len(model.start_option) <= SMALL else 1.0
        enumerate_itineraries(problem, model, control, share)
    if stop(control):
        return
    search(model, control)


def search(model: LinearModel, control: Control) -> None:
    """Search a model by CP-SAT alone, from the plan in hand.

    Parameters
    ----------
    model : LinearModel
        Of the control's problem.
    control : Control
    """
    integers = to_integers(model)
    program, columns = build(integers)
    if control.best is not None:
        for column, value in zip(columns, integers.vector(model, control.best), strict=True):
            program.add_hint(column, int(value))
    if stop(control):
        return
    control.enter("exact: searching")
    run(program, columns, model, integers, control)


def _first_plan(problem: Problem, control: Control) -> None:
    """Offer a greedy plan unless there is one in hand, so that there is one within seconds."""
    if control.best is None:
        control.enter("exact: greedy plan")
        random = np.random.default_rng(control.limits.seed)
        control.offer(first_plan(problem, control, random))


def run(
    program: cp_model.CpModel,
    columns: list[cp_model.IntVar],
    model: LinearModel,
    integers: IntegerModel,
    control: Control,
) -> None:
    """Search within the control's limits, telling it of everything found."""
    limits = control.limits
    solver = cp_sat(1 if limits.reproducible else max(1, limits.workers))
    parameters = solver.parameters
    parameters.random_seed = limits.seed % (2**31)
    parameters.relative_gap_limit = 0.0
    parameters.linearization_level = 2
    if limits.reproducible:
        parameters.max_deterministic_time = limits.seconds * DETERMINISTIC_PER_SECOND
    else:
        parameters.max_time_in_seconds = max(control.seconds_left, 0.01)
    decisions = columns[: model.n_arcs + len(model.start_option)]
    solver.best_bound_callback = lambda bound: _tell_bound(control, integers.points(bound))

    def offer(value: Callable[[cp_model.IntVar], int]) -> None:
        control.offer(model.decode(np.array([value(column) for column in decisions])))

    def wanted() -> bool:
        # The clock is left out when reproducible.
        return control.interrupted or (not limits.reproducible and control.finished())

    with stopping(solver, wanted):
        status = solver.solve(program, News(offer))
    if status == cp_model.INFEASIBLE:
        control.prove_infeasible()
    elif status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        offer(solver.value)
        control.tighten(integers.points(solver.best_objective_bound))


def _tell_bound(control: Control, bound: float) -> None:
    control.tighten(bound)
