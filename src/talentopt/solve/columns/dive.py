"""From prices to a plan: fix the itineraries that are settled, price again, repeat.

Each round takes some price steps for the people still free under the seats
that are left, remembers everybody's recent itineraries, and fixes those who
changed their mind least. Blocks of people are dived again to repair a plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.columns.duals import Adam

if TYPE_CHECKING:
    from talentopt.solve.columns.market import Market
    from talentopt.solve.columns.tables import Paths
    from talentopt.solve.control import Control

FORGETTING = 0.94
"""How much of an itinerary's record each price step keeps."""

PATIENCE = 20
"""Rounds in which nobody's itinerary fits into what is left, after which a dive gives up."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How carefully to dive.

    Attributes
    ----------
    steps : int
        Price steps a round.
    share : float
        Of the people free at first, fixed each round.
    length : float
        Of a price step, in points.
    """

    steps: int = 12
    share: float = 0.05
    length: float = 1.0


class Dive:
    """One dive: people who are free, and what the others leave them.

    Parameters
    ----------
    market : Market
    prices : (n_prices,) float64
    paths : Paths
        Of everybody; those of `free` are replaced.
    free : (n,) int64
    rng : numpy Generator
    """

    def __init__(
        self,
        market: Market,
        prices: np.ndarray,
        paths: Paths,
        free: np.ndarray,
        rng: np.random.Generator,
    ) -> None:
        """Count what the people who stay use."""
        self.market, self.paths, self.free, self.rng = market, paths, free, rng
        self.prices = prices.copy()
        stay = np.setdiff1d(market.everybody, free)
        self.used = market.own_load(paths, stay)
        limits = market.limits
        self.hard = np.zeros(len(prices), dtype=bool)
        self.hard[market.seats] = True
        self.hard[market.rows] = np.isinf(market.problem.rows.price)
        self.adam = Adam(limits, self.prices, decay=(0.8, 0.98))
        self.record: list[dict[bytes, float]] = [{} for _ in range(len(market.everybody))]

    def run(self, control: Control, pace: Pace) -> bool:
        """Fix everybody; returns False when interrupted before, or when nobody fits for long."""
        goal = max(1, int(np.ceil(pace.share * len(self.free))))
        idle = 0
        while len(self.free):
            if control.finished() or idle > PATIENCE:
                return False
            for _ in range(pace.steps if len(self.free) > 1 else 1):
                self._step(pace.length)
                if control.finished():
                    return False
            free = len(self.free)
            self._fix(goal)
            idle = idle + 1 if len(self.free) == free else 0
        return True

    def _step(self, length: float) -> None:
        market = self.market
        market.set_prices(self.prices)
        left = market.limits.upper[market.seats] - self.used[market.seats]
        market.pricer.set_blocked((left <= 0).reshape(market.problem.itineraries.seats.shape))
        self._close_rows()
        market.pricer.price(self.paths, self.free, exact=False)
        slope = market.limits.slope(
            self.prices, self.used + market.own_load(self.paths, self.free)
        )
        slope[market.roles], slope[market.totals] = 0.0, 0.0
        self.adam.step(slope, length)
        for person in self.free:
            record = self.record[person]
            for plan in record:
                record[plan] *= FORGETTING
            plan = self._plan(person)
            record[plan] = record.get(plan, 0.0) + 1.0 - FORGETTING

    def _close_rows(self) -> None:
        """Forbid options that alone exceed what is left of a hard row."""
        market = self.market
        if len(market.problem.rows) == 0:
            return
        at = np.flatnonzero(self.hard[market.rows])
        left = (market.limits.upper[market.rows] - self.used[market.rows])[at]
        coefficients = market.row_options[at].tocoo()
        too_much = coefficients.data > left[coefficients.row] + 1e-6
        closed = np.zeros(market.problem.itineraries.n_options, dtype=bool)
        closed[coefficients.col[too_much]] = True
        slots = closed[market.pricer.structure.slot_option]
        market.pricer.table.adjust[slots] = -np.inf

    def _plan(self, person: int) -> bytes:
        count = self.paths.length[person]
        slot, start = self.paths.slot[person, :count], self.paths.start[person, :count]
        return slot.tobytes() + start.tobytes()

    def _fix(self, goal: int) -> None:
        """Fix those whose current itinerary has the best record and still fits."""
        settled = np.array([self.record[p].get(self._plan(p), 0.0) for p in self.free])
        order = self.free[np.lexsort((self.rng.random(len(self.free)), -settled))]
        upper = self.market.limits.upper
        fixed: list[int] = []
        for person in order:
            load = self.market.own_load(self.paths, np.array([person]))
            uses = load > 0
            beyond = self.used[uses] + load[uses] > upper[uses] + 1e-6
            if (beyond & self.hard[uses]).any():
                continue
            self.used += load
            fixed.append(int(person))
            if len(fixed) >= goal:
                break
        self.free = np.setdiff1d(self.free, np.array(fixed, dtype=np.int64))


def missing_pieces(market: Market, paths: Paths, prices: np.ndarray) -> np.ndarray:
    """(n_people,) float64: what each one's itinerary loses against their bound at the prices."""
    copy = paths.copy()
    market.pricer.set_blocked(np.zeros(market.problem.itineraries.seats.shape, dtype=bool))
    market.set_prices(prices)
    held = market.pricer.worth(paths)
    market.pricer.price(copy, market.everybody, exact=False)
    return np.asarray(np.maximum(copy.bound - held, 0.0))
