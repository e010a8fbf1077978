"""The best prices for itineraries seen, found by smoothing.

At some prices everybody takes the best of the itineraries seen, and what that
comes to has kinks wherever somebody is undecided: the linear program of these
prices takes minutes for a thousand people. Smoothed, everybody takes each
itinerary with odds that fall with what it is behind the best (entropy;
Nesterov, "Smooth minimization of non-smooth functions", 2005). That has a
gradient, and a quasi-Newton method finds its lowest point in a second, also
where many prices must move together by hundreds of points (Zhu, Byrd, Lu and
Nocedal, "L-BFGS-B", 1997).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from talentopt.solve.compiled import compiled

STEPS, MEMORY = 100, 30
"""Most quasi-Newton steps, and how many of them are remembered."""

NEGLIGIBLE = 1e-9
"""Odds that count as none."""


class Pool(NamedTuple):
    """Itineraries by person.

    Attributes
    ----------
    person_ptr : (n_people + 1,) int64
        Where each person's itineraries begin.
    cell_ptr : (n_itineraries + 1,) int64
    cells : (n,) int64
        Placement and period of each seat used, as one number.
    points : (n_itineraries,) float64
        Without prices.
    """

    person_ptr: np.ndarray
    cell_ptr: np.ndarray
    cells: np.ndarray
    points: np.ndarray


def lowest(
    pool: Pool, room: np.ndarray, start: np.ndarray, limits: np.ndarray, temperature: float
) -> np.ndarray:
    """Find the prices at which the smoothed bound by the itineraries of a pool is lowest.

    Parameters
    ----------
    pool : Pool
    room : (n_cells,) float64
        Seats that prices collect for.
    start : (n_cells,) float64
        Prices to begin with.
    limits : (n_cells, 2) float64
        Least and most of each.
    temperature : float
        Points by which an itinerary must be behind another for odds of 1 to e.

    Returns
    -------
    (n_cells,) float64
    """
    # Takes most of a second to import, which those in a hurry need for their plan.
    from scipy.optimize import minimize

    free = np.flatnonzero(limits[:, 1] > limits[:, 0])
    prices = start.copy()

    def smoothed(some: np.ndarray) -> tuple[float, np.ndarray]:
        prices[free] = some
        slope = room.copy()
        value = soft_values(prices, *pool, temperature, slope)
        return value + float(room @ prices), slope[free]

    options = {"maxiter": STEPS, "maxcor": MEMORY, "maxfun": 2 * STEPS}
    found = minimize(
        smoothed, start[free], jac=True, method="L-BFGS-B", bounds=limits[free], options=options
    )
    prices[free] = np.clip(found.x, limits[free, 0], limits[free, 1])
    return prices


@compiled
def soft_values(
    prices: np.ndarray,
    person_ptr: np.ndarray,
    cell_ptr: np.ndarray,
    cells: np.ndarray,
    points: np.ndarray,
    temperature: float,
    slope: np.ndarray,
) -> float:
    """Sum the smoothed worth of everybody's itineraries at some prices.

    Parameters
    ----------
    prices : (n_cells,) float64
    person_ptr, cell_ptr, cells, points
        See `Pool`.
    temperature : float
    slope : (n_cells,) float64
        From which the seats that people expect to use are taken off.
    """
    total = 0.0
    worth = np.empty(len(points))
    for person in range(len(person_ptr) - 1):
        first, last = person_ptr[person], person_ptr[person + 1]
        if first == last:
            continue
        best = -np.inf
        for j in range(first, last):
            worth[j] = points[j]
            for c in range(cell_ptr[j], cell_ptr[j + 1]):
                worth[j] -= prices[cells[c]]
            best = max(best, worth[j])
        odds = 0.0
        for j in range(first, last):
            worth[j] = np.exp((worth[j] - best) / temperature)
            odds += worth[j]
        total += best + temperature * np.log(odds)
        for j in range(first, last):
            share = worth[j] / odds
            if share > NEGLIGIBLE:
                for c in range(cell_ptr[j], cell_ptr[j + 1]):
                    slope[cells[c]] -= share
    return total
