"""The search for the best prices.

A pass over everybody tells exactly where prices should go, but a few people,
taken for all, tell it nearly as well at a fraction of the work. So steps begin
after small parts of the people and hear more of them as they get shorter, the
last ones everybody (stochastic gradients with growing samples: Friedlander and
Schmidt, 2012). Where more is wanted than there is, prices must rise by
hundreds of points and then agree to a fraction of one: there 300 passes in
parts come nearer to the best bound than 3,000 whole ones.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.lagrangian.modes import Modes
from talentopt.solve.lagrangian.pricing import LAZY
from talentopt.solve.steps import Adam

if TYPE_CHECKING:
    from talentopt.solve.lagrangian.dual import Dual
    from talentopt.solve.lagrangian.duals import Duals

LONGEST_STEP, SHORTEST_STEP, POWER = 10.0, 0.01, 3.0

FIRST_PARTS, SMALLEST_PART, LARGEST_PART = 50, 4, 60
"""Parts of the people at the beginning, and between how many people they are then."""

WHOLE = 0.95
"""Progress from which steps hear everybody."""

RECENT = 0.3
"""What the prices of one pass count for in their average."""

CAREFUL_ATTEMPTS = 12
"""Recursions on one person when everybody is heard: these branch on rules of single people."""


class Search:
    """Prices on their way to the best ones.

    Parameters
    ----------
    dual : Dual
    duals : Duals
        Where to begin.
    rng : numpy Generator
        Of the parts.

    Attributes
    ----------
    best : Duals
        Prices of the lowest bound so far.
    bound : float
        At those.
    """

    def __init__(self, dual: Dual, duals: Duals, rng: np.random.Generator) -> None:
        """Begin with no bound."""
        self.best, self.bound = duals, np.inf
        self._dual, self._rng = dual, rng
        self._at, self._mean = duals, duals
        self._by_seats, self._by_all = Adam(duals.seats.size), Adam(len(dual.most))
        self._modes = Modes(dual.problem.itineraries)
        self._priced = dual.pricing.nothing()

    def pass_over(self, progress: float) -> None:
        """Move the prices once after everybody was heard, in parts or as a whole.

        Parameters
        ----------
        progress : float
            From 0, long steps after small parts, to 1.
        """
        n_people = self._dual.problem.itineraries.n_people
        first = max(min(FIRST_PARTS, n_people // SMALLEST_PART), n_people // LARGEST_PART)
        # The smaller the parts, the more of what they tell is chance.
        longest = LONGEST_STEP * min(1.0, FIRST_PARTS / max(1, first)) ** 0.5
        length = SHORTEST_STEP + (longest - SHORTEST_STEP) * (1 - progress) ** POWER
        parts = round(first * (1 - progress / WHOLE))
        if parts > 1:
            self._by_parts(parts, length)
        else:
            self._at = self._mean
            rise = self.look(progress)
            new = self._at.like(self._dual.step(self._at, rise, self._by_all, length))
            seat_rise = self._at.like(rise).seats
            seats = self._with_modes(self._at.seats, new.seats, seat_rise, length)
            self._at = self._mean = replace(new, seats=seats)

    def look(self, progress: float) -> np.ndarray:
        """Find the bound at the average of recent prices, and which way is up from there."""
        point = self._dual.at(self._mean, CAREFUL_ATTEMPTS if progress >= WHOLE else 1)
        if point.bound < self.bound:
            self.best, self.bound = self._mean, point.bound
        return point.rise

    def _by_parts(self, parts: int, length: float) -> None:
        """Move seats after every part, and all else after the last."""
        dual, pricing, priced = self._dual, self._dual.pricing, self._priced
        offer = dual.offer(self._at)
        worth = dual.worth(self._at, offer)
        order = self._rng.permutation(len(priced.bound))
        seats, mean = self._at.seats, self._mean.seats
        for people in np.array_split(order, parts):
            people.sort()
            pricing.reprice(people, seats, worth, LAZY, priced)
            share = len(people) / len(order)
            rise = dual.seat_rise(seats, priced.option[people], priced.start[people], share)
            moved = self._by_seats.step(seats.ravel(), rise.ravel(), length, share)
            seats = self._with_modes(seats, moved.reshape(rise.shape), rise, length, share)
            mean = mean + RECENT * share * (seats - mean)
        step = dual.step(self._at, dual.rise(self._at, offer, priced), self._by_all, length)
        self._at = replace(self._at.like(step), seats=seats)
        self._mean = replace(self._at, seats=dual.project_seats(mean))

    def _with_modes(
        self,
        price: np.ndarray,
        moved: np.ndarray,
        rise: np.ndarray,
        length: float,
        share: float = 1.0,
    ) -> np.ndarray:
        """Move seats as a group beyond where each ``moved`` by itself."""
        new = moved + self._modes.step(price, rise, length, share)
        return self._dual.project_seats(np.where(price * new < 0, 0.0, new))
