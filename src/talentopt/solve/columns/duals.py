"""Prices by Adam steps on the excess loads: the Lagrangian bound, quickly.

Steps grow with the price they change, so that cheap and very dear seats are
found in the same number of passes (tight and over-tight cases need prices of
hundreds of points where slack ones need a few).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.columns.market import Limits, Market
    from talentopt.solve.columns.pool import Pool
    from talentopt.solve.columns.tables import Paths
    from talentopt.solve.control import Control

FIRST_DECAY, SECOND_DECAY = 0.9, 0.95
LEVEL = 20.0
"""Steps grow in proportion to prices above this many points."""


@dataclass
class Adam:
    """Price steps along smoothed and scaled excess loads.

    Parameters
    ----------
    limits : Limits
    prices : (n_prices,) float64
        Where to start; changed in place.
    decay : (float, float)
        Of the first and the second moment.
    """

    limits: Limits
    prices: np.ndarray
    decay: tuple[float, float] = (FIRST_DECAY, SECOND_DECAY)

    def __post_init__(self) -> None:
        """Start without memory."""
        self.first = np.zeros(len(self.prices))
        self.second = np.zeros(len(self.prices))
        self.count = 0

    def step(self, slope: np.ndarray, length: float) -> None:
        """Move up where load is beyond a limit; stop at 0 where a price crosses it."""
        b1, b2 = self.decay
        self.count += 1
        self.first = b1 * self.first + (1 - b1) * slope
        self.second = b2 * self.second + (1 - b2) * slope**2
        direction = self.first / (1 - b1**self.count)
        direction /= np.sqrt(self.second / (1 - b2**self.count)) + 1e-9
        size = length * self.limits.unit * (LEVEL + np.abs(self.prices)) / LEVEL
        moved = self.prices + size * direction
        crosses = (moved * self.prices < 0) | ((self.prices == 0) & (slope == 0))
        moved[crosses & (self.prices != 0)] = 0.0
        moved[(self.prices == 0) & (slope == 0)] = 0.0
        np.clip(moved, self.limits.floor, self.limits.ceiling, out=self.prices)


@dataclass
class Dual:
    """The best prices found, and what they prove.

    Attributes
    ----------
    prices : (n_prices,) float64
    bound : float
    paths : Paths
        Everybody's best itinerary at the last prices.
    weight : (n_people,) float64
        How much each one's total counted at the best prices.
    """

    prices: np.ndarray
    bound: float
    paths: Paths
    weight: np.ndarray


def descend(
    market: Market,
    control: Control,
    start: np.ndarray,
    paths: Paths,
    passes: int,
    longest: float,
    pool: Pool | None = None,
) -> Dual:
    """Lower the bound by `passes` price steps.

    Parameters
    ----------
    market : Market
    control : Control
        Is told every better bound.
    start : (n_prices,) float64
    paths : Paths
        Itineraries to start from; changed.
    passes : int
    longest : float
        First step, in points; falls to a hundredth of a point.
    pool : Pool, optional
        Takes every itinerary found.

    Returns
    -------
    Dual
    """
    adam = Adam(market.limits, start.copy())
    best = Dual(start.copy(), np.inf, paths, market.weight.copy())
    for turn in range(passes):
        if control.finished():
            break
        bound = evaluate(market, adam.prices, paths, exact=False, stop=control.finished)
        if bound == np.inf:
            break
        market.prove(control, bound)
        if pool is not None:
            pool.add(paths, market.everybody, adam.prices)
        if bound < best.bound:
            best.prices, best.bound = adam.prices.copy(), bound
            best.weight = market.weight.copy()
        slope = market.limits.slope(adam.prices, market.load(paths, market.everybody))
        length = max(0.01, longest * (1 - turn / passes) ** 1.5)
        adam.step(slope, length)
        _lift_poorest(market, paths, length)
    return best


def evaluate(
    market: Market,
    prices: np.ndarray,
    paths: Paths,
    *,
    exact: bool,
    rounds: int = 1,
    arcs: int = 0,
    stop: Callable[[], bool] | None = None,
) -> float:
    """Price everybody and every demand; return the bound that the prices prove.

    It is inf when `stop` said so before everybody was priced.
    """
    market.set_prices(prices)
    market.match(prices)
    if not market.pricer.price(
        paths, market.everybody, exact=exact, rounds=rounds, arcs=arcs, stop=stop
    ):
        return np.inf
    return market.bound(prices, paths)


def _lift_poorest(market: Market, paths: Paths, length: float) -> None:
    """Move the worst-off weight towards the people with the lowest totals."""
    total = market.problem.worst_off
    if not total:
        return
    extra = market.weight - 1.0
    totals = market.person_totals(paths)
    poorer = np.exp(-np.clip((totals - totals.min()) / max(1.0, totals.std()), 0, 50) * length)
    extra = extra * poorer + 1e-12
    market.weight[:] = 1.0 + extra * (total / extra.sum())
    market.pricer.table.scale[:] = market.weight
