"""A plan that raises what hard minima count, one booking for each person at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Assignment, measure

if TYPE_CHECKING:
    from talentopt.problem import Problem


def meeting_minima(problem: Problem, plan: Assignment) -> Assignment:
    """Add bookings to a plan until hard minima are met, as far as that is easy.

    Only people without a booking get one, so that nothing within an itinerary
    can break; each is booked where seats are left, as early as they may start.

    Parameters
    ----------
    problem : Problem
    plan : Assignment

    Returns
    -------
    Assignment
        Not always an allowed one.
    """
    rows = problem.rows
    short = np.where(np.isinf(rows.price), rows.lower, -np.inf)
    short = short - measure.row_activity(problem, plan)
    booker = _Booker(problem, plan)
    for row in np.flatnonzero(short > 0):
        inside = slice(*rows.matrix.indptr[row : row + 2])
        raising = rows.matrix.data[inside] > 0
        columns = rows.matrix.indices[inside][raising]
        for column, gain in zip(columns, rows.matrix.data[inside][raising], strict=True):
            if short[row] <= 0:
                break
            if booker.book(int(column)):
                short[row] -= gain
    return booker.plan()


class _Booker:
    """Books people who have nothing yet where seats are left and nothing must come first."""

    def __init__(self, problem: Problem, plan: Assignment) -> None:
        itineraries = problem.itineraries
        self._problem, self._before = problem, plan
        self._person = itineraries.option_person()
        self._busy = np.zeros(itineraries.n_people, dtype=bool)
        self._busy[self._person[plan.options]] = True
        used = measure.seats_used(itineraries, plan.options, plan.starts)
        self._seats = itineraries.seats - used
        self._open = np.zeros(self._seats.shape, dtype=bool)
        waiting = set(itineraries.clause_placement.tolist())
        for placement in range(itineraries.n_placements):
            if placement not in waiting:
                self._look(placement)
        self._added: list[tuple[int, int]] = []

    def _look(self, placement: int) -> None:
        """Find the starts from which a placement has a seat to its end."""
        length = int(self._problem.itineraries.placement_duration[placement])
        free = np.asarray(self._seats[placement] > 0)
        self._open[placement] = False
        if length <= len(free):
            windows = np.asarray(
                np.lib.stride_tricks.sliding_window_view(free, length).all(axis=1)
            )
            self._open[placement, : len(windows)] = windows

    def plan(self) -> Assignment:
        """Return the plan with what was added."""
        options = [*self._before.options.tolist(), *(option for option, _ in self._added)]
        starts = [*self._before.starts.tolist(), *(start for _, start in self._added)]
        return Assignment.of(self._before.arcs, options, starts)

    def book(self, column: int) -> bool:
        """Book what a column of the rows counts, if its person is free."""
        problem = self._problem
        option = column - problem.matchings.n_arcs
        n_options = problem.itineraries.n_options
        if option < 0:
            return False
        if option < n_options:
            return self._first(np.array([option]), np.array([problem.itineraries.n_periods]))
        event = slice(*problem.events.ptr[option - n_options : option - n_options + 2])
        return self._first(problem.events.options[event], problem.events.latest_start[event])

    def _first(self, options: np.ndarray, latest: np.ndarray) -> bool:
        """Book the first of a person's options that can start, as early as it can."""
        itineraries = self._problem.itineraries
        if len(options) == 0 or self._busy[self._person[options[0]]]:
            return False
        placements = itineraries.option_placement[options]
        period = np.arange(itineraries.n_periods)
        allowed = self._open[placements] & (period <= latest[:, None])
        allowed &= itineraries.may_start(options[:, None], period[None, :])
        if not allowed.any():
            return False
        one, start = (int(place) for place in np.argwhere(allowed)[0])
        placement = int(placements[one])
        self._seats[placement, start : start + itineraries.placement_duration[placement]] -= 1
        self._look(placement)
        self._busy[self._person[options[0]]] = True
        self._added.append((int(options[one]), start))
        return True
