"""Prices of a linear model's rows, and the bound that any prices prove."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.enumeration.paths import Worth, completion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.problem import Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.enumeration.structure import Part, Structure


@dataclass(frozen=True, slots=True)
class Priced:
    """A model at given prices of its rows (those of the paths aside).

    Attributes
    ----------
    bound : float
        No assignment is worth more; inf when some part was not valued.
    prices : (n_rows,) float64
        The prices that count.
    reduced : (n_columns,) float64
        Points of each column less what it uses.
    worth : dict of int to Worth
        Per part.
    best : dict of int to (n_periods + 1, n_states, n_places) array
        Per part, what can follow being free in each period, state and place.
    """

    bound: float
    prices: np.ndarray
    reduced: np.ndarray
    worth: dict[int, Worth]
    best: dict[int, np.ndarray]

    def start(self, number: int, part: Part) -> float:
        """Most that an itinerary of a part is worth, its own rows aside."""
        if number not in self.best:
            return np.inf
        return float(self.best[number][0, part.choices.empty[0], part.choices.home])


def price(
    problem: Problem,
    model: LinearModel,
    structure: Structure,
    prices: np.ndarray,
    bounds: tuple[np.ndarray, np.ndarray],
    parts: Sequence[int],
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
    parts : sequence of int
        Parts whose itineraries are valued; without all of them there is no bound.
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
    worth, best = {}, {}
    for number in parts:
        part = structure.parts[number]
        worth[number] = _worth(problem, part, reduced, 1.0 + float(extra[part.person]))
        best[number] = completion(part.choices, worth[number])
    free = np.ones(model.n_columns, dtype=bool)
    free[_path_columns(model)] = False
    for part in structure.parts:
        free[part.columns] = False
    low, high = bounds
    rest = np.maximum(reduced * low, reduced * high)[free].sum()
    bound = model.constant + paid + float(rest)
    priced = Priced(bound, prices, reduced, worth, best)
    tops = [priced.start(number, part) for number, part in enumerate(structure.parts)]
    return replace(priced, bound=bound + sum(tops))


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
