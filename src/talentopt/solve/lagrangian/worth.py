"""Compiled: what options are worth in whole units, with what prices and links add to them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from talentopt.solve.compiled import compiled

MOST_WORTH = 1_000_000_000
"""Units beyond which more makes no difference; whole numbers hold twice as many."""

ROUNDING = 1e-4
"""Units by which sums of points may be off a whole number."""


class Extras(NamedTuple):
    """What is added to the points of options.

    Attributes
    ----------
    each : (n_options,) float64
        Of every option; empty = nothing.
    value : (n, n_placements) int32
        A value of each placement; -1 = none.
    points : (n, n_people, n_values) float64
        Of the options of a person whose placements have a value.
    """

    each: np.ndarray
    value: np.ndarray
    points: np.ndarray


@compiled
def add_up(
    first: int,
    last: int,
    option_ptr: np.ndarray,
    option_placement: np.ndarray,
    option_points: np.ndarray,
    extras: Extras,
    scale: float,
    worth: np.ndarray,
) -> None:
    """Find the worth of all options of the people from `first` to before `last`.

    ``worth`` (n_options,) int32 receives points times `scale`, rounded up so that bounds hold.
    """
    for person in range(first, last):
        for o in range(option_ptr[person], option_ptr[person + 1]):
            k = option_placement[o]
            points = option_points[o]
            if len(extras.each):
                points += extras.each[o]
            for i in range(len(extras.value)):
                value = extras.value[i, k]
                if value >= 0:
                    points += extras.points[i, person, value]
            units = np.ceil(points * scale - ROUNDING)
            worth[o] = np.int32(min(max(units, -MOST_WORTH), MOST_WORTH))
