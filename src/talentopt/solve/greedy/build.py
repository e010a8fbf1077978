"""Builds one person's bookings against what is left of seats and rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.greedy.beam import BeamSearch, Candidates
from talentopt.solve.greedy.concurrent import add_concurrent
from talentopt.solve.greedy.person import People, PersonOptions, seats_for
from talentopt.solve.greedy.residual import MUST

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.greedy.residual import Residual


class Builder:
    """Plans one person at a time.

    Parameters
    ----------
    problem : Problem
    residual : Residual
        Updated by `build` and `clear`.
    rng : numpy Generator
    width : int
        States that the beam search keeps.
    """

    def __init__(
        self, problem: Problem, residual: Residual, rng: np.random.Generator, width: int = 12
    ) -> None:
        """Look up what all people share."""
        self.problem = problem
        self.residual = residual
        self.rng = rng
        self.width = width
        self.people = People(problem.itineraries)
        self._kept = dict(
            zip(
                zip(
                    problem.itineraries.kept_options.tolist(),
                    problem.itineraries.kept_starts.tolist(),
                    strict=True,
                ),
                problem.itineraries.kept_booking_points.tolist(),
                strict=True,
            )
        )
        self._kept_options = problem.itineraries.kept_options

    def build(self, person: int, noise: float = 0.0) -> None:
        """Book an itinerary for a person who has none.

        Parameters
        ----------
        person : int
        noise : float
            Standard deviation, in points, of a disturbance of every option.
        """
        exclusive = self.people.options(person, exclusive=True)
        concurrent = self.people.options(person, exclusive=False)
        booked: dict[int, tuple[int, int]] = {}
        needed = self._prerequisites(exclusive, concurrent)
        add_concurrent(self, concurrent, booked, only=needed)
        if len(exclusive):
            candidates = self._candidates(exclusive, booked, noise)
            search = BeamSearch(self.problem.itineraries, candidates, self.width)
            for position, start in sorted(search.search(), key=lambda found: found[1]):
                self._try(exclusive, position, start, booked)
        add_concurrent(self, concurrent, booked, only=None)

    def rebuild(self, person: int, bookings: list[tuple[int, int]]) -> None:
        """Book given exclusive options for a person who has none, and concurrent ones beside.

        Parameters
        ----------
        person : int
        bookings : list of (int, int)
            (option, start); those that are not allowed are left out.
        """
        exclusive = self.people.options(person, exclusive=True)
        concurrent = self.people.options(person, exclusive=False)
        booked: dict[int, tuple[int, int]] = {}
        add_concurrent(self, concurrent, booked, only=self._prerequisites(exclusive, concurrent))
        for option, start in sorted(bookings, key=lambda booking: booking[1]):
            position = int(np.searchsorted(exclusive.options, option))
            self._try(exclusive, position, start, booked)
        add_concurrent(self, concurrent, booked, only=None)

    def clear(self, person: int) -> None:
        """Cancel everything that a person has booked."""
        itineraries = self.problem.itineraries
        mine = np.arange(itineraries.option_ptr[person], itineraries.option_ptr[person + 1])
        for option in mine[self.residual.start_of[mine] >= 0]:
            self.residual.cancel(int(option))

    def _try(
        self,
        own: PersonOptions,
        position: int,
        start: int,
        booked: dict[int, tuple[int, int]],
    ) -> None:
        """Book unless a hard row, or a prerequisite that was dropped, forbids it."""
        option = int(own.options[position])
        if np.isneginf(self.residual.booking_gain(option, start)):
            return
        if any(self.met_at(int(c), booked) > start for c in own.clauses[position]):
            return
        self.residual.book(option, start)
        placement = int(own.placement[position])
        booked[placement] = (start, start + int(own.duration[position]))

    def met_at(self, clause: int, booked: dict[int, tuple[int, int]]) -> int:
        """Period from which a clause is met by what is booked; beyond the calendar if not."""
        itineraries = self.problem.itineraries
        ends = [end for k, (_, end) in booked.items() if self.people.meets[clause, k]]
        return min(ends, default=itineraries.n_periods + 1)

    def _prerequisites(self, exclusive: PersonOptions, concurrent: PersonOptions) -> np.ndarray:
        """(n_concurrent,) bool: concurrent options that exclusive ones wait for."""
        clauses = _clauses(exclusive)
        return np.asarray(self.people.meets[clauses][:, concurrent.placement].any(axis=0))

    def _candidates(
        self, own: PersonOptions, booked: dict[int, tuple[int, int]], noise: float
    ) -> Candidates:
        itineraries = self.problem.itineraries
        startable = own.allowed & seats_for(self.residual.seats, own.placement, own.duration)
        gain = self.gains(own, startable)
        if noise:
            gain = gain + self.rng.normal(0.0, noise, len(own))[:, None]
        startable &= ~np.isneginf(gain)
        clauses = _clauses(own)
        local = tuple(np.searchsorted(clauses, mine) for mine in own.clauses)
        return Candidates(
            replace(own, clauses=local),
            startable,
            gain,
            itineraries.limit_value[:, own.placement].astype(np.int64),
            np.asarray([self.met_at(int(c), booked) for c in clauses], dtype=np.int64),
            self.people.meets[clauses][:, own.placement],
        )

    def gains(self, own: PersonOptions, startable: np.ndarray) -> np.ndarray:
        """(n, n_periods) float64: points of each start, with rows, minima and what is kept."""
        itineraries = self.problem.itineraries
        gain = np.repeat(
            itineraries.option_points[own.options][:, None], itineraries.n_periods, axis=1
        )
        gain = gain + self._cover(own)
        for position in np.flatnonzero(self.residual.in_rows[own.options]):
            starts = np.flatnonzero(startable[position])
            gain[position, starts] += self.residual.gains(int(own.options[position]), starts)
        for position in np.flatnonzero(np.isin(own.options, self._kept_options)):
            option = int(own.options[position])
            for start in np.flatnonzero(startable[position]):
                gain[position, start] += self._kept.get((option, int(start)), 0.0)
        return np.asarray(gain)

    def _cover(self, own: PersonOptions) -> np.ndarray:
        """(n, n_periods) float64: points for filling seats under their minimum."""
        itineraries = self.problem.itineraries
        if itineraries.understaffed_price == 0 or not itineraries.min_seats.any():
            return np.zeros((len(own), itineraries.n_periods))
        price = min(itineraries.understaffed_price, MUST)
        used = itineraries.seats[own.placement] - self.residual.seats[own.placement]
        short = used < itineraries.min_seats[own.placement]
        summed = np.zeros((len(own), itineraries.n_periods + 1))
        np.cumsum(short * price, axis=1, out=summed[:, 1:])
        start = np.arange(itineraries.n_periods)
        end = np.minimum(start + own.duration[:, None], itineraries.n_periods)
        return np.asarray(np.take_along_axis(summed, end, axis=1) - summed[:, :-1])


def _clauses(own: PersonOptions) -> np.ndarray:
    """(n,) int64: the unmet clauses of all options, ascending."""
    if not own.clauses:
        return np.zeros(0, dtype=np.int64)
    return np.unique(np.concatenate(own.clauses))
