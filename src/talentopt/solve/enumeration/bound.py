"""Prices of a linear model's rows, and the bound that any prices prove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.enumeration.paths import Worth, completion

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.enumeration.structure import Part, Structure


@dataclass(frozen=True, slots=True)
class Priced:
    """A model at given prices of its rows (those of the paths aside).

    Attributes
    ----------
    bound : float
        No assignment is worth more.
    prices : (n_rows,) float64
        The prices that count.
    reduced : (n_columns,) float64
        Points of each column less what it uses.
    worth : tuple of Worth
        Per part.
    best : tuple of (n_periods + 1, n_levels, n_places) arrays
        Per part, what can follow each state.
    """

    bound: float
    prices: np.ndarray
    reduced: np.ndarray
    worth: tuple[Worth, ...]
    best: tuple[np.ndarray, ...]

    def start(self, number: int, part: Part) -> float:
        """Most that an itinerary of a part is worth, its own rows aside."""
        return float(self.best[number][0, part.choices.empty[0], part.choices.home])


def price(
    problem: Problem,
    model: LinearModel,
    structure: Structure,
    prices: np.ndarray,
    bounds: tuple[np.ndarray, np.ndarray],
) -> Priced:
    """Value everything at prices of the rows.

    Prices of the wrong sign, or of rows that states keep by themselves, count as 0.

    Parameters
    ----------
    problem : Problem
    model : LinearModel
    structure : Structure
    prices : (n_rows,) float64
    bounds : pair of (n_columns,) float64
        Finite bounds of every column.
    """
    prices = np.where(structure.priced_rows(model), prices, 0.0)
    prices[(prices > 0) & ~np.isfinite(model.row_upper)] = 0.0
    prices[(prices < 0) & ~np.isfinite(model.row_lower)] = 0.0
    limit = np.where(prices > 0, model.row_upper, model.row_lower)
    paid = float(prices[prices != 0] @ limit[prices != 0])
    reduced = model.objective - model.matrix.T @ prices
    extra = np.zeros(problem.itineraries.n_people)
    if len(structure.worst_row):
        extra = prices[structure.worst_row]
    worth = tuple(
        _worth(problem, part, reduced, 1.0 + float(extra[part.person])) for part in structure.parts
    )
    best = tuple(
        completion(part.choices, points)
        for part, points in zip(structure.parts, worth, strict=True)
    )
    free = np.ones(model.n_columns, dtype=bool)
    free[_path_columns(model)] = False
    for part in structure.parts:
        free[part.columns] = False
    low, high = bounds
    rest = np.maximum(reduced * low, reduced * high)[free].sum()
    bound = model.constant + paid + float(rest)
    bound += sum(
        float(ahead[0, part.choices.empty[0], part.choices.home])
        for part, ahead in zip(structure.parts, best, strict=True)
    )
    return Priced(bound, prices, reduced, worth, best)


def _path_columns(model: LinearModel) -> np.ndarray:
    if "path/person" not in model.kinds:
        return np.zeros(0, np.int64)
    rows = np.flatnonzero(model.row_kind == model.kinds.index("path/person"))
    return np.unique(model.matrix[rows].indices)


def _worth(problem: Problem, part: Part, reduced: np.ndarray, weight: float) -> Worth:
    itineraries = problem.itineraries
    return Worth(
        reduced[part.columns],
        float(itineraries.idle_price[part.person]) * weight,
        float(itineraries.move_price[part.person]) * weight,
        weight,
    )
