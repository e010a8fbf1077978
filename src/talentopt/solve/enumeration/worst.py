"""The lowest total once somebody lacks a placement: no higher than that person's best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import csr_array

from talentopt.solve.enumeration.paths import Worth, completion
from talentopt.solve.highs import quiet_program

if TYPE_CHECKING:
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.enumeration.structure import Part, Structure

PRICES = (1.0, 1.5, 2.0)
"""Prices of a missing placement that are tried, in units of the dearest; any gives a bound."""


def highest_when_lacking(
    model: LinearModel, structure: Structure, bounds: tuple[np.ndarray, np.ndarray]
) -> float:
    """Bound the lowest total of plans in which somebody lacks a placement.

    Each person's total is bounded by their best pairs and their best itinerary that lacks one.
    The mixtures of a relaxation spread what is missing over many, so that nobody is far below.

    Returns
    -------
    float
        inf where the lowest total counts for nothing, -inf where nobody can lack any.
    """
    if not len(structure.worst_row):
        return np.inf
    matrix = csr_array(model.matrix)
    beside = _best_beside(model, structure, bounds, matrix)
    highest = -np.inf
    for part in structure.parts:
        row = structure.worst_row[part.person]
        gain = -np.asarray(matrix[[row]].todense()).ravel()
        own = model.row_upper[row] + beside[part.person]
        highest = max(highest, own + _best_lacking(part, gain))
    return highest


def _best_lacking(part: Part, gain: np.ndarray) -> float:
    """Bound what a person's itinerary adds to the total when it lacks a placement."""
    points, news = gain[part.columns] + part.bonus, part.event_sets @ gain[part.events]
    lacking = part.choices.short > 0
    if not lacking.any():
        return -np.inf
    dearest = (part.choices.left[lacking] / part.choices.short[lacking]).max()
    prices = np.multiply(PRICES, dearest)
    best = np.inf
    for price in prices.tolist():
        worth = Worth(points, -part.promised, 1.0, -price, news)
        top = completion(part.choices, worth)[0, 0, part.choices.home] + worth.base
        best = min(best, float(top) - price)
    return best


def _best_beside(
    model: LinearModel,
    structure: Structure,
    bounds: tuple[np.ndarray, np.ndarray],
    matrix: csr_array,
) -> np.ndarray:
    """(n_people,) float64: most that each person's columns beside itineraries add to the total."""
    shared = structure.shared_columns
    inside = np.zeros(model.n_columns)
    inside[np.setdiff1d(np.arange(model.n_columns), shared)] = 1.0
    alone = np.flatnonzero(abs(matrix) @ inside == 0)
    rows = csr_array(matrix[alone][:, shared])
    bounds_here = bounds[0][shared], bounds[1][shared]
    limits = model.row_lower[alone], model.row_upper[alone]
    highs = quiet_program(np.zeros(len(shared)), bounds_here, rows, limits)
    cells = np.arange(len(shared), dtype=np.int32)
    best = np.zeros(len(structure.worst_row))
    for person, row in enumerate(structure.worst_row.tolist()):
        gain = -np.asarray(matrix[[row]][:, shared].todense()).ravel()
        gain[shared == model.worst] = 0.0
        highs.changeColsCost(len(shared), cells, gain)
        highs.run()
        optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        best[person] = highs.getInfo().objective_function_value if optimal else np.inf
    return best
