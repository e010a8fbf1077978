"""The linear model with given itineraries in place of everybody's starts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, vstack

from talentopt.problem.encode.linear import ABSENT

if TYPE_CHECKING:
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.enumeration.columns import Columns
    from talentopt.solve.enumeration.generation import Generation

ROWS = "itinerary/part"


def joined(generation: Generation, columns: Columns) -> LinearModel:
    """Make a model whose columns are the shared ones, then the itineraries.

    Its rows are the shared ones, then one per part: each follows one of its itineraries.
    """
    model, structure = generation.model, generation.structure
    coefficients = generation.restricted.coefficients
    shared, rows = structure.shared_columns, coefficients.rows
    n_new, n_parts = len(columns), len(structure.parts)
    shape = (n_parts, n_new)
    one_each = csr_array((np.ones(n_new), (columns.part, np.arange(n_new))), shape=shape)
    left = vstack([csc_array(coefficients.matrix)[:, shared], csr_array((n_parts, len(shared)))])
    right = vstack([coefficients.uses(columns), one_each])
    low, high = generation.bounds
    kept = np.isin(model.slack_column, shared)
    nothing, one, new = np.zeros(n_new), np.ones(n_parts), np.full(n_new, fill_value=True)
    parts = np.stack([np.arange(n_parts), np.full(n_parts, ABSENT)], axis=1)
    worst = int(np.searchsorted(shared, model.worst)) if model.worst >= 0 else -1
    return replace(
        model,
        objective=np.append(model.objective[shared], coefficients.points(columns)),
        column_lower=np.append(low[shared], nothing),
        column_upper=np.append(high[shared], nothing + 1.0),
        integral=np.append(model.integral[shared], new),
        shortage=np.append(model.shortage[shared], ~new),
        matrix=csr_array(hstack([left, right])),
        row_lower=np.append(model.row_lower[rows], one),
        row_upper=np.append(model.row_upper[rows], one),
        row_kind=np.append(model.row_kind[rows], np.full(n_parts, len(model.kinds))),
        row_ids=np.append(model.row_ids[rows], parts, axis=0),
        kinds=(*model.kinds, ROWS),
        n_arcs=0,
        start_option=np.zeros(0, np.int64),
        start_period=np.zeros(0, np.int32),
        slack_row=np.searchsorted(rows, model.slack_row[kept]),
        slack_column=np.searchsorted(shared, model.slack_column[kept]),
        slack_sign=model.slack_sign[kept],
        worst=worst,
        completions=(),
    )


def expand(generation: Generation, columns: Columns, values: np.ndarray) -> np.ndarray:
    """(n_columns,) float64: values of the model's columns, those of paths aside."""
    shared = generation.structure.shared_columns
    everything = np.zeros(generation.model.n_columns)
    everything[shared] = values[: len(shared)]
    return np.asarray(everything + columns.chosen.T @ np.rint(values[len(shared) :]))


def contract(generation: Generation, columns: Columns, values: np.ndarray) -> np.ndarray | None:
    """(n,) float64: a plan as values of shared columns and itineraries; None if one is absent."""
    structure = generation.structure
    held = columns.chosen @ values
    size = np.diff(columns.chosen.indptr)
    own = [np.append(part.columns, part.events) for part in structure.parts]
    total = np.array([(values[mine] > 0.5).sum() for mine in own])
    same = np.flatnonzero((held > size - 0.5) & (size == total[columns.part]))
    parts, first = np.unique(columns.part[same], return_index=True)
    if len(parts) < len(structure.parts):
        return None
    share = np.zeros(len(columns))
    share[same[first]] = 1.0
    return np.concatenate([values[structure.shared_columns], share])
