"""Steps of many seats at once.

Where bookings of two periods follow one another, prices may rise in every
first and fall in every second period, and no booking costs more or less but
those at either end. There such a swing is worth much, but a search that moves
each price by itself takes hundreds of passes to find it: what one seat hears
of it is drowned in chance. So placements of one stage and duration also move
together, along the modes in which their calendar swings: the eigenvectors of
the periods that bookings of this duration share (a coarse level of a multigrid
method, diagonalised).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.compiled import compiled
from talentopt.solve.steps import AROUND, Adam

if TYPE_CHECKING:
    from talentopt.problem import Itineraries

BOLD = 0.5
"""Steps along modes relative to those of single prices."""


class Modes:
    """Moves the prices of seats by groups of placements.

    Parameters
    ----------
    itineraries : Itineraries
    """

    def __init__(self, itineraries: Itineraries) -> None:
        """Find the groups and their modes."""
        kind = np.stack([itineraries.placement_stage, itineraries.placement_duration])
        _, first, group = np.unique(kind, axis=1, return_index=True, return_inverse=True)
        self._group = group.reshape(-1).astype(np.int64)
        open_ = itineraries.seats > 0
        self._modes = np.stack(
            [
                modes_of(open_[self._group == g].any(axis=0), int(duration))
                for g, duration in enumerate(itineraries.placement_duration[first])
            ]
        )
        self._adam = Adam(self._modes[:, 0].size)
        self._still = np.zeros(self._modes[:, 0].size)

    def step(
        self, price: np.ndarray, rise: np.ndarray, length: float, share: float = 1.0
    ) -> np.ndarray:
        """Find how far prices move with their group; those that are 0 stay.

        Parameters
        ----------
        price, rise : (n_placements, n_periods) float64
        length : float
        share : float
            As of `Adam.step`.

        Returns
        -------
        (n_placements, n_periods) float64
        """
        heard = along(rise, self._group, self._modes)
        moves = self._adam.step(self._still, heard.ravel(), BOLD * length, share)
        return together(price, moves.reshape(heard.shape), self._group, self._modes)


def modes_of(open_: np.ndarray, duration: int) -> np.ndarray:
    """(n_periods, n_periods) float64: the modes of a calendar, one per column.

    Parameters
    ----------
    open_ : (n_periods,) bool
        Periods with seats.
    duration : int
        Of bookings.
    """
    n_periods = len(open_)
    starts = np.arange(max(0, n_periods - duration + 1))[:, None]
    periods = np.arange(n_periods)
    held = (starts <= periods) & (periods < starts + duration)
    held = held[~(held & ~open_).any(axis=1)].astype(float)
    return np.asarray(np.linalg.eigh(held.T @ held)[1])


@compiled
def along(rise: np.ndarray, group: np.ndarray, modes: np.ndarray) -> np.ndarray:
    """Add up a direction over groups and project it on their modes.

    Parameters
    ----------
    rise : (n_placements, n_periods) float64
    group : (n_placements,) int64
    modes : (n_groups, n_periods, n_periods) float64

    Returns
    -------
    (n_groups, n_periods) float64
        Per mode.
    """
    n_groups, n_periods = modes.shape[:2]
    summed = np.zeros((n_groups, n_periods))
    for k in range(len(group)):
        for t in range(n_periods):
            summed[group[k], t] += rise[k, t]
    heard = np.zeros((n_groups, n_periods))
    for g in range(n_groups):
        for t in range(n_periods):
            for m in range(n_periods):
                heard[g, m] += modes[g, t, m] * summed[g, t]
    return heard


@compiled
def together(
    price: np.ndarray, moves: np.ndarray, group: np.ndarray, modes: np.ndarray
) -> np.ndarray:
    """Move positive prices with their group, in proportion to the group's price level.

    Parameters
    ----------
    price : (n_placements, n_periods) float64
    moves : (n_groups, n_periods) float64
        Per mode, where prices are small.
    group, modes
        As of `along`.

    Returns
    -------
    (n_placements, n_periods) float64
    """
    n_groups, n_periods = moves.shape
    summed, positive = np.zeros(n_groups), np.zeros(n_groups)
    for k in range(len(group)):
        for t in range(n_periods):
            if price[k, t] > 0:
                summed[group[k]] += price[k, t]
                positive[group[k]] += 1
    moved = np.zeros((n_groups, n_periods))
    for g in range(n_groups):
        level = 1.0 + summed[g] / max(positive[g], 1.0) / AROUND
        for t in range(n_periods):
            for m in range(n_periods):
                moved[g, t] += level * modes[g, t, m] * moves[g, m]
    step = np.zeros(price.shape)
    for k in range(len(group)):
        for t in range(n_periods):
            if price[k, t] > 0:
                step[k, t] = moved[group[k], t]
    return step
