"""The best prices of seats by linear programs over itineraries seen.

Near the best prices steps of single prices stall where prices must move together. There the
prices that are best for all itineraries seen so far, in a box around the best prices, lead on
(the restricted master in its dual form; Marsten, Hogan and Blankenship, "The boxstep method for
large-scale optimization", 1975).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from talentopt.problem import measure
from talentopt.solve.highs import quiet_program
from talentopt.solve.lagrangian.search import CAREFUL_ATTEMPTS
from talentopt.solve.steps import Adam

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.problem import Itineraries
    from talentopt.solve.lagrangian.dual import Dual
    from talentopt.solve.lagrangian.duals import Duals
    from talentopt.solve.lagrangian.pricing import Priced

STEPS, LENGTH = 60, 0.5
"""Steps of single prices that show itineraries to begin with, and how long they are."""

FIRST_BOX, WIDER, NARROWER, GOOD = 3.0, 2.0, 0.6, 0.3
"""Half the width of the first box, how it changes, and the share of the promised that is good."""

KEPT, NEAR = 4.0, 20.0
"""Itineraries within so many boxes and points of the best one at the centre are kept."""

ENOUGH = 1e-6
"""Share of the bound below which what is promised is not looked for."""

IN_VAIN = 3
"""Linear programs in a row that gain nothing before the search ends."""


class Seen(NamedTuple):
    """Itineraries seen.

    Attributes
    ----------
    person : (n,) int64
    points : (n,) float64
        Without prices of seats.
    uses : (n, n_placements * n_periods) csr_array
    """

    person: np.ndarray
    points: np.ndarray
    uses: csr_array

    def take(self, which: np.ndarray) -> Seen:
        """Take some."""
        return Seen(self.person[which], self.points[which], csr_array(self.uses[which]))


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
        """See itineraries along some steps from the best prices."""
        adam, seats = Adam(self.seats.size), self.seats
        for _ in range(STEPS):
            if until():
                return
            priced = self._look(seats)
            rise = self._dual.seat_rise(seats, priced.option, priced.start)
            moved = adam.step(seats.ravel(), rise.ravel(), LENGTH).reshape(seats.shape)
            seats = self._dual.project_seats(moved)

    def improve(self, box: float) -> float:
        """Look at the best prices in a box and half-way to them.

        Returns
        -------
        float
            Points that the bound falls if all itineraries that matter were seen.
        """
        centre, bound = self.seats, self.bound
        seats, value = self._solve(box)
        for tried in (seats, (seats + centre) / 2):
            self._look(self._dual.project_seats(tried))
        return bound - value

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

    def _solve(self, box: float) -> tuple[np.ndarray, float]:
        """Find the prices in a box that are best for what was seen, and the bound by these."""
        itineraries, centre = self._itineraries, self.seats.ravel()
        known = Seen(
            np.concatenate([some.person for some in self._seen]),
            np.concatenate([some.points for some in self._seen]),
            csr_array(vstack([some.uses for some in self._seen])),
        )
        worth = known.points - known.uses @ centre
        top = np.full(itineraries.n_people, -np.inf)
        np.maximum.at(top, known.person, worth)
        known = known.take(np.flatnonzero(worth >= top[known.person] - KEPT * box - NEAR))
        n_seen, n_people = len(known.person), itineraries.n_people
        of_person = csr_array(
            (np.ones(n_seen), (np.arange(n_seen), known.person)), shape=(n_seen, n_people)
        )
        negative = centre < 0
        room = np.where(negative, itineraries.min_seats.ravel(), itineraries.seats.ravel())
        open_ = itineraries.seats.ravel() > 0
        low = np.where(negative, centre - box, np.maximum(centre - box, 0.0))
        high = np.where(negative, np.minimum(centre + box, 0.0), centre + box)
        cap = self._dual.pricing.price_cap
        low, high = (np.where(open_, np.clip(some, -cap, cap), 0.0) for some in (low, high))
        free = np.full(n_people, np.inf)
        highs = quiet_program(
            -np.concatenate([room, np.ones(n_people)]),
            (np.append(low, -free), np.append(high, free)),
            csr_array(hstack([known.uses, of_person])),
            (known.points, np.full(n_seen, np.inf)),
        )
        highs.setOptionValue("solver", "ipm")
        highs.setOptionValue("run_crossover", "off")
        highs.run()
        prices = np.asarray(highs.getSolution().col_value)[: len(centre)]
        value = self._rest - highs.getInfo().objective_function_value
        return np.clip(prices, low, high).reshape(self.seats.shape), value


def seen(itineraries: Itineraries, priced: Priced, worth: np.ndarray) -> Seen:
    """Take down everybody's itineraries, with ``worth`` (n_options,) points for options."""
    person, place = np.nonzero(priced.option >= 0)
    option, start = priced.option[person, place], priced.start[person, place]
    points = np.bincount(person, worth[option], itineraries.n_people).astype(np.float64)
    kept = np.full(itineraries.n_options, -1)
    kept[itineraries.kept_options] = itineraries.kept_starts
    bonus = np.zeros(itineraries.n_options)
    bonus[itineraries.kept_options] = itineraries.kept_booking_points
    points += np.bincount(person, bonus[option] * (kept[option] == start), itineraries.n_people)
    held = measure.placements_held(itineraries, option)
    short = np.maximum(itineraries.stage_min - held, 0) * itineraries.stage_missing
    exclusive = measure.Exclusive(itineraries, option, start)
    idle = measure.idle_periods(itineraries, exclusive) * itineraries.idle_price
    moves = np.bincount(
        exclusive.person, measure.moved(itineraries, exclusive), itineraries.n_people
    )
    points -= short.sum(axis=1) + idle + moves * itineraries.move_price
    placement = itineraries.option_placement[option].astype(np.int64)
    duration = itineraries.placement_duration[placement]
    first = placement * itineraries.n_periods + start
    cell = np.repeat(first, duration) + _counts(duration)
    shape = (itineraries.n_people, itineraries.seats.size)
    uses = csr_array((np.ones(len(cell)), (np.repeat(person, duration), cell)), shape=shape)
    return Seen(np.arange(itineraries.n_people), points, uses)


def _counts(sizes: np.ndarray) -> np.ndarray:
    """Count from 0 to below each size in turn."""
    before = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(np.arange(len(before)) - before)


def polish(dual: Dual, duals: Duals, rounds: int, until: Callable[[], bool]) -> Duals:
    """Improve prices of seats that are near the best.

    Parameters
    ----------
    dual : Dual
    duals : Duals
    rounds : int
        Most linear programs.
    until : callable
        Whether to stop.
    """
    master = Master(dual, duals)
    master.walk(until)
    box, in_vain = FIRST_BOX, 0
    for _ in range(rounds):
        if until() or in_vain == IN_VAIN:
            break
        before = master.bound
        promised = master.improve(box)
        if promised < ENOUGH * max(1.0, abs(before)):
            break
        gained = before - master.bound
        in_vain = 0 if gained > 0 else in_vain + 1
        if gained > GOOD * promised:
            box *= WIDER
        elif gained <= 0:
            box *= NARROWER
    return replace(duals, seats=master.seats)
