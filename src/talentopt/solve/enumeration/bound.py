"""Prices of a linear model's rows, and the bound that any prices prove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.solve.enumeration.paths import Worth

if TYPE_CHECKING:
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.enumeration.structure import Structure


class Prices(NamedTuple):
    """Prices of a model's rows, and of placements missing altogether.

    Attributes
    ----------
    rows : (n_rows,) float64
    missing : float
    """

    rows: np.ndarray
    missing: float


@dataclass(frozen=True, slots=True)
class Valued:
    """A model at prices.

    Attributes
    ----------
    prices : Prices
        Those that count: of the right sign, and of shared rows only.
    rest : float
        Most that everything but the itineraries is worth, with what the rows pay back.
    reduced : (n_columns,) float64
        Points of each column less what it uses.
    worth : tuple of Worth
        Of each part's choices.
    """

    prices: Prices
    rest: float
    reduced: np.ndarray
    worth: tuple[Worth, ...]


class Valuation:
    """Values everything at prices of the shared rows.

    Parameters
    ----------
    model : LinearModel
    structure : Structure
    bounds : pair of (n_columns,) float64
        Finite bounds of every column.
    """

    def __init__(
        self, model: LinearModel, structure: Structure, bounds: tuple[np.ndarray, np.ndarray]
    ) -> None:
        """Note which prices may be positive or negative."""
        self.model, self.structure = model, structure
        self.low = bounds[0][structure.shared_columns]
        self.high = bounds[1][structure.shared_columns]
        self._shared = np.zeros(model.n_rows, dtype=bool)
        self._shared[structure.shared_rows] = True
        self._above = self._shared & np.isfinite(model.row_upper)
        self._below = self._shared & np.isfinite(model.row_lower)

    def allowed(self, prices: np.ndarray) -> np.ndarray:
        """(n_rows,) float64: prices of the wrong sign replaced by 0."""
        wanted = np.where(prices > 0, self._above, self._below)
        return np.where(wanted, prices, 0.0)

    def at(self, prices: Prices, most_missing: float, least_missing: float) -> Valued:
        """Value everything.

        Parameters
        ----------
        prices : Prices
        most_missing, least_missing : float
            Limits on the placements missing altogether.
        """
        model, structure = self.model, self.structure
        rows = self.allowed(prices.rows)
        limit = np.where(rows > 0, model.row_upper, model.row_lower)
        paid = float(rows[rows != 0] @ limit[rows != 0])
        missing = most_missing if prices.missing > 0 else least_missing
        price = prices.missing if np.isfinite(missing) else 0.0
        if price:
            paid += price * missing
        reduced = np.asarray(model.objective - model.matrix.T @ rows)
        rest = reduced[structure.shared_columns]
        rest = np.maximum(rest * self.low, rest * self.high)
        extra = np.zeros(len(structure.parts))
        if len(structure.worst_row):
            people = np.array([part.person for part in structure.parts], dtype=np.int64)
            extra = rows[structure.worst_row[people]]
        worth = tuple(
            Worth(
                reduced[part.columns] + part.bonus,
                -part.promised,
                1.0 + more,
                price,
                part.event_sets @ reduced[part.events],
            )
            for part, more in zip(structure.parts, extra.tolist(), strict=True)
        )
        total = model.constant + paid + float(rest.sum())
        return Valued(Prices(rows, price), total, reduced, worth)
