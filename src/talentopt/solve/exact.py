"""CP-SAT on the whole model, after itineraries have been enumerated where that helps.

Its own bound is weak where people compete for seats, so beyond a few hundred
(option, start) choices column generation bounds and plans first.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from talentopt.problem.encode import encode
from talentopt.solve.cpsat import cp_sat
from talentopt.solve.enumeration.solver import solve as enumerate_itineraries
from talentopt.solve.enumeration.solver import stop
from talentopt.solve.greedy.solver import first_plan
from talentopt.solve.integers import to_integers

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.control import Control
    from talentopt.solve.integers import IntegerModel

DIRECT = 300
"""Up to so many (option, start) choices CP-SAT alone is fastest."""

SMALL, SMALL_SHARE = 1_000, 0.6
"""Up to so many choices CP-SAT gets what is left of this share of the time."""

POLL_SECONDS = 0.1
DETERMINISTIC_PER_SECOND = 0.5
"""Units of CP-SAT's deterministic time per second of the limit when reproducible.

A unit takes about a second of one worker on a usual core; the limit is kept
loosely and the clock decides nothing.
"""


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


def build(integers: IntegerModel) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """Turn an integer model into CP-SAT's."""
    program = cp_model.CpModel()
    columns = [
        program.new_int_var(low, high, "")
        for low, high in zip(integers.lower.tolist(), integers.upper.tolist(), strict=True)
    ]
    matrix = integers.matrix
    for row in range(matrix.shape[0]):
        inside = slice(matrix.indptr[row], matrix.indptr[row + 1])
        expression = cp_model.LinearExpr.weighted_sum(
            [columns[column] for column in matrix.indices[inside]], matrix.data[inside].tolist()
        )
        program.add_linear_constraint(
            expression, int(integers.row_lower[row]), int(integers.row_upper[row])
        )
    paying = np.flatnonzero(integers.objective)
    program.maximize(
        cp_model.LinearExpr.weighted_sum(
            [columns[column] for column in paying], integers.objective[paying].tolist()
        )
    )
    return program, columns


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
    news = _News(decisions, model, control)
    solver.best_bound_callback = lambda bound: _tell_bound(control, integers.points(bound))
    done = threading.Event()
    watch = threading.Thread(target=_watch, args=(solver, control, done), daemon=True)
    watch.start()
    try:
        status = solver.solve(program, news)
    finally:
        done.set()
        watch.join()
    if status == cp_model.INFEASIBLE:
        control.prove_infeasible()
    elif status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        news.offer([solver.value(column) for column in decisions])
        control.tighten(integers.points(solver.best_objective_bound))


def _tell_bound(control: Control, bound: float) -> None:
    control.tighten(bound)


def _watch(solver: cp_model.CpSolver, control: Control, done: threading.Event) -> None:
    """Stop the search when the control says so; the clock is left out when reproducible."""
    reproducible = control.limits.reproducible
    while not done.wait(POLL_SECONDS):
        if control.interrupted or (not reproducible and control.finished()):
            solver.stop_search()


class _News(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
    """Offers every solution that CP-SAT finds."""

    def __init__(
        self, decisions: list[cp_model.IntVar], model: LinearModel, control: Control
    ) -> None:
        super().__init__()
        self._decisions, self._model, self._control = decisions, model, control

    def on_solution_callback(self) -> None:
        """Offer the solution just found."""
        self.offer([self.value(column) for column in self._decisions])

    def offer(self, values: list[int]) -> None:
        """Offer the assignment that values of the decisions stand for."""
        self._control.offer(self._model.decode(np.array(values)))
