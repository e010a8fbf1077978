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
    """The limits of some people, in one vector.

    Parameters
    ----------
    itineraries : Itineraries
    people : (n,) int64

    Attributes
    ----------
    allowed : (size,) float64
        Bookings that are free of charge.
    """

    def __init__(self, itineraries: Itineraries, people: np.ndarray) -> None:
        """Find which options each limit counts."""
        self.itineraries, self.people = itineraries, people
        person = itineraries.option_person()
        row = np.full(itineraries.n_people, -1)
        row[people] = np.arange(len(people))
        left = np.maximum(itineraries.limit_left[:, people], 0).astype(float)
        self._shape = left.shape
        self._values = itineraries.limit_value[:, itineraries.option_placement]
        self._counted = []
        for values in self._values:
            counted = np.flatnonzero((values >= 0) & (row[person] >= 0))
            self._counted.append((counted, row[person[counted]], values[counted]))
        self.allowed = left.ravel()

    def part(self, people: np.ndarray) -> tuple[OwnRules, np.ndarray]:
        """Take the limits of fewer people, and their positions in this vector."""
        positions = np.arange(len(self.allowed)).reshape(self._shape)
        row = np.searchsorted(self.people, people)
        return OwnRules(self.itineraries, people), positions[:, row].ravel()

    def charges(self, prices: np.ndarray) -> np.ndarray:
        """(n_options,) float64: what ``prices`` (size,) take off each option's points."""
        charges = np.zeros(self.itineraries.n_options)
        limits = prices.reshape(self._shape)
        for limit, (options, row, value) in enumerate(self._counted):
            charges[options] += limits[limit, row, value]
        return charges

    def excess(self, option: np.ndarray) -> np.ndarray:
        """(size,) float64: bookings beyond what is allowed.

        Parameters
        ----------
        option : (n_people of these limits, longest) int32
            Itineraries; -1 where they are shorter.
        """
        row, _ = np.nonzero(option >= 0)
        booked = option[option >= 0]
        held = np.zeros(self._shape)
        for limit, values in enumerate(self._values):
            value = values[booked]
            np.add.at(held[limit], (row[value >= 0], value[value >= 0]), 1.0)
        return np.asarray(held.ravel() - self.allowed)
