"""Compiled: what bookings cost by their start, and which way the prices of seats should go."""

from __future__ import annotations

import numpy as np

from talentopt.solve.compiled import compiled
from talentopt.solve.lagrangian.layout import CLOSED
from talentopt.solve.lagrangian.worth import ROUNDING


@compiled
def charge_by_start(
    price: np.ndarray, duration: np.ndarray, n_starts: int, scale: float, cap: float
) -> np.ndarray:
    """Sum the prices of seats over the periods of bookings.

    Parameters
    ----------
    price : (n_placements, n_periods) float64
    duration : (n_placements,) int32
    n_starts : int
        See `Layout`.
    scale : float
        Units per point; prices are rounded down so that bounds hold.
    cap : float
        Largest price.

    Returns
    -------
    (n_placements * n_starts,) int32
        `CLOSED` where a booking would not end within the calendar.
    """
    n_placements, n_periods = price.shape
    charge = np.full(n_placements * n_starts, CLOSED, np.int32)
    summed = np.zeros(n_periods + 1, np.int64)
    for k in range(n_placements):
        for t in range(n_periods):
            capped = min(max(price[k, t], -cap), cap)
            summed[t + 1] = summed[t] + np.int64(np.floor(capped * scale + ROUNDING))
        for t in range(n_periods + 1 - duration[k]):
            charge[k * n_starts + t] = summed[t + duration[k]] - summed[t]
    return charge


@compiled
def crowding(
    price: np.ndarray,
    placement: np.ndarray,
    start: np.ndarray,
    duration: np.ndarray,
    seats: np.ndarray,
    floor: np.ndarray,
    share: float,
) -> np.ndarray:
    """Find where bookings are more than the seats, or fewer than is paid for.

    Parameters
    ----------
    price : (n_placements, n_periods) float64
    placement, start : (n,) int32
        Bookings of a `share` of the people, which stand for all.
    duration : (n_placements,) int32
    seats, floor : (n_placements, n_periods) float64
        Most and fewest.
    share : float

    Returns
    -------
    (n_placements, n_periods) float64
        People; a subgradient of the bound with its sign changed.
    """
    rise = np.zeros(price.shape)
    for i in range(len(placement)):
        k = placement[i]
        for t in range(start[i], start[i] + duration[k]):
            rise[k, t] += 1.0 / share
    for k in range(price.shape[0]):
        for t in range(price.shape[1]):
            used = rise[k, t]
            if price[k, t] > 0 or (price[k, t] == 0 and used > seats[k, t]):
                rise[k, t] = used - seats[k, t]
            elif price[k, t] < 0:
                rise[k, t] = used - floor[k, t]
            else:
                rise[k, t] = min(used - floor[k, t], 0.0)
    return rise
