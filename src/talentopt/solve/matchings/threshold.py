"""Whether everybody can have a given total, asked of CP-SAT.

Maximising the lowest total directly is hard for branch and bound (many
assignments tie); asked for one threshold at a time the rows are plain
covers, which CP-SAT decides quickly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

    from talentopt.solve.matchings.program import Program

UNITS = (1, 100, 1_000_000)
"""Whole units per point that are tried; the last one rounds."""


def reach(
    program: Program, threshold: float, *, seconds: float, workers: int, seed: int
) -> tuple[np.ndarray | None, bool]:
    """Look for arcs that give every person at least `threshold`.

    Parameters
    ----------
    program : Program
        With a worst-off term; rows with a price are ignored.
    threshold : float
    seconds : float
    workers, seed : int

    Returns
    -------
    arcs : (n,) int64 or None
    impossible : bool
        Whether no arcs of the program can do it.
    """
    from ortools.sat.python import cp_model

    from talentopt.solve.cpsat import cp_sat

    n_arcs, lowest = len(program.arcs), program.first["lowest"]
    model = cp_model.CpModel()
    columns = [model.new_bool_var("") for _ in range(n_arcs)]
    # The columns of missing providers; misses of rows and the lowest total follow.
    n_missing = program.first["role"]
    columns += [model.new_int_var(0, int(most), "") for most in program.most[n_arcs:][:n_missing]]
    for arc in np.flatnonzero(program.least[:n_arcs] > 0):
        model.add(columns[arc] == 1)
    matrix = csr_array(program.matrix)
    for row in range(matrix.shape[0]):
        span = slice(matrix.indptr[row], matrix.indptr[row + 1])
        index, data = matrix.indices[span], matrix.data[span]
        lower, upper = program.lower[row], program.upper[row]
        outside = index >= len(columns)
        if row >= lowest:
            lower = lower + threshold
        elif outside.any():
            continue
        terms = [columns[k] for k in index[~outside]]
        _add_row(model, terms, data[~outside], float(lower), float(upper))
    solver = cp_sat(max(workers, 2))
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    solver.parameters.random_seed = seed % 2**31
    status = solver.solve(model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        used = [solver.boolean_value(column) for column in columns[:n_arcs]]
        return program.arcs[np.flatnonzero(used)], False
    return None, status == cp_model.INFEASIBLE


def _add_row(
    model: cp_model.CpModel,
    terms: list[cp_model.IntVar],
    data: np.ndarray,
    lower: float,
    upper: float,
) -> None:
    """Add a row in whole units, no tighter than it is."""
    for units in UNITS:
        exact = np.allclose(data * units, np.rint(data * units), rtol=0, atol=1e-9)
        if exact:
            break
    # Rounding moves the sum by at most half a unit per term.
    slack = 0 if exact else len(terms)
    whole = np.rint(data * units).astype(np.int64)
    least = -(2**50) if np.isinf(lower) else int(np.ceil(lower * units - 1e-6)) - slack
    most = 2**50 if np.isinf(upper) else int(np.floor(upper * units + 1e-6)) + slack
    expression = sum(int(k) * term for k, term in zip(whole, terms, strict=True))
    model.add_linear_constraint(expression, least, most)
