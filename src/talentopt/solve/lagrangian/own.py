"""Prices of what a single person must not do twice or too often.

Walking over nodes and periods does not see two rules: that a placement is
booked once, and how many bookings with the same value (a unit, say) a person
may hold. Prices on such bookings make most itineraries keep to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Itineraries


class OwnRules:
    """The rules of some people, in one vector: options first, then limits.

    Parameters
    ----------
    itineraries : Itineraries
    repeatable : (n_options,) bool
        Options that pricing may book twice.
    people : (n,) int64

    Attributes
    ----------
    allowed : (size,) float64
        Bookings that are free of charge.
    """

    def __init__(
        self, itineraries: Itineraries, repeatable: np.ndarray, people: np.ndarray
    ) -> None:
        """Find which options each rule counts."""
        self.itineraries, self.repeatable = itineraries, repeatable
        self.people = people
        person = itineraries.option_person()
        row = np.full(itineraries.n_people, -1)
        row[people] = np.arange(len(people))
        self._options = np.flatnonzero(repeatable & (row[person] >= 0))
        left = np.maximum(itineraries.limit_left[:, people], 0).astype(float)
        self._shape = left.shape
        self._values = itineraries.limit_value[:, itineraries.option_placement]
        self._counted = []
        for values in self._values:
            counted = np.flatnonzero((values >= 0) & (row[person] >= 0))
            self._counted.append((counted, row[person[counted]], values[counted]))
        self.allowed = np.concatenate([np.ones(len(self._options)), left.ravel()])

    def part(self, people: np.ndarray) -> tuple[OwnRules, np.ndarray]:
        """Take the rules of fewer people, and their positions in this vector."""
        fewer = OwnRules(self.itineraries, self.repeatable, people)
        limits = np.arange(int(np.prod(self._shape))).reshape(self._shape)
        row = np.searchsorted(self.people, people)
        options = np.searchsorted(self._options, fewer._options)
        return fewer, np.concatenate([options, len(self._options) + limits[:, row].ravel()])

    def charges(self, prices: np.ndarray) -> np.ndarray:
        """(n_options,) float64: what ``prices`` (size,) take off each option's points."""
        charges = np.zeros(self.itineraries.n_options)
        cut = len(self._options)
        charges[self._options] = prices[:cut]
        limits = prices[cut:].reshape(self._shape)
        for limit, (options, row, value) in enumerate(self._counted):
            charges[options] += limits[limit, row, value]
        return charges

    def excess(self, option: np.ndarray) -> np.ndarray:
        """(size,) float64: bookings beyond what is allowed.

        Parameters
        ----------
        option : (n_people of these rules, longest) int32
            Itineraries; -1 where they are shorter.
        """
        row, _ = np.nonzero(option >= 0)
        booked = option[option >= 0]
        count = np.bincount(booked, minlength=self.itineraries.n_options)[self._options]
        held = np.zeros(self._shape)
        for limit, values in enumerate(self._values):
            value = values[booked]
            np.add.at(held[limit], (row[value >= 0], value[value >= 0]), 1.0)
        return np.asarray(np.concatenate([count, held.ravel()]) - self.allowed)
