"""The arrays that pricing kernels share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np


class Table(NamedTuple):
    """Prices and multipliers that the kernels read.

    Attributes
    ----------
    price : (n_placements, n_periods + 1) float64
        Summed prices of the periods before each.
    blocked : (n_placements, n_periods + 1) int32
        Number of periods before each in which nobody else may join.
    scale : (n_people,) float64
        Factor on a person's own points.
    adjust : (n_slots,) float64
        Added to the points of each slot.
    once : (n_entries,) float64
        Amount of each once-only entry.
    slot_toll : (n_slots,) float64
        Multiplier of "not twice at the same placement".
    tolls : (n_people, n_distinct + n_limits * n_values) float64
        Multipliers of distinct values and limits.
    critical : (n_people, n_limits * n_values) bool
        Limits that the search respects; others have not been exceeded yet.
    """

    price: np.ndarray
    blocked: np.ndarray
    scale: np.ndarray
    adjust: np.ndarray
    once: np.ndarray
    slot_toll: np.ndarray
    tolls: np.ndarray
    critical: np.ndarray


class Paths(NamedTuple):
    """One itinerary per person, as slots counted from the person's first, in time order.

    Attributes
    ----------
    slot, start : (n_people, longest) int32
    length : (n_people,) int32
    worth : (n_people,) float64
        At the prices it was found with.
    bound : (n_people,) float64
        No allowed itinerary was worth more at those prices.
    """

    slot: np.ndarray
    start: np.ndarray
    length: np.ndarray
    worth: np.ndarray
    bound: np.ndarray

    def copy(self) -> Paths:
        """Copy all arrays."""
        return Paths(*(part.copy() for part in self))


class Work(NamedTuple):
    """Label memory of one thread.

    `key` and `label` are (n_periods + 1, width) heaps of the labels that each
    period keeps, worst first; `size` their sizes, then the number of places
    taken in `bucket`, and of labels. The others describe labels, but for
    `bucket`, an open hash table of them.
    """

    key: np.ndarray
    label: np.ndarray
    size: np.ndarray
    period: np.ndarray
    node: np.ndarray
    place: np.ndarray
    tolled: np.ndarray
    spare: np.ndarray
    parent: np.ndarray
    slot: np.ndarray
    start: np.ndarray
    mark: np.ndarray
    limits: np.ndarray
    dead: np.ndarray
    bucket: np.ndarray
