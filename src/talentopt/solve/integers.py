"""A linear model in whole numbers, as CP-SAT needs it, without losing exactness.

Coefficients that are fractions with small denominators or few decimals are
scaled row by row to exact whole numbers. Where that is impossible the row is
relaxed and the objective rounded up, never tightened, so that a bound of the
integer model is always a bound of the problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from talentopt.problem import Assignment
    from talentopt.problem.encode import LinearModel

LARGEST_SCALE = 10**6
"""Largest factor that makes a row whole; beyond it the row is relaxed."""

LARGEST_SUM = 2**52
"""Most that the objective may reach in whole numbers."""

UNBOUNDED = 2**60
"""Bound of rows that have none on one side."""

EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class IntegerModel:
    """Maximise ``objective @ k``, where column c of the model is ``unit[c] * k[c]``.

    Attributes
    ----------
    objective, lower, upper : (n_columns,) int64
    matrix : (n_rows, n_columns) csr_array of int64
    row_lower, row_upper : (n_rows,) int64
    unit : (n_columns,) float64
    scale, constant : float
        Points are ``objective @ k / scale + constant``.
    """

    objective: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    matrix: csr_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    unit: np.ndarray
    scale: float
    constant: float

    def points(self, value: float) -> float:
        """Convert an objective value, or a bound, to points."""
        return value / self.scale + self.constant

    def vector(self, model: LinearModel, assignment: Assignment) -> np.ndarray:
        """(n_columns,) int64: the solution of an assignment."""
        values = np.floor(model.vector(assignment) / self.unit + EXACT)
        return np.asarray(np.clip(values, self.lower, self.upper), dtype=np.int64)


def whole_scale(values: np.ndarray, largest: int = LARGEST_SCALE) -> int | None:
    """Smallest whole factor that makes all values whole; None when there is none."""
    scale = 1
    for value in np.unique(np.abs(values)):
        fraction = Fraction(float(value)).limit_denominator(largest)
        if abs(float(fraction) - value) > EXACT * max(1.0, value):
            return None
        scale = lcm(scale, fraction.denominator)
        if scale > largest:
            return None
    return scale


def step(model: LinearModel) -> float:
    """Find a unit of which every plan's points beside the constant are a multiple; 0 = none."""
    worth = model.objective * _units(model)
    scale = whole_scale(worth)
    if scale is None:
        return 0.0
    return gcd(*np.rint(worth * scale).astype(np.int64).tolist()) / scale


def to_integers(model: LinearModel) -> IntegerModel:
    """Scale a linear model to whole numbers."""
    low, high = finite_bounds(model)
    unit = _units(model)
    lower = np.floor(low / unit + EXACT).astype(np.int64)
    upper = np.ceil(high / unit - EXACT).astype(np.int64)
    reach = np.maximum(np.abs(lower), np.abs(upper))
    matrix, row_lower, row_upper = _whole_rows(model, unit, reach)
    worth = model.objective * unit
    scale = _objective_scale(worth, reach)
    exact = np.abs(worth * scale - np.rint(worth * scale)) < 1e-6
    objective = np.where(exact, np.rint(worth * scale), np.ceil(worth * scale))
    objective = np.where(exact | (lower >= 0), objective, np.rint(worth * scale))
    return IntegerModel(
        objective.astype(np.int64),
        lower,
        upper,
        matrix,
        row_lower,
        row_upper,
        unit,
        scale,
        model.constant,
    )


def finite_bounds(model: LinearModel) -> tuple[np.ndarray, np.ndarray]:
    """Bound the shortages, and the lowest total, by what the decisions can reach."""
    low, high = model.column_lower.copy(), model.column_upper.copy()
    measured = ~np.isfinite(high)
    coupled = csr_array(model.matrix).tocoo()
    (row, column), value = coupled.coords, coupled.data
    decided = ~measured[column]
    ends = value * low[column], value * high[column]
    least = np.bincount(row[decided], np.minimum(*ends)[decided], model.n_rows)
    most = np.bincount(row[decided], np.maximum(*ends)[decided], model.n_rows)
    short = model.slack_sign > 0
    rows, columns = model.slack_row, model.slack_column
    high[columns[short]] = np.maximum((model.row_lower - least)[rows[short]], 0.0)
    high[columns[~short]] = np.maximum((most - model.row_upper)[rows[~short]], 0.0)
    if model.worst >= 0:
        totals = row[column == model.worst]
        others = column != model.worst
        ends = value * low[column], value * high[column]
        least = np.bincount(row[others], np.minimum(*ends)[others], model.n_rows)
        most = np.bincount(row[others], np.maximum(*ends)[others], model.n_rows)
        low[model.worst] = np.floor(-most[totals].max())
        high[model.worst] = np.ceil(-least[totals].min())
    return low, high


def _units(model: LinearModel) -> np.ndarray:
    """(n_columns,) float64: 1, or the grid on which a shortage or the lowest total lies."""
    unit = np.ones(model.n_columns)
    matrix = csr_array(model.matrix)
    limits = model.row_lower[model.slack_row], model.row_upper[model.slack_row]
    bounds = np.where(model.slack_sign > 0, *limits)
    for column, row, bound in zip(model.slack_column, model.slack_row, bounds, strict=True):
        values = matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]]
        unit[column] = 1 / (whole_scale(np.append(values, bound)) or LARGEST_SCALE)
    if model.worst >= 0:
        totals = matrix[:, [model.worst]].nonzero()[0]
        inside = np.concatenate(
            [np.arange(matrix.indptr[row], matrix.indptr[row + 1]) for row in totals]
        )
        values = matrix.data[inside] * unit[matrix.indices[inside]]
        unit[model.worst] = 1 / (whole_scale(values) or LARGEST_SCALE)
    return unit


def _whole_rows(
    model: LinearModel, unit: np.ndarray, reach: np.ndarray
) -> tuple[csr_array, np.ndarray, np.ndarray]:
    """Scale each row to whole numbers; widen its bounds by what rounding may change."""
    matrix = csr_array(model.matrix)
    data = matrix.data * unit[matrix.indices]
    row = np.repeat(np.arange(model.n_rows), np.diff(matrix.indptr))
    scale = np.ones(model.n_rows)
    whole = np.ones(model.n_rows, dtype=bool)
    np.logical_and.at(whole, row, data == np.rint(data))
    for fractional in np.flatnonzero(~whole):
        values = data[matrix.indptr[fractional] : matrix.indptr[fractional + 1]]
        scale[fractional] = whole_scale(values) or LARGEST_SCALE
    scaled = data * scale[row]
    rounded = np.rint(scaled)
    error = np.abs(scaled - rounded)
    error[error < 1e-6] = 0.0
    slack = np.bincount(row, error * reach[matrix.indices], model.n_rows)
    lower = np.ceil(model.row_lower * scale - slack - 1e-6)
    upper = np.floor(model.row_upper * scale + slack + 1e-6)
    return (
        csr_array((rounded.astype(np.int64), matrix.indices, matrix.indptr), shape=matrix.shape),
        np.maximum(lower, -UNBOUNDED).astype(np.int64),
        np.minimum(upper, UNBOUNDED).astype(np.int64),
    )


def _objective_scale(worth: np.ndarray, reach: np.ndarray) -> float:
    """Smallest exact power of ten, or the largest that does not overflow."""
    total = max(float(np.abs(worth) @ reach), 1.0)
    scale = 1.0
    while scale * 10 * total < LARGEST_SUM:
        scaled = worth * scale
        if (np.abs(scaled - np.rint(scaled)) < 1e-6).all():
            return scale
        scale *= 10
    return scale
