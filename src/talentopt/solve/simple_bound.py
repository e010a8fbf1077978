"""An upper bound from counting alone, so that no plan is ever without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Itineraries, Matchings, Problem


def simple_bound(problem: Problem) -> float:
    """Bound the objective by ignoring everything that people share.

    Every demand gets its best arcs, every person the best bookings that each
    stage's maximum allows, every link and everything kept pays.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    float
        No allowed assignment is worth more.
    """
    totals = np.zeros(problem.itineraries.n_people)
    pairs = _best_pairs(problem.matchings)
    owner = problem.matchings.demand_person
    np.add.at(totals, owner[owner >= 0], pairs[owner >= 0])
    totals += _best_bookings(problem.itineraries)
    totals += np.maximum(problem.links.points, 0.0).sum(axis=0)
    bound = problem.constant + float(totals.sum()) + float(pairs[owner < 0].sum())
    bound += float(np.maximum(problem.matchings.kept_arc_points, 0).sum())
    bound += float(np.maximum(problem.itineraries.kept_booking_points, 0).sum())
    if problem.worst_off and len(totals):
        bound += problem.worst_off * float(totals.min())
    return bound


def _best_pairs(matchings: Matchings) -> np.ndarray:
    """(n_demands,) float64: the most that each demand can earn."""
    best = np.zeros(matchings.n_demands)
    fixed = np.zeros(matchings.n_arcs, dtype=bool)
    fixed[matchings.fixed_arcs] = True
    for demand in range(matchings.n_demands):
        mine = slice(matchings.arc_ptr[demand], matchings.arc_ptr[demand + 1])
        need, missing = int(matchings.demand_need[demand]), matchings.demand_missing[demand]
        forced = matchings.arc_points[mine][fixed[mine]]
        free = matchings.arc_points[mine][~fixed[mine]]
        left = max(0, need - len(forced))
        if left < len(free):
            free = np.partition(free, len(free) - left)[len(free) - left :] if left else free[:0]
        gains = np.maximum(free + missing, 0.0)
        best[demand] = forced.sum() + gains.sum() - missing * left
    return best


def _best_bookings(itineraries: Itineraries) -> np.ndarray:
    """(n_people,) float64: the most that each person's bookings can earn."""
    best = np.zeros(itineraries.n_people)
    stage = itineraries.placement_stage[itineraries.option_placement]
    worth = itineraries.option_points + _hours_worth(itineraries)
    fixed = np.zeros(itineraries.n_options, dtype=bool)
    fixed[itineraries.fixed_options] = True
    for person in range(itineraries.n_people):
        mine = slice(itineraries.option_ptr[person], itineraries.option_ptr[person + 1])
        best[person] = -float(itineraries.hours_min[person] @ itineraries.hours_missing[person])
        for number in range(itineraries.n_stages):
            here = stage[mine] == number
            forced = worth[mine][here & fixed[mine]]
            need = int(itineraries.stage_min[person, number])
            most = int(itineraries.stage_max[person, number]) - len(forced)
            free = -np.sort(-worth[mine][here & ~fixed[mine]])[: max(0, most)]
            missing = np.zeros(len(free))
            missing[: max(0, need - len(forced))] = itineraries.stage_missing[person, number]
            short = max(0, need - len(forced)) * itineraries.stage_missing[person, number]
            best[person] += forced.sum() + np.maximum(free + missing, 0).sum() - short
    return best


def _hours_worth(itineraries: Itineraries) -> np.ndarray:
    """(n_options,) float64: points saved when all of an option's hours are needed."""
    worth = np.zeros(itineraries.n_options)
    requirement = itineraries.placement_hours_of[itineraries.option_placement]
    counted = np.flatnonzero(requirement >= 0)
    if len(counted):
        person = np.searchsorted(itineraries.option_ptr, counted, side="right") - 1
        price = itineraries.hours_missing[person, requirement[counted]]
        short = itineraries.hours_min[person, requirement[counted]] > 0
        hours = itineraries.placement_hours[itineraries.option_placement[counted]]
        worth[counted] = price * short * hours
    return worth
