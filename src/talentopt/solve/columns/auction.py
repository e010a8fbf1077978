"""A plan where minima of seats are hard: people choose in turn, and empty seats attract them.

At the best prices nearly everybody's best itinerary takes seats that must be taken, but some
are taken twice and others stay empty, for nobody knows where the others are. Here people
choose one after the other, knowing it: a seat that is still needed pays an extra, one that is
full costs it, and the extra grows from sweep to sweep, while prices follow what is empty or
taken without need (as in the auction of `lagrangian`, with minima beside maxima).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.columns.market import Market
    from talentopt.solve.columns.tables import Paths

FIRST_EXTRA, LAST_EXTRA = 0.01, 1.0
"""What a seat that is needed pays in the first and in the last sweep, of the most points that
any booking has."""

SWEEPS = 150
"""Sweeps of an auction that has time enough."""

FEWEST = 20
"""Sweeps that an auction takes even where time is short."""

FOLLOW = 0.1
"""Of the extra, what a price moves per sweep for a seat that is needed or not."""

HURRY, HIGHEST = 1.2, 100.0
"""After its last sweep the extra grows on by this factor a sweep, up to so many times its last."""


def auction(
    market: Market,
    prices: np.ndarray,
    paths: Paths,
    rng: np.random.Generator,
    spent: Callable[[], float],
) -> bool:
    """Let people choose in turn until every minimum is met and no seat is crowded.

    Parameters
    ----------
    market : Market
    prices : (n_prices,) float64
        Good ones.
    paths : Paths
        Everybody's itineraries at these; changed.
    rng : numpy Generator
        Of the order in which people choose.
    spent : callable
        Tells the share of the time that is over; from 1 the auction hurries, from 2 it ends.

    Returns
    -------
    bool
        Whether all seats are as they must be.
    """
    itineraries, pricer = market.problem.itineraries, market.pricer
    least, most = itineraries.min_seats, itineraries.seats
    start = prices.copy()
    market.set_prices(start)
    level = start[market.seats].reshape(least.shape).copy()
    unit = float(np.abs(itineraries.option_points).max(initial=1.0))
    used = pricer.loads(paths, market.everybody)
    progress, extra = 0.0, FIRST_EXTRA * unit
    while (used < least).any() or (used > most).any():
        if spent() >= 2.0 or extra > HIGHEST * LAST_EXTRA * unit:
            return False
        for person in rng.permutation(market.everybody):
            one = np.array([person])
            others = used - pricer.loads(paths, one)
            tilt = np.where(others >= most, extra, np.where(others < least, -extra, 0.0))
            pricer.set_prices(level + tilt)
            pricer.price(paths, one, exact=False)
            used = others + pricer.loads(paths, one)
        _follow(level, used, least, most, FOLLOW * extra)
        progress += 1 / SWEEPS
        progress = max(progress, min(spent(), progress + 1 / FEWEST - 1 / SWEEPS))
        extra = max(extra, unit * FIRST_EXTRA * (LAST_EXTRA / FIRST_EXTRA) ** min(progress, 1.0))
        if progress > 1.0:
            extra *= HURRY
    return True


def _follow(
    level: np.ndarray, used: np.ndarray, least: np.ndarray, most: np.ndarray, step: float
) -> None:
    """Let prices follow what is empty, crowded, or taken without need."""
    missing, crowded = used < least, used > most
    level -= np.where(missing, step * (least - used), 0.0)
    level += np.where(crowded, step * (used - most), 0.0)
    spare = ~missing & ~crowded
    back = np.minimum(np.abs(level), step)
    level -= np.where(spare & (level < 0) & (used > least), -back, 0.0)
    level -= np.where(spare & (level > 0) & (used < most), back, 0.0)
