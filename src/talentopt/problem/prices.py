"""Prices of everything that people share, which a search can start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Prices in a problem's numbering; NaN where none is known.

    Attributes
    ----------
    seats : (n_placements, n_periods) float64
        Points per seat taken; negative where seats under the minimum cost points.
    role : (n_matchings, n_providers) float64
        Points per unit of load in one matching.
    total : (n_providers,) float64
        Points per unit of load over all matchings.
    rows : (n_rows,) float64
        Points that a unit of each row's activity brings: positive where its minimum binds,
        negative where its maximum does.
    links : (n_links, n_people) float64
        Points that each booking which a link pays leaves to its mentor.
    """

    seats: np.ndarray
    role: np.ndarray
    total: np.ndarray
    rows: np.ndarray
    links: np.ndarray
