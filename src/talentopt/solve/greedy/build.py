"""Builds people's bookings against what is left of seats and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.greedy.beam import BeamSearch, Candidates
from talentopt.solve.greedy.concurrent import add_concurrent
from talentopt.solve.greedy.crowd import Crowd
from talentopt.solve.greedy.person import People, seats_for
from talentopt.solve.greedy.residual import MUST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.problem import Problem
    from talentopt.solve.greedy.person import PersonOptions
    from talentopt.solve.greedy.residual import Residual

Booked = dict[int, tuple[int, int]]
"""What a person holds: placement -> (start, end)."""


class Builder:
    """Plans people one after the other, or several against the same residual.

    Parameters
    ----------
    problem : Problem
    residual : Residual
        Updated by `build`, `rebuild` and `clear`.
    rng : numpy Generator
    width : int
        States that the beam search keeps.
    price : float
        Points that a period of an exclusive booking is taken to cost the others.
    """

    def __init__(
        self,
        problem: Problem,
        residual: Residual,
        rng: np.random.Generator,
        width: int = 12,
        price: float = 0.0,
    ) -> None:
        """Look up what all people share."""
        self.problem = problem
        self.residual = residual
        self.rng = rng
        self.width = width
        self.price = price
        self.people = People(problem.itineraries)
        itineraries = problem.itineraries
        kept = zip(
            itineraries.kept_options.tolist(),
            itineraries.kept_starts.tolist(),
            itineraries.kept_booking_points.tolist(),
            strict=True,
        )
        self._kept: dict[int, list[tuple[int, float]]] = {}
        for option, start, points in kept:
            self._kept.setdefault(option, []).append((start, points))
        self._is_kept = np.zeros(itineraries.n_options, dtype=bool)
        self._is_kept[itineraries.kept_options] = True

    def build(self, people: Sequence[int], noise: float = 0.0) -> list[int]:
        """Book itineraries for people who have none.

        All see what is left now; a person who finds a seat taken by one before is left out.

        Parameters
        ----------
        people : sequence of int
        noise : float
            Standard deviation, in points, of a disturbance of every option.

        Returns
        -------
        list of int
            People left out, to be built anew; never the first.
        """
        crowd = Crowd.of(self.people, np.asarray(people, dtype=np.int64))
        concurrent = [self.people.concurrent(person) for person in people]
        held: list[Booked] = [{} for _ in people]
        for row, others in enumerate(concurrent):
            if len(others):
                add_concurrent(self, others, held[row], only=self._waited_for(others, crowd, row))
        search = BeamSearch(
            self.problem.itineraries, self._candidates(crowd, held, noise), self.width
        )
        again = []
        for row, (person, found) in enumerate(zip(people, search.search(), strict=True)):
            bookings = [(int(crowd.option[row, column]), start) for column, start in found]
            if row and not all(self._is_free(option, start) for option, start in bookings):
                self.clear(person)
                again.append(person)
                continue
            self._finish(person, bookings, concurrent[row], held[row])
        return again

    def rebuild(self, person: int, bookings: list[tuple[int, int]]) -> None:
        """Book given exclusive options for a person who has none, and concurrent ones beside.

        Parameters
        ----------
        person : int
        bookings : list of (int, int)
            (option, start); those that are not allowed are left out.
        """
        others = self.people.concurrent(person)
        held: Booked = {}
        if len(others):
            crowd = Crowd.of(self.people, np.asarray([person]))
            add_concurrent(self, others, held, only=self._waited_for(others, crowd, 0))
        bookings.sort(key=lambda booking: booking[1])
        self._finish(person, bookings, others, held)

    def _waited_for(self, others: PersonOptions, crowd: Crowd, row: int) -> np.ndarray:
        """(n_concurrent,) bool: concurrent options that exclusive ones wait for."""
        waited = [clause[rows == row] for rows, _, clause in crowd.waits]
        clauses = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *waited]))
        return np.asarray(self.people.meets[clauses][:, others.placement].any(axis=0))

    def _finish(
        self,
        person: int,
        bookings: list[tuple[int, int]],
        others: PersonOptions,
        held: Booked,
    ) -> None:
        """Book exclusive (option, start) in order of time, and concurrent ones beside them."""
        for option, start in bookings:
            self._try(person, option, start, held)
        if len(others):
            add_concurrent(self, others, held, only=None)

    def _is_free(self, option: int, start: int) -> bool:
        """Whether the seats of a booking are left, and no hard row is in its way."""
        itineraries = self.problem.itineraries
        placement = itineraries.option_placement[option]
        end = start + itineraries.placement_duration[placement]
        if (self.residual.seats[placement, start:end] <= 0).any():
            return False
        return not np.isneginf(self.residual.booking_gain(option, start))

    def clear(self, person: int) -> None:
        """Cancel everything that a person has booked."""
        itineraries = self.problem.itineraries
        mine = np.arange(itineraries.option_ptr[person], itineraries.option_ptr[person + 1])
        for option in mine[self.residual.start_of[mine] >= 0]:
            self.residual.cancel(int(option))

    def _try(self, person: int, option: int, start: int, held: Booked) -> None:
        """Book unless a hard row, or a prerequisite that was dropped, forbids it."""
        if np.isneginf(self.residual.booking_gain(option, start)):
            return
        itineraries = self.problem.itineraries
        placement = int(itineraries.option_placement[option])
        if any(self.met_at(int(c), held) > start for c in self.people.unmet(person, placement)):
            return
        self.residual.book(option, start)
        held[placement] = start, start + int(itineraries.placement_duration[placement])

    def met_at(self, clause: int, held: Booked) -> int:
        """Period from which a clause is met by what is held; beyond the calendar if not."""
        ends = [end for k, (_, end) in held.items() if self.people.meets[clause, k]]
        return min(ends, default=self.problem.itineraries.n_periods + 1)

    def _candidates(self, crowd: Crowd, held: list[Booked], noise: float) -> Candidates:
        free = seats_for(self.residual.seats, crowd.placement, crowd.duration)
        startable = crowd.allowed & free
        gain = self.gains(crowd.option, crowd.placement, crowd.duration, startable)
        gain -= self.price * crowd.duration[..., None]
        if noise:
            gain += self.rng.normal(0.0, noise, crowd.option.shape)[..., None]
        startable &= ~np.isneginf(gain)
        n_clauses = len(self.people.meets)
        never = self.problem.itineraries.n_periods + 1
        met_at = np.full((len(held), n_clauses), never, dtype=np.int64)
        for row in [row for row, bookings in enumerate(held) if bookings]:
            met_at[row] = [self.met_at(clause, held[row]) for clause in range(n_clauses)]
        return Candidates(crowd, startable, gain, met_at, self.people.meets)

    def gains(
        self,
        options: np.ndarray,
        placement: np.ndarray,
        duration: np.ndarray,
        startable: np.ndarray,
    ) -> np.ndarray:
        """Points of each start of each option, with rows, minima and what is kept.

        Parameters
        ----------
        options, placement, duration : (...) int64
        startable : (..., n_periods) bool
            Starts of interest; those of an option below 0 are none.

        Returns
        -------
        (..., n_periods) float64
        """
        itineraries = self.problem.itineraries
        gain = np.repeat(
            itineraries.option_points[options][..., None], itineraries.n_periods, axis=-1
        )
        gain += self._cover(placement, duration)
        counted = self.residual.in_rows[options] & startable.any(axis=-1)
        if counted.any():
            gain[counted] += self.residual.gains(options[counted])
        for at in zip(*np.nonzero(self._is_kept[options])):
            for start, points in self._kept[int(options[at])]:
                gain[at][start] += points * startable[at][start]
        return np.asarray(gain)

    def _cover(self, placement: np.ndarray, duration: np.ndarray) -> np.ndarray:
        """(..., n_periods) float64: points for filling seats under their minimum."""
        itineraries = self.problem.itineraries
        n_periods = itineraries.n_periods
        if itineraries.understaffed_price == 0 or not itineraries.min_seats.any():
            return np.zeros((*placement.shape, n_periods))
        price = min(itineraries.understaffed_price, MUST)
        short = itineraries.seats - self.residual.seats < itineraries.min_seats
        summed = np.zeros((itineraries.n_placements, n_periods + 1))
        np.cumsum(short * price, axis=1, out=summed[:, 1:])
        end = np.minimum(np.arange(n_periods) + duration[..., None], n_periods)
        return np.asarray(summed[placement[..., None], end] - summed[placement, :-1])
