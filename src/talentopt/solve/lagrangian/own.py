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
        """Find which options each limit counts."""
        self.itineraries = itineraries
        person = itineraries.option_person()
        left = np.maximum(itineraries.limit_left, 0).astype(float)
        self._shape = left.shape
        self._values = itineraries.limit_value[:, itineraries.option_placement]
        self._counted = []
        for values in self._values:
            counted = np.flatnonzero(values >= 0)
            self._counted.append((counted, person[counted], values[counted]))
        self.allowed = left.ravel()

    def charges(self, prices: np.ndarray) -> np.ndarray:
        """(n_options,) float64: what ``prices`` (size,) take off each option's points."""
        charges = np.zeros(self.itineraries.n_options)
        limits = prices.reshape(self._shape)
        for prices_of, (options, person, value) in zip(limits, self._counted, strict=True):
            some = np.flatnonzero(prices_of.any(axis=1)[person])
            charges[options[some]] += prices_of[person[some], value[some]]
        return charges

    def excess(self, option: np.ndarray) -> np.ndarray:
        """(size,) float64: bookings beyond what is allowed.

        Parameters
        ----------
        option : (n_people, longest) int32
            Itineraries; -1 where they are shorter.
        """
        person, _ = np.nonzero(option >= 0)
        booked = option[option >= 0]
        held = np.zeros(self._shape)
        for limit, values in enumerate(self._values):
            value = values[booked]
            np.add.at(held[limit], (person[value >= 0], value[value >= 0]), 1.0)
        return np.asarray(held.ravel() - self.allowed)
