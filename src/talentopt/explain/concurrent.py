"""A concurrent placement more for one person, or in the place of another one of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import measured
from talentopt.problem.feasible import SLACK, violations
from talentopt.subproblem.subproblem import cut_bookings

if TYPE_CHECKING:
    from talentopt.problem import Problem


class Beside:
    """Adds concurrent bookings to one person's plan; all else of the plan stays.

    Parameters
    ----------
    problem : Problem
    assignment : Assignment
        An allowed plan.
    person : int
    """

    def __init__(self, problem: Problem, assignment: Assignment, person: int) -> None:
        self.part, self.base, own = cut_bookings(problem, assignment, person)
        small = self.part.problem.itineraries
        placement = small.option_placement[self.base.options]
        shared = own & ~small.placement_exclusive[placement]
        loose = shared & ~np.isin(self.base.options, small.fixed_options)
        self.droppable = [-1, *np.flatnonzero(loose).tolist()]
        self.load = np.zeros(small.n_periods)
        for at in np.flatnonzero(shared).tolist():
            self.load[self._during(at)] += small.placement_load[placement[at]]
        used = measure.seats_used(small, self.base.options, self.base.starts)
        self.full = used >= small.seats

    def best_with(self, option: int) -> tuple[float, Assignment | None]:
        """Add one option (the whole's number), or put it in the place of one other.

        Returns
        -------
        value : float
            Of the whole plan, at the best start; -inf when nothing is allowed.
        assignment : Assignment or None
        """
        small = self.part.problem
        wanted = int(np.searchsorted(self.part.options, option))
        alike = self._start_matters_not(wanted)
        values: dict[tuple[int, int], float] = {}
        candidates = []
        for dropped in self.droppable:
            for start in self._starts(wanted, dropped):
                key = dropped, -1 if alike else start
                if key not in values:
                    values[key] = measured(small, self._plan(wanted, start, dropped)).value
                candidates.append((-values[key], dropped, start))
        for loss, dropped, start in sorted(candidates):
            plan = self._plan(wanted, start, dropped)
            if not violations(small, plan):
                return -loss, self.part.lift(plan)
        return float("-inf"), None

    def _during(self, at: int) -> slice:
        """Periods of a booking of the plan."""
        small = self.part.problem.itineraries
        duration = small.placement_duration[small.option_placement[self.base.options[at]]]
        return slice(int(self.base.starts[at]), int(self.base.starts[at] + duration))

    def _plan(self, wanted: int, start: int, dropped: int) -> Assignment:
        stays = np.arange(len(self.base.options)) != dropped
        return Assignment.of(
            self.base.arcs,
            np.append(self.base.options[stays], wanted),
            np.append(self.base.starts[stays], start),
        )

    def _starts(self, wanted: int, dropped: int) -> list[int]:
        """List starts at which there are a seat and working time."""
        small = self.part.problem.itineraries
        placement = int(small.option_placement[wanted])
        duration = int(small.placement_duration[placement])
        load, full = self.load.copy(), self.full[placement].copy()
        if dropped >= 0:
            other = int(small.option_placement[self.base.options[dropped]])
            load[self._during(dropped)] -= small.placement_load[other]
            if other == placement:
                full[self._during(dropped)] = False
        most = small.concurrent_load - small.placement_load[placement] + SLACK
        busy = np.concatenate([[0], np.cumsum((load > most) | full)])
        starts = np.arange(small.n_periods - duration + 1)
        starts = starts[busy[starts + duration] == busy[starts]]
        allowed = small.may_start(np.full(len(starts), wanted), starts)
        return [int(start) for start in starts[allowed]]

    def _start_matters_not(self, wanted: int) -> bool:
        """Whether all starts are worth the same."""
        small = self.part.problem
        placement = small.itineraries.option_placement[wanted]
        return not (
            small.itineraries.min_seats[placement].any()
            or np.isin(wanted, small.itineraries.kept_options)
            or np.isin(wanted, small.events.options)
        )
