"""Most exclusive placements of one person with the same value of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.side import shared_codes

if TYPE_CHECKING:
    from talentopt.compile.history import History
    from talentopt.compile.previous import PreviousBookings
    from talentopt.compile.side import Side
    from talentopt.compile.venues import Venues
    from talentopt.read.model import Limit


def compile_limits(
    limits: list[Limit],
    people: Side,
    venues: Venues,
    history: History,
    kept: PreviousBookings,
) -> tuple[np.ndarray, np.ndarray]:
    """Code the values of every limit's column and count what history leaves.

    Returns
    -------
    value : (n_limits, n_placements) int32
        -1 = blank, or concurrent.
    left : (n_limits, n_people, n_values) int32
        However much history there is, enough for what is kept.
    """
    value = np.full((len(limits), len(venues)), -1, dtype=np.int32)
    for row, limit in enumerate(limits):
        (codes,) = shared_codes(np.where(venues.exclusive, venues.side.texts(limit.column), ""))
        value[row] = codes
    left = np.zeros((len(limits), len(people), int(value.max(initial=0)) + 1), dtype=np.int32)
    for row, limit in enumerate(limits):
        left[row] = people.counts(limit.max)[:, None]
        left[row] -= _counts(history.person, value[row, history.placement], left[row].shape)
        held = _counts(kept.person, value[row, kept.placement], left[row].shape)
        left[row] = np.maximum(left[row], held)
    return value, left


def _counts(person: np.ndarray, value: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """(n_people, n_values) int32: bookings of each person with each value."""
    counts = np.zeros(shape, dtype=np.int32)
    filled = value >= 0
    np.add.at(counts, (person[filled], value[filled]), 1)
    return counts
