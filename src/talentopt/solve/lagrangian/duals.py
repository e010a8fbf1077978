"""What the Lagrangian bound is made of: prices, what mentors offer at them, and a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.solve.lagrangian.pricing import Priced
    from talentopt.solve.matchings.interface import Relaxed


@dataclass
class Duals:
    """Prices of everything shared.

    Attributes
    ----------
    seats : (n_placements, n_periods) float64
        Negative where seats under the minimum cost points.
    role : (n_matchings, n_providers) float64
    total : (n_providers,) float64
    rows : (n_rows,) float64
        Points per unit of each row's activity.
    own : (n,) float64
        Of the rules of single people, see `OwnRules`.
    links : (n_links, n_people) float64
        For each booking that a link pays, of which one counts.
    """

    seats: np.ndarray
    role: np.ndarray
    total: np.ndarray
    rows: np.ndarray
    own: np.ndarray
    links: np.ndarray

    def flat(self) -> np.ndarray:
        """All prices as one vector."""
        return np.concatenate([part.ravel() for part in self.parts()])

    def like(self, flat: np.ndarray) -> Duals:
        """Prices of the same shapes from one vector."""
        parts = self.parts()
        cuts = np.cumsum([part.size for part in parts[:-1]])
        pieces = np.split(flat, cuts)
        return Duals(*(new.reshape(old.shape) for new, old in zip(pieces, parts, strict=True)))

    def parts(self) -> tuple[np.ndarray, ...]:
        """List all prices in the order of the fields."""
        return (
            self.seats,
            self.role,
            self.total,
            self.rows,
            self.own,
            self.links,
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """What mentors make of bookings at some prices.

    Attributes
    ----------
    relaxed : Relaxed
        The matchings.
    gains_of_links : list of (n_people, n_values) float64
        Per link, what a person would gain by a booking with each value; 0 where no option has it.
    """

    relaxed: Relaxed
    gains_of_links: list[np.ndarray]


@dataclass(frozen=True, slots=True)
class Point:
    """The relaxation at some prices: its bound, its itineraries, and which way is up."""

    bound: float
    priced: Priced
    rise: np.ndarray
