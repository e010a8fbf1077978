"""Prices of what a single person must not do too often.

The states of pricing do not count how many bookings with the same value (a
unit, say) a person holds. Prices on such bookings make most itineraries keep
to what is allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Itineraries


class OwnRules:
    """The limits of everybody, in one vector.

    Parameters
    ----------
    itineraries : Itineraries

    Attributes
    ----------
    allowed : (size,) float64
        Bookings that are free of charge.
    """

    def __init__(self, itineraries: Itineraries) -> None:
        """Find what each limit allows."""
        self.itineraries = itineraries
        left = np.maximum(itineraries.limit_left, 0).astype(float)
        self._shape = left.shape
        self.allowed = left.ravel()

    def by_value(self, prices: np.ndarray) -> np.ndarray:
        """(n_limits, n_people, n_values) float64: ``prices`` (size,) of bookings per value."""
        return prices.reshape(self._shape)

    def excess(self, option: np.ndarray) -> np.ndarray:
        """(size,) float64: bookings beyond what is allowed.

        Parameters
        ----------
        option : (n_people, longest) int32
            Itineraries; -1 where they are shorter.
        """
        person, _ = np.nonzero(option >= 0)
        placement = self.itineraries.option_placement[option[option >= 0]]
        held = np.zeros(self._shape)
        for limit, values in enumerate(self.itineraries.limit_value):
            value = values[placement]
            np.add.at(held[limit], (person[value >= 0], value[value >= 0]), 1.0)
        return np.asarray(held.ravel() - self.allowed)
