"""The best prices of seats by all itineraries seen, one after the other.

Near the best prices steps of single prices stall where prices must move together, by chance
as large as what is to be found. There the prices that are best for all itineraries seen so far
lead on: the restricted master in its dual form, in a box around the best prices (Marsten, Hogan
and Blankenship, "The boxstep method for large-scale optimization", 1975), smoothed so that it
is solved in a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

from talentopt.solve.lagrangian.search import CAREFUL_ATTEMPTS
from talentopt.solve.lagrangian.seen import Seen, seen
from talentopt.solve.lagrangian.smoothing import Pool, lowest
from talentopt.solve.steps import Adam

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.lagrangian.dual import Dual
    from talentopt.solve.lagrangian.duals import Duals
    from talentopt.solve.lagrangian.pricing import Priced

STEPS, LENGTH = 20, 0.5
"""Steps of single prices that show itineraries to begin with, and how long they are."""

FIRST_BOX, WIDER, NARROWER = 8.0, 1.5, 0.6
"""Half the width of the first box, and how it changes."""

SMALLEST_BOX, LARGEST_BOX = 2.0, 1000.0
"""Points: a price changes by at most so much at a time, however the boxes went."""

WARMEST, COOLER, COLDEST = 0.5, 0.8, 0.05
"""Temperature of the first smoothing, how it falls when nothing was gained, and the least."""

KEPT = 100
"""Itineraries of one person that are kept: the best at the best prices."""

IN_VAIN = 20
"""Looks in a row that gain nothing before the search ends."""


class Master:
    """The restricted master of prices of seats, at given prices of all else.

    Parameters
    ----------
    dual : Dual
    duals : Duals
        Where to begin.

    Attributes
    ----------
    seats : (n_placements, n_periods) float64
        The best prices so far.
    bound : float
        At those.
    """

    def __init__(self, dual: Dual, duals: Duals) -> None:
        """Look at where to begin."""
        self._dual, self._itineraries = dual, dual.problem.itineraries
        self._worth = dual.worth(duals, dual.offer(duals))
        self._known: set[bytes] = set()
        self._seen: list[Seen] = []
        point = dual.at(duals, CAREFUL_ATTEMPTS)
        self.seats, self.bound = duals.seats, point.bound
        self._rest = point.bound - float(point.priced.bound.sum()) - self._rent(duals.seats)
        self._note(point.priced)

    def walk(self, until: Callable[[], bool]) -> None:
        """See itineraries along some steps from the best prices.

        Parameters
        ----------
        until : callable
            Whether to stop.
        """
        adam, seats = Adam(self.seats.size), self.seats
        for _ in range(STEPS):
            if until():
                return
            priced = self._look(seats)
            rise = self._dual.seat_rise(seats, priced.option, priced.start)
            moved = adam.step(seats.ravel(), rise.ravel(), LENGTH).reshape(seats.shape)
            seats = self._dual.project_seats(moved)

    def improve(self, box: float, temperature: float) -> None:
        """Look at the best prices in a box, and half-way to them.

        Parameters
        ----------
        box : float
            Points by which a price may change.
        temperature : float
            See `lowest`.
        """
        centre = self.seats
        room, limits = self._within(box)
        found = lowest(self._pool(), room, centre.ravel(), limits, temperature)
        seats = found.reshape(centre.shape)
        for tried in (seats, (seats + centre) / 2):
            self._look(self._dual.project_seats(tried))

    def _look(self, seats: np.ndarray) -> Priced:
        """Find the bound at some prices, and note the itineraries."""
        priced = self._dual.pricing.price(seats, self._worth, CAREFUL_ATTEMPTS)
        bound = self._rest + float(priced.bound.sum()) + self._rent(seats)
        self._note(priced)
        if bound < self.bound:
            self.seats, self.bound = seats, bound
        return priced

    def _rent(self, seats: np.ndarray) -> float:
        """Points that prices collect for all seats, and pay for those that must be taken."""
        itineraries = self._itineraries
        collected = np.where(seats > 0, seats * itineraries.seats, seats * itineraries.min_seats)
        return float(collected.sum())

    def _note(self, priced: Priced) -> None:
        """Keep the itineraries that are new."""
        new = []
        for person, path in enumerate(zip(priced.option, priced.start, strict=True)):
            key = b"%d " % person + path[0].tobytes() + path[1].tobytes()
            if key not in self._known:
                self._known.add(key)
                new.append(person)
        worth = self._worth / self._dual.pricing.scale
        taken = seen(self._itineraries, priced, worth)
        self._seen.append(taken.take(np.array(new, dtype=np.int64)))

    def _pool(self) -> Pool:
        """Keep everybody's best itineraries at the best prices."""
        known = Seen(
            np.concatenate([some.person for some in self._seen]),
            np.concatenate([some.points for some in self._seen]),
            csr_array(vstack([some.uses for some in self._seen])),
        )
        worth = known.points - known.uses @ self.seats.ravel()
        order = np.lexsort((-worth, known.person))
        person = known.person[order]
        place = np.arange(len(order)) - np.searchsorted(person, person)
        known = known.take(order[place < KEPT])
        self._seen = [known]
        ptr = np.searchsorted(known.person, np.arange(self._itineraries.n_people + 1))
        cell_ptr, cells = (known.uses.indptr, known.uses.indices)
        return Pool(ptr, cell_ptr.astype(np.int64), cells.astype(np.int64), known.points)

    def _within(self, box: float) -> tuple[np.ndarray, np.ndarray]:
        """(n_cells,), (n_cells, 2) float64: seats that prices collect for, and their limits.

        No price changes its sign, so that what it collects is linear.
        """
        itineraries, centre = self._itineraries, self.seats.ravel()
        negative, open_ = centre < 0, itineraries.seats.ravel() > 0
        room = np.where(negative, itineraries.min_seats.ravel(), itineraries.seats.ravel())
        low = np.where(negative, centre - box, np.maximum(centre - box, 0.0))
        high = np.where(negative, np.minimum(centre + box, 0.0), centre + box)
        cap = self._dual.pricing.price_cap
        limits = np.clip(np.column_stack([low, high]), -cap, cap)
        return room.astype(np.float64), np.where(open_[:, None], limits, 0.0)


def polish(dual: Dual, duals: Duals, rounds: int, until: Callable[[], bool]) -> Master:
    """Improve prices of seats that are near the best; returns the master with these.

    Parameters
    ----------
    dual : Dual
    duals : Duals
    rounds : int
        Most smoothed masters.
    until : callable
        Whether to stop.
    """
    master = Master(dual, duals)
    master.walk(until)
    box, temperature, in_vain = FIRST_BOX, WARMEST, 0
    for _ in range(rounds):
        if until() or in_vain == IN_VAIN:
            break
        before = master.bound
        master.improve(box, temperature)
        if master.bound < before:
            box, in_vain = min(LARGEST_BOX, box * WIDER), 0
        else:
            box = max(SMALLEST_BOX, box * NARROWER)
            temperature, in_vain = max(COLDEST, temperature * COOLER), in_vain + 1
    return master
