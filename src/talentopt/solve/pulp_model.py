"""A linear model as a PuLP problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pulp

if TYPE_CHECKING:
    from talentopt.problem.encode import LinearModel


def to_pulp(model: LinearModel) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """Build a PuLP problem; a row with two bounds becomes two constraints.

    Returns
    -------
    problem : pulp.LpProblem
    columns : list of pulp.LpVariable
    """
    problem = pulp.LpProblem("talentopt", pulp.LpMaximize)
    columns = [
        problem.add_variable(
            f"x{column}",
            low if np.isfinite(low) else None,
            high if np.isfinite(high) else None,
            pulp.LpInteger if whole else pulp.LpContinuous,
        )
        for column, (low, high, whole) in enumerate(
            zip(
                model.column_lower.tolist(),
                model.column_upper.tolist(),
                model.integral.tolist(),
                strict=True,
            )
        )
    ]
    # Files forget the constant of an objective, but not a column that is always 1.
    terms = [
        *zip(columns, model.objective.tolist(), strict=True),
        (problem.add_variable("constant", 1, 1), model.constant),
    ]
    problem.setObjective(pulp.LpAffineExpression([term for term in terms if term[1]]))
    for row in range(model.n_rows):
        _add_row(problem, columns, model, row)
    return problem, columns


def _add_row(
    problem: pulp.LpProblem, columns: list[pulp.LpVariable], model: LinearModel, row: int
) -> None:
    inside = slice(model.matrix.indptr[row], model.matrix.indptr[row + 1])
    terms = [
        (columns[column], value)
        for column, value in zip(
            model.matrix.indices[inside].tolist(), model.matrix.data[inside].tolist(), strict=True
        )
    ]
    if not terms:
        # PuLP writes no empty rows; one that cannot hold must not get lost.
        terms = [(columns[0], 0.0)]
    low, high = float(model.row_lower[row]), float(model.row_upper[row])
    kind = model.kinds[model.row_kind[row]].split("/")[0]
    if low == high:
        bounds = [(pulp.LpConstraintEQ, low, "")]
    else:
        bounds = [(pulp.LpConstraintGE, low, "_min"), (pulp.LpConstraintLE, high, "_max")]
    for sense, bound, suffix in bounds:
        if np.isfinite(bound):
            problem.addConstraint(
                pulp.LpConstraint(
                    pulp.LpAffineExpression(terms), sense, f"{kind}_{row}{suffix}", bound
                )
            )
