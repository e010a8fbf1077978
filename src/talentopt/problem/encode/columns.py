"""The decisions: one column per arc and per (option, start), with what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem.encode.linear import Builder
    from talentopt.problem.problem import Problem


@dataclass(frozen=True, slots=True)
class Decisions:
    """Arrays beside the decision columns, so that rules need no look-ups.

    Attributes
    ----------
    arc_demand : (n_arcs,) int64
    option_person, option_stage : (n_options,) int64
    option, start, end : (n_starts,) int64
        Of each (option, start); `end` is the first period after it.
    person, placement, stage : (n_starts,) int64
    column : (n_starts,) int64
    first_of : (n_options + 1,) int64
        The starts of option o are ``first_of[o]:first_of[o + 1]``.
    """

    arc_demand: np.ndarray
    option_person: np.ndarray
    option: np.ndarray
    start: np.ndarray
    end: np.ndarray
    person: np.ndarray
    placement: np.ndarray
    stage: np.ndarray
    column: np.ndarray
    first_of: np.ndarray

    def starts_of(self, options: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Expand options to all their starts.

        Returns
        -------
        which : (n,) int64
            Position in `options` of each start.
        starts : (n,) int64
            Positions among the starts.
        """
        return expand(self.first_of[options], self.first_of[np.asarray(options) + 1])


def expand(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return every (i, k) with ``first[i] <= k < last[i]``, as two arrays."""
    length = np.maximum(np.asarray(last) - first, 0)
    which = np.repeat(np.arange(len(length)), length)
    before = np.cumsum(length) - length
    return which, np.arange(len(which)) - before[which] + np.asarray(first)[which]


def decide(builder: Builder, problem: Problem) -> Decisions:
    """Add the decision columns with their points and fixed values."""
    matchings, itineraries = problem.matchings, problem.itineraries
    demand = np.repeat(np.arange(matchings.n_demands), np.diff(matchings.arc_ptr))
    fixed = np.zeros(matchings.n_arcs)
    fixed[matchings.fixed_arcs] = 1.0
    builder.columns(
        matchings.arc_points, matchings.demand_person[demand], lower=fixed, integral=True
    )
    option, start = itineraries.all_starts()
    person = itineraries.option_person().astype(np.int64)
    placement = itineraries.option_placement[option].astype(np.int64)
    column = builder.columns(itineraries.option_points[option], person[option], integral=True)
    start = start.astype(np.int64)
    return Decisions(
        demand,
        person,
        option,
        start,
        start + itineraries.placement_duration[placement],
        person[option],
        placement,
        itineraries.placement_stage[placement].astype(np.int64),
        column,
        np.searchsorted(option, np.arange(itineraries.n_options + 1)),
    )


def kept_bonus(problem: Problem, decisions: Decisions) -> np.ndarray:
    """(n_arcs + n_starts,) float64: points for keeping the previous plan."""
    matchings, itineraries = problem.matchings, problem.itineraries
    bonus = np.zeros(matchings.n_arcs + len(decisions.start))
    np.add.at(bonus, matchings.kept_arcs, matchings.kept_arc_points)
    which, starts = decisions.starts_of(itineraries.kept_options)
    same = decisions.start[starts] == itineraries.kept_starts[which]
    np.add.at(bonus, matchings.n_arcs + starts[same], itineraries.kept_booking_points[which[same]])
    return bonus
