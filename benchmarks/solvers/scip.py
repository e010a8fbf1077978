"""SCIP on the whole model, through OR-Tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.bench.plugins import Competitor

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.control import Control

TOLERANCE = 1e-6
"""Added to its bound, relatively: SCIP's rows hold up to this."""


def absent() -> str:
    """Say when this OR-Tools was built without SCIP."""
    from ortools.linear_solver.python import model_builder_helper

    return (
        ""
        if model_builder_helper.ModelSolverHelper("scip").solver_is_supported()
        else ("this OR-Tools was built without SCIP")
    )


def solve(problem: Problem, control: Control) -> None:
    """Hand the arrays over, search until the limit, offer what came out."""
    from ortools.linear_solver.python import model_builder_helper as builder
    from scipy.sparse import csr_matrix

    from talentopt.problem.encode import encode

    control.enter("scip: building the model")
    model = encode(problem)
    program = builder.ModelBuilderHelper()
    program.fill_model_from_sparse_data(
        model.column_lower,
        model.column_upper,
        model.objective,
        model.row_lower,
        model.row_upper,
        csr_matrix(model.matrix),
    )
    for column in np.flatnonzero(model.integral).tolist():
        program.set_var_integrality(column, True)
    program.set_maximize(True)
    program.set_objective_offset(model.constant)
    solver = builder.ModelSolverHelper("scip")
    solver.set_time_limit_in_seconds(max(control.seconds_left, 0.01))
    solver.set_solver_specific_parameters(
        f"randomization/randomseedshift = {control.limits.seed}\n"
    )
    control.enter("scip: searching")
    solver.solve(program)
    if solver.has_solution():
        control.offer(model.decode(np.asarray(solver.variable_values())))
        bound = solver.best_objective_bound()
        if np.isfinite(bound):
            control.tighten(bound + TOLERANCE * max(1.0, abs(bound)))


COMPETITOR = Competitor(
    "scip",
    "SCIP as OR-Tools brings it, on the shared linear model, default settings, no start; "
    "it uses one thread whatever the limit, and offers its answer at the end only",
    solve,
    absent,
)
